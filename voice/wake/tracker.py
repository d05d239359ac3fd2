"""Whether a phrase was said, from what each 30 ms sound like: a keyword against everything else.

A keyword-filler decoder (Rose and Paul, 1990) reduced to what a page can run. The phrase is a chain of phones, the
filler a free loop of all of them, whose best path through any frames is the best phone of each. A frame that sounds
like the phone it is laid on is worth `MATCH`; one that sounds less like it than like another loses the difference of
the log posteriors, so that the best path is that of a local alignment (Smith and Waterman, 1981): it begins where the
phrase does, and nothing before matters. A path's score is the mean over its phones of the mean over each one's frames
(Bernardis and Bourlard, 1998): a long vowel counts no more than a short stop. 0 is a perfect score.

The tracker has no clock but the frames it is given. `assistant/web/static/speaker/wake/tracker.js` is the same machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MATCH = 2.0
FLOOR = -3.0
"""The least that a frame's log ratio counts: one odd frame does not undo a phrase."""
PHONE_FRAMES = 15
"""Nobody holds a phone of a wake word for longer than 0.45 s."""
FRAMES_PER_PHONE = 1.5
"""Nor says one in less than 45 ms on average."""
PAUSE_FRAMES = 10
"""The longest pause between two words: 0.3 s."""
SETTLE_FRAMES = 4
"""A phrase is over when its score has not risen for 0.12 s: "alexa" ends with a vowel that goes on."""
REFRACTORY_FRAMES = 33
"""For a second after the phrase no second one is found: echoes and the phrase's own end."""
PAUSE = "SIL"
"""Silence in a pronunciation is a pause between two words, which the speaker may make or not."""


@dataclass(frozen=True)
class Found:
    """A phrase that was said: its first frame, the frame after its last, and its score, 0 at best."""

    start: int
    end: int
    score: float


@dataclass
class _Path:
    """The best way to stand in a state now: what it is worth, where it began, what it scored in earlier phones."""

    worth: float
    start: int
    phones: int = 0
    earlier: float = 0.0
    here: float = 0.0
    frames: int = 0

    @property
    def score(self) -> float:
        return (self.earlier + self.here / self.frames) / (self.phones + 1)

    def stay(self, ratio: float) -> _Path:
        return _Path(
            self.worth + MATCH + ratio, self.start, self.phones, self.earlier, self.here + ratio, self.frames + 1
        )

    def move(self, ratio: float) -> _Path:
        earlier = self.earlier + self.here / self.frames
        return _Path(self.worth + MATCH + ratio, self.start, self.phones + 1, earlier, ratio, 1)


class Pronunciation:
    """One chain of phones, followed frame by frame. `chain` are columns of the frames; `pauses` marks optional ones."""

    def __init__(self, chain: Sequence[int], pauses: Sequence[bool]) -> None:
        self._chain = tuple(chain)
        self._pauses = tuple(pauses)
        self._shortest = FRAMES_PER_PHONE * self._pauses.count(False)
        self._paths: list[_Path | None] = [None] * len(self._chain)

    def step(self, ratios: Sequence[float], frame: int) -> Found | None:
        """Take the frame's log ratios [phones]; what the phrase scores if it ends here."""
        paths = self._paths
        for state in reversed(range(len(self._chain))):
            paths[state] = self._best(state, ratios[self._chain[state]], frame)
        last = paths[-1]
        if last is None or frame + 1 - last.start < self._shortest:
            return None
        return Found(last.start, frame + 1, last.score)

    def reset(self) -> None:
        """No path is under way."""
        self._paths = [None] * len(self._chain)

    def _best(self, state: int, ratio: float, frame: int) -> _Path | None:
        """The best path into `state`: from itself, from the one before, or from before a pause between them."""
        best: _Path | None = None
        here = self._paths[state]
        if here is not None and here.frames < (PAUSE_FRAMES if self._pauses[state] else PHONE_FRAMES):
            best = here.stay(ratio)
        if state == 0:
            fresh = _Path(MATCH + ratio, frame, here=ratio, frames=1)
            return fresh if best is None or fresh.worth > best.worth else best
        sources = [self._paths[state - 1]]
        if state > 1 and self._pauses[state - 1]:
            sources.append(self._paths[state - 2])
        for source in sources:
            if source is not None and (best is None or source.worth + MATCH + ratio > best.worth):
                best = source.move(ratio)
        return best


class Tracker:
    """Follows every pronunciation of a phrase and says once, when it is over, that it was said."""

    def __init__(self, phones: Sequence[str], pronunciations: Sequence[Sequence[str]], threshold: float) -> None:
        """`phones` names the frames' columns; a `PAUSE` in a pronunciation may be there or not."""
        column = {phone: index for index, phone in enumerate(phones)}
        self._followed = [
            Pronunciation([column[phone] for phone in one], [phone == PAUSE for phone in one]) for one in pronunciations
        ]
        self._threshold = threshold
        self._frame = 0
        self._deaf_until = 0
        self._best: Found | None = None

    def step(self, posteriors: NDArray[np.float64]) -> Found | None:
        """Take one frame of log posteriors [phones]."""
        frame = self._frame
        self._frame += 1
        if frame < self._deaf_until:
            return None
        ratios = np.maximum(posteriors - posteriors.max(), FLOOR).tolist()
        for followed in self._followed:
            found = followed.step(ratios, frame)
            if found and found.score >= self._threshold and (self._best is None or found.score >= self._best.score):
                self._best = found
        if self._best is None or frame + 1 - self._best.end < SETTLE_FRAMES:
            return None
        best, self._best = self._best, None
        self._deaf_until = self._frame + REFRACTORY_FRAMES
        for followed in self._followed:
            followed.reset()
        return best

    def reset(self) -> None:
        """Begin anew, with frame 0."""
        self._frame = 0
        self._deaf_until = 0
        self._best = None
        for followed in self._followed:
            followed.reset()
