"""Patterns of page addresses as a seller writes them: `/sale*`, `/boots/*`, `shop.example/de/*`. Pure.

`*` stands for any characters, all others for themselves, whatever their case. A pattern that begins with a slash is of
the path on any site, any other one of site and path. Neither has what stands behind `?` or `#`, and a slash at the end
makes no difference.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

PATTERN_MAX = 200


def cleaned(pattern: str) -> str:
    """As it is kept: without scheme, query and blanks around it."""
    bare = pattern.strip().split("#")[0].split("?")[0]
    bare = bare.split("://", 1)[-1]
    if any(character.isspace() for character in bare):
        raise ValueError("A page address has no blanks in it.")
    return bare


PagePattern = Annotated[str, Field(max_length=PATTERN_MAX), AfterValidator(cleaned)]
"""Empty for every page."""


def matches(pattern: str, address: str) -> bool:
    """Whether a page, by its whole address or its path, is meant; an empty pattern means every page."""
    if not pattern:
        return True
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    page = parts.path or "/"
    if not pattern.startswith(("/", "*")):
        page = f"{parts.netloc.rpartition('@')[2]}{page}"
    wanted, shown = _bare(pattern), _bare(page)
    return _fits(wanted, shown) or _fits(wanted, f"{shown}/")


def exactness(pattern: str) -> int:
    """How closely a pattern says which pages it means: the characters that stand for themselves."""
    return len(pattern) - pattern.count("*")


def _bare(text: str) -> str:
    text = text.casefold()
    return text.rstrip("/") or "/"


def _fits(pattern: str, text: str) -> bool:
    """Every piece between stars, the first found first: which is right since stars take anything, and never slow."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
