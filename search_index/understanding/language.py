"""The words of limits, exclusions and orders in English: all that this package knows of language besides units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from search_index.understanding.tokens import key


class Operator(StrEnum):
    """What a constraint asks of its field."""

    IS = "is"
    NOT = "not"
    UNDER = "under"
    AT_MOST = "at most"
    OVER = "over"
    AT_LEAST = "at least"
    BETWEEN = "between"
    ABOUT = "about"
    LOWEST = "lowest"
    HIGHEST = "highest"
    LIKE = "like"


NEGATED = {
    Operator.OVER: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.UNDER,
    Operator.UNDER: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.OVER,
}

MONEY = "money"


@dataclass(frozen=True)
class Comparing:
    """A comparing word: its operator, and the dimension it speaks of where it is no general one."""

    operator: Operator
    dimension: str | None = None


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _phrases(listed: str) -> Mapping[str, None]:
    """Phrases between commas, by their key."""
    return dict.fromkeys(key(one) for one in listed.split(","))


def _table(lines: str) -> Mapping[str, Comparing]:
    """Lines of `operator [dimension]: phrase, phrase`."""
    found: dict[str, Comparing] = {}
    for line in lines.strip().splitlines():
        head, phrases = line.split(":")
        operator, _, dimension = head.strip().partition(" / ")
        found |= {key(one): Comparing(Operator(operator), dimension or None) for one in phrases.split(",")}
    return found


BEFORE = _table("""
under: under, sub, below, less than, lower than, smaller than, fewer than, beneath, less, for less than, inferior to
under / money: cheaper than, less expensive than
under / weight: lighter than, weighing less than, weighing under
under / length: shorter than, thinner than, narrower than
under / date: older than, before, earlier than
at most: at most, up to, maximum, max, maximum of, max of, no more than, not more than, within, upto, at the most
at most: a maximum of, a max of, no higher than, no larger than, no bigger than, not exceeding, limit of
at most: no greater than
at most: less than or equal to, equal to or less than, lower than or equal to
at most: as much as, as high as, as many as, limit is, limit, cap of, capped at, top limit of, with a limit of
at most / money: budget, budget of, budget is, budgets, spend, to spend up to, budget up to, budget around, i have
at most / money: only have, i only have, i have only, i have got, i've got, i've only got, afford, pay, no dearer than
at most / length: no longer than, no wider than
at most / weight: no heavier than
over: over, above, more than, greater than, higher than, exceeding, exceed, exceeds, bigger than, larger than
over: beyond, upwards of
over / money: costlier than, dearer than, more expensive than, pricier than
over / weight: heavier than
over / length: longer than, wider than, taller than
over / date: newer than, after, later than, more recent than
at least: at least, minimum, min, minimum of, min of, a minimum of, no less than, not less than, starting at
at least: starting from, beginning at, beginning from, start at, starts at, start from, starts from, begin at, begins at
at least: greater than or equal to, more than or equal to
at least: as low as, from as low as, no smaller than, no fewer than, not below, not under, no lower than, from at least
at least / length: no shorter than
at least / date: since, from
about: around, about, approximately, roughly, circa, approx, close to, in the region of, in the neighborhood of, near
about: in the neighbourhood of, somewhere around, more or less, nearly, almost
is: exactly, precisely
""")
"""Comparators that stand before their amount."""

SIGNS = {"<": Operator.UNDER, ">": Operator.OVER, "≤": Operator.AT_MOST, "≥": Operator.AT_LEAST, "~": Operator.ABOUT}

AFTER = _table("""
at most: or less, or under, or below, or cheaper, or lower, max, maximum, tops, at most, at the most, or smaller
at most: and below
at most: and under, or fewer, or lighter, or shorter, and less, limit, budget, or so at most, at maximum, enough
at least: or more, or above, and up, and above, or over, or higher, or bigger, or larger, or greater, and more, upwards
at least: minimum, min, at least, at minimum, or longer, or heavier, or better, and over, at the least, and higher
about: or so, give or take, or thereabouts, ish, roughly, approximately
""")
"""Comparators that stand behind it."""

BETWEEN = _phrases("between, from, anywhere from, anywhere between, somewhere between, ranging from, in between")
RANGE_JOINTS = {"to", "and", "-", "\u2013", "until", "till", "through"}

NEGATORS = _phrases(
    "not, no, without, w/o, except, except for, excepting, excluding, exclude, skip, leave out, leave, keep out,"
    "other than, apart from, aside from, besides, but not,"
    "never, nothing, avoid, neither, nor, isn't, aren't, wasn't, non, don't, do not, doesn't, does not,"
    "shouldn't,"
    "should not, must not, mustn't, can't, cannot, won't, not a fan of, minus, with no, lacking, instead of,"
    "rather than, refuse,"
    "hate, sick of, tired of"
)
FLIPS = _phrases(
    "not, no, nothing, never, don't, do not, won't, shouldn't, can't, cannot, doesn't, isn't, not go, without, mustn't,"
    " couldn't, wouldn't, none, should not, must not, can not, is not, does not, will not"
)
"""Words that turn a comparator round: "nothing over 50", "it shouldn't cost more than 50"."""
BETWEEN_FLIP_AND_COMPARATOR = _words(
    "be weigh weighs weighing measure measures cost costs costing go going spend pay paying want to me any it us you a "
    "priced"
)

ANY = _words("any anyone anybody anything everything everyone all every whichever whatever")
BUT = _words("but except besides excluding save")
"""Together: "anyone but", "any colour except"."""
AFTER_NEGATOR = _words(
    "in with one ones something anything made has have having be is of from by want need like show give see buy me us "
    "using to interested into after keen on come comes include including feature colour color built"
)
"""Words that may stand between a negation and what it rules out."""

LEADING = _words("price prices priced cost costs costing spend spending pay paying worth")
"""Words that say that an amount is one of money."""
LINKS = _words("of is are be being should must that s : = in the with")
"""Words that may stand between the name of an attribute and its value."""
CONNECTING = _words(
    "and but with in for a an the my that thats which is are its it has have having of by from , ; : ( - costs cost "
    "per costing priced at be should being come comes made colour color coloured colored"
)
"""Words that belong to the constraint they stand before rather than to what is searched."""

MAKERS = _phrases("from, by, made by, brand, the brand, of the brand, from the brand, manufactured by")
FOR = _phrases("for, compatible with, fits, fitting, works with, to fit, suitable for, with my")
"""What is for a brand's things is rarely made by it."""
ARTICLES = _words("a an the my our your his her their this any some")
SEEKING = _words("looking look searching search shopping shop asking hunting browsing market wishing ask")
"""Verbs whose "for" only leads to what is sought."""
ALTERNATIVES = {"or", "nor", "/", "and", ","}

