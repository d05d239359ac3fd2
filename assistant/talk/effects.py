"""What the conversation wants done: carried out by `Talker`, one function for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from skills.turn import Directive, Reply


class Phase(StrEnum):
    """What the user sees."""

    CONNECTING = "connecting"
    WAITING = "waiting"
    """For the wake word."""
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


class Trigger(StrEnum):
    """What brings an utterance about; the wire form."""

    WAKE = "wake"
    FOLLOW_UP = "follow_up"
    BARGE_IN = "barge_in"


@dataclass(frozen=True)
class Listen:
    """Ask the service to listen, and give it the microphone's sound, after `delay_s` seconds.

    `cue`: with a tone, since nobody can know that it listens now.
    """

    trigger: Trigger
    delay_s: float = 0.0
    cue: bool = False


@dataclass(frozen=True)
class WaitForWord:
    """Give the microphone's sound to the wake word's detector, and to nobody else."""


@dataclass(frozen=True)
class CloseMicrophone:
    """Give the microphone's sound to nobody."""


@dataclass(frozen=True)
class BeginSpeech:
    """Speech at `rate` hertz follows."""

    rate: int


@dataclass(frozen=True)
class Speak:
    """Say this chunk."""

    pcm: bytes


@dataclass(frozen=True)
class FinishSpeech:
    """That was all; `Conversation.on_spoken` is to follow the last sound."""


@dataclass(frozen=True)
class StopSpeech:
    """Be silent at once."""


@dataclass(frozen=True)
class TellSpoken:
    """Tell the service that the answer to `request` is no longer heard: to its end, or cut off."""

    request: str
    whole: bool


@dataclass(frozen=True)
class Direct:
    """Hand these to the player."""

    directives: tuple[Directive, ...]
    request: str


@dataclass(frozen=True)
class ShowPhase:
    """A new phase."""

    phase: Phase


@dataclass(frozen=True)
class ShowPartial:
    """What was heard so far."""

    text: str


@dataclass(frozen=True)
class ShowHeard:
    """What was heard."""

    text: str


@dataclass(frozen=True)
class ShowAnswer:
    """The answer."""

    reply: Reply


@dataclass(frozen=True)
class ShowProblem:
    """Something went wrong that does not end the conversation."""

    message: str


Effect = (
    Listen
    | WaitForWord
    | CloseMicrophone
    | BeginSpeech
    | Speak
    | FinishSpeech
    | StopSpeech
    | TellSpoken
    | Direct
    | ShowPhase
    | ShowPartial
    | ShowHeard
    | ShowAnswer
    | ShowProblem
)
