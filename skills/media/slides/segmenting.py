"""Where the scenes of a video begin, from what is said and from changes of the picture. Pure.

Every place that might be a boundary has a value: the picture changes, a sentence ends, speech pauses, somebody else
speaks. The boundaries taken are those with the greatest sum of values less what short scenes cost, found by dynamic
programming (Bellman, On the approximation of curves by line segments, 1961): a cut in the middle of a sentence gives
way to one between two sentences, and a talking head is parted at its longer pauses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from skills.media.slides.changes import Change

MIN_MS, MAX_MS = 3_000, 60_000
"""A scene lasts so long, unless the whole video is shorter."""
USUAL_MS = 30_000
"""A shorter scene costs something, up to SHORTNESS: the pages of a book are not single lines."""
SHORTNESS = 1.0
PICTURE, SENTENCE, PAUSE, SPEAKER = 1.0, 0.4, 0.5, 0.2
"""What a full change of the picture, the end of a sentence, a pause of PAUSE_MS and another speaker are worth."""
PAUSE_MS = 1_000
SPEAKING = -0.8
"""The worth of a place where somebody is in the middle of a sentence."""
NEAR_MS = 1_000
"""A pause so near a change of the picture belongs to it."""
ANYWHERE = -1.0
"""Beside what is said there, the worth of a place that nothing speaks for: taken where a scene would get too long."""
_ENDS = (".", "?", "!", "…", "。", "？", "！")  # noqa: RUF001


class Spoken(Protocol):
    """A stretch of speech."""

    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def speaker(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Stretch:
    """From where to where a scene goes."""

    start_ms: int
    end_ms: int


def segment(spoken: Iterable[Spoken], changes: Iterable[Change], duration_ms: int) -> list[Stretch]:
    """The scenes of a video: one after the other they cover all of it.

    Neither has to be there: without speech the changes count alone, without changes the speech.
    """
    pauses = list(_pauses(spoken, duration_ms))
    worth: dict[int, float] = {}
    for at_ms in range(0, duration_ms, MAX_MS // 4):
        worth[at_ms] = ANYWHERE + _said(pauses, at_ms, at_ms)
    for pause in pauses:
        worth[pause.end_ms] = pause.worth
    for change in _apart(changes):
        said = _said(pauses, change.start_ms - NEAR_MS, change.end_ms + NEAR_MS)
        worth[change.at_ms] = PICTURE * change.strength + said
    places = sorted(at_ms for at_ms in worth if 0 < at_ms < duration_ms)
    times = [0, *places, duration_ms]
    return _best(times, [0.0, *(worth[at_ms] for at_ms in places), 0.0])


@dataclass(frozen=True)
class _Pause:
    """Where nobody speaks, if only between two sentences."""

    start_ms: int
    end_ms: int
    worth: float


def _pauses(spoken: Iterable[Spoken], duration_ms: int) -> Iterable[_Pause]:
    """Those between the stretches of speech, before the first and after the last, in order and apart."""
    last: Spoken | None = None
    over_ms = 0
    for one in sorted(spoken, key=lambda one: one.start_ms):
        if one.start_ms >= over_ms:
            yield _Pause(over_ms, one.start_ms, _worth(last, one, one.start_ms - over_ms))
            last = one
        over_ms = max(over_ms, one.end_ms)
    yield _Pause(over_ms, max(over_ms, duration_ms), SENTENCE + PAUSE)


def _worth(last: Spoken | None, one: Spoken, pause_ms: int) -> float:
    if last is None or pause_ms >= PAUSE_MS:
        return SENTENCE + PAUSE
    sentence = SENTENCE if last.text.rstrip("\"')” ").endswith(_ENDS) else 0.0
    speaker = SPEAKER if last.speaker != one.speaker else 0.0
    return sentence + speaker + PAUSE * pause_ms / PAUSE_MS


def _said(pauses: Sequence[_Pause], from_ms: int, to_ms: int) -> float:
    """The worth of a place as far as speech goes: that of the best pause there."""
    begin = bisect_left(pauses, from_ms, key=lambda pause: pause.end_ms)
    end = bisect_right(pauses, to_ms, key=lambda pause: pause.start_ms)
    return max((pause.worth for pause in pauses[begin:end]), default=SPEAKING)


def _apart(changes: Iterable[Change]) -> list[Change]:
    """The strongest of changes that follow each other quickly."""
    kept: list[Change] = []
    for change in sorted(changes):
        if kept and change.at_ms - kept[-1].at_ms < NEAR_MS:
            kept[-1] = max(kept[-1], change, key=lambda one: one.strength)
        else:
            kept.append(change)
    return kept


def _best(times: Sequence[int], worth: Sequence[float]) -> list[Stretch]:
    """The scenes between the best of these times; the first and the last are the ends of the video."""
    best, came_from = [0.0], [0]
    for place in range(1, len(times)):
        begin = bisect_left(times, times[place] - MAX_MS, hi=place)
        end = max(begin + 1, bisect_right(times, times[place] - MIN_MS, hi=place))
        values = [best[one] - _shortness(times[place] - times[one]) for one in range(begin, end)]
        value = max(values)
        best.append(value + worth[place])
        came_from.append(begin + values.index(value))
    chosen = [len(times) - 1]
    while chosen[-1]:
        chosen.append(came_from[chosen[-1]])
    return [Stretch(times[one], times[other]) for one, other in pairwise(reversed(chosen))]


def _shortness(length_ms: int) -> float:
    return SHORTNESS * max(0.0, 1 - length_ms / USUAL_MS) if length_ms >= MIN_MS else float("inf")
