"""When somebody has begun to speak and when they are done: a pure state machine without clock or I/O.

Time is what the frames add up to. Two thresholds keep a wavering probability from flickering; a short noise is no
speech; and a turn always ends: with silence, at its greatest length, or because nobody spoke.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class EndOfTurnOptions:
    """Settings with their units. ValueError for values that contradict each other."""

    start_threshold: float = 0.5
    """Probability at and above which a frame counts as speech while nobody speaks."""
    end_threshold: float = 0.35
    """Probability below which a frame counts as silence while somebody speaks."""
    min_speech_ms: int = 96
    """Speech in a row, give or take one frame, before it is believed: a click or a knock is shorter."""
    end_silence_ms: int = 640
    """Silence that ends a turn: longer than a speaker's pause for a word, most of the time."""
    settled_silence_ms: int = 400
    """The same where the recognised words have stopped changing and so sound complete.

    Of 250 recorded orders by many people none was cut off at 384 ms, and 3 at 320, with every pause taken for settled.
    """
    no_speech_ms: int = 8_000
    """Waiting for somebody to begin."""
    max_turn_ms: int = 30_000
    """The longest turn, counted from the start of speech."""

    def __post_init__(self) -> None:
        if not 0.0 < self.end_threshold <= self.start_threshold <= 1.0:
            raise ValueError("0 < end_threshold <= start_threshold <= 1 must hold")
        if not 0 < self.settled_silence_ms <= self.end_silence_ms:
            raise ValueError("0 < settled_silence_ms <= end_silence_ms must hold")
        if min(self.min_speech_ms, self.no_speech_ms, self.max_turn_ms) <= 0:
            raise ValueError("min_speech_ms, no_speech_ms and max_turn_ms must be above 0")


class EndReason(StrEnum):
    """Why a turn ended."""

    SILENCE = "silence"
    MAX_LENGTH = "max_length"
    NO_SPEECH = "no_speech"
    RELEASED = "released"
    """The speaker said so: a button let go, or the end of a recording. Never decided here."""


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody speaks since `at_ms`, counted from the first frame."""

    at_ms: int


@dataclass(frozen=True)
class SpeechPaused:
    """Silence since `at_ms`, for as long as it takes to tell; the speaker may still go on."""

    at_ms: int


@dataclass(frozen=True)
class TurnEnded:
    """The turn is over. `speech_end_ms` is where the last speech ended: None where there was none."""

    reason: EndReason
    speech_end_ms: int | None


TurnEvent = SpeechStarted | SpeechPaused | TurnEnded


@dataclass
class EndOfTurn:
    """Feed frames to `tick` until it returns a `TurnEnded`; from then on it returns nothing."""

    options: EndOfTurnOptions = field(default_factory=EndOfTurnOptions)
    elapsed_ms: int = 0
    """All frames so far."""
    speech_start_ms: int | None = None
    """Set once speech is believed."""
    speech_end_ms: int | None = None
    """End of the last frame of speech."""
    ended: bool = False
    _run_ms: int = 0
    _run_start_ms: int = 0
    _gap_ms: int = 0
    _speaking: bool = False

    def tick(self, probability: float, frame_ms: int, *, settled: bool = False) -> list[TurnEvent]:
        """Take one frame; `settled` says that the words recognised so far have stopped changing.

        Returns what this frame brought about, at most one of each kind, in the order it happened.
        """
        if self.ended:
            return []
        start_ms, self.elapsed_ms = self.elapsed_ms, self.elapsed_ms + frame_ms
        if self.speech_start_ms is None:
            return self._wait(probability, start_ms, frame_ms)
        return self._listen(probability, start_ms, settled)

    def _wait(self, probability: float, start_ms: int, frame_ms: int) -> list[TurnEvent]:
        """Nobody has spoken yet. One frame below the threshold does not break a run of speech; two do."""
        if probability >= self.options.start_threshold:
            if self._run_ms == 0:
                self._run_start_ms = start_ms
            self._run_ms += frame_ms
            self._gap_ms = 0
        elif self._run_ms:
            self._gap_ms += frame_ms
            if self._gap_ms > frame_ms:
                self._run_ms = self._gap_ms = 0
        if self._run_ms >= self.options.min_speech_ms:
            self.speech_start_ms = self._run_start_ms
            self.speech_end_ms = self.elapsed_ms
            self._speaking = True
            return [SpeechStarted(self._run_start_ms)]
        if self.elapsed_ms >= self.options.no_speech_ms and self._run_ms == 0:
            return [self._end(EndReason.NO_SPEECH)]
        return []

    def _listen(self, probability: float, start_ms: int, settled: bool) -> list[TurnEvent]:
        """Somebody has spoken: wait for the silence that ends the turn."""
        assert self.speech_start_ms is not None
        assert self.speech_end_ms is not None
        events: list[TurnEvent] = []
        threshold = self.options.end_threshold if self._speaking else self.options.start_threshold
        if probability >= threshold:
            self._speaking = True
            self.speech_end_ms = self.elapsed_ms
        elif self._speaking:
            self._speaking = False
            events.append(SpeechPaused(start_ms))
        silence_ms = self.elapsed_ms - self.speech_end_ms
        enough_ms = self.options.settled_silence_ms if settled else self.options.end_silence_ms
        if silence_ms >= enough_ms:
            events.append(self._end(EndReason.SILENCE))
        elif self.elapsed_ms - self.speech_start_ms >= self.options.max_turn_ms:
            events.append(self._end(EndReason.MAX_LENGTH))
        return events

    def _end(self, reason: EndReason) -> TurnEnded:
        self.ended = True
        return TurnEnded(reason, self.speech_end_ms)
