"""When somebody has begun to speak and when they are done: a pure state machine without clock or I/O.

Time is what the frames add up to. A short noise is no speech. How much silence ends a turn depends on the words so far:
little after a whole sentence, much after "and". A turn always ends: with silence, at its greatest length, or because
nobody spoke.

The silence follows from Bayes' rule. Let p be the probability that the sentence is over before any silence is heard,
and let pauses inside a sentence last longer than t with probability exp(-t / m). After a silence of t the odds that it
is over are p / (1 - p) * exp(t / m): they reach a given value after a time that falls with log(p / (1 - p)), m a unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from voice.completeness import UNKNOWN


@dataclass(frozen=True)
class EndOfTurnOptions:
    """Settings with their units. ValueError for values that contradict each other."""

    start_threshold: float = 0.5
    """Probability at and above which a frame counts as speech while nobody has spoken."""
    speech_threshold: float = 0.65
    """The same once somebody has. Higher, because the detector remembers speech for a while: in kitchen noise at 12 dB
    the last frame above 0.35 came 190 ms after the speech (median of 50 orders), and 1257 ms at p95; above 0.65 it came
    after 108 and 648 ms, with hardly longer gaps inside the speech. From 0.7 on whispers fall into pieces."""
    min_speech_ms: int = 96
    """Speech in a row, give or take one frame, before it is believed: a click or a knock is shorter."""
    usual_silence_ms: int = 608
    """Silence that ends a turn whose words say nothing about it: people's pauses for a word are mostly shorter."""
    pause_scale_ms: int = 175
    """How much longer the silence has to be where the odds that the sentence is over are smaller by a factor of e. On
    300 unlabelled orders by people with pauses of 100 to 1000 ms put in, 200 cut off 2 % more turns for 10 ms less,
    and 150 cut off 2 % fewer for 17 ms more."""
    complete_silence_ms: int = 160
    """Never less, however whole the sentence: stops such as the two in "black cat" are silent for 100 ms and more. On
    the same orders nothing between 128 and 224 ms changed how many turns were cut off."""
    incomplete_silence_ms: int = 1_088
    """Never more, however much is missing: who has lost the thread is to be answered too. 928 ms cut off a quarter more
    of those orders, for 10 ms less."""
    no_speech_ms: int = 8_000
    """Waiting for somebody to begin."""
    max_turn_ms: int = 30_000
    """The longest turn, counted from the start of speech."""

    def __post_init__(self) -> None:
        if not (0.0 < self.start_threshold <= 1.0 and 0.0 < self.speech_threshold <= 1.0):
            raise ValueError("thresholds must be above 0, and at most 1")
        if not 0 < self.complete_silence_ms <= self.usual_silence_ms <= self.incomplete_silence_ms:
            raise ValueError("0 < complete_silence_ms <= usual_silence_ms <= incomplete_silence_ms must hold")
        if min(self.min_speech_ms, self.no_speech_ms, self.max_turn_ms) <= 0 or self.pause_scale_ms < 0:
            raise ValueError("min_speech_ms, no_speech_ms and max_turn_ms must be above 0, pause_scale_ms not below")

    def silence_ms(self, completeness: float) -> float:
        """The silence that ends a turn whose words are a whole sentence with this probability; falls with it."""
        if completeness <= 0.0:
            return self.incomplete_silence_ms
        if completeness >= 1.0:
            return self.complete_silence_ms
        wanted = self.usual_silence_ms - self.pause_scale_ms * (_log_odds(completeness) - _log_odds(UNKNOWN))
        return min(max(wanted, self.complete_silence_ms), self.incomplete_silence_ms)


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
class TurnEnded:
    """The turn is over. `speech_end_ms` is where the last speech ended: None where there was none."""

    reason: EndReason
    speech_end_ms: int | None


TurnEvent = SpeechStarted | TurnEnded


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

    def tick(self, probability: float, frame_ms: int, completeness: float = UNKNOWN) -> TurnEvent | None:
        """Take one frame, and how likely the words before it are a whole sentence; returns what it brought about."""
        if self.ended:
            return None
        start_ms, self.elapsed_ms = self.elapsed_ms, self.elapsed_ms + frame_ms
        if self.speech_start_ms is None:
            return self._wait(probability, start_ms, frame_ms)
        return self._listen(probability, self.speech_start_ms, completeness)

    def _wait(self, probability: float, start_ms: int, frame_ms: int) -> TurnEvent | None:
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
            return SpeechStarted(self._run_start_ms)
        if self.elapsed_ms >= self.options.no_speech_ms and self._run_ms == 0:
            return self._end(EndReason.NO_SPEECH)
        return None

    def _listen(self, probability: float, speech_start_ms: int, completeness: float) -> TurnEvent | None:
        """Somebody has spoken: wait for the silence that ends the turn."""
        if self.speech_end_ms is None or probability >= self.options.speech_threshold:
            self.speech_end_ms = self.elapsed_ms
        if self.elapsed_ms - self.speech_end_ms >= self.options.silence_ms(completeness):
            return self._end(EndReason.SILENCE)
        if self.elapsed_ms - speech_start_ms >= self.options.max_turn_ms:
            return self._end(EndReason.MAX_LENGTH)
        return None

    def _end(self, reason: EndReason) -> TurnEnded:
        self.ended = True
        return TurnEnded(reason, self.speech_end_ms)


def _log_odds(probability: float) -> float:
    return math.log(probability / (1.0 - probability))
