"""Things and how many of them, as a sentence has them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from skills.shopping.buying.quote import QuotedLine, named

_COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_JOINING = frozenset(("of", "to", "for", "in", "with", "and", "on", "from", "the", "a", "&"))
_PLAIN_NOUN = re.compile(r"[A-Za-z]{3,}")
_OPENED = re.compile(r"(?:the|a|an|my|your)\b", re.IGNORECASE)


def listed(lines: Sequence[QuotedLine], *, at_most: int = 3) -> str:
    """What is bought, in words: "two Nordfell mugs (blue) and one Fjell parka"; beyond the first they are counted."""
    told = [counted(line.quantity, line.title, line.options) for line in lines[:at_most]]
    if (more := sum(line.quantity for line in lines[at_most:])) > 0:
        told.append(f"{amount(more)} more thing{'' if more == 1 else 's'}")
    return joined(told)


def counted(number: int, title: str, options: Mapping[str, str]) -> str:
    """So many of a thing: "two Nordfell mugs (blue)"; titles that are no plain noun stay: "two of A Book of Moss"."""
    many = _plural(title)
    if number == 1:
        return f"one {named(title, options)}" if many and not _OPENED.match(title) else named(title, options)
    return f"{amount(number)} {named(many, options)}" if many else f"{amount(number)} of {named(title, options)}"


def the(name: str) -> str:
    """With an article, where it has none of its own."""
    return name if _OPENED.match(name) else f"the {name}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """As a sentence lists things: "a, b and c"."""
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def amount(number: int) -> str:
    """A small number in words, as one writes it."""
    return _COUNTED[number] if 0 <= number < len(_COUNTED) else str(number)


def _plural(title: str) -> str:
    """The title in the plural, where its last word is a noun that takes it plainly; else nothing."""
    words = title.split()
    noun = words[-1] if words else ""
    if _JOINING.intersection(word.lower() for word in words) or not _PLAIN_NOUN.fullmatch(noun) or noun.isupper():
        return ""
    if noun.endswith(("s", "x", "z", "ch", "sh", "wear")):
        return ""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{title[:-1]}ies"
    return f"{title}s"
