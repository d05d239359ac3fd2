"""What the page of a conversation shows: its messages, why the bot wrote them, and what is known of the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.chat.archive import Archive
from assistant.chat.canned import CannedReplies, CannedReply
from assistant.chat.handover import State
from assistant.chat.records import Conversation, Kept
from assistant.chat.server_messages import Sender
from assistant.chat.summary import Summary, summary
from assistant.house import House
from assistant.insights.insights import Insights
from assistant.web.console.why import Reason, reasons
from skills.shopping.buying.orders import Order
from skills.shopping.buying.quote import QuotedLine
from skills.shopping.filling import Reader
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswer
from skills.storefront.template import render, variables

SHOWN = 40
"""Messages of a page. They are numbered without gaps, so a page is a range of numbers."""
BEFORE = 10
"""Messages that are shown before the one that is looked for."""
ORDERS = 5


@dataclass(frozen=True)
class Said:
    """A message, and why the bot wrote it."""

    kept: Kept
    who: str
    why: tuple[Reason, ...]

    @property
    def products(self) -> tuple[str, ...]:
        """What was shown with it."""
        view = self.kept.body.shop
        return tuple(card.title for card in view.products) if view else ()


@dataclass(frozen=True)
class Customer:
    """What is known of who asks: `orders` only where the shop's site vouches for them."""

    summary: Summary
    cart: tuple[QuotedLine, ...]
    total: str
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Shown:
    """A page of a conversation: messages `first` to `last`, of which there are `count`."""

    found: Conversation
    said: tuple[Said, ...]
    first: int
    count: int
    customer: Customer
    canned: tuple[tuple[CannedReply, str], ...]
    """Each with its text as it would be sent."""

    @property
    def older(self) -> int:
        """Where the page before begins; 0 where there is none."""
        return max(1, self.first - SHOWN) if self.first > 1 else 0

    @property
    def newer(self) -> int:
        """Where the page after begins; 0 where there is none."""
        return self.first + SHOWN if self.first + SHOWN <= self.count else 0


def window(count: int, first: int, looked_for: int) -> int:
    """The first message of the page: as asked for, else around the one that is looked for, else the newest. Pure."""
    newest = max(1, count - SHOWN + 1)
    if first:
        return max(1, min(first, count))
    return max(1, min(looked_for - BEFORE, newest)) if looked_for else newest


def show(house: House, shop: Shop, found: Conversation, first: int, looked_for: int) -> Shown:
    """A page of a conversation. Blocking.

    Raises:
        ServiceError: `storage_failed`; ShoppingError, StorefrontError.
    """
    archive: Archive = house.chat.archive
    start = window(found.seq, first, looked_for)
    messages = archive.messages(found.id, start, SHOWN)
    newest = messages if start + SHOWN > found.seq else archive.messages(found.id, window(found.seq, 0, 0), SHOWN)
    why = _why(house, shop.id, found.id)
    said = tuple(Said(one, _who(one), why.get(one.seq, ())) for one in messages)
    pages = (one.body.page.product for one in reversed(newest) if one.body.page)
    canned = _canned(house, shop, found, next(pages, None))
    return Shown(found, said, start, found.seq, _customer(house, shop, found, newest), canned)


def _why(house: House, shop: str, conversation: str) -> Mapping[int, tuple[Reason, ...]]:
    """Reasons by the number of the message."""

    @cache
    def answer(identity: str) -> str:
        entry = house.shopping.answers.draft(shop, "answer", identity)
        return entry.read(ShopAnswer).question if entry else ""

    @cache
    def product(identity: str) -> str:
        found = house.shopping.catalogues.product(shop, identity)
        return found.title if found else ""

    by_message: dict[int, list[Reason]] = {}
    for one in Insights(house.store.engine).of_conversation(shop, conversation):
        by_message.setdefault(one.seq, []).extend(reasons([one.fact], answer, product))
    return {seq: tuple(dict.fromkeys(found)) for seq, found in by_message.items()}


def _customer(house: House, shop: Shop, found: Conversation, newest: Sequence[Kept]) -> Customer:
    buying = house.shopping.buying
    held = buying.basket.held(shop, found.shopper)
    orders = buying.orders.of_customer(shop.id, found.customer, ORDERS) if found.customer else []
    total = str(held.quote.totals.total) if held.cart.lines else ""
    return Customer(summary(newest), tuple(held.quote.lines), total, tuple(orders))


def _canned(house: House, shop: Shop, found: Conversation, page: str | None) -> tuple[tuple[CannedReply, str], ...]:
    """What the shop's people have kept to be written, filled in for this customer."""
    replies = CannedReplies(house.store.engine).all(shop.id)
    asked = {name for one in replies for name in variables(one.text)}
    reader = Reader(found.shopper, found.customer, page)
    values = house.shopping.filling.values(shop, asked, reader) if asked else {}
    return tuple((one, render(one.text, values)) for one in replies)


def _who(kept: Kept) -> str:
    names = {
        Sender.SHOPPER: "Customer",
        Sender.BOT: "Assistant",
        Sender.AGENT: kept.body.name or "Colleague",
        Sender.NOTE: "",
        Sender.INTERNAL: f"Note of {kept.body.name or 'a colleague'}",
    }
    return names[kept.sender]


def state_of(found: Conversation, me: str) -> tuple[str, str]:
    """Who answers, in words, and the tone of the tag that says so. Pure."""
    thread = found.thread
    if thread.state is State.WAITING:
        return "Waiting for a person", "live"
    if thread.state is State.AGENT:
        return ("With you", "good") if thread.agent == me else (f"With {thread.agent}", "warn")
    if found.contact:
        return "Left a message", "live"
    return ("Closed", "quiet") if thread.state is State.CLOSED else ("With the bot", "quiet")
