"""What "next scene", "back two scenes" or "the last scene" asks for, read from the words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skills.media.amounts import number_at, words

_NAMES = ("scene", "slide", "page")
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth " \
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"  # fmt: skip
_NTH = {word: number for number, word in enumerate(_ORDINALS.split(), start=1)}
_SUFFIXES = ("st", "nd", "rd", "th")
_BACK = re.compile(r"\b(back|backwards?|previous|before|earlier|prior|rewind)\b")
_AGAIN = re.compile(r"\b(again|repeat|replay|restart|rewatch|over)\b")
_ITS_BEGINNING = re.compile(r"\b(beginning|start|top) of (the|this)\b|\bstart (the|this)\b")
_ASKS = re.compile(r"\b(which|what|how many|where)\b")


@dataclass(frozen=True)
class SceneStep:
    """To another scene: `by` so many from the present one, or `to` one by its number, -1 being the last."""

    by: int = 0
    to: int | None = None

    def place(self, present: int, count: int) -> int | None:
        """The scene that is meant of `count`, counted from 0 like the `present` one; None if there is no such one."""
        place = present + self.by if self.to is None else self.to - 1 if self.to > 0 else count + self.to
        return place if 0 <= place < count else None


def names_scene(text: str) -> bool:
    """Whether one scene is spoken of: "play this scene slower"."""
    return any(word in _NAMES for word in words(text))


def scene_step(text: str) -> SceneStep | None:
    """Where to go; None where it is only asked where this is: "which scene is this?"."""
    spoken = words(text)
    said = " ".join(spoken)
    if _ASKS.search(said):
        return None
    if (many := _many(spoken)) is not None:
        return SceneStep(by=-many if _BACK.search(said) else many)
    if (number := _number(spoken)) is not None:
        return SceneStep(to=number)
    if _ITS_BEGINNING.search(said):
        return SceneStep()
    if re.search(r"\b(last|final)\b", said):
        # "Go back to the last scene": the one that was just seen.
        return SceneStep(by=-1) if _BACK.search(said) or _AGAIN.search(said) else SceneStep(to=-1)
    if re.search(r"\b(next|skip|forward)\b", said):
        return SceneStep(by=1)
    if _BACK.search(said):
        return SceneStep(by=-1)
    return SceneStep() if _AGAIN.search(said) or re.search(r"\bthis\b", said) else SceneStep(by=1)


def _many(spoken: list[str]) -> int | None:
    """How many scenes to go by: "two scenes back"."""
    for at in range(len(spoken)):
        number = number_at(spoken, at)
        after = spoken[number.end : number.end + 2] if number else []
        if number and any(word in [f"{name}s" for name in _NAMES] for word in after):
            return round(number.value)
    return None


def _number(spoken: list[str]) -> int | None:
    """The number of a scene: "scene five", "the third scene", "number 12", "the 3rd"; "the next one" has none."""
    for at, word in enumerate(spoken):
        if word in (*_NAMES, "number", "to") and (number := number_at(spoken, at + 1)) and number.value >= 1:
            return round(number.value)
        if (nth := _nth(spoken, at)) is not None:
            return nth
    return None


def _nth(spoken: list[str], at: int) -> int | None:
    """An ordinal: "third", "twenty first", or "3rd", which is two words."""
    before = number_at(spoken, at - 1) if at else None
    if spoken[at] in _NTH:
        tens = round(before.value) if before and before.value in range(20, 100, 10) and _NTH[spoken[at]] < 10 else 0
        return tens + _NTH[spoken[at]]
    if spoken[at] in _SUFFIXES and before and spoken[at - 1].isdigit() and before.value >= 1:
        return round(before.value)
    return None
