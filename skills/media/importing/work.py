"""The steps themselves: each takes what is known of an item and gives what came of it. Run in worker processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from skills.media.captions import Transcript, read_captions
from skills.media.content import ContentStore, Stored
from skills.media.errors import MediaError, SourceError
from skills.media.feeds import read_chapters
from skills.media.fetching import Fetched, Fetcher, Purpose
from skills.media.images import thumbnail
from skills.media.importing.describing import tagged_details
from skills.media.importing.dictation import Dictation
from skills.media.importing.options import Options
from skills.media.importing.plan import StepName, browser_type
from skills.media.loudness import measure, normalise
from skills.media.loudness.encoding import MEDIA_TYPES, container_for
from skills.media.peaks import waveform
from skills.media.probing import probe
from skills.media.shelf import Held, Link, Origin, Role, StoredFile
from skills.media.slides.making import make_scenes
from skills.media.slides.scene import write_scenes
from skills.media.transcripts import Names, readable
from skills.media.transcripts.transcribing import transcribe
from voice.audio import decode_pieces

MAX_LOCAL = {Purpose.CAPTIONS: 20_000_000, Purpose.IMAGE: 20_000_000, Purpose.CHAPTERS: 5_000_000}
"""Bytes that are read of a file beside a recording."""
OnSeconds = Callable[[float], None]


@dataclass(frozen=True)
class Done:
    """What came of a step: figures, files that the item has now, and roles that it has no file for any more."""

    result: Mapping[str, Any]
    files: tuple[StoredFile, ...] = ()
    without: tuple[Role, ...] = ()
    transcript: tuple[Origin, Transcript] | None = None


@dataclass
class Workshop:
    """What a worker process has at hand: the store, a fetcher, and a recogniser once one is needed."""

    options: Options
    store: ContentStore = field(init=False)
    fetcher: Fetcher = field(init=False)
    dictation: Dictation = field(init=False)

    def __post_init__(self) -> None:
        self.store = ContentStore(self.options.store)
        self.fetcher = Fetcher(self.store, self.options.networks)
        self.dictation = Dictation(self.options.speech_model)

    def do(self, step: StepName, held: Held, on_seconds: OnSeconds) -> Done:
        """Take a step; MediaError or VoiceError say why it failed."""
        return _STEPS[step](self, held, on_seconds)

    def path(self, held: Held, role: Role) -> Path:
        """Where the item's file is; ContentError(`content_missing`) where it has been lost."""
        return self.store.find(held.files[role].sha256).path

    def local(self, link: Link) -> Path:
        """The file that a link leads to which is not of the web; ContentError(`content_missing`)."""
        return self.store.find(link.content).path if link.content else Path(link.address)

    def content(self, link: Link, purpose: Purpose) -> bytes:
        """A small file that a link leads to."""
        if link.is_web:
            fetched = self.fetcher.fetch(link.address, purpose)
            assert isinstance(fetched, Fetched)  # nothing was known before
            return fetched.stored.path.read_bytes()
        try:
            with self.local(link).open("rb") as file:
                content = file.read(MAX_LOCAL[purpose] + 1)
        except OSError as error:
            raise _unreadable(link, error) from error
        if len(content) > MAX_LOCAL[purpose]:
            raise SourceError("source_unreadable", f"{link.address} has more than {MAX_LOCAL[purpose]:,} bytes")
        return content


def _fetch(shop: Workshop, held: Held, on_seconds: OnSeconds) -> Done:
    link = held.found.links.recording
    assert link is not None
    if link.is_web:
        fetched = shop.fetcher.fetch(link.address, Purpose.RECORDING, on_bytes=lambda _done, _of: on_seconds(0.0))
        assert isinstance(fetched, Fetched)  # nothing was known before
        stored = fetched.stored
    elif link.content:
        stored = shop.store.find(link.content)
    else:
        try:
            with Path(link.address).open("rb") as file:
                stored = shop.store.copy(file, lambda _count: on_seconds(0.0))
        except OSError as error:
            raise _unreadable(link, error) from error
    derived = (Role.PLAYABLE, Role.PEAKS, Role.SLIDES)
    return Done({"bytes": stored.size}, (_file(Role.ORIGINAL, stored, ""),), without=derived)


def _probe(shop: Workshop, held: Held, _on_seconds: OnSeconds) -> Done:
    found = probe(shop.path(held, Role.ORIGINAL))
    told = {name: value for name, value in asdict(found).items() if name not in ("tags", "artwork")}
    details = tagged_details(held.found.details, found.tags) if held.found.links.tagged else {}
    return Done(told | {"medium": found.medium, "has_artwork": bool(found.artwork), "details": details})


