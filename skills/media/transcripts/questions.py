"""Whether a sentence asks, told by how it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

# fmt: off
_FILLERS = frozenset((
    "so", "and", "but", "well", "okay", "ok", "now", "then", "or", "yeah", "alright", "um", "uh", "like",
))
_ASKING = frozenset(("what", "who", "whose", "where", "when", "why", "how", "which"))
_AUXILIARIES = frozenset((
    "is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "would", "will", "should", "shall",
    "have", "has", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "can't", "couldn't",
    "wouldn't", "won't", "shouldn't", "haven't", "hasn't",
))
_SUBJECTS = frozenset((
    "i", "you", "he", "she", "it", "we", "they", "there", "this", "that", "these", "those", "the", "a", "an", "any",
    "anyone", "anybody", "someone", "your", "my", "our", "their", "his", "her", "people",
))
_SHORT = frozenset(("what's", "who's", "where's", "how's", "why's"))
_MEASURES = frozenset((
    "many", "much", "long", "often", "far", "big", "old", "fast", "kind", "sort", "type", "one",
))
# fmt: on


def is_question(words: Sequence[str]) -> bool:
    """Whether these words, lower case and without punctuation, are a question."""
    start = next((index for index, word in enumerate(words) if word not in _FILLERS), len(words))
    opening = words[start : start + 5]
    if len(opening) < 2:
        return list(opening) in (["why"], ["what"], ["who"], ["how"])
    first, second, *_ = opening
    if first in _AUXILIARIES:
        return second in _SUBJECTS
    if first in _SHORT:
        return len(opening) > 2
    # "What is it" against "what it is": in a question the verb comes before its subject.
    return first in _ASKING and any(word in _AUXILIARIES for word in (opening[1:] if second in _MEASURES else [second]))
