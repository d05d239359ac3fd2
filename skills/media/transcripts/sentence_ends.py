"""Where sentences end in recognised words, by the words around a gap and by how long it lasts."""

from __future__ import annotations

from collections.abc import Sequence

from skills.media.transcripts.general_english import general_english
from voice.completeness import NUMBERS, OPEN_WORDS

THRESHOLD = -0.25
OPEN_PENALTY = 1.0
STARTER_BONUS = 1.0
"""Set on every twelfth of the talks of `benchmarks/sentence_ends.py`, which leaves these out of what it measures."""
PAUSE_KNEE_MS = 150
PAUSE_STEP_MS = 100
PAUSE_SCORES = (-1.5, 4.0)
"""A gap of 150 ms says nothing; each 100 ms more make an end e times as likely, none at all speaks against it."""
# fmt: off
_STARTERS = frozenset((
    "so", "but", "and", "yeah", "okay", "well", "because", "i", "we", "it", "there", "that's", "it's", "i'm", "you're",
    "there's", "you", "this", "what", "if", "in", "right", "now", "then", "yes", "no", "oh",
))
# fmt: on
"""With what sentences begin in talks more than in the newspapers that the model was made of."""


def sentence_ends(words: Sequence[str], pauses_ms: Sequence[int] | None = None) -> list[bool]:
    """For each word whether a sentence ends after it; the last one always ends one.

    `words` are lower case, without punctuation; `pauses_ms` are the gaps after them, None where nobody knows.
    """
    ends = [
        _score(words, index) + (_pause_score(pauses_ms[index]) if pauses_ms else 0.0) > THRESHOLD
        for index in range(len(words) - 1)
    ]
    return [*ends, True] if words else []


def _score(words: Sequence[str], index: int) -> float:
    last, first = words[index], words[index + 1]
    if last in NUMBERS and first in NUMBERS:
        return -100.0
    earlier = words[index - 1] if index else "<s>"
    second = words[index + 2] if index + 2 < len(words) else "</s>"
    score = general_english().boundary((earlier, last), (first, second))
    return score - OPEN_PENALTY * (last in OPEN_WORDS) + STARTER_BONUS * (first in _STARTERS)


def _pause_score(pause_ms: int) -> float:
    low, high = PAUSE_SCORES
    return min(high, max(low, (pause_ms - PAUSE_KNEE_MS) / PAUSE_STEP_MS))