ASKING = _words(
    "a an the i im id we you your me my us it to for of please hello hi hey show find get give see want wanted "
    "need like looking search searching buy what whats which is are do does have has got any anything something some "
    "one ones thing things stuff product products item items can could would available there all sell carry list "
    "and or in on with your thanks"
)
"""Words that only ask: a query of nothing else has no subject."""

FILLERS = ASKING | _words(
    "no not yes ok okay only just rather instead actually maybe perhaps make then now still also too even same how "
    "about well but them these those they this that her him around bit more other another else than prefer ideally us "
    "lets go going use using should be must im ive got help choose choosing pick whatever come comes will there theres "
    "so oh hmm um uh er wait sorry mind changed think thought better version kind sort type"
)
"""Words around a subject that say nothing about it."""

DATES = dict.fromkeys(map(key, ("in", "from", "of", "released in", "made in")), Comparing(Operator.IS, "date"))
"""What a year is introduced by, besides comparators."""

ORDERS = {
    key(phrase): Comparing(operator, dimension)
    for operator, dimension, phrases in (
        (Operator.LOWEST, MONEY, "sorted by price, sort by price, ordered by price, price low to high, low to high"),
        (Operator.LOWEST, MONEY, "cheapest first, lowest price first, price ascending, by ascending price, best price"),
        (Operator.HIGHEST, MONEY, "price high to low, high to low, price descending, most expensive first"),
        (
            Operator.LOWEST,
            MONEY,
            "cheapest, least expensive, lowest price, lowest priced, most affordable, least costly",
        ),
        (Operator.HIGHEST, MONEY, "most expensive, priciest, dearest, highest price, highest priced, costliest"),
        (Operator.HIGHEST, "date", "newest, latest, most recent, most recently released"),
        (Operator.LOWEST, "date", "oldest, earliest"),
        (
            Operator.HIGHEST,
            "rating",
            "best rated, highest rated, top rated, best reviewed, highest rating, best rating",
        ),
        (Operator.LOWEST, "rating", "worst rated, lowest rated"),
        (Operator.HIGHEST, "weight", "heaviest"),
        (Operator.LOWEST, "weight", "lightest"),
        (Operator.HIGHEST, "length", "longest, tallest, widest"),
        (Operator.LOWEST, "length", "shortest, thinnest, narrowest"),
        (Operator.HIGHEST, None, "biggest, largest, most, highest, greatest"),
        (Operator.LOWEST, None, "smallest, least, lowest, fewest"),
    )
    for phrase in phrases.split(",")
}
"""Superlatives, which sort."""

