"""What a person has to know before taking a conversation over: taken from it word for word, never made up. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat.records import Kept
from assistant.chat.server_messages import Sender
from skills.message import Message
from skills.shop_view import CartView

QUOTES, PRODUCTS, QUOTE_MAX = 4, 6, 160


class Summary(Message):
    """`asked` are the shopper's own words: the first, and the last few; `shown` the products shown last."""

    asked: tuple[str, ...]
    shown: tuple[str, ...]
    cart: tuple[str, ...]
    total: str
    order: str
    page: str


def summary(messages: Sequence[Kept]) -> Summary:
    """Of a conversation, oldest message first."""
    said = [one.body.text for one in messages if one.sender is Sender.SHOPPER and not one.body.tap]
    views = [one.body.shop for one in messages if one.body.shop]
    shown = dict.fromkeys(card.title for view in reversed(views) for card in view.products)
    cart = next((view.cart for view in reversed(views) if view.cart), None)
    orders = (
        view.order.number if view.order else view.checkout.order if view.checkout else "" for view in reversed(views)
    )
    pages = (one.body.page for one in reversed(messages) if one.body.page)
    return Summary(
        asked=tuple(_short(text) for text in [*said[:1], *said[1:][-(QUOTES - 1) :]]),
        shown=tuple(shown)[:PRODUCTS],
        cart=_lines(cart),
        total=str(cart.totals.total) if cart and cart.lines else "",
        order=next((number for number in orders if number), ""),
        page=next((page.title or page.url for page in pages if page.title or page.url), ""),
    )


def _lines(cart: CartView | None) -> tuple[str, ...]:
    return tuple(f"{line.quantity} of {line.title}" for line in cart.lines) if cart else ()


def _short(text: str) -> str:
    return text if len(text) <= QUOTE_MAX else f"{text[: QUOTE_MAX - 1]}…"
