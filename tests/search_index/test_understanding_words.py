"""What is understood of the ways people say limits, values, exclusions and orders."""

from __future__ import annotations

from datetime import date

import pytest
from shop_words import GROCER, MEANINGS, SHOP, VALUES

from search_index import Document
from search_index.understanding import Colour, Understood, Vocabulary, parse

Read = tuple[str, str, tuple[object, ...]]


def conditions(understood: Understood) -> list[Read]:
    """Field, operator and values of the hard constraints, in the order of their words."""
    return [(one.field, str(one.operator), one.values) for one in understood.constraints if one.hard]


@pytest.mark.parametrize(
    ("text", "operator", "values"),
    [
        ("under fifty dollars", "under", (5000,)),
        ("less than 49.99", "under", (4999,)),
        ("below forty nine ninety nine", "under", (4999,)),
        ("under five dollars and ninety nine cents", "under", (599,)),
        ("under 99 cents", "under", (99,)),
        ("$1,299 or less", "at most", (129900,)),
        ("no more than us$ 20", "at most", (2000,)),
        ("nothing over fifty bucks", "at most", (5000,)),
        ("it shouldn't cost more than 50", "at most", (5000,)),
        ("my budget is two hundred and fifty", "at most", (25000,)),
        ("a couple of hundred dollars max", "at most", (20000,)),
        ("up to 1.5k", "at most", (150000,)),
        ("<= $30", "at most", (3000,)),
        ("over 100 dollars", "over", (10000,)),
        ("at least a hundred", "at least", (10000,)),
        ("from 100 dollars", "at least", (10000,)),
        ("starting at $80", "at least", (8000,)),
        ("5 to 10", "between", (500, 1000)),
        ("$20-$30", "between", (2000, 3000)),
        ("between 30 and 20 dollars", "between", (2000, 3000)),
        ("between one hundred and fifty and three hundred", "between", (15000, 30000)),
        ("between one hundred and two hundred dollars", "between", (10000, 20000)),
        ("in the 50 to 100 dollar range", "between", (5000, 10000)),
        ("around 100", "about", (10000,)),
        ("fifty bucks", "about", (5000,)),
        ("between twenty and thirty five euros", "between", (2200, 3850)),
        ("under 1.299,00 EUR", "under", (142890,)),
        ("under 1.299 euros", "under", (142890,)),
    ],
)
def test_prices(text: str, operator: str, values: tuple[float, ...]) -> None:
    """A price is understood in digits and in words, with its currency before, behind or left out."""
    understood = parse(f"backpack {text}", SHOP)
    assert conditions(understood) == [("price", operator, values)]
    assert understood.rest == "backpack"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.6 inch", ("screen", "is", (15.6,))),
        ('27"', ("screen", "is", (27,))),
        ("screen of at least 15 inches", ("screen", "at least", (15,))),
        ("with a display bigger than fifteen point six inch", ("screen", "over", (15.6,))),
        ("512 gigs", ("storage", "is", (512,))),
        ("1 TB ssd", ("storage", "is", (1000,))),
        ("8 gigabytes of ram", ("ram", "is", (8,))),
        ("at least sixteen gb memory", ("ram", "at least", (16,))),
        ("ram 16 gb or more", ("ram", "at least", (16,))),
        ("ram at least 16", ("ram", "at least", (16,))),
        ("16gb+ of ram", ("ram", "at least", (16,))),
        ("16 gb", ("ram", "is", (16,))),
        ("256 GB", ("storage", "is", (256,))),
        ("half a terabyte of storage", ("storage", "is", (500,))),
        ("two litres", ("volume", "is", (2,))),
        ("5 metres", ("cable", "is", (5,))),
        ("5m", ("cable", "is", (5,))),
        ("no longer than 200 cm", ("cable", "at most", (2,))),
        ("16 megapixel", ("camera", "is", (16,))),
        ("lighter than 1.5 kg", ("weight", "under", (1500,))),
        ("under two pounds", ("weight", "under", (907.184,))),
        ("at least four ports", ("ports", "at least", (4,))),
        ("four stars and up", ("stars", "at least", (4,))),
        ("rated over 4", ("stars", "over", (4,))),
        ("with wifi", ("wifi", "is", (True,))),
        ("no wi-fi", ("wifi", "is", (False,))),
        ("without wireless lan", ("wifi", "is", (False,))),
        ("size 42", ("size", "is", ("42",))),
        ("XL", ("size", "is", ("XL",))),
        ("in size m", ("size", "is", ("M",))),
        ("since 2019", ("released", "at least", (date(2019, 1, 1),))),
        ("from twenty nineteen", ("released", "is", (date(2019, 1, 1),))),
        ("from the last two years", ("released", "at least", (date(2024, 11, 22),))),
        ("by sony", ("maker", "is", ("Sony",))),
        ("from trip light", ("maker", "is", ("Tripp Lite",))),
        ("made by sunny", ("maker", "is", ("Sony",))),
        ("tp link", ("maker", "is", ("TP-LINK",))),
        ("by hewlett packard", ("maker", "is", ("HP",))),
        ("kingston", ("maker", "is", ("Kingston Technology",))),
        ("black and decker", ("maker", "is", ("Black & Decker",))),
        ("under armour", ("maker", "is", ("Under Armour",))),
        ("3M", ("maker", "is", ("3M",))),
        ("sony or apple", ("maker", "is", ("Sony", "Apple"))),
        ("not from sony", ("maker", "not", ("Sony",))),
        ("anything but apple", ("maker", "not", ("Apple",))),
        ("except hp and sony", ("maker", "not", ("HP", "Sony"))),
        ("neither black nor white", ("colour", "not", ("Black", "White"))),
        ("in any colour but red", ("colour", "not", ("Red",))),
        ("gray", ("colour", "is", ("Grey",))),
        ("in rose gold", ("colour", "is", ("Rose Gold",))),
    ],
)
def test_attributes(text: str, expected: Read) -> None:
    """Quantities find their field by unit, context and the values there are; names and flags by how they are said."""
    understood = parse(f"gadget {text}", SHOP, today=date(2026, 11, 22))
    assert conditions(understood) == [expected]
    assert understood.rest == "gadget"


