"""How likely the words so far are a whole sentence: what tells the end of a turn from a pause for thought.

What people are expected to say is counted: of all the sentences that go through the last words, how many end there. A
name counts as one word of its class, so that what follows one topic is learnt from all of them, and it is over where no
longer name begins like it: "the night" is not, while there is a "night train". A shorter history is the prior of the
longer one (MacKay and Peto, "A hierarchical Dirichlet language model", 1995), so that words which were never seen say
nothing, rather than that more must come. On top of that there are the words that cannot end an English sentence.

Words can be read as names in several ways. The readings are weighed by a bigram of words and classes, the likeliest one
of the words before the last name standing for all (Viterbi), and the probabilities of an end add up over the last name.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from voice.phrasing import Phrasing
from voice.spoken_form import spoken_words

Words = tuple[str, ...]
Completeness = Callable[[str], float]
"""The words so far in, the probability that they are a whole sentence out, 0 to 1."""

UNKNOWN = 0.25
"""Where nothing is known of the words: about one in four of people's pauses ends what they had to say."""
UNFINISHED = 0.02
"""After a word that more has to follow."""
LONGEST = 4
"""Words and names that are looked back at; the start of the sentence counts as one, so that short commands are known
whole."""
STRENGTH = 3.0
"""Sentences that a shorter history's word counts for."""
RARE = 1e-4
"""Probability of any one word where nothing makes it likely: one of ten thousand."""
UNLISTED = 0.1
"""Share of the names people say that are on no list, or misheard."""
LONGEST_UNLISTED = 5
"""Words."""
PAUSING = 0.2
"""Share of the words of a sentence that has to go on after which people pause: one in five. Sentences
are counted whether or not somebody pauses, but only silence asks whether one is over. On the unlabelled orders of
`EndOfTurnOptions`, 0.15 cut off 3 % more turns for 14 ms less, and 0.3 cut off 2 % fewer for 30 ms more."""
SHORT = 0.5
"""How often a name is said for short, of how often it is said whole."""
START = "<s>"
_SLOT = re.compile(r"(\{\w+\})")

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


@dataclass(frozen=True)
class _Reading:
    """Words taken as words and as names: the last `LONGEST` of them, and how probable that is."""

    tokens: Words
    log_probability: float
    over: float = 1.0
    """The probability that the last name, if there is one, does not go on."""


class SentenceEnds:
    """The completeness of words, by a phrasing. Immutable and thread-safe."""

    def __init__(self, phrasing: Phrasing) -> None:
        """Count the sentences and the names; a second for twenty thousand names."""
        self._names = {f"{{{name}}}": _Names(map(spoken_words, list_)) for name, list_ in phrasing.names.items()}
        self._seen: dict[Words, float] = defaultdict(float)
        self._ended: dict[Words, float] = defaultdict(float)
        following: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for sentence, weight in phrasing.sentences:
            tokens = (START, *_tokens(sentence))
            for end in range(2, len(tokens) + 1):
                following[tokens[end - 2]][tokens[end - 1]] += weight
                for history in _histories(tokens[:end]):
                    self._seen[history] += weight
            for history in _histories(tokens):
                self._ended[history] += weight
        unlisted = {f"{{{name}}}" for name in phrasing.open}
        self._following = {token: _Following(after, self._names, unlisted) for token, after in following.items()}

    def __call__(self, text: str) -> float:
        """The probability that a sentence ends after `text`; `UNKNOWN` where there is no word."""
        words = tuple(spoken_words(text))
        if not words:
            return UNKNOWN
        readings = self._read(words)
        if is_open(words) and not any(one.over > 0.0 and one.tokens[-2:] in self._ended for one in readings):
            return UNFINISHED
        best = max(one.log_probability for one in readings)
        shares = [math.exp(one.log_probability - best) for one in readings]
        ended = sum(share * one.over * self._ends(one.tokens) for share, one in zip(shares, readings, strict=True))
        return ended / sum(shares)

    def _ends(self, tokens: Words) -> float:
        """The probability that a sentence ends after these."""
        share = UNKNOWN
        for history in _histories(tokens):
            seen = self._seen.get(history, 0.0)
            if seen:
                ended = self._ended.get(history, 0.0)
                silent = ended + PAUSING * (seen - ended)
                share = (seen * ended / silent + STRENGTH * share) / (seen + STRENGTH)
        return share

    def _read(self, words: Words) -> list[_Reading]:
        """All readings of the last word or name, each after the likeliest one of those before it."""
        best: list[_Reading | None] = [_Reading((START,), 0.0), *[None] * (len(words) - 1)]
        last = []
        for start, before in enumerate(best):
            if before is None:
                continue
            for length, token, probability, over in self._next(before.tokens[-1], words[start:]):
                tokens = (*before.tokens, token)[-LONGEST:]
                reading = _Reading(tokens, before.log_probability + math.log(probability), over)
                if start + length == len(words):
                    last.append(reading)
                    continue
                rival = best[start + length]
                if rival is None or rival.log_probability < reading.log_probability:
                    best[start + length] = reading
        return last

    def _next(self, token: str, words: Words) -> Iterator[_Step]:
        """What may stand after a token where these words follow."""
        following = self._following.get(token, _NOTHING)
        for name in following.names:
            share = following.share[name] * (1.0 - UNLISTED)
            for length, through, over in self._names[name].starting(words):
                yield length, name, share * through, over
        literal = following.share.get(words[0], 0.0)
        yield 1, words[0], literal or RARE * RARE, 1.0
        if following.unlisted and not literal:
            name = following.unlisted
            for length in range(1, min(len(words), LONGEST_UNLISTED) + 1):
                over = 0.0 if is_open(words[:length]) else self._names[name].over
                yield length, name, following.share[name] * UNLISTED * RARE**length, over


