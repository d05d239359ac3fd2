"""Two small shops for the tests of understanding: what their fields mean, and the values they have."""

from __future__ import annotations

from search_index import BooleanField, DateField, Document, KeywordField, NumberField, Schema, TextField
from search_index.schema import Value
from search_index.understanding import (
    Brand,
    Colour,
    Flag,
    Meaning,
    Named,
    Price,
    Quantity,
    Rating,
    Released,
    Vocabulary,
)

MEANINGS: dict[str, Meaning] = {
    "price": Price("USD", minor=100, rates={"EUR": 1.1}),
    "maker": Brand(aliases={"hewlett packard": "HP"}),
    "colour": Colour(),
    "kind": Named("category", strict=False),
    "size": Named("size"),
    "ram": Quantity("GB", ("ram", "memory")),
    "storage": Quantity("GB", ("storage", "ssd")),
    "screen": Quantity("in", ("screen", "display")),
    "cable": Quantity("m", ("length", "long")),
    "weight": Quantity("g", ("weight",)),
    "volume": Quantity("l", ("volume",)),
    "camera": Quantity("MP", ("camera",)),
    "ports": Quantity("ports"),
    "stars": Rating(),
    "released": Released(),
    "wifi": Flag(("wifi", "wireless lan")),
}

_BRANDS = (
    "Sony,Apple,Samsung,HP,Under Armour,Tripp Lite,TP-LINK,3M,Black & Decker,Kingston Technology,be quiet!,Vogel's"
)
_COLOURS = "Black,White,Grey,Blue,Red,Rose Gold"

VALUES: dict[str, dict[Value, int]] = {
    "maker": dict.fromkeys(_BRANDS.split(","), 10),
    "colour": dict.fromkeys(_COLOURS.split(","), 10),
    "kind": {"Laptop": 50, "Headphones": 20},
    "size": {"S": 5, "M": 5, "XL": 5, "42": 5},
    "ram": {4: 20, 8: 50, 16: 40, 64: 2},
    "storage": {64: 5, 256: 50, 512: 40, 1000: 10, 1024: 2},
    "screen": {13.3: 10, 15.6: 30, 23.8: 5, 27: 10},
    "cable": {1: 5, 1.83: 5, 2: 9, 5: 9},
    "weight": {500: 5, 1500: 5},
    "volume": {2: 3},
    "camera": {16: 3},
    "ports": {4: 3},
}

SHOP = Vocabulary(MEANINGS, VALUES)
GROCER = Vocabulary(
    {
        "price": Price("EUR"),
        "kind": Named("category", strict=False),
        "contains": Named("ingredient", strict=False),
        "diet": Named("diet"),
    },
    {"kind": {"Apple": 5, "Milk": 3}, "contains": {"nuts": 4, "milk": 2}, "diet": {"lactose free": 3, "vegan": 2}},
)

SCHEMA = Schema(
    "shop",
    {
        "title": TextField(weight=3.0),
        "price": NumberField(),
        "maker": KeywordField(weight=1.0),
        "colour": KeywordField(many=True),
        "kind": KeywordField(weight=1.0),
        "ram": NumberField(),
        "wifi": BooleanField(),
        "released": DateField(),
    },
)
INDEXED = {name: MEANINGS[name] for name in ("price", "maker", "colour", "kind", "ram", "wifi", "released")}


def thing(id: str, title: str, cents: int | None, maker: str | None = None, **values: Value) -> Document:
    """A document of the shop; what is None it does not have."""
    given: dict[str, Value] = {"title": title, "price": cents, "maker": maker, **values}
    return Document(id, {name: value for name, value in given.items() if value is not None})


THINGS = (
    thing("l1", "Swift laptop", 49900, "HP", colour=["Black"], kind="Laptop", ram=8, wifi=True, released="2020-03-01"),
    thing("l2", "Sturdy laptop", 89900, "HP", colour=["Silver", "Black"], kind="Laptop", ram=16, wifi=True),
    thing("l3", "Slim laptop", 129900, "Apple", colour=["Silver"], kind="Laptop", ram=16, released="2022-05-05"),
    thing("l4", "Old laptop", None, "Sony", kind="Laptop"),
    thing("p1", "Office printer", 19900, "HP", colour=["White"], kind="Printer", wifi=False),
    thing("p2", "Photo printer", 29900, "Canon", colour=["Black"], kind="Printer", wifi=True),
    thing("h1", "Studio headphones", 9900, "Sony", colour=["Black"], kind="Headphones"),
    thing("h2", "Travel headphones", 5000, "Sony", colour=["White"], kind="Headphones"),
    thing("h3", "Kids headphones", 1999, "Canon", colour=["Red"], kind="Headphones"),
    thing("h4", "Unbranded headphones", 999, None, kind="Headphones"),
)
