"""How likely the words so far are a whole sentence: what tells the end of a turn from a pause for thought.

What people are expected to say is counted: of all the sentences that go through the last words, how many end there.
A shorter history is the prior of the longer one (MacKay and Peto, "A hierarchical Dirichlet language model", 1995), so
that words which were never seen say nothing, rather than that more must come. On top of that there are the words that
cannot end an English sentence.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from voice.recogniser import Vocabulary
from voice.spoken_form import spoken_words

History = tuple[str, ...]
Completeness = Callable[[str], float]
"""The words so far in, the probability that they are a whole sentence out, 0 to 1."""

UNKNOWN = 0.25
"""Where nothing is known of the words: about one in four of people's pauses ends what they had to say."""
UNFINISHED = 0.02
"""After a word that more has to follow."""
LONGEST = 4
"""Words that are looked back at; the start of the sentence counts as one, so that short commands are known whole."""
STRENGTH = 3.0
"""Sentences that a shorter history's word counts for."""
START = "<s>"

# fmt: off
OPEN_WORDS = frozenset((
    "a", "an", "the", "my", "your", "his", "their", "our", "every", "some",
    "of", "to", "for", "from", "with", "by", "at", "in", "into", "about", "between", "under", "over", "than", "around",
    "and", "or", "but", "because", "if", "which", "who", "whose", "where", "when", "while", "as", "like",
    "is", "are", "was", "were", "am", "be", "i'm", "i'd", "i'll", "i", "we", "they", "he", "she",
    "can", "could", "would", "should", "will", "may", "does", "did", "has", "had", "very", "really",
    "um", "uh", "er", "erm", "hm", "hmm",
))
"""Articles, possessives, prepositions, conjunctions, auxiliaries, subjects and fillers: more follows."""
NUMBERS = frozenset((
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty",
    "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "point",
))
"""A number goes on in groups, with a breath between them: a telephone number, a price."""
# fmt: on


class SentenceEnds:
    """The completeness of words, by a vocabulary. Immutable and thread-safe."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Count the vocabulary's sentences; a second for twenty thousand."""
        weights: dict[History, float] = defaultdict(float)
        for sentence, weight in vocabulary.sentences:
            weights[START, *map(sys.intern, spoken_words(sentence))] += weight
        self._seen: dict[History, float] = defaultdict(float)
        self._ended: dict[History, float] = defaultdict(float)
        for words, weight in weights.items():
            for end in range(2, len(words) + 1):
                for history in _histories(words[:end]):
                    self._seen[history] += weight
            for history in _histories(words):
                self._ended[history] += weight

    def __call__(self, text: str) -> float:
        """The probability that a sentence ends after `text`; `UNKNOWN` where there is no word."""
        words = (START, *spoken_words(text))
        if is_open(words) and words[-2:] not in self._ended:
            return UNFINISHED
        share = UNKNOWN
        for history in _histories(words):
            share = (self._ended.get(history, 0.0) + STRENGTH * share) / (self._seen.get(history, 0.0) + STRENGTH)
        return share


def _histories(words: History) -> Iterator[History]:
    """The last words, from one of them to `LONGEST`; the start of the sentence is none by itself."""
    return (words[-length:] for length in range(1, min(LONGEST, len(words)) + 1) if words[-length:] != (START,))


def is_open(words: Sequence[str]) -> bool:
    """Whether more has to follow, as far as the last words themselves tell. "One" is a number only within one."""
    last = words[-1]
    if last in NUMBERS:
        return last != "one" or (len(words) > 1 and words[-2] in NUMBERS)
    return last in OPEN_WORDS
