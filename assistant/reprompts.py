"""What follows when there was nothing to answer: two reprompts, each worded differently, then a closing line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from skills.turn import Trigger


class Miss(StrEnum):
    """Why there was nothing to answer."""

    NO_INPUT = "no_input"
    """The microphone was open and nobody spoke."""
    NO_MATCH = "no_match"
    """Somebody spoke, and it was nothing that can be acted on."""


@dataclass(frozen=True)
class Reprompt:
    """What to say, and how many misses in a row to remember. Without a `prompt` nothing is said at all."""

    prompt: str | None
    missed: int
    expects_reply: bool


TRIES = 2
"""Reprompts in a row; who is not understood a third time is not helped by another question."""

CLOSE = "close"


def after_miss(missed: int, miss: Miss, trigger: Trigger, *, asked: bool) -> Reprompt:
    """What follows a miss, after `missed` others in a row; `asked` says whether the last reply expected an answer.

    After the closing line counting starts afresh: whoever presses the button again means to be heard.
    """
    if _is_false_alarm(miss, trigger, asked=asked):
        return Reprompt(None, missed, expects_reply=False)
    if missed >= TRIES:
        return Reprompt(CLOSE, 0, expects_reply=False)
    prompt = miss.value if missed == 0 else f"{miss.value}_again"
    return Reprompt(prompt, missed + 1, expects_reply=True)


def _is_false_alarm(miss: Miss, trigger: Trigger, *, asked: bool) -> bool:
    """Whether nobody can have meant to be answered."""
    match trigger:
        case Trigger.BARGE_IN:
            return True
        case Trigger.WAKE:
            return miss is Miss.NO_INPUT
        case Trigger.FOLLOW_UP:
            return not asked
        case Trigger.BUTTON:
            return False
