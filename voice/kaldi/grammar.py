"""Gr: what is said how often, the half of the decoding graph that changes with the vocabulary; needs no tool.

It is a back-off n-gram model as a transducer. Three kinds of paths lie beside the words that HCLr knows: a word it
does not know is spelled in pieces; `[unk]` is any sequence of phones, as likely as one phone follows another in the
lexicon, so that speech which no word fits has somewhere to go (the garbage model of Hetherington 1995 and Bazzi 2002);
phrases expected just now are taken straight from the start.

`[unk]` is reached in two ways. By back-off it competes with the open words, of which there are thousands: it is as
likely as sentences leave room for others. A small domain leaves next to none, so `[unk]` would never be heard there;
hence the other way, from every state at the same price, for speech that is dear in both words and phones.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voice.kaldi.fst import EPSILON, Fst, FstBuilder
from voice.kaldi.phones import BEGIN, INSIDE, SINGLE, phone_name, spell
from voice.kaldi.words import UNKNOWN, WordTable
from voice.language_model import END as SENTENCE_END
from voice.language_model import START as SENTENCE_START
from voice.language_model import Gram, NgramModel

PhoneBigrams = Mapping[tuple[str, str], float]
"""Probability of a phone after another; the empty string stands for a word's beginning and end."""


ANYWHERE = 0
"""The state of Gr without history."""
EXPECTED = 0.5
"""Share of expected phrases in all that is said when they are expected."""
GOING_ON = 0.1
"""How often more is said after an expected phrase."""


