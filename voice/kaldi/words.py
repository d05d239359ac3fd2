"""The words of a decoding graph and their numbers, as `graph/words.txt` lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

UNKNOWN = "[unk]"
"""What the graph writes for speech that is none of its words; Vosk's grammars know it by this name too."""
PIECE = "#"
"""Marks the pieces, one for each phone of the graph, that words unknown to it are spelled with: `#T-AA_I`."""


class WordTable:
    """Numbers of words and of pieces; 0 is nothing."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self.ids = dict(ids)
        self._next = max(self.ids.values(), default=0) + 1

    @classmethod
    def read(cls, path: Path) -> WordTable:
        """Read `words.txt`; ValueError where a line is no word and its number."""
        lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
        return cls({word: int(number) for word, number in lines})

    def write(self, path: Path) -> None:
        """Write `words.txt`, by number."""
        ordered = sorted(self.ids.items(), key=lambda entry: entry[1])
        path.write_text("".join(f"{word} {number}\n" for word, number in ordered), encoding="utf-8")

    def __contains__(self, word: str) -> bool:
        return word in self.ids

    def __getitem__(self, word: str) -> int:
        return self.ids[word]

    def add(self, word: str) -> int:
        """The number of a word, a new one if need be."""
        if word not in self.ids:
            self.ids[word] = self._next
            self._next += 1
        return self.ids[word]

    @property
    def pieces(self) -> dict[str, int]:
        """The number of each piece by the name of its phone."""
        return {word[1:]: number for word, number in self.ids.items() if word[0] == PIECE}

    def sayable(self) -> Iterator[str]:
        """The words, without pieces and without what stands for none."""
        return (word for word in self.ids if word[0] not in f"{PIECE}<[")