_Step = tuple[int, str, float, float]
"""So many words, read as this token, with this probability; and that it does not go on where they are the last."""


class _Following:
    """What follows a token: the share of each word and class, which are classes, and the likeliest open one."""

    def __init__(self, weights: Mapping[str, float], classes: Container[str], unlisted: Container[str]) -> None:
        whole = sum(weights.values())
        self.share = {token: weight / whole for token, weight in weights.items()}
        self.names = tuple(token for token in weights if token in classes)
        self.unlisted = max((one for one in self.names if one in unlisted), key=self.share.__getitem__, default=None)


_NOTHING = _Following({}, (), ())


class _Names:
    """The names of a class by the words that they begin with; each as likely as the others."""

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        weights: dict[Words, float] = {}
        for words in filter(None, map(tuple, names)):
            weights[words] = 1.0
            for short in _shortened(words):
                weights.setdefault(short, SHORT)
        self._weights = weights
        self._longer: dict[Words, float] = defaultdict(float)
        for words, weight in weights.items():
            for length in range(1, len(words)):
                self._longer[words[:length]] += weight
        self._whole = sum(weights.values())
        self._longest = max(map(len, weights), default=0)
        count = len(weights)
        self.over = count / max(1.0, count + PAUSING * (sum(map(len, weights)) - count))
        """The probability that a name is over where somebody pauses after a word of it, whichever name it is."""

    def starting(self, words: Words) -> Iterator[tuple[int, float, float]]:
        """Names with which `words` begin and names that begin with all of them.

        Gives how many of the words they have, which share of the class they are, and the probability that the name is
        over there.
        """
        for length in range(1, min(len(words), self._longest) + 1):
            beginning = words[:length]
            here, longer = self._weights.get(beginning, 0.0), PAUSING * self._longer.get(beginning, 0.0)
            if length == len(words) and here + longer:
                yield length, (here + longer) / self._whole, here / (here + longer)
            elif here:
                yield length, here / self._whole, 1.0
            if not longer:
                return


def _shortened(words: Words) -> Iterator[Words]:
    """What people make of a long name: "folk tales" of "folk tales for a power cut", but not "the night" of another."""
    for length in range(2, len(words) - 1):
        if words[length] in OPEN_WORDS and not is_open(words[:length]):
            if length > 2 or words[0] not in OPEN_WORDS:
                yield words[:length]
            return


def _tokens(sentence: str) -> Iterator[str]:
    """The words of a sentence and the places for names."""
    for part in _SLOT.split(sentence):
        if _SLOT.fullmatch(part):
            yield part
        else:
            yield from map(sys.intern, spoken_words(part))


def _histories(tokens: Words) -> Iterator[Words]:
    """The last tokens, from one of them to `LONGEST`; the start of the sentence is none by itself."""
    return (tokens[-length:] for length in range(1, min(LONGEST, len(tokens)) + 1) if tokens[-length:] != (START,))


def is_open(words: Sequence[str]) -> bool:
    """Whether more has to follow, as far as the last words themselves tell. "One" is a number only within one."""
    last = words[-1]
    if last in NUMBERS:
        return last != "one" or (len(words) > 1 and words[-2] in NUMBERS)
    return last in OPEN_WORDS
