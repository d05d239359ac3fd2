"""What is wrong with a row of a file, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from skills.storefront.exchange.columns import Column

_NAMES: Mapping[str, str] = {
    "id": Column.ID,
    "question": Column.QUESTION,
    "variants": Column.VARIANTS,
    "answer": Column.ANSWER,
    "folder": Column.FOLDER,
    "buttons": Column.BUTTONS,
    "links": Column.LINKS,
    "pictures": Column.PICTURES,
    "begins": Column.BEGINS,
    "ends": Column.ENDS,
    "page": Column.PAGE,
    "products": Column.PRODUCTS,
    "category": Column.CATEGORY,
    "signed_in": Column.SIGNED_IN,
    "in_hours": Column.IN_HOURS,
}
_SENTENCES: Mapping[str, str] = {
    "missing": "It is missing.",
    "extra_forbidden": "I do not know what this is.",
    "string_too_short": "It is empty.",
    "string_too_long": "It has more than {max_length:,} characters.",
    "too_long": "There are more than {max_length:,}.",
    "string_type": "This is no text.",
    "date_parsing": "Please write a date like 2026-12-31.",
    "date_from_datetime_parsing": "Please write a date like 2026-12-31.",
    "string_pattern_mismatch": "This cannot be used here.",
}


@dataclass(frozen=True)
class Problem:
    """A row (from 1), its column where it is one's fault, and why."""

    row: int
    column: str
    text: str


def problems_of(row: int, error: ValidationError) -> list[Problem]:
    """Everything that is wrong with what a row says, the first thing of each column."""
    found: dict[str, Problem] = {}
    for one in error.errors(include_url=False, include_input=False):
        place = [str(part) for part in one["loc"]]
        name = next((_NAMES[part] for part in reversed(place) if part in _NAMES), place[0] if place else "")
        found.setdefault(name, Problem(row, name, _sentence(one["type"], one.get("ctx", {}))))
    return list(found.values())


def _sentence(kind: str, about: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(about["error"])
    return _SENTENCES.get(kind, "This cannot be used here.").format(**about)
