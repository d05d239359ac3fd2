"""Units and currencies as people write and say them."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10


@dataclass(frozen=True)
class Unit:
    """One of it is `factor` of its dimension's base unit; dimensions are told apart by name."""

    name: str
    dimension: str
    factor: float


_TABLE = """
byte    | MB 1e6: megabyte megabytes mb meg megs; GB 1e9: gigabyte gigabytes gig gigs gb; TB 1e12: terabyte terabytes tb
byte    | KB 1e3: kilobyte kilobytes kb; PB 1e15: petabyte petabytes pb
length  | m 1: metre metres meter meters m; cm .01: centimetre centimetres centimeter centimeters cm
length  | mm .001: millimetre millimetres millimeter millimeters mm
length  | km 1000: kilometre kilometres kilometer kilometers km
length  | in .0254: inch inches in "; ft .3048: foot feet ft '; yd .9144: yard yards yd
weight  | g 1: gram grams gramme grammes g gr; kg 1000: kilogram kilograms kilo kilos kg kgs
weight  | mg .001: milligram milligrams mg
weight  | lb 453.592: pound pounds lb lbs; oz 28.3495: ounce ounces oz; t 1e6: ton tons tonne tonnes
volume  | l 1: litre litres liter liters l; ml .001: millilitre millilitres milliliter milliliters ml
volume  | cl .01: cl centilitre
volume  | gal 3.78541: gallon gallons gal; fl_oz .0295735: floz fluidounce fluidounces
time    | s 1: second seconds sec secs; min 60: minute minutes min mins; h 3600: hour hours hr hrs h
time    | d 86400: day days d
time    | ms .001: millisecond milliseconds ms
image   | MP 1: megapixel megapixels mp mpix mpx
power   | W 1: watt watts w; kW 1000: kilowatt kilowatts kw
voltage | V 1: volt volts v
charge  | mAh 1: mah milliamphours milliamphour
clock   | MHz 1: mhz megahertz; GHz 1000: ghz gigahertz; Hz 1e-6: hz hertz
rating  | star 1: star stars
"""


def _read() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for line in _TABLE.strip().splitlines():
        dimension, listed = (part.strip() for part in line.split("|"))
        for entry in listed.split(";"):
            head, words = entry.split(":")
            name, factor = head.split()
            found |= dict.fromkeys(words.split(), Unit(name, dimension, float(factor)))
    return found


UNITS = _read()
"""By the word, in lower case and singular or plural, as it is said."""

BY_NAME = {unit.name: unit for unit in UNITS.values()}

NEED_DIGITS = {word for word in UNITS if len(word) == 1} | {"min", "mp", "ms", "sec", "gr", "second", "in"}
"""Units too much like other words to be taken for one after a number in words."""

CURRENCIES = {
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD", "us$": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "quid": "GBP", "sterling": "GBP", "pound": "GBP", "pounds": "GBP",
    "¥": "JPY", "jpy": "JPY", "yen": "JPY", "₩": "KRW", "krw": "KRW", "won": "KRW",
    "chf": "CHF", "franc": "CHF", "francs": "CHF", "₹": "INR", "inr": "INR", "rupee": "INR", "rupees": "INR",
}  # fmt: skip
CENTS = {"cent", "cents", "penny", "pence", "¢"}
CURRENCY_WORDS = {
    "USD": "dollars", "EUR": "euros", "GBP": "pounds", "JPY": "yen", "KRW": "won", "CHF": "francs", "INR": "rupees",
}  # fmt: skip


def convert(value: float, unit: Unit, to: Unit) -> float:
    """`value` of `unit` in `to`, which has the same dimension."""
    return value if unit == to else value * unit.factor / to.factor


def is_rounded(unit: Unit, to: Unit) -> bool:
    """Whether catalogues round such a conversion: feet to metres, and bytes, of which a thousand may be 1024."""
    return unit != to and (unit.dimension == "byte" or not log10(unit.factor / to.factor).is_integer())
