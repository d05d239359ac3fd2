"""What lies along an item's time, for players to draw: captions, the outline of its sound, chapters and scenes.

Everything here reads files or the database, and blocks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from skills.media.captions import Segment, Transcript, write_vtt
from skills.media.captions.transcript import clean
from skills.media.catalogue import Item
from skills.media.content import ContentStore
from skills.media.errors import ContentError, ShelfError
from skills.media.feeds import Chapter
from skills.media.peaks import waveform
from skills.media.recordings import Recording
from skills.media.shelf import Held, Role, Shelf
from skills.media.slides.scene import Scene
from voice.errors import VoiceError

T = TypeVar("T")

_PEAKS: TypeAdapter[Sequence[int]] = TypeAdapter(tuple[int, ...])
_CHAPTERS: TypeAdapter[Sequence[Chapter]] = TypeAdapter(tuple[Chapter, ...])


@dataclass(frozen=True)
class Timeline:
    """`peaks` are 0 to 255, up to 1,000 of equal length; `chapters` are those of the table of contents."""

    spoken: bool = False
    """Whether it is known what is said."""
    peaks: Sequence[int] = ()
    chapters: Sequence[Chapter] = ()
    scenes: Sequence[Scene] = ()


class Timelines:
    """Reads what lies along an item's time, wherever it is kept."""

    def __init__(self, shelf: Shelf, store: ContentStore) -> None:
        self._shelf, self._store = shelf, store

    def of(self, recording: Recording) -> Timeline:
        """What is there for a recording; what is missing, lost or broken is left out."""
        held, spoken = self._held(recording.item), len(recording.segments) > 0
        if held is None:
            return Timeline(spoken, _demo_peaks(recording.path), (), recording.scenes)
        chapters = self._content(held, Role.CHAPTERS, _CHAPTERS, ())
        listed = [one for one in chapters if one.listed and one.start_ms < recording.duration_ms]
        return Timeline(spoken, self._content(held, Role.PEAKS, _PEAKS, ()), listed, recording.scenes)

    def _held(self, item: str) -> Held | None:
        """What was imported under that id; the demo's own items were not."""
        try:
            return self._shelf.item(item)
        except ShelfError as error:
            if error.code != "item_unknown":
                raise
            return None

    def _content(self, held: Held, role: Role, form: TypeAdapter[T], otherwise: T) -> T:
        file = held.files.get(role)
        if file is None:
            return otherwise
        try:
            return form.validate_json(self._store.find(file.sha256).path.read_bytes())
        except (ContentError, OSError, ValueError):  # lost from the disk: it is played without
            return otherwise


def vtt(item: Item, recording: Recording) -> str:
    """What is said in a recording, as WebVTT."""
    segments = (Segment(one.start_ms, one.end_ms, clean(one.speaker), clean(one.text)) for one in recording.segments)
    return write_vtt(Transcript(tuple(segments), language=item.language))


def picture(recording: Recording, sha256: str) -> Path | None:
    """The picture of one of the recording's scenes; None for any other."""
    if recording.pictures is None or not any(scene.image == sha256 for scene in recording.scenes):
        return None
    try:
        return recording.pictures.find(sha256).path
    except ContentError:
        return None


def _demo_peaks(path: Path) -> Sequence[int]:
    """The outline of a recording of the demo's, kept beside it and forgotten with it."""
    kept = path.with_suffix(".peaks")
    try:
        return _PEAKS.validate_json(kept.read_bytes())
    except (OSError, ValueError):
        pass
    try:
        peaks = waveform(path)
        temporary = kept.with_suffix(".peaks.new")
        temporary.write_text(json.dumps(peaks))
        temporary.replace(kept)
    except (OSError, VoiceError):  # a full disk, or a recording that is made again just now
        return ()
    return peaks
