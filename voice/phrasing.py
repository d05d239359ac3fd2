"""How people are expected to put what they say: whole sentences with places for names, and the names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phrasing:
    """Sentences in any writing, each with a weight above 0; `{topic}` in one stands for any of the names "topic"."""

    sentences: tuple[tuple[str, float], ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    """Classes of which people also say names that are not listed."""

    @classmethod
    def of(cls, *sentences: str, **names: tuple[str, ...]) -> Phrasing:
        """Equally likely sentences, and the names of each class."""
        return cls(tuple((sentence, 1.0) for sentence in sentences), names)
