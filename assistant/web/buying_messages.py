"""What programs and pages send about carts and checkouts; prices come from the server alone."""

from __future__ import annotations

from pydantic import Field

from skills.message import Message
from skills.shop_view import CartView, CheckoutView
from skills.shopping.product import QUANTITY_MAX


class LineQuantity(Message):
    """How many of a variant the cart shall have; 0 takes it out."""

    quantity: int = Field(ge=0, le=QUANTITY_MAX, strict=True)
    revision: int | None = Field(default=None, description="Only if the cart is still this one.")


class CartCoupon(Message):
    """A code, or nothing to take it off."""

    code: str = Field(max_length=30)


class ShopperCart(CartView):
    """A shopper's cart; `session` is the token to be known by from now on."""

    session: str
    refused: str = ""
    """Why the cart's code takes nothing off."""


class CheckoutDetails(Message):
    """Who gets it, where, and how; what is left out stays as it is."""

    email: str | None = Field(default=None, max_length=254)
    name: str | None = Field(default=None, max_length=120)
    street: str | None = Field(default=None, max_length=120)
    flat: str | None = Field(default=None, max_length=120)
    city: str | None = Field(default=None, max_length=120)
    postal_code: str | None = Field(default=None, max_length=120)
    region: str | None = Field(default=None, max_length=120)
    country: str | None = Field(default=None, max_length=2, description="ISO 3166 alpha-2.")
    phone: str | None = Field(default=None, max_length=40)
    delivery: str | None = Field(default=None, max_length=40)


class Completion(Message):
    """The buyer has seen this total and wants to buy."""

    total: int = Field(ge=0, strict=True, description="In minor units of the checkout's currency, as it was shown.")


class CheckoutSession(CheckoutView):
    """A checkout in the Universal Commerce Protocol's states, with what is missing and what was wrong."""

    missing: tuple[str, ...] = ()
    """Fields that are needed for `ready_for_complete`."""
    errors: dict[str, str] = Field(default_factory=dict)
    """What was wrong with what was sent, by field; it was not taken over."""
