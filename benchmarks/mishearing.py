"""Words taken for others that sound like them, as a recogniser does: by the phones of the CMU dictionary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pocketsphinx

from benchmarks.seeds import dice

Phones = tuple[str, ...]
_word = re.compile(r"[a-z']+").fullmatch


class Mishearing:
    """Substitutes for words: those of the dictionary whose phones are the same but for one at most."""

    def __init__(self) -> None:
        self._phones: dict[str, Phones] = {}
        self._alike: dict[Phones, list[str]] = defaultdict(list)
        dictionary = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
        for line in dictionary.read_text().splitlines():
            word, *phones = line.split()
            if _word(word):  # others are second pronunciations
                self._phones[word] = tuple(phones)
                for key in _less_one(tuple(phones)):
                    self._alike[key].append(word)

    def one_of(self, text: str) -> str:
        """`text` with one of its words misheard, if one has a substitute; the same in every run."""
        words = text.lower().split()
        chance = dice("mishearing", text)
        for place in chance.permutation(len(words)):
            if alike := self._substitutes(words[place]):
                words[place] = str(chance.choice(alike))
                break
        return " ".join(words)

    def all_of(self, text: str) -> str:
        """`text` with all of its words misheard that have a substitute."""
        chance = dice("all misheard", text)
        alike = [(word, self._substitutes(word)) for word in text.lower().split()]
        return " ".join(str(chance.choice(others)) if others else word for word, others in alike)

    def _substitutes(self, word: str) -> list[str]:
        phones = self._phones.get(word)
        if phones is None or len(phones) < 2:
            return []
        near = {other for key in _less_one(phones) for other in self._alike[key]}
        return sorted(other for other in near - {word} if len(self._phones[other]) > 1)


def _less_one(phones: Phones) -> Iterator[Phones]:
    """The phones, and the phones without each one of them: two words share one of these if one phone differs."""
    yield phones
    for place in range(len(phones)):
        yield (*phones[:place], "", *phones[place + 1 :])
        yield (*phones[:place], *phones[place + 1 :])
