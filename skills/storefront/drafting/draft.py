"""An answer before it has a tone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """`facts` are its sentences, `more` those that it can do without; `source` is what it was made from."""

    id: str
    question: str
    variants: tuple[str, ...]
    facts: tuple[str, ...]
    folder: str
    source: str
    more: tuple[str, ...] = ()