class Spelling:
    """Paths of words: one arc for a word of HCLr, an arc a piece for any other."""

    def __init__(self, words: WordTable, pronunciations: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """`pronunciations` are those of the words that HCLr does not know; the table gets those it lacks.

        A pronunciation with a phone that the acoustic model does not have is left out.
        """
        self.words = words
        self.pronunciations = pronunciations
        self.pieces = pieces = words.pieces
        self._spelled: dict[str, tuple[int, list[list[int]]]] = {}
        for word, variants in pronunciations.items():
            spellings = [
                self._spell(phones) for phones in variants if all(phone + INSIDE in pieces for phone in phones)
            ]
            if spellings:
                self._spelled[word] = (words.add(word), spellings)
        self._single = {word: words[word] for word in words.sayable() if word not in pronunciations}

    def _spell(self, phones: Sequence[str]) -> list[int]:
        return [self.pieces[name] for name in spell(phones, self.pieces)]

    def __contains__(self, word: str) -> bool:
        return word in self._single or word in self._spelled

    def add(self, fst: FstBuilder, source: int, word: str, cost: float, target: int) -> None:
        """Let `word` be said between two states."""
        if word in self._single:
            fst.add_arc(source, self._single[word], self._single[word], cost, target)
            return
        number, variants = self._spelled[word]
        for pieces in variants:
            state, written, paid = source, number, cost + math.log(len(variants))
            for piece in pieces[:-1]:
                following = fst.add_state()
                fst.add_arc(state, piece, written, paid, following)
                state, written, paid = following, EPSILON, 0.0
            fst.add_arc(state, pieces[-1], written, paid, target)


@dataclass(frozen=True)
class Grammar:
    """Gr for one vocabulary, and how its words are spelled there."""

    fst: Fst
    spelling: Spelling

    def expecting(self, phrases: Iterable[Sequence[str]], share: float = EXPECTED) -> Fst:
        """Gr with `phrases` as likely beginnings: together they get `share` of all that is said.

        A phrase is usually all that is said; otherwise it goes on like any speech. Phrases with a word that is not
        in the vocabulary are left out.
        """
        sayable = [phrase for phrase in phrases if phrase and all(word in self.spelling for word in phrase)]
        if not sayable:
            return self.fst
        fst = FstBuilder(first=len(self.fst.final))
        start, said = fst.add_state(), fst.add_state(-math.log(1.0 - GOING_ON))
        fst.add_arc(start, EPSILON, EPSILON, -math.log(1.0 - share), self.fst.start)
        fst.add_arc(said, EPSILON, EPSILON, -math.log(GOING_ON), ANYWHERE)
        cost = -math.log(share / len(sayable))
        for phrase in sayable:
            state = start
            for index, word in enumerate(phrase):
                following = said if index == len(phrase) - 1 else fst.add_state()
                self.spelling.add(fst, state, word, 0.0 if index else cost, following)
                state = following
        return self.fst.extended(fst.build(start))


@dataclass(frozen=True)
class Garbage:
    """How likely `[unk]` is, and the exponent of the probabilities of its phones."""

    share: float
    phone_weight: float


def build_grammar(
    model: NgramModel, spelling: Spelling, follows: PhoneBigrams, weight: float, aside: Garbage
) -> Grammar:
    """The transducer of an n-gram model whose words can all be spelled.

    `follows` says which phones `[unk]` consists of. Where the model has it as a word, `weight` is the exponent of their
    probabilities; `aside` is what it costs to leave the model for it at any point.
    """
    fst = FstBuilder()
    states: dict[Gram, int] = {(): ANYWHERE}
    for history in ((), *model.backoffs):
        states[history] = fst.add_state()
    for level in model.levels:
        for gram, probability in level.items():
            source = states[gram[:-1]]
            cost = -math.log(probability) if probability > 0 else np.inf
            if gram[-1] == SENTENCE_END:
                fst.set_final(source, cost)
            elif gram[-1] == UNKNOWN:
                _add_unknown(fst, source, cost, follows, weight, spelling)
            else:
                spelling.add(fst, source, gram[-1], cost, states[_longest_suffix(gram, states)])
    for history, backoff in model.backoffs.items():
        fst.add_arc(states[history], EPSILON, EPSILON, -math.log(backoff), states[_longest_suffix(history[1:], states)])
    garbage = fst.add_state()
    for state in states.values():
        fst.add_arc(state, EPSILON, EPSILON, -math.log(aside.share), garbage)
    _add_unknown(fst, garbage, 0.0, follows, aside.phone_weight, spelling)
    return Grammar(fst.build(states[SENTENCE_START,]), spelling)


def _longest_suffix(gram: Gram, states: Mapping[Gram, int]) -> Gram:
    while gram not in states:
        gram = gram[1:]
    return gram


def _add_unknown(
    fst: FstBuilder, source: int, cost: float, follows: PhoneBigrams, phone_weight: float, spelling: Spelling
) -> None:
    """Any sequence of phones from a state to the one without history, written as `[unk]`."""
    pieces, unknown = spelling.pieces, spelling.words[UNKNOWN]
    last_heard = {phone: fst.add_state() for _, phone in follows if phone}
    for (before, phone), probability in follows.items():
        if not phone:
            continue
        likely = -phone_weight * math.log(probability)
        ending = -phone_weight * math.log(follows[phone, ""])
        if not before:
            fst.add_arc(source, pieces[phone + BEGIN], unknown, cost + likely, last_heard[phone])
            fst.add_arc(source, pieces[phone + SINGLE], unknown, cost + likely + ending, ANYWHERE)
        else:
            inside = pieces[phone_name(phone, before, last=False, known=pieces)]
            end = pieces[phone_name(phone, before, last=True, known=pieces)]
            fst.add_arc(last_heard[before], inside, EPSILON, likely, last_heard[phone])
            fst.add_arc(last_heard[before], end, EPSILON, likely + ending, ANYWHERE)


def phone_bigrams(pronunciations: Mapping[str, Sequence[Sequence[str]]], phones: Iterable[str]) -> PhoneBigrams:
    """How likely one of `phones` is after another within words, each pronunciation and each pair counting once."""
    names = sorted(phones)
    counts = {(before, after): 1.0 for before in ("", *names) for after in (*names, "") if before or after}
    for variants in pronunciations.values():
        for spoken in variants:
            for pair in zip(("", *spoken), (*spoken, ""), strict=True):
                counts[pair] += 1.0
    totals: dict[str, float] = defaultdict(float)
    for (before, _), count in counts.items():
        totals[before] += count
    return {pair: count / totals[pair[0]] for pair, count in counts.items()}