def _loudness(shop: Workshop, held: Held, on_seconds: OnSeconds) -> Done:
    """Measure, and write the recording anew unless it is right as it is."""
    original, known = shop.path(held, Role.ORIGINAL), held.steps[StepName.PROBE]
    aim = shop.options.aim
    before = measure(original, on_seconds)
    if browser_type(known) and (before.is_silent or aim.is_met(before)):
        return Done({"before": asdict(before), "after": asdict(before), "gain_db": 0.0}, without=(Role.PLAYABLE,))
    video = known.result["video_codec"]
    kind = container_for(video)
    with shop.store.writing() as scratch:
        done = normalise(original, Path(scratch.name), aim, before, on_seconds)
        with Path(scratch.name).open("rb") as file:
            stored = shop.store.copy(file)
    media_type = MEDIA_TYPES[kind] if video else "audio/mp4"
    result = {"before": asdict(before), "after": asdict(done.after), "gain_db": done.gain_db}
    return Done(result, (_file(Role.PLAYABLE, stored, media_type),))


def _artwork(shop: Workshop, held: Held, _on_seconds: OnSeconds) -> Done:
    link = held.found.links.artwork
    picture = shop.content(link, Purpose.IMAGE) if link else probe(shop.path(held, Role.ORIGINAL)).artwork
    stored = shop.store.put(thumbnail(picture))
    return Done({}, (_file(Role.ARTWORK, stored, "image/jpeg"),))


def _chapters(shop: Workshop, held: Held, _on_seconds: OnSeconds) -> Done:
    link = held.found.links.chapters
    assert link is not None
    chapters, problems = read_chapters(shop.content(link, Purpose.CHAPTERS), link.address)
    stored = shop.store.put(json.dumps([asdict(chapter) for chapter in chapters]).encode())
    repaired = [f"{one.where}: {one.message}" for one in problems[:20]]
    return Done({"chapters": len(chapters), "left_out": repaired}, (_file(Role.CHAPTERS, stored, "application/json"),))


def _peaks(shop: Workshop, held: Held, on_seconds: OnSeconds) -> Done:
    peaks = waveform(shop.path(held, Role.ORIGINAL), on_seconds)
    stored = shop.store.put(json.dumps(peaks).encode())
    return Done({"peaks": len(peaks)}, (_file(Role.PEAKS, stored, "application/json"),))


def _captions(shop: Workshop, held: Held, on_seconds: OnSeconds) -> Done:
    """The captions that came with it, the first that can be used; else what the recogniser hears."""
    failures: list[MediaError] = []
    known = held.steps.get(StepName.PROBE)
    duration_ms = known.result["duration_ms"] if known and not known.code else None
    for link in held.found.links.captions:
        if link.is_web and not shop.options.download:
            continue
        try:
            read = read_captions(
                shop.content(link, Purpose.CAPTIONS),
                claimed=link.media_type or link.address,
                language=link.language or held.found.details.language,
                duration_ms=duration_ms,
            )
        except MediaError as error:
            failures.append(error)
            continue
        result = {"format": read.format, "repairs": read.repairs_total, "segments": len(read.transcript.segments)}
        return Done(result | _told(failures), transcript=(Origin.GIVEN, read.transcript))
    if duration_ms is None:
        raise failures[0]
    if held.found.details.language != shop.dictation.language:
        return Done(
            {"not_transcribed": f"the recogniser does not speak {held.found.details.language}"} | _told(failures)
        )
    item = held.item or held.found.details
    names = Names([item.title, item.description, item.series], [item.creator])
    recogniser = shop.dictation.recogniser
    sound = decode_pieces(shop.path(held, Role.ORIGINAL))
    words = transcribe(sound, recogniser, lambda done_ms: on_seconds(done_ms / 1000))
    transcript = readable(words, names, shop.dictation.language)
    result = {"recogniser": shop.options.recogniser, "segments": len(transcript.segments)}
    return Done(result | _told(failures), transcript=(Origin.RECOGNISED, transcript))


def _slides(shop: Workshop, held: Held, on_seconds: OnSeconds) -> Done:
    duration_ms = held.steps[StepName.PROBE].result["duration_ms"]
    scenes = make_scenes(shop.path(held, Role.ORIGINAL), duration_ms, held.spoken, shop.store, on_seconds)
    stored = shop.store.put(write_scenes(scenes))
    return Done({"scenes": len(scenes)}, (_file(Role.SLIDES, stored, "application/json"),))


def _unreadable(link: Link, error: OSError) -> SourceError:
    return SourceError("source_unreadable", f"{link.address} cannot be read: {error.strerror}", retryable=True)


def _told(failures: list[MediaError]) -> dict[str, Any]:
    return {"failed": [[error.code, str(error)] for error in failures]} if failures else {}


def _file(role: Role, stored: Stored, media_type: str) -> StoredFile:
    return StoredFile(role, stored.sha256, media_type, stored.size)


_STEPS: dict[StepName, Callable[[Workshop, Held, OnSeconds], Done]] = {
    StepName.FETCH: _fetch,
    StepName.PROBE: _probe,
    StepName.LOUDNESS: _loudness,
    StepName.ARTWORK: _artwork,
    StepName.CHAPTERS: _chapters,
    StepName.PEAKS: _peaks,
    StepName.CAPTIONS: _captions,
    StepName.SLIDES: _slides,
}
