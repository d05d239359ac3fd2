"""Single values of feeds, strictly: what is not plainly what it should be is refused with a sentence."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from skills.media.hypertext import plain_text
from skills.shopping.feeds.currencies import CURRENCIES, SIGNS
from skills.shopping.feeds.entries import RowError
from skills.shopping.money import LARGEST, Money, digits
from skills.shopping.product import Attribute, Availability

URL_MAX, ID_MAX = 2_000, 120
_ESCAPED_MAX = 2
_MARKED = re.compile("[<&]")
_UNSAFE = re.compile(r"[^\w.:-]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, those that turn the direction of what follows, and halves of characters."""
_AMOUNT = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:[ '\u2019]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
)
_MEASURE = re.compile(r"([+-]?\d{1,12}(?:[.,]\d{1,6})?)\s*([^\W\d_%°\"'][^\d:;,]{0,19}|[%°\"'µ][^\W\d_]{0,6})?")
_AVAILABILITY = {
    "instock": Availability.IN_STOCK,
    "available": Availability.IN_STOCK,
    "instoreonly": Availability.OUT_OF_STOCK,
    "onlineonly": Availability.IN_STOCK,
    "limitedavailability": Availability.IN_STOCK,
    "yes": Availability.IN_STOCK,
    "outofstock": Availability.OUT_OF_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "discontinued": Availability.OUT_OF_STOCK,
    "unavailable": Availability.OUT_OF_STOCK,
    "no": Availability.OUT_OF_STOCK,
    "preorder": Availability.PREORDER,
    "presale": Availability.PREORDER,
    "backorder": Availability.BACKORDER,
    "availablefororder": Availability.BACKORDER,
}
_TRUE, _FALSE = {"1", "true", "yes", "y"}, {"0", "false", "no", "n", ""}


def paragraphs(value: str, limit: int) -> str:
    """Text without markup, a paragraph a line, at most `limit` characters."""
    text = plain_text(value, limit)
    for _ in range(_ESCAPED_MAX):
        if "<" not in text:
            break
        text = plain_text(text, limit)  # feeds escape what was escaped already
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))[:limit].strip()


def line(value: str, limit: int) -> str:
    """Text without markup on one line, at most `limit` characters."""
    if len(value) <= limit and value.isascii() and value.isprintable() and not _MARKED.search(value):
        return " ".join(value.split())  # as nearly all are
    return " ".join(paragraphs(value, limit).split())


def identity(value: str) -> str:
    """An id as ours may be written: the same one where it can be, else one that only this id becomes; or empty."""
    value = value.strip()
    safe = _UNSAFE.sub("-", value)
    if safe == value and len(value) <= ID_MAX:
        return value
    if not safe.strip("-"):
        return ""
    return f"{safe[:100]}.{hashlib.blake2b(value.encode(errors='replace'), digest_size=4).hexdigest()}"


def price(value: str, currency: str, *, minor: bool = False, field: str = "price") -> Money:
    """An amount with or without its currency: "12.50 USD", "USD 1,250", "€ 1.250,00", "12500원".

    `currency` is the shop's, in which everything has to be; `minor` says that the number counts cents.

    Raises:
        RowError: `price_invalid`, `price_ambiguous`, `currency_other`.
    """
    said, number = _parted(value.strip(), currency, field)
    if said != currency:
        raise RowError(field, "currency_other", f"{value.strip()[:40]!r} is not in {currency}, the shop's currency")
    amount = _decimal(number, currency, field)
    money = Money.of(amount.scaleb(-digits(currency)) if minor else amount, currency) if amount < LARGEST else None
    if money is None or not 0 < money.minor <= LARGEST:
        raise RowError(field, "price_invalid", f"{value.strip()[:40]!r} is no price that anything can have")
    return money


def _parted(value: str, currency: str, field: str) -> tuple[str, str]:
    """(currency, number) of an amount."""
    match = re.fullmatch(r"([^\d.,\-+]{0,5}?)\s*([\d.,'\u2019 \u00a0\u202f]+?)\s*([^\d.,\-+]{0,5}?)", value)
    if not match or (match[1] and match[3]):
        raise RowError(field, "price_invalid", f"{value[:40]!r} is no price")
    mark = (match[1] or match[3]).strip()
    said = _currency(mark, currency)
    if said is None:
        raise RowError(field, "currency_unknown", f"{mark!r} is no currency")
    return said, re.sub(r"[\u00a0\u202f]", " ", match[2])


