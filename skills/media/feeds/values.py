"""Dates, durations, numbers, addresses and texts of feeds in the many shapes in which they are found."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from skills.media.captions.transcript import clean
from skills.media.hypertext import plain_text

MAX_URL = 2_000
MAX_NAME = 300
"""Characters of titles and names."""
MAX_DESCRIPTION = 5_000
MAX_DURATION_S = 7 * 86_400
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:\.\d{1,6})?", re.ASCII)
_SECONDS = re.compile(r"(\d{1,9})(?:\.\d{1,9})?", re.ASCII)
_ISO = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,9})(?:\.\d{1,6})?S)?", re.ASCII)
_NUMBER = re.compile(r"\D{0,20}(\d{1,6})(?:\.0)?", re.ASCII)
_YES = {"yes", "true", "explicit", "1"}


def moment(text: str) -> datetime | None:
    """A date of RFC 822 or ISO 8601, or close to one, in UTC; one without a zone is taken for UTC."""
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = parse(text.strip()[:80].replace("Sept ", "Sep "))
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            return found.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def duration(text: str) -> int | None:
    """Whole seconds of `3600`, `1:00:00`, `60:00` or `PT1H`; None for anything else, and for more than a week."""
    text = text.strip()
    seconds = None
    if plain := _SECONDS.fullmatch(text):
        seconds = int(plain[1])
    elif found := _CLOCK.fullmatch(text) or (text != "PT" and _ISO.fullmatch(text)) or None:
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        seconds = round(timedelta(hours=hours, minutes=minutes, seconds=rest).total_seconds())
    return seconds if seconds is not None and seconds <= MAX_DURATION_S else None


def milliseconds(seconds: str) -> int | None:
    """`12.5` seconds as 12,500; None for anything else, and for more than a week."""
    try:
        value = float(seconds)
    except ValueError:
        return None
    return round(value * 1000) if 0 <= value <= MAX_DURATION_S else None


def number(text: str) -> int | None:
    """The number of a season or an episode: `7`, `S2`, `Episode 7`."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def size(text: str) -> int | None:
    """A length in bytes; None where it is missing, 0 or no number."""
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 16 else None


def yes(text: str) -> bool:
    """Whether an element that means yes or no says yes."""
    return text.strip().lower() in _YES


def name(text: str) -> str:
    """A title or a name: one line without markup."""
    return clean(plain_text(text, MAX_NAME))


def prose(text: str) -> str:
    """A description: paragraphs without markup, a line each."""
    return "\n".join(filter(None, (clean(line) for line in plain_text(text, MAX_DESCRIPTION).split("\n"))))


def address(url: str, base: str) -> str:
    """An absolute http or https address; nothing where it is none."""
    relative = clean(url).replace(" ", "%20")
    if not relative:
        return ""
    try:
        found = urljoin(base, relative)
        parts = urlsplit(found)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and len(found) <= MAX_URL
    except ValueError:
        return ""
    return found if usable else ""
