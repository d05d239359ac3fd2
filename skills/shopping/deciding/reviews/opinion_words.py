"""The words of `opinion_words.txt`, by what they do in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

_section = re.compile(r"^\[(\w+)\].*$", re.MULTILINE)


def _read(path: Path) -> dict[str, frozenset[str]]:
    _, *parts = _section.split(path.read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in zip(parts[::2], parts[1::2], strict=True)}


_words = _read(Path(__file__).with_name("opinion_words.txt"))

PRAISE, BLAME, STRONG, TURNS = (_words[name] for name in ("praise", "blame", "strong", "turns"))
QUALITIES, HYPOTHETICAL = _words["qualities"], _words["hypothetical"]
CANNOT, ASIDE, HARMLESS = _words["cannot"], _words["aside"], _words["harmless"]
