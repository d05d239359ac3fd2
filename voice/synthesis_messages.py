"""What goes over the pipe between the service and the process that speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Speak:
    """To the worker: one sentence; `rate` in words per minute, `volume` from 0 to 1."""

    text: str
    voice: str
    rate: int
    volume: float


@dataclass(frozen=True)
class Stop:
    """To the worker: say no more of the sentence under way. A late one is ignored."""


@dataclass(frozen=True)
class Ready:
    """From the worker, once: samples per second of all sound to come."""

    rate: int


@dataclass(frozen=True)
class Sound:
    """From the worker: PCM, and the words that begin in it as (text, first character, milliseconds)."""

    pcm: bytes
    words: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Done:
    """From the worker: the sentence has ended, of itself or by `Stop`."""


@dataclass(frozen=True)
class Failed:
    """From the worker: the sentence could not be spoken."""

    code: str
    message: str
    retryable: bool