def _currency(mark: str, currency: str) -> str | None:
    if not mark:
        return currency
    if mark.upper() in CURRENCIES:
        return mark.upper()
    meant = SIGNS.get(mark)
    return None if meant is None else currency if currency in meant else meant[0]


def _decimal(number: str, currency: str, field: str) -> Decimal:
    if not _AMOUNT.fullmatch(number):
        raise RowError(field, "price_invalid", f"{number[:40]!r} is no amount of money")
    if re.fullmatch(r"\d{1,3}\.\d{3}", number) and digits(currency) == 2:
        raise RowError(field, "price_ambiguous", f"{number!r} may be {number.replace('.', ',')} or {number[:-1]}")
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number) and not (digits(currency) == 3 and number.count(".") == 1)
    if grouped:
        return Decimal(re.sub(r"[.,]", "", number))
    point = max(number.rfind("."), number.rfind(","))
    whole, part = (number, "") if point < 0 else (number[:point], number[point + 1 :])
    return Decimal(re.sub(r"\D", "", whole) + ("." + part if part else ""))


def availability(value: str) -> Availability:
    """In Google's words, schema.org's addresses, or as shops write it; RowError(`availability_unknown`)."""
    word = re.sub(r"[\s_-]", "", value.rsplit("/", 1)[-1].lower())
    if word not in _AVAILABILITY:
        raise RowError("availability", "availability_unknown", f"{value[:40]!r} says nothing about availability")
    return _AVAILABILITY[word]


def count(value: str, field: str, most: int = 10**7) -> int:
    """A number of things, 0 or more; RowError(`number_invalid`)."""
    match = re.fullmatch(r"(\d{1,12})(?:\.0+)?", value.strip())
    if not match or int(match[1]) > most:
        raise RowError(field, "number_invalid", f"{value[:40]!r} is no number of things")
    return int(match[1])


def flag(value: str, field: str) -> bool:
    """Yes or no; RowError(`flag_invalid`)."""
    word = value.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise RowError(field, "flag_invalid", f"{value[:40]!r} is neither yes nor no")


def moment(value: str, field: str) -> datetime:
    """A date or time in ISO 8601, in UTC where it names no zone; RowError(`time_invalid`)."""
    try:
        at = datetime.fromisoformat(value.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowError(field, "time_invalid", f"{value[:60]!r} is no date or time") from None


def web_url(value: str) -> str:
    """An http or https address; empty where it is none."""
    value = value.strip()
    if len(value) > URL_MAX or not value.isprintable() or any(mark in " \"'<>\\^`{|}" for mark in value):
        return ""
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:
        return ""
    return value if is_web else ""


def gtin(value: str) -> str:
    """A GTIN-8, -12, -13 or -14 whose check digit is right (GS1); else empty."""
    found = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"\d{8}|\d{12,14}", found, re.ASCII):
        return ""
    weighed = sum(int(one) * (3 if place % 2 == 0 else 1) for place, one in enumerate(reversed(found[:-1])))
    return found if (weighed + int(found[-1])) % 10 == 0 else ""


def attribute(name: str, value: str) -> Attribute | None:
    """A fact with its number and unit where it is one; None where there is nothing in it."""
    name = line(name.replace("_", " "), 60).lower()
    value = line(value, 500)
    if not name or not value:
        return None
    measured = _MEASURE.fullmatch(value)
    if not measured:
        return Attribute(name=name, value=value)
    number = float(measured[1].replace(",", "."))
    return Attribute(name=name, value=value, number=number, unit=(measured[2] or "").strip()[:20])


def stars(value: str, best: str = "", field: str = "stars") -> float:
    """A rating on a scale from 1 to 5, from one of another length; RowError(`stars_invalid`)."""
    try:
        rating, top = float(value.replace(",", ".")), float(best or 5)
        if not 0 < rating <= top:
            raise ValueError
    except ValueError:
        raise RowError(field, "stars_invalid", f"{value[:20]!r} is no rating") from None
    return min(5.0, max(1.0, round(rating * 5 / top, 2)))