@pytest.mark.parametrize(
    ("text", "field", "descending"),
    [
        ("cheapest laptop", "price", False),
        ("the most expensive laptop", "price", True),
        ("laptop sorted by price", "price", False),
        ("newest laptop", "released", True),
        ("best rated laptop", "stars", True),
        ("lightest laptop", "weight", False),
        ("laptop with the most storage", "storage", True),
        ("laptop with the largest screen", "screen", True),
    ],
)
def test_superlatives_sort(text: str, field: str, descending: bool) -> None:
    understood = parse(text, SHOP)
    assert understood.sort is not None
    assert (understood.sort.field, understood.sort.descending) == (field, descending)
    assert understood.rest == "laptop"


@pytest.mark.parametrize(
    "text",
    [
        "iphone 12", "WH-1000XM4", "windows 10", "usb 3.0 hub", "2-pack", "4 in 1 reader", "100% cotton", "cat5e cable",
        "4k monitor", "5g phone", "ages 5 to 10", "1080p webcam", "up to 4 people", "m2 drive", "wd40", "24/7 support",
        "toner for hp laserjet 4700", "case that fits my samsung", "hp compatible cartridge", "desk lamp",
        "something cheaper", "catch 22", "route 66 to 99 sign", "", "?!", "under", "between and", "not", "a", "$", "or",
    ],
)  # fmt: skip
def test_what_asks_for_nothing(text: str) -> None:
    """Model numbers, counts and what a thing is for are no conditions."""
    understood = parse(text, SHOP)
    assert conditions(understood) == []
    assert understood.rest == text


def test_several_at_once_keep_their_words() -> None:
    """Each condition says which of the words it came from, so that it can be shown and taken back alone."""
    text = "I need a black HP laptop with 16 gigs of ram, under a thousand dollars but not from 2019"
    understood = parse(text, SHOP)
    assert [(text[one.start : one.end], one.label) for one in understood.constraints] == [
        ("a black", "colour Black"),
        ("HP", "brand HP"),
        ("laptop", "category Laptop"),
        ("with 16 gigs of ram", "ram 16 GB"),
        (", under a thousand dollars", "under 1,000 dollars"),
        ("from 2019", "from 2019"),
    ]
    price = understood.constraints[4]
    less = understood.without(price)
    assert less.describe() == "colour Black, brand HP, category Laptop, ram 16 GB, from 2019"
    assert less.rest == understood.rest
    assert price.filter not in getattr(less.filter, "parts", ())


def test_a_maker_may_stand_between_an_amount_and_what_it_measures() -> None:
    understood = parse("15.6-inch sony screen", SHOP)
    assert {(one.field, one.values) for one in understood.constraints} == {("screen", (15.6,)), ("maker", ("Sony",))}


def test_a_value_belongs_to_the_collection_that_has_it() -> None:
    """Apple is a brand in one shop and a fruit in the other, where nothing is filtered by it."""
    assert conditions(parse("apple juice", SHOP)) == [("maker", "is", ("Apple",))]
    fruit = parse("apple juice", GROCER)
    assert conditions(fruit) == []
    assert [one.label for one in fruit.preferences] == ["category Apple"]
    assert fruit.rest == "apple juice"


def test_exclusions_prefer_the_value_that_says_so() -> None:
    """Without lactose is what is called lactose free; without nuts is what is known and has none among its contents."""
    assert conditions(parse("milk without lactose", GROCER)) == [("diet", "is", ("lactose free",))]
    assert ("contains", "not", ("nuts",)) in conditions(parse("cake without nuts", GROCER))


def test_shades_and_likenesses_are_preferences() -> None:
    """Navy is not among the colours, so blue is preferred; a brand nobody announced is only suspected."""
    navy = parse("navy jacket", SHOP)
    assert conditions(navy) == []
    assert navy.words == "navy jacket Blue"
    own = Vocabulary(MEANINGS | {"colour": Colour()}, VALUES | {"colour": {"Navy": 1, "Blue": 5}})
    assert conditions(parse("navy jacket", own)) == [("colour", "is", ("Navy",))]
    assert parse("samsng phone", SHOP).words == "samsng phone Samsung"


REFERENCE = Document(
    "x", {"price": 5000, "maker": "Sony", "colour": ["Black", "Red"], "storage": 256, "released": date(2020, 5, 1)}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("like this but cheaper", [("id", "like", ("x",)), ("price", "under", (5000,))]),
        ("a bigger one", [("storage", "over", (256,))]),
        ("something newer", [("released", "over", (date(2020, 5, 1),))]),
        ("the same brand but less expensive", [("maker", "is", ("Sony",)), ("price", "under", (5000,))]),
        ("in another colour", [("colour", "not", ("Black", "Red"))]),
        ("with more storage", [("storage", "over", (256,))]),
        ("longer than this", []),
    ],
)
def test_compared_with_the_item_spoken_of(text: str, expected: list[Read]) -> None:
    """A comparison takes the other item's own value; where it has none, or there is no item, words stay words."""
    assert conditions(parse(text, SHOP, REFERENCE)) == expected
    assert conditions(parse(text, SHOP)) == []
