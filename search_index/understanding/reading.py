"""What the readers share: a reading of some tokens, and how bounds, filters and labels are made."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from search_index.filters import Range
from search_index.understanding.language import Operator
from search_index.understanding.tokens import Token
from search_index.understanding.understood import Constraint

ABOUT = 0.2
"""How far from an amount "around" it reaches."""


@dataclass(frozen=True)
class Reading:
    """The tokens up to `end` (exclusive) read as `constraints`; none: they are understood to ask for nothing."""

    end: int
    constraints: tuple[Constraint, ...] = ()


def bounds(field: str, operator: Operator, low: float, high: float, slack: float = 0.0) -> Range:
    """The numbers of `field` that satisfy an operator.

    `slack` is the share by which numbers that mean the same may differ. A bound that is included is moved out by it,
    so that nothing that may be meant is lost; one that is not is moved in, so that "over 1 TB" is not 1024 GB.
    """
    match operator:
        case Operator.UNDER:
            return Range(field, below=low * (1 - slack))
        case Operator.AT_MOST:
            return Range(field, maximum=low * (1 + slack))
        case Operator.OVER:
            return Range(field, above=low * (1 + slack))
        case Operator.AT_LEAST:
            return Range(field, minimum=low * (1 - slack))
        case Operator.ABOUT:
            return Range(field, minimum=low * (1 - ABOUT), maximum=high * (1 + ABOUT))
        case _:
            return Range(field, minimum=low * (1 - slack), maximum=high * (1 + slack))


def said(value: float) -> str:
    """A number as it is shown: without needless decimals."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def priced(value: float) -> str:
    """An amount of money: with both decimals or none."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def is_text(tokens: Sequence[Token], place: int, *texts: str) -> bool:
    """Whether there is a token at `place` and it is one of `texts`."""
    return 0 <= place < len(tokens) and tokens[place].text in texts


def skip(tokens: Sequence[Token], place: int, words: Set[str], most: int) -> int:
    """The first place after at most `most` of `words`."""
    end = min(len(tokens), place + most)
    while place < end and tokens[place].text in words:
        place += 1
    return place
