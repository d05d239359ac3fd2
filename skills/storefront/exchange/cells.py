"""What stands in one cell of a table of answers, both ways: parts of an answer are lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from skills.shop_view import Link
from skills.storefront.answer import AnswerButton, AnswerPicture

ARROW = " -> "
YES, NO = "yes", "no"

_VERB = re.compile(r"(say|open|show):\s*(.+)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|/")
_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non"})
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


def buttons_cell(buttons: Iterable[AnswerButton]) -> str:
    """A line each: "Track it -> say: Where is my order?"."""
    return "\n".join(f"{one.label}{ARROW}{_target(one)}" for one in buttons)


def links_cell(links: Iterable[Link]) -> str:
    """A line each: "Size chart -> https://..."."""
    return "\n".join(f"{one.label}{ARROW}{one.url}" for one in links)


def pictures_cell(pictures: Iterable[AnswerPicture]) -> str:
    """A line each: the picture's name, and what is to be seen."""
    return "\n".join(f"{one.name}{ARROW}{one.alt}" for one in pictures)


def yes_no_cell(value: bool | None) -> str:
    """Empty where it is not asked about."""
    return "" if value is None else YES if value else NO


def date_cell(value: date | None) -> str:
    """As 2026-12-31."""
    return value.isoformat() if value else ""


def buttons_of(cell: str) -> list[dict[str, Any]]:
    """Buttons as a model reads them. A line without "say:", "open:" or "show:" opens an address or says what it says;
    one without an arrow says itself.
    """
    return [_button(line) for line in lines_of(cell)]


def links_of(cell: str) -> list[dict[str, Any]]:
    """Links; an address alone is its own label."""
    found = [line.rpartition(ARROW) for line in lines_of(cell)]
    return [{"label": label.strip() or url.strip()[:60], "url": url.strip()} for label, _, url in found]


def pictures_of(cell: str) -> list[dict[str, Any]]:
    """Pictures by name."""
    found = [line.partition(ARROW) for line in lines_of(cell)]
    return [{"name": name.strip(), "alt": alt} for name, _, alt in found]


def yes_no_of(cell: str) -> bool | None:
    """Raises ValueError with a sentence."""
    told = cell.strip().lower()
    if told in _YES or told in _NO:
        return told in _YES
    if told:
        raise ValueError("Please write yes or no, or leave it empty.")
    return None


def date_of(cell: str) -> date | None:
    """A date as 2026-12-31 or 31.12.2026. Raises ValueError with a sentence."""
    if not (told := cell.strip()):
        return None
    if found := _DATE.fullmatch(told):
        year, month, day, day_first, month_second, year_last = found.groups()
        try:
            return date(int(year or year_last), int(month or month_second), int(day or day_first))
        except ValueError:
            pass
    raise ValueError("Please write a date like 2026-12-31.")


def lines_of(cell: str) -> Sequence[str]:
    """The lines that say something."""
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _target(button: AnswerButton) -> str:
    if button.say:
        return f"say: {button.say}"
    return f"open: {button.url}" if button.url else f"show: {button.product}"


def _button(line: str) -> dict[str, Any]:
    label, arrow, target = line.partition(ARROW)
    if not arrow:
        return {"label": label, "say": label}
    if found := _VERB.fullmatch(target.strip()):
        return {"label": label, {"say": "say", "open": "url", "show": "product"}[found[1].lower()]: found[2]}
    return {"label": label, ("url" if _ADDRESS.match(target.strip()) else "say"): target.strip()}
