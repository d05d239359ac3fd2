"""Sentences of drafts: lists, days, a shop's own words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from skills.shopping.shop import Delivery
from skills.shopping.words import joined

OWN_MAX = 200
"""Characters of a text of the shop's own that a draft takes over."""
_BRACES = str.maketrans("{}", "()")


def own(text: str) -> str:
    """A shop's own words within a draft, where braces would be variables."""
    return " ".join(text[:OWN_MAX].translate(_BRACES).split())


def listed(words: Sequence[str]) -> str:
    """As in "a, b and c"."""
    return joined([own(word) for word in words])


def sentence(text: str) -> str:
    """A shop's own words as a sentence."""
    said = own(text)
    return said if said.endswith((".", "!", "?")) else f"{said}."


def small(text: str) -> str:
    """Within a sentence, unless it is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def days(way: Delivery) -> str:
    """How long a way of delivery takes."""
    least, most = way.days
    if least == most:
        return "1 working day" if most == 1 else f"{most} working days"
    return f"{least} to {most} working days"


def months(count: int) -> str:
    """A time in years where it is some."""
    years, rest = divmod(count, 12)
    if rest or not years:
        return "1 month" if count == 1 else f"{count} months"
    return "1 year" if years == 1 else f"{years} years"
