"""Whether somebody who speaks into an answer means to interrupt it: a pure state machine, times passed in.

At the first sound of speech the answer is turned down: who means it is not to shout, and who does not has lost nothing.
Words that are known, and stay, stop it. Everything else is a false alarm, and the answer is turned up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from voice.spoken_form import spoken_words


class Decision(StrEnum):
    """What becomes of the answer; the wire form."""

    DUCK = "duck"
    INTERRUPT = "interrupt"
    RESTORE = "restore"


class Phase(StrEnum):
    """What is going on beside the answer."""

    QUIET = "quiet"
    DUCKED = "ducked"
    """Somebody speaks, and the answer is turned down until it is known whether they mean it."""
    RESTORED = "restored"
    """It was taken for a false alarm and goes on; words would still interrupt."""
    INTERRUPTED = "interrupted"


# fmt: off
BACKCHANNELS = frozenset((
    "mm", "mhm", "hm", "hmm", "uh", "huh", "um", "ah", "oh", "aha", "yeah", "yep", "yes", "okay", "ok", "right", "sure",
    "wow", "cool", "nice", "great", "really",
))
"""Said by somebody who listens, and wants to go on listening."""
# fmt: on


@dataclass(frozen=True)
class BargeInOptions:
    """Settings with their units."""

    standing_ms: int = 100
    """Words that stay so long in a partial result are confirmed: recognisers take back most first guesses sooner."""
    min_letters: int = 3
    """Of the words in a partial result. A shorter one interrupts when the utterance is over: "no"."""
    undecided_ms: int = 2_000
    """Without a word for so long it is a cough, music, or somebody else. LiveKit waits as long before it resumes."""
    max_unknown: float = 0.5
    """Of an utterance that interrupts at its end: the share of its speech that no known word fits."""
    false_alarms: int = 3
    """In one answer; in a room as loud as that, only words touch the volume."""


@dataclass
class BargeIn:
    """One answer. `question` says that it asks for something: then "yes" is no mere backchannel."""

    question: bool = False
    options: BargeInOptions = field(default_factory=BargeInOptions)
    phase: Phase = Phase.QUIET
    _alarms: int = 0
    _words_since_ms: int | None = None
    _restore_at_ms: int = 0

    def on_speech(self, now_ms: int) -> Decision | None:
        """Speech begins."""
        if self.phase is not Phase.QUIET:
            return None
        self._words_since_ms = None
        if self._alarms >= self.options.false_alarms:
            self.phase = Phase.RESTORED
            return None
        self.phase = Phase.DUCKED
        self._restore_at_ms = now_ms + self.options.undecided_ms
        return Decision.DUCK

    def on_words(self, text: str, now_ms: int) -> Decision | None:
        """The words so far have changed."""
        if sum(map(len, self._meant(text))) < self.options.min_letters:
            self._words_since_ms = None
        elif self._words_since_ms is None:
            self._words_since_ms = now_ms
        return self.on_time(now_ms)

    def on_time(self, now_ms: int) -> Decision | None:
        """Time has passed."""
        if self.phase not in (Phase.DUCKED, Phase.RESTORED):
            return None
        if self._words_since_ms is not None:
            return self._interrupt() if now_ms - self._words_since_ms >= self.options.standing_ms else None
        return self._restore(Phase.RESTORED) if now_ms >= self._restore_at_ms else None

    def on_end(self, text: str, unknown: float) -> Decision | None:
        """The utterance is over; `unknown` is the share of its speech that no known word fits, 0 to 1."""
        if self.phase not in (Phase.DUCKED, Phase.RESTORED):
            return None
        if self._meant(text) and unknown <= self.options.max_unknown:
            return self._interrupt()
        return self._restore(Phase.QUIET)

    def give_up(self) -> Decision | None:
        """Nothing more will be heard of this utterance."""
        return self.on_end("", 1.0)

    def interrupt(self) -> None:
        """The speaker is to be listened to in any case."""
        self.phase = Phase.INTERRUPTED

    def _interrupt(self) -> Decision:
        self.interrupt()
        return Decision.INTERRUPT

    def _restore(self, phase: Phase) -> Decision | None:
        ducked, self.phase = self.phase is Phase.DUCKED, phase
        if not ducked:
            return None
        self._alarms += 1
        return Decision.RESTORE

    def _meant(self, text: str) -> Sequence[str]:
        """Known words; recognisers write what they do not know in brackets."""
        words = spoken_words(" ".join(word for word in text.split() if not word.startswith(("[", "<"))))
        return [word for word in words if self.question or word not in BACKCHANNELS]
