"""What a shop's reply shows beside its words: cards, chips, tables, cart, checkout, order; as every client draws it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from skills.message import ItemId, Message
from skills.shopping.money import Money

CARDS_MAX = 10


Address = Annotated[str, Field(max_length=2_000, pattern=r"^(?:https?://[^\s/][^\s]*|/(?:[^\s/\\][^\s\\]*)?)$")]
"""A web address, or a path of our own."""


class Tap(Message):
    """What a button does without words; `values` are checked by whatever the name stands for."""

    name: str = Field(pattern=r"^[a-z]{2,20}(?:\.[a-z_]{2,30})?$")
    """"cart.add", "cart.quantity", "find.drop", "checkout.complete", ..."""
    values: dict[Annotated[str, Field(max_length=30)], str | int | bool | list[str]] = Field(
        default_factory=dict, max_length=20
    )


class Button(Message):
    """A tap with its label."""

    label: str = Field(max_length=60)
    tap: Tap
    style: Literal["plain", "primary", "danger"] = "plain"


class ProductCard(Message):
    """One product, or one variant of it where `sku` says which."""

    product: ItemId
    sku: ItemId | None = None
    title: str
    brand: str = ""
    price: Money
    """The lowest of its variants, or the variant's own."""
    was: Money | None = None
    """The price without the sale."""
    from_price: bool = False
    """Other variants cost more."""
    image_url: str = ""
    url: str = ""
    stars: float | None = None
    reviews: int = 0
    availability: str = ""
    """In words: "In stock", "Only 2 left", "Sold out"."""
    can_order: bool = True
    options: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What can be chosen; an option with one value is chosen already."""
    facts: tuple[str, ...] = ()
    """Short lines that matter for what was asked: "Waterproof", "1.2 kg"."""
    buttons: tuple[Button, ...] = ()


SAY, OPEN = "say", "open"
"""Taps that a client does by itself: it says `text`, it opens the page at `url`."""


class InfoCard(Message):
    """A card of the shop's own making."""

    title: str
    text: str = ""
    image_url: str = ""
    alt: str = ""
    """What the picture shows."""
    buttons: tuple[Button, ...] = ()


class Picture(Message):
    """A picture that belongs to an answer."""

    url: Address
    alt: str
    """What is to be seen, in words."""


class MenuEntry(Message):
    """An item of a shop's menu: a tap, or a further level."""

    label: str
    tap: Tap | None = None
    items: tuple[MenuEntry, ...] = ()


class Chip(Message):
    """A condition that holds, in words; its tap takes it back."""

    label: str
    tap: Tap


class FacetValue(Message):
    """A value with how many have it; its tap adds it as a condition."""

    label: str
    count: int
    tap: Tap


class Facet(Message):
    """What results can be narrowed by."""

    label: str
    values: tuple[FacetValue, ...]


class Row(Message):
    """One line of a comparison, a value for each product; empty where it is not known."""

    name: str
    values: tuple[str, ...]
    differs: bool
    best: int | None = None
    """Which is plainly the best of them."""


class Comparison(Message):
    """Two or three products side by side."""

    products: tuple[ProductCard, ...]
    rows: tuple[Row, ...]


class Link(Message):
    """Where to read on."""

    label: str = Field(min_length=1, max_length=60)
    url: Address


class Source(Message):
    """Where a fact comes from."""

    kind: Literal["product", "shop", "reviews"]
    label: str
    """As it is shown: "Product details", "The shop's answer", "12 reviews"."""
    quote: str = ""


class ReviewSummary(Message):
    """What customers say: topics with how many speak well or badly of them, and their own words."""

    stars: float | None
    count: int
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


class CartLine(Message):
    """A variant in the cart."""

    sku: ItemId
    product: ItemId
    title: str
    options: dict[str, str] = Field(default_factory=dict)
    quantity: int
    price: Money
    total: Money
    image_url: str = ""
    note: str = ""
    """What has changed since it was put in: "The price rose from $40 to $45"."""


class Totals(Message):
    """What an order costs; `tax` is contained in `total`."""

    subtotal: Money
    discount: Money | None = None
    delivery: Money | None = None
    tax: Money | None = None
    total: Money


class CartView(Message):
    """The cart as it is now; `revision` grows with every change."""

    lines: tuple[CartLine, ...]
    totals: Totals
    coupon: str = ""
    count: int
    """Things, not lines."""
    revision: int
    buttons: tuple[Button, ...] = ()


class FormField(Message):
    """Something to fill in."""

    name: str = Field(pattern=r"^[a-z_]{1,30}$")
    label: str
    type: Literal["text", "email", "tel", "code", "pin", "choice", "country"] = "text"
    required: bool = True
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, label)."""
    autocomplete: str = ""
    error: str = ""


class Form(Message):
    """A form within the conversation; sending it is `tap` with the fields among its values."""

    title: str
    fields: tuple[FormField, ...]
    tap: Tap
    submit: str = "Continue"


CheckoutStatus = Literal[
    "incomplete", "requires_escalation", "ready_for_complete", "complete_in_progress", "completed", "canceled"
]
"""The Universal Commerce Protocol's."""


class CheckoutView(Message):
    """A checkout: what is bought, what is missing, where to go on."""

    id: str
    status: CheckoutStatus
    lines: tuple[CartLine, ...]
    totals: Totals
    delivery: str = ""
    address: str = ""
    email: str = ""
    messages: tuple[str, ...] = ()
    """What stands in the way, in words."""
    continue_url: str = ""
    """Where a person goes on, for payment or where the widget cannot."""
    order: str = ""
    """The order's number once there is one."""
    buttons: tuple[Button, ...] = ()


class OrderView(Message):
    """An order, as its customer may see it."""

    number: str
    status: str
    placed: str
    """ISO date."""
    lines: tuple[CartLine, ...]
    totals: Totals
    events: tuple[str, ...] = ()
    """What has happened, the first first."""
    buttons: tuple[Button, ...] = ()


class ShopView(Message):
    """Everything of a reply that is the shop's; what is empty is not shown."""

    products: tuple[ProductCard, ...] = Field(default=(), max_length=CARDS_MAX)
    total: int | None = None
    """How many products match, of which these are the first."""
    cards: tuple[InfoCard, ...] = Field(default=(), max_length=CARDS_MAX)
    pictures: tuple[Picture, ...] = ()
    chips: tuple[Chip, ...] = ()
    facets: tuple[Facet, ...] = ()
    comparison: Comparison | None = None
    reviews: ReviewSummary | None = None
    sources: tuple[Source, ...] = ()
    cart: CartView | None = None
    checkout: CheckoutView | None = None
    order: OrderView | None = None
    form: Form | None = None
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    pair_code: str = ""
    """By which the conversation is opened on another device."""
