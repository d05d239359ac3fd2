"""How names are written, learnt from what is known of an item: its title, its people, its description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from skills.media.transcripts.general_english import general_english

TITLE_CASE = 0.6
"""Share of words with capitals from which a line is a title."""
RARE_IN_TITLE = -13.5
UNUSUAL = -11.0
UNUSUAL_FOR_PEOPLE = -10.2
"""Logarithms of a word's share below which it is written with a capital wherever it comes.

Titles write every word with one, so only words that general English does not know are learnt there. A part of a longer
name ("Bitcoin Core") may be an everyday word by itself, and so may a first name ("Mark", "Will").
"""
_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
_MAX_PHRASE = 4
_MAX_TEXT = 20_000
# fmt: off
_ALWAYS = {word.lower(): word for word in (
    "I", "I'm", "I'll", "I've", "I'd", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    "January", "February", "April", "June", "July", "September", "October", "November", "December",
    "English", "American", "Europe", "America", "London",
)}
# fmt: on


class Names:
    """Words and phrases with their capitals. Immutable."""

    def __init__(self, texts: Iterable[str] = (), people: Iterable[str] = ()) -> None:
        """Learn from texts, such as a title and a description, and from the full names of people."""
        self._words = dict(_ALWAYS)
        self._phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for person in people:
            self._keep(_WORD.findall(person), UNUSUAL_FOR_PEOPLE)
        for text in texts:
            for line in text[:_MAX_TEXT].split("\n"):
                self._learn(line)

    def written(self, words: Sequence[str]) -> list[str]:
        """Recognised words, lower case, with the capitals of names; those that are no names stay as they are."""
        done: list[str] = []
        while len(done) < len(words):
            at = len(done)
            done.extend(self._phrase_at(words, at) or (self._words.get(words[at], words[at]),))
        return done

    def _phrase_at(self, words: Sequence[str], at: int) -> tuple[str, ...]:
        for length in range(_MAX_PHRASE, 1, -1):
            if found := self._phrases.get(tuple(words[at : at + length])):
                return found
        return ()

    def _learn(self, line: str) -> None:
        words = _WORD.findall(line)
        if sum(map(_has_capital, words)) >= TITLE_CASE * len(words):
            for word in words:
                self._keep([word], RARE_IN_TITLE)
            return
        for run in _runs(line):
            self._keep(run, UNUSUAL if len(run) > 1 else 0.0)

    def _keep(self, run: Sequence[str], unusual: float) -> None:
        """Remember a name as a whole, and of its words those that are unusual or have capitals inside."""
        written = tuple(word.replace("\u2019", "'") for word in run)
        if 1 < len(written) <= _MAX_PHRASE:
            self._phrases.setdefault(tuple(word.lower() for word in written), written)
        for word in written:
            if _has_capital(word[1:]) or (_has_capital(word) and general_english().share(word.lower()) < unusual):
                self._words.setdefault(word.lower(), word)


def _runs(line: str) -> list[list[str]]:
    """Rows of words with capitals inside sentences; the first word of a sentence has one anyway and tells nothing."""
    runs: list[list[str]] = [[]]
    end = 0
    for match in _WORD.finditer(line):
        gap = line[end : match.start()]
        end = match.end()
        is_first = match.start() == 0 or any(mark in gap for mark in '.?!:"\u201c')
        if is_first or gap != " " or not _has_capital(match[0]):
            runs.append([])
        if _has_capital(match[0]) and not is_first:
            runs[-1].append(match[0])
    return [run for run in runs if run]


def _has_capital(word: str) -> bool:
    return any(letter.isupper() for letter in word)
