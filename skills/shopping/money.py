"""Amounts of money: whole minor units of one currency, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Self

from pydantic import Field

from skills.message import Message

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""

LARGEST = 10**11
"""Minor units; a billion in most currencies, beyond which a price is a mistake."""

DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}
"""Decimal digits of a currency's minor unit, where they are not two (ISO 4217)."""
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩"}


class Money(Message):
    """`minor` units (cents) of `currency`; may be negative, as a discount is."""

    minor: int = Field(ge=-LARGEST, le=LARGEST)
    currency: Currency

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> Self:
        """An amount in whole units ("12.50"), rounded half up to the currency's minor unit.

        Raises:
            ValueError: it is no finite number, the currency is none, or the amount is too large.
        """
        try:
            scaled = Decimal(amount).scaleb(digits(currency)).quantize(Decimal(1), ROUND_HALF_UP)
        except InvalidOperation as error:
            raise ValueError(f"{str(amount)[:40]!r} is no amount of money") from error
        return cls(minor=int(scaled), currency=currency)

    @property
    def amount(self) -> Decimal:
        """In whole units."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(minor=self.minor + self._same(other).minor, currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(minor=self.minor - self._same(other).minor, currency=self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(minor=self.minor * times, currency=self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def percent(self, share: int) -> Money:
        """That many hundredths of it, rounded half up."""
        part = (Decimal(self.minor) * share / 100).quantize(Decimal(1), ROUND_HALF_UP)
        return Money(minor=int(part), currency=self.currency)

    def __str__(self) -> str:
        """As it is shown: "$1,249.00", "CHF 20.00"."""
        sign = "-" if self.minor < 0 else ""
        figure = f"{abs(self.amount):,.{digits(self.currency)}f}"
        before = SIGNS.get(self.currency)
        return f"{sign}{before}{figure}" if before else f"{sign}{self.currency} {figure}"

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other


def digits(currency: str) -> int:
    """Decimal digits of the currency's minor unit."""
    return DIGITS.get(currency, 2)
