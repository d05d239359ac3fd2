"""What creators see of their items, and may change: the JSON of /api/v1/items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import Field

from assistant.media_links import Link
from assistant.studio import Studio
from skills.media.captions import Segment, Transcript
from skills.media.catalogue import Details, Word
from skills.media.importing.plan import StepName, is_playable
from skills.media.importing.progress import State, progress
from skills.media.shelf import Held, Origin, Role
from skills.message import Message
from skills.turn import MediaKind

SEGMENTS_MAX = 100_000


class DetailsChange(Message):
    """Details to change; what is left out stays."""

    title: str | None = Field(default=None, min_length=1, max_length=120)
    creator: str | None = Field(default=None, min_length=1, max_length=120)
    series: str | None = Field(default=None, max_length=120)
    episode: int | None = Field(default=None, ge=0)
    kind: MediaKind | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    description: str | None = Field(default=None, max_length=5_000)
    published: date | None = None
    tags: tuple[Word, ...] | None = Field(default=None, max_length=30)
    moods: tuple[Word, ...] | None = Field(default=None, max_length=10)
    draft: bool | None = Field(default=None, description="False publishes it, true takes it back.")


class OwnItem(Message):
    """An item of the creator's."""

    id: str
    title: str
    creator: str
    series: str
    episode: int | None
    kind: MediaKind
    medium: Literal["audio", "video"]
    language: str
    description: str
    published: date
    tags: tuple[str, ...]
    moods: tuple[str, ...]
    duration_ms: int | None = Field(description="Not known before it has been looked into.")
    draft: bool
    visible: bool = Field(description="Whether listeners can find it.")
    playable: bool
    busy: bool = Field(description="Whether it is being worked at, or waits for that.")
    failed: tuple[StepName, ...] = Field(description="Steps that did not succeed.")
    transcript: Origin | None = Field(description="Who wrote down what is said.")
    artwork_url: str | None
    recording_url: str | None = Field(description="Valid for twelve hours; takes ranges.")


class OwnItems(Message):
    """A page of the creator's items, the newest first."""

    items: tuple[OwnItem, ...]
    next: str | None = Field(description="`before` of the next page.")


class StepShown(Message):
    """A step of the import."""

    step: StepName
    state: State
    done_s: float = Field(description="Seconds of the recording that have been worked at.")
    of_s: float | None
    code: str
    message: str


class Figures(Message):
    """What EBU R 128 says of a recording: LUFS, LU and dBTP; null for silence."""

    integrated: float | None
    range: float | None
    true_peak: float | None


class Loudness(Message):
    """How loud it came and how loud it is played."""

    before: Figures
    after: Figures
    gain_db: float
    target_lufs: float
    target_dbtp: float


class ItemImport(Message):
    """How far an item is."""

    busy: bool
    kept_waiting: bool = Field(description="The operator imports something else; this goes on afterwards.")
    steps: tuple[StepShown, ...]
    loudness: Loudness | None
    peaks: tuple[int, ...] = Field(description="The outline of the sound, 0 to 255.")


class SegmentText(Message):
    """What one speaker says at a time, milliseconds."""

    start_ms: Annotated[int, Field(ge=0, le=2**31)]
    end_ms: Annotated[int, Field(gt=0, le=2**31)]
    speaker: str = Field(default="", max_length=200)
    text: str = Field(min_length=1, max_length=10_000)


class TranscriptText(Message):
    """What is said in an item: segments one after the other."""

    language: str = Field(default="", max_length=40)
    segments: tuple[SegmentText, ...] = Field(max_length=SEGMENTS_MAX)


class TranscriptRead(TranscriptText):
    """A transcript as it is kept."""

    origin: Origin | None = None
    repairs: int = Field(default=0, description="Things that were put right in captions that were just sent.")


def own_item(held: Held, studio: Studio, link: Callable[[str], Link]) -> OwnItem:
    """An item for its creator; `link` makes links of paths, since players and pictures send no key."""
    details = held.item or held.found.details
    files = f"/api/v1/items/{held.found.id}"
    playable = is_playable(held) and Role.ORIGINAL in held.files
    return OwnItem(
        **details.model_dump(include=set(OwnItem.model_fields) & set(Details.model_fields)),
        duration_ms=details.duration_s * 1000 if details.duration_s is not None else None,
        draft=held.draft,
        visible=held.visible,
        playable=playable,
        busy=studio.importer.has(held.found.id),
        failed=tuple(StepName(name) for name, step in held.steps.items() if step.code),
        transcript=held.origin,
        artwork_url=link(f"{files}/artwork").url if Role.ARTWORK in held.files else None,
        recording_url=link(f"{files}/recording").url if playable else None,
    )


def item_import(held: Held, studio: Studio, peaks: tuple[int, ...]) -> ItemImport:
    """How far it is."""
    importer, at = studio.importer, studio.importer.at
    busy = importer.has(held.found.id)
    now = (at[1], at[2]) if at and at[0] == held.found.id else None
    loudness = held.steps.get(StepName.LOUDNESS)
    aim = importer.options.aim
    return ItemImport(
        busy=busy,
        kept_waiting=busy and importer.is_kept_waiting,
        steps=tuple(StepShown(**asdict(step)) for step in progress(held, importer.options, now)),
        loudness=Loudness(
            before=_figures(loudness.result["before"]),
            after=_figures(loudness.result["after"]),
            gain_db=loudness.result["gain_db"],
            target_lufs=aim.integrated,
            target_dbtp=aim.true_peak,
        )
        if loudness and not loudness.code
        else None,
        peaks=peaks,
    )


def transcript_read(origin: Origin | None, transcript: Transcript, repairs: int = 0) -> TranscriptRead:
    """A transcript as JSON."""
    segments = tuple(
        SegmentText.model_construct(start_ms=one.start_ms, end_ms=one.end_ms, speaker=one.speaker, text=one.text)
        for one in transcript.segments
    )
    return TranscriptRead.model_construct(
        language=transcript.language, segments=segments, origin=origin, repairs=repairs
    )


def transcript_of(said: TranscriptText) -> Transcript:
    """The transcript itself; ValueError says what is wrong with it."""
    segments = (Segment(one.start_ms, one.end_ms, one.speaker, one.text) for one in said.segments)
    return Transcript(tuple(segments), said.language)


def _figures(measured: Mapping[str, Any]) -> Figures:
    return Figures(**{name: measured[name] if isfinite(measured[name]) else None for name in Figures.model_fields})
