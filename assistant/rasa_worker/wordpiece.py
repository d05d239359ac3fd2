"""Splits words into the pieces a BERT vocabulary knows."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

UNKNOWN, CLASSIFY, SEPARATE, PAD = "[UNK]", "[CLS]", "[SEP]", "[PAD]"

_LONGEST_WORD = 100
"""Characters; BERT calls a longer word unknown."""


class WordPiece:
    """Uncased BERT tokenization: basic splitting, then greedy longest match (Wu et al. 2016, arXiv:1609.08144)."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._ids = vocabulary
        self.classify = vocabulary[CLASSIFY]
        self.separate = vocabulary[SEPARATE]
        self.pad = vocabulary[PAD]
        self._unknown = vocabulary[UNKNOWN]
        self.pieces = lru_cache(maxsize=20_000)(self._pieces)

    @classmethod
    def load(cls, path: Path) -> WordPiece:
        """Read `vocab.txt`: one piece a line, its line number is its id."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls({piece: number for number, piece in enumerate(lines)})

    def _pieces(self, text: str) -> tuple[int, ...]:
        """The piece ids of a stretch of text, without the special pieces; empty for blank text."""
        return tuple(piece for word in _split(_fold(text)) for piece in self._match(word))

    def _match(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            end = len(word)
            prefix = "##" if start else ""
            while end > start and prefix + word[start:end] not in self._ids:
                end -= 1
            if end == start:
                return [self._unknown]
            found.append(self._ids[prefix + word[start:end]])
            start = end
        return found


def _fold(text: str) -> str:
    """Lower case, without accents and control characters."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(
        " " if char.isspace() else char
        for char in decomposed
        if unicodedata.category(char) != "Mn" and (char.isspace() or not unicodedata.category(char).startswith("C"))
    )


def _split(text: str) -> list[str]:
    """Words, with every punctuation mark and every CJK ideograph a word of its own."""
    spaced = "".join(f" {char} " if _stands_alone(char) else char for char in text)
    return spaced.split()


def _stands_alone(char: str) -> bool:
    symbol = char.isascii() and not char.isalnum() and not char.isspace()
    ideograph = "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0002fa1f"
    return symbol or ideograph or unicodedata.category(char).startswith("P")
