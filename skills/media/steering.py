"""What a listener asks of the player, read from the words: places, speeds, timers and lengths. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skills.media.amounts import UNITS_MS, Amount, number_at, number_in, time_in, words
from skills.player import DAY_MS, SPEED_MAX, SPEED_MIN, Repeat, Sleep

BIT_MS, LOT_MS = 15_000, 60_000
"""How far "a bit" and "a lot" are."""

SPEED_STEP = 0.25

AROUND = 0.25
"""How far a length may be from one that was named without "under" or "over", as a share of it."""

_BEGINNING = re.compile(r"\b(beginning|start|restart|top|outset|scratch)\b|\bstart (?:it |this )?(?:over|again)\b")
_EARLIER = re.compile(r"\bearlier\b|\bbefore (that|this|it)\b")
_BACK = re.compile(r"\b(back|backwards?|rewind|earlier|before)\b")
_OFF = re.compile(r"\b(off|stop|don't|dont|not|no|cancel|quit|disable|without|end|unshuffle|normal order|in order)\b")
_ALL = re.compile(r"\b(all|everything|queue|list|playlist|them|whole)\b")
_END = re.compile(r"\b(end|ends|over|finished|finishes|done|ended)\b")


@dataclass(frozen=True)
class Move:
    """Where to go on: `by_ms` from here, back where it is negative, or else at `to_ms` from the beginning."""

    by_ms: int = 0
    to_ms: int | None = None

    def target_ms(self, position_ms: int, ends_at_ms: int | None) -> int:
        """The place that is meant, within the item as far as its end is known."""
        place = position_ms + self.by_ms if self.to_ms is None else self.to_ms
        return max(0, min(place, DAY_MS if ends_at_ms is None else ends_at_ms))


@dataclass(frozen=True)
class Length:
    """Bounds of an item's length in seconds; None is open."""

    at_least_s: int | None = None
    at_most_s: int | None = None


def move(text: str) -> Move:
    """What "skip forward thirty seconds", "go to minute five" or "from the beginning" asks for; a bit, if nothing."""
    spoken = words(text)
    if _BEGINNING.search(" ".join(spoken)) and not is_before(text):
        return Move(to_ms=0)
    if (named := _named_place(spoken)) is not None:
        return Move(to_ms=min(DAY_MS, named))
    time = time_in(spoken)
    if time and _is_place(spoken, time):
        return Move(to_ms=min(DAY_MS, round(time.value)))
    by_ms = round(time.value) if time else LOT_MS if re.search(r"\b(lot|much|far|way)\b", text.casefold()) else BIT_MS
    return Move(by_ms=-min(DAY_MS, by_ms) if _BACK.search(text.casefold()) else min(DAY_MS, by_ms))


def is_before(text: str) -> bool:
    """Whether a place is counted from what was talked of: "a bit before that", "start a little earlier"."""
    return bool(_EARLIER.search(" ".join(words(text))))


def speed(text: str, present: float) -> float:
    """The speed that "faster", "normal speed" or "one and a half times" asks for, within what there is."""
    said = " ".join(words(text))
    number = number_in(words(text))
    if re.search(r"\b(normal|regular|usual|original|default|real|ordinary)\b", said):
        wanted = 1.0
    elif re.search(r"\b(half|halve)\b", said) and not number:
        wanted = 0.5
    elif re.search(r"\b(double|twice)\b", said):
        wanted = 2.0
    elif number:
        wanted = number.value / 100 if re.search(r"percent|%", said) else number.value
    elif re.search(r"\b(slow|slower|slowly|down|less)\b", said):
        wanted = present - SPEED_STEP
    else:
        wanted = present + SPEED_STEP
    return round(min(SPEED_MAX, max(SPEED_MIN, wanted)), 2)


def volume(text: str) -> int | None:
    """The volume in percent that "volume forty" names; None where no number is said."""
    number = number_in(words(text))
    return min(100, round(number.value)) if number else None


def repeat(text: str) -> Repeat:
    """What to repeat."""
    said = " ".join(words(text))
    if _OFF.search(said):
        return Repeat.OFF
    return Repeat.ALL if _ALL.search(said) else Repeat.ONE


def shuffle(text: str) -> bool:
    """Whether to shuffle."""
    return not _OFF.search(" ".join(words(text)))


def sleep(text: str) -> Sleep | None:
    """When to stop: "in twenty minutes", "at the end of this"; None where no time was named."""
    spoken = words(text)
    if (time := time_in(spoken)) and time.value > 0:
        return Sleep(in_ms=min(DAY_MS, round(time.value)))
    if _END.search(" ".join(spoken)):
        return Sleep()
    number = number_in(spoken)
    return Sleep(in_ms=min(DAY_MS, round(number.value * UNITS_MS["minutes"]))) if number and number.value else None


def length(text: str) -> Length:
    """How long an item may be: "under twenty minutes", "at least an hour", "half an hour long"."""
    spoken = words(text)
    time = time_in(spoken)
    if time is None or time.value <= 0:
        return Length()
    seconds, said = round(min(DAY_MS, time.value) / 1000), " ".join(spoken)
    if re.search(r"\b(no|not|isn't) (more|longer)\b|\b(under|less|shorter|most|up|below|within|maximum|max)\b", said):
        return Length(at_most_s=seconds)
    if re.search(r"\b(over|more|longer|least|above|minimum)\b", said):
        return Length(at_least_s=seconds)
    return Length(round(seconds * (1 - AROUND)), round(seconds * (1 + AROUND)))


def _is_place(spoken: list[str], time: Amount) -> bool:
    """Whether a time is one of the item's: "to five minutes", "the ten minute mark"."""
    before = spoken[time.start - 1] if time.start else ""
    return before in ("to", "at", "from") or spoken[time.end : time.end + 1] in (["mark"], ["point"])


def _named_place(spoken: list[str]) -> int | None:
    """The milliseconds from the beginning of "minute five" or "hour one minute ten"; None where no place is named."""
    place, at = None, 0
    while at < len(spoken) - 1:
        # In "ten minutes five" the unit belongs to the number before it.
        counted = any((one := number_at(spoken, start)) and one.end == at for start in range(max(0, at - 4), at))
        is_unit = spoken[at] in ("second", "minute", "hour") and (place is not None or not counted)
        number = number_at(spoken, at + 1) if is_unit else None
        if number:
            place = (place or 0) + round(number.value * UNITS_MS[spoken[at]])
            at = number.end
        else:
            at += 1
    return place
