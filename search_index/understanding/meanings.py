"""What the fields of a collection mean to people: which is the price, which the brand, and what the numbers count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index.understanding.units import CURRENCY_WORDS


@dataclass(frozen=True)
class Price:
    """A number field with prices in `currency` (ISO 4217); `minor` of its units make one, 100 where it holds cents.

    `rates` gives how much of `currency` one of another is. An amount in a currency that is not there is read as one
    in `currency`; what was understood says so.
    """

    currency: str = "USD"
    minor: int = 1
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """How the currency is called when something is said about it."""
        return CURRENCY_WORDS.get(self.currency, self.currency)


@dataclass(frozen=True)
class Named:
    """A keyword field called `word`, known by its values; `aliases` are other names of values.

    Not `strict`: its values are also the subject of a query ("laptop"), so they only move up what has them and stay
    in the text, unless the field is named too ("category laptop"). `several`: a thing has many of its values, as it
    has features, so that one asked for later comes in addition.
    """

    word: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    strict: bool = True
    several: bool = False


@dataclass(frozen=True)
class Brand(Named):
    """The maker: also introduced by "from" and "by", never by "for"; a misheard name is looked for by its sound."""

    word: str = "brand"


@dataclass(frozen=True)
class Colour(Named):
    """The colour: spellings are known, and the plain colour of a shade that the collection does not have."""

    word: str = "colour"


@dataclass(frozen=True)
class Quantity:
    """A number field in `unit` (of `units.UNITS`, or any word: "pages"); `words` tell it from others in that unit.

    The first of `words` is its name, where there are any.
    """

    unit: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rating:
    """A number field with the customers' mean, up to `out_of` stars."""

    out_of: float = 5


@dataclass(frozen=True)
class Released:
    """A date field with the day a thing came out."""


@dataclass(frozen=True)
class Flag:
    """A boolean field: whether it has what the `words` name ("wifi", "wireless lan")."""

    words: tuple[str, ...]


Meaning = Price | Named | Quantity | Rating | Released | Flag
