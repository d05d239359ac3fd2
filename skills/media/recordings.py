"""The demo's recordings: its transcripts, or a short preview, spoken by the project's own voice.

A transcript is read out in full, so its item is as long as its recording, and where it is a video cards are shown to
it; of any other item there is a preview that says what it is. Each recording is named after what it was made from: what
is there is not made again, and an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from skills.media.catalogue import Item
from skills.media.content import ContentStore
from skills.media.films import film, shots
from skills.media.slides.making import make_scenes
from skills.media.slides.scene import Scene, read_scenes
from voice.audio import encode

VERSION, FILM_VERSION = 1, 1
"""Raised when the same text should be spoken, or filmed, differently, so that old recordings are replaced."""

PICTURES = "slides"
"""The folder beside the recordings that holds their scenes' images."""

PAUSE_MS = 350
"""Between two stretches of speech."""

VOICES = ("en-us", "en-gb-x-rp", "en-us+f3", "en-gb-scotland", "en-us+m3", "en+f2", "en-us+f5", "en-us+Annie")

OTHER_VOICES = {
    "ko": ("ko", "ko+f2"),
    "es": ("es", "es+f3"),
    "de": ("de", "de+f2"),
    "fr": ("fr", "fr+f3"),
}
"""The voices of items in other languages."""

PREVIEWS = {
    "ko": "{creator}의 {title}, 짧은 미리듣기입니다.",
    "es": "Esto es un breve adelanto de {title}, de {creator}.",
    "de": "Das ist ein kurzer Ausschnitt aus {title}, von {creator}.",
    "fr": "Voici un court extrait de {title}, par {creator}.",
}


@dataclass(frozen=True)
class Segment:
    """A stretch of a recording: who says what, from when to when."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str


@dataclass(frozen=True)
class Recording:
    """A sound file of an item; a preview where `complete` is false."""

    item: str
    path: Path
    duration_ms: int
    complete: bool
    segments: Sequence[Segment]
    media_type: str = "audio/mpeg"
    served_as: str = ""
    """The last part of its address, which changes with its content; empty where that is the file's own name."""
    scenes: Sequence[Scene] = ()
    """Of a video, for leafing through."""
    pictures: ContentStore | None = None
    """Where the scenes' images are."""

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.served_as or self.path.name


class Speaker(Protocol):
    """What is needed of a synthesizer: PCM, 16 bit mono at `rate`, of a text in a voice."""

    rate: int

    def __call__(self, text: str, voice: str) -> bytes: ...


_SEGMENTS: TypeAdapter[tuple[Segment, ...]] = TypeAdapter(tuple[Segment, ...])


def make_recordings(
    items: Iterable[Item],
    folder: Path,
    speak: Speaker,
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> dict[str, Recording]:
    """Make each item's recording in `folder` unless it is there.

    Returns:
        Recordings by item id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(items)
    recordings = {}
    for done, item in enumerate(wanted, start=1):
        recordings[item.id] = find_recording(item, folder) or _make(item, folder, speak)
        on_progress(done, len(wanted))
    _remove_others(folder, recordings.values())
    return recordings


def find_recording(item: Item, folder: Path) -> Recording | None:
    """The recording that was made from this very item, if there is one."""
    path = _path(item, folder)
    notes = path.with_suffix(".json")
    if not (path.exists() and notes.exists()):
        return None
    data = json.loads(notes.read_text(encoding="utf-8"))
    segments = _SEGMENTS.validate_python(data["segments"])
    return _recording(
        item, path, data["duration_ms"], segments, read_scenes(json.dumps(data.get("scenes", [])).encode())
    )


def _make(item: Item, folder: Path, speak: Speaker) -> Recording:
    pause = bytes(2 * (speak.rate * PAUSE_MS // 1000))
    pcm = bytearray()
    segments = []
    for speaker, text in _script(item):
        start = len(pcm)
        pcm += speak(text, _voice(speaker, item.language))
        segments.append(Segment(_ms(start, speak.rate), _ms(len(pcm), speak.rate), speaker, text))
        pcm += pause
    path, duration_ms = _path(item, folder), _ms(len(pcm), speak.rate)
    scenes: Sequence[Scene] = ()
    if _is_film(item):
        film(path, bytes(pcm), speak.rate, shots(item, segments))
        scenes = make_scenes(path, duration_ms, segments, ContentStore(folder / PICTURES))
    else:
        encode(path, [bytes(pcm)], speak.rate, codec="mp3")
    recording = _recording(item, path, duration_ms, tuple(segments), scenes)
    notes = {
        "duration_ms": duration_ms,
        "segments": [asdict(segment) for segment in segments],
        "scenes": [asdict(scene) for scene in scenes],
    }
    temporary = path.with_suffix(".json.new")
    temporary.write_text(json.dumps(notes, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path.with_suffix(".json"))
    return recording


def _recording(
    item: Item, path: Path, duration_ms: int, segments: tuple[Segment, ...], scenes: Sequence[Scene]
) -> Recording:
    return Recording(
        item.id,
        path,
        duration_ms,
        complete=bool(item.transcript),
        segments=segments,
        media_type="video/webm" if _is_film(item) else "audio/mpeg",
        scenes=tuple(scenes),
        pictures=ContentStore(path.parent / PICTURES) if scenes else None,
    )


def _is_film(item: Item) -> bool:
    return item.medium == "video" and bool(item.transcript)


def _script(item: Item) -> Iterator[tuple[str, str]]:
    """What is spoken: (speaker, text)."""
    if item.transcript:
        yield from ((said.speaker, said.text) for said in item.transcript)
        return
    preview = PREVIEWS.get(item.language, "This is a short preview of {title}, by {creator}.")
    yield item.creator, preview.format(title=item.title, creator=item.creator)
    yield item.creator, item.description


def _voice(speaker: str, language: str) -> str:
    """The same speaker always has the same voice."""
    voices = OTHER_VOICES.get(language, VOICES)
    return voices[hashlib.sha256(speaker.encode()).digest()[0] % len(voices)]


def _path(item: Item, folder: Path) -> Path:
    spoken = [VERSION, PAUSE_MS, [(_voice(speaker, item.language), text) for speaker, text in _script(item)]]
    shown = [FILM_VERSION, item.title, item.creator, item.series] if _is_film(item) else []
    digest = hashlib.sha256(json.dumps([*spoken, *shown]).encode()).hexdigest()[:12]
    return folder / f"{item.id}.{digest}.{'webm' if shown else 'mp3'}"


def _remove_others(folder: Path, recordings: Iterable[Recording]) -> None:
    kept = {recording.path.stem: recording for recording in recordings}
    for path in folder.iterdir():
        if path.stem not in kept and path.is_file():
            path.unlink()
    images = {scene.image for recording in kept.values() for scene in recording.scenes}
    pictures = ContentStore(folder / PICTURES)
    for stored, _ in pictures.contents():
        if stored.sha256 not in images:
            pictures.remove(stored.sha256)


def _ms(pcm_bytes: int, rate: int) -> int:
    return pcm_bytes // 2 * 1000 // rate
