"""A shop as its customers meet it: name, delivery, returns, coupons, hours, and who may embed it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from skills.message import Message
from skills.shopping.money import Currency, Money
from skills.shopping.product import ShopId


class Delivery(Message):
    """One way to send an order; `days` are working days from the order, at least and at most."""

    id: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    name: str = Field(min_length=1, max_length=60)
    price: Money
    free_from: Money | None = None
    """The subtotal from which it costs nothing."""
    days: tuple[int, int]
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(default=(), max_length=250)
    """ISO 3166 alpha-2; none stands for everywhere."""


class Returns(Message):
    """The shop's own rules for what comes back."""

    days: int = Field(default=30, ge=0, le=730)
    """From delivery; 0 takes nothing back."""
    exchanges: bool = True
    free: bool = True
    """The shop pays for the way back."""
    not_returnable: tuple[str, ...] = Field(default=(), max_length=50)
    """Categories that are not taken back."""
    restocking_percent: int = Field(default=0, ge=0, le=100)
    cancel_hours: int = Field(default=2, ge=0, le=720)
    """How long after the order it can still be cancelled, unless it is on its way."""


class Coupon(Message):
    """Takes `percent` or `amount` off the goods."""

    code: str = Field(pattern=r"^[A-Z0-9_-]{3,30}$")
    percent: int = Field(default=0, ge=0, le=100)
    amount: Money | None = None
    least: Money | None = None
    """The subtotal that it needs."""
    begins: datetime | None = None
    ends: datetime | None = None
    once: bool = False
    """Once for each customer."""
    categories: tuple[str, ...] = Field(default=(), max_length=50)
    """Only for goods of these; none stands for all."""


class Opening(Message):
    """When people answer: a range within a week day (0 is Monday), minutes from midnight; `end` may lie past it."""

    day: int = Field(ge=0, le=6)
    begin: int = Field(ge=0, lt=1_440)
    end: int = Field(gt=0, le=2_880)


class VoiceBuying(Message):
    """What may be bought by voice, by customers who have opted in."""

    allowed: bool = True
    most: Money | None = None
    """For one order."""
    orders_a_day: int = Field(default=3, ge=0, le=100)


class Tone(StrEnum):
    """How the assistant of a shop sounds."""

    PLAIN = "plain"
    WARM = "warm"
    FORMAL = "formal"
    BRIEF = "brief"


class Profile(Message):
    """What a shop's own people decide of their shop."""

    name: str = Field(min_length=1, max_length=80)
    tagline: str = Field(default="", max_length=200)
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    time_zone: str = Field(default="UTC", max_length=64)
    origins: tuple[str, ...] = Field(default=(), max_length=50)
    """Sites whose pages may have the shop's widget, as `assistant.origins.read_origin` writes them."""
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    """Where it can be visited."""
    tone: Tone = Tone.PLAIN
    greeting: str = Field(default="", max_length=500)
    suggestions: tuple[str, ...] = Field(default=(), max_length=4)
    """What a new visitor may tap to ask."""
    deliveries: tuple[Delivery, ...] = Field(default=(), max_length=20)
    returns: Returns = Returns()
    payments: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(default=(), max_length=20)
    """What customers may pay with, as they know it: "Visa", "invoice"."""
    warranty_months: int = Field(default=0, ge=0, le=1_200)
    """On everything that it sells; 0 where it names none."""
    opening: tuple[Opening, ...] = Field(default=(), max_length=50)
    """When people answer; none stands for never."""
    accent: str = Field(default="", pattern=r"^(#[0-9a-f]{6})?$")
    """The widget's colour; its own where the shop names none."""
    privacy: str = Field(default="", max_length=500)
    """What a visitor is told before anything is kept."""


class Shop(Profile):
    """A shop's profile, and what its operator decides."""

    id: ShopId
    currency: Currency = "USD"
    order_prefix: str = Field(default="", pattern=r"^[A-Z]{0,4}$")
    """Of order numbers: "NF" for NF-1042; without one, letters of the name."""
    coupons: tuple[Coupon, ...] = Field(default=(), max_length=500)
    voice_buying: VoiceBuying = VoiceBuying()
    payment: Literal["test"] = "test"
    """The payment provider."""
    tax_percent: int = Field(default=0, ge=0, le=50)
    """Contained in prices, and shown."""
