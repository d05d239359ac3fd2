"""Values of attributes as people ask for them: yes and no, lists, amounts with units, sizes, who a thing is for."""

from __future__ import annotations

import re

from search_index.understanding.units import BY_NAME, UNITS, convert
from skills.shopping.product import Attribute

MATERIALS = frozenset({"material", "materials", "fabric", "upper", "upper material", "outer material", "outer fabric"})
AUDIENCES = frozenset({"for", "gender", "audience", "department", "age group", "suitable for"})
COLOURS = frozenset({"colour", "color"})
SIZES = frozenset({"size", "shoe size", "clothing size"})
SOFT = frozenset(
    {"season", "occasion", "activity", "activities", "use", "recommended use", "style", "room", "warmth", "mood"}
    | {"skill level", "theme", "feel", "scent", "taste", "care", "country of origin", "suitable occasions"}
)
"""Names of attributes that say what a thing is good for: words about that are searched by their meaning, and no filter
("for winter", "something warm")."""
_PLAIN = (
    "long short regular light medium high low mid soft firm thick thin left right top bottom full half none warm cold"
    " summer winter spring autumn small large normal standard other mixed various yes no any all one single double new"
    " round square classic modern plain fine strong mild dark open closed basic set pair original natural"
)
PLAIN = frozenset(_PLAIN.split())
"""Words that mean too many things to be a filter of their own."""

SIZE_NAMES = {
    "extra small": "XS", "x small": "XS", "small": "S", "medium": "M", "large": "L", "extra large": "XL",
    "x large": "XL", "double extra large": "XXL", "extra extra large": "XXL", "xx large": "XXL", "2xl": "XXL",
}  # fmt: skip
AUDIENCE_NAMES = {
    "men": ("mens", "man", "male", "gentlemen", "guys"),
    "women": ("womens", "woman", "female", "ladies", "lady"),
    "children": ("childrens", "child", "kids", "kid"),
    "kids": ("kid", "child", "children", "childrens"),
    "baby": ("babies", "infant", "infants", "toddlers"),
}
_EVERYONE = {"unisex": ("men", "women"), "everyone": ("men", "women"), "adults": ("men", "women")}
_NOT_REALLY = ("faux", "vegan", "imitation", "artificial", "fake", "synthetic")
_YES, _NO = {"yes", "true", "y"}, {"no", "false", "n"}

_amount = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*([^\W\d_]+|\"|\u00b0[CF]|%)").fullmatch
_separators = re.compile(r"\s*(?:[,;/|+&]|\band\b|\bwith\b)\s*").split
_share = re.compile(r"\d+(?:[.,]\d+)?\s*%\s*").sub


def yes_or_no(value: str) -> bool | None:
    """What a value says where it is only that."""
    word = value.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def amount(attribute: Attribute) -> tuple[float, str] | None:
    """The number and its unit; None for what is no amount."""
    if attribute.number is not None:
        return attribute.number, unit_name(attribute.unit)
    return amount_of(attribute.value)


def amount_of(text: str) -> tuple[float, str] | None:
    """The amount that a text like "0.75 l" is."""
    found = _amount(text.strip())
    return None if found is None else (float(found[1].replace(",", ".")), unit_name(found[2]))


def unit_name(unit: str) -> str:
    """A unit by the name that `search_index` knows it by, else as it is in small letters."""
    known = UNITS.get(unit.casefold().strip(". "))
    return known.name if known else unit.casefold().strip()


def in_unit(value: float, unit: str, wanted: str) -> float | None:
    """The same amount in another unit; None where that is of something else."""
    if unit == wanted:
        return value
    one, other = BY_NAME.get(unit), BY_NAME.get(wanted)
    if one is None or other is None or one.dimension != other.dimension:
        return None
    return round(convert(value, one, other), 6)


def listed(name: str, value: str) -> tuple[str, ...]:
    """The values that an attribute's value consists of, with what they are a kind of.

    "Full-grain leather" is leather too, so that "not leather" leaves it out; a thing for everyone is for men and women.
    """
    parts = [one.strip() for one in _separators(_share("", value)) if one.strip()] or [value]
    if name in MATERIALS:
        parts += [general for one in parts if (general := _kind(one))]
    if name in AUDIENCES:
        parts += [one for part in parts for one in _EVERYONE.get(part.casefold(), ())]
    return tuple(dict.fromkeys(parts))


def _kind(material: str) -> str:
    words = material.split()
    return words[-1] if len(words) > 1 and words[0].casefold() not in _NOT_REALLY else ""
