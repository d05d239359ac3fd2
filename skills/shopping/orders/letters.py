"""Letters about what comes after a purchase, as plain text and as a page; whatever is in them is text."""

from __future__ import annotations

from html import escape

from skills.shopping.buying.orders import Order
from skills.shopping.buying.outbox import Letter
from skills.shopping.orders.returns import Return
from skills.shopping.orders.words import counted
from skills.shopping.shop import Shop


def code_letter(shop: Shop, order: Order, code: str) -> Letter:
    """The code by which somebody proves that an order is theirs."""
    return _letter(
        order.email,
        f"{code} is your code for order {order.number}",
        f"Somebody, we hope you, has asked about your order {order.number} in the chat of {shop.name}.",
        f"Your code is {code}. It holds for ten minutes.",
        "If it was not you, do nothing: without the code nobody learns anything.",
    )


def return_letter(shop: Shop, order: Order, one: Return) -> Letter:
    """How to send something back."""
    thing = counted(one.quantity, one.title)
    then = f"we send you {one.replacement_title}" if one.replacement else f"we pay back {one.refund}"
    cost = "We pay for the way back." if shop.returns.free or one.reason.is_shops_fault else "You pay for the way back."
    return _letter(
        order.email,
        f"Your return {one.number} at {shop.name}",
        f"Please send back {thing} from your order {order.number}.",
        f"Write {one.number} on the parcel. {cost}",
        f"Once it is here, {then}.",
    )


def note_letter(shop: Shop, order: Order, subject: str, text: str) -> Letter:
    """Something has happened to an order."""
    return _letter(order.email, subject, text, f"Your {shop.name}")


def _letter(to: str, subject: str, *paragraphs: str) -> Letter:
    html = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(subject)}</title>'
    return Letter(to, subject, "\n\n".join(paragraphs) + "\n", f"{head}<body>{html}</body></html>")
