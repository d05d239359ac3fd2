"""Making an offer of a row: what it must have is asked for by name, what it may have is left out where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NoReturn, TypeVar

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.entries import Problem, RowError
from skills.shopping.money import Money
from skills.shopping.product import ATTRIBUTES_MAX, IMAGES_MAX, Attribute

Value = TypeVar("Value")


class Making:
    """One row while an offer is made of it; `problems` are those fields that are left out."""

    def __init__(self, row: int) -> None:
        self.row = row
        self.problems: list[Problem] = []

    def left_out(self, field: str, code: str, message: str) -> None:
        """The row goes on without this field."""
        self.problems.append(Problem(self.row, field, code, message, fatal=False))

    def missing(self, field: str) -> NoReturn:
        """The row cannot do without this field."""
        raise RowError(field, "field_missing", f"It has no {field.replace('_', ' ')}")

    def invalid(self, error: ValidationError) -> Problem:
        """What pydantic has against it."""
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        return Problem(self.row, field, "field_invalid", f"{problem['msg']}: {str(problem['input'])[:60]!r}")

    def identity(self, text: str, field: str) -> str:
        """The id that it must have."""
        if not text:
            self.missing(field)
        found = values.identity(text)
        if not found:
            raise RowError(field, "id_invalid", f"{text[:60]!r} cannot be an id")
        return found

    def title(self, text: str, field: str = "title") -> str:
        """The name that it must have."""
        return values.line(text, 200) or self.missing(field)

    def optional(self, read: Callable[[str, str], Value], text: str, field: str) -> Value | None:
        """What `read` makes of a field, None where it is empty or wrong."""
        if not text:
            return None
        try:
            return read(text, field)
        except RowError as error:
            self.left_out(error.field, error.code, str(error))
            return None

    def sale(
        self, text: str, during: str, price: Money, currency: str, *, field: str = "sale_price"
    ) -> tuple[Money | None, datetime | None, datetime | None]:
        """A lower price and when it holds, `from/until` in ISO 8601; without its times it does not hold at all."""
        if not text:
            return None, None, None
        begins, _, ends = during.partition("/")
        try:
            sale = values.price(text, currency, field=field)
            held = [values.moment(one, f"{field}_effective_date") if one.strip() else None for one in (begins, ends)]
        except RowError as error:
            self.left_out(error.field, error.code, str(error))
            return None, None, None
        if not sale < price:
            if price < sale:
                self.left_out(field, "sale_higher", f"The sale price {sale} is above the price {price}")
            return None, None, None
        return sale, held[0], held[1]

    def gtin(self, text: str) -> str:
        """A GTIN whose check digit is right, else none."""
        found = values.gtin(text)
        if text and not found:
            self.left_out("gtin", "gtin_invalid", f"{text[:40]!r} is no GTIN")
        return found

    def url(self, text: str, field: str) -> str:
        """An http or https address, else none."""
        found = values.web_url(text)
        if text and not found:
            self.left_out(field, "url_invalid", f"{text[:60]!r} is no http or https address")
        return found

    def images(self, texts: Iterable[str], field: str) -> tuple[str, ...]:
        """Every picture once, the first first."""
        found = dict.fromkeys(url for text in texts if text and (url := self.url(text, field)))
        return tuple(found)[:IMAGES_MAX]

    def categories(self, path: str) -> tuple[str, ...]:
        """From a path like "Clothing > Jackets"; a bare number of some taxonomy says nothing."""
        parts = [values.line(part, 100) for part in re.split(r"\s*(?:>|&gt;)\s*", path)]
        return tuple(part for part in parts if part and not part.isdigit())[:10]

    def attributes(self, found: Iterable[Attribute | None]) -> tuple[Attribute, ...]:
        """One of each name, the first."""
        by_name: dict[str, Attribute] = {}
        for one in found:
            if one is not None:
                by_name.setdefault(one.name, one)
        return tuple(by_name.values())[:ATTRIBUTES_MAX]