RELATIVE = {
    key(phrase): Comparing(operator, dimension)
    for operator, dimension, phrases in (
        (Operator.UNDER, MONEY, "cheaper, less expensive, more affordable, less costly"),
        (Operator.OVER, MONEY, "more expensive, pricier, dearer"),
        (Operator.OVER, "date", "newer, more recent, more modern"),
        (Operator.UNDER, "date", "older"),
        (Operator.OVER, "rating", "better rated, higher rated"),
        (Operator.OVER, "weight", "heavier"),
        (Operator.UNDER, "weight", "lighter"),
        (Operator.OVER, "length", "longer, taller, wider"),
        (Operator.UNDER, "length", "shorter, thinner, narrower"),
        (Operator.OVER, None, "bigger, larger, more, higher"),
        (Operator.UNDER, None, "smaller, less, fewer, lower"),
    )
    for phrase in phrases.split(",")
}
"""Comparatives, which set another item's own value as the limit."""

LIKENESS = _phrases(
    "like this, like this one, like that, like that one, like it, similar, similar to this, similar to this one, "
    "similar to that, similar to it, more like this, more like that, of this kind, this kind, same kind, the same kind"
)
SAME = _phrases("same, the same, from the same, by the same, in the same, of the same")
OTHER = _phrases("another, a different, different, other, from another, in another, from a different")
COMPARED_WITH = _phrases(
    "one, ones, than this, than this one, than that, than that one, than it, version, as this, as this one, as that"
)

_SPELLINGS = ("grey gray", "colour color", "aluminium aluminum", "multicolour multicolor multicoloured multicolored")
SPELT_ALIKE = {one: group.split() for group in _SPELLINGS for one in group.split()}
SHADES = {
    shade: plain
    for plain, shades in {
        "blue": "navy azure cobalt cyan indigo turquoise teal denim aqua sapphire",
        "red": "crimson scarlet burgundy maroon bordeaux ruby wine cherry vermilion",
        "green": "olive lime mint emerald khaki jade forest sage",
        "grey": "anthracite charcoal graphite slate gunmetal silver",
        "black": "ebony jet onyx midnight",
        "white": "ivory cream snow pearl alabaster",
        "brown": "tan chocolate chestnut walnut mahogany coffee bronze",
        "yellow": "mustard lemon amber",
        "purple": "violet lilac lavender plum mauve magenta",
        "pink": "rose salmon fuchsia coral magenta",
        "orange": "apricot tangerine peach",
        "gold": "golden brass champagne",
        "silver": "chrome metallic platinum",
    }.items()
    for shade in shades.split()
}
"""The plain colour of a shade."""
