"""Conversations as chats keep them, at times of one's own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.chat.facts import agent_replied, facts_of
from assistant.chat.log import ChatLog
from assistant.chat.records import Body
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Rating, Sender
from assistant.chat.sessions import Shopper
from assistant.storage.store import Store
from skills.fact import Fact, FactKind, HandOver
from skills.shop_view import ProductCard, ShopView
from skills.shopping.catalogue import Catalogues
from skills.shopping.money import Money
from skills.shopping.shop import Shop

TOOK = timedelta(milliseconds=200)


class Talk:
    """A shop's chat."""

    def __init__(self, store: Store, shop: str = "") -> None:
        self.store = store
        self.shop = shop or f"talk-{secrets.token_hex(6)}"
        self.log = ChatLog(store.engine)
        Catalogues(store.engine).put_shop(Shop(id=self.shop, name="Talk & Co", time_zone="Europe/Berlin"))

    def shopper(self, conversation: str) -> Shopper:
        return Shopper(self.shop, f"s-{conversation}")

    def ask(
        self, conversation: str, at: datetime, *found: Fact, took: timedelta = TOOK, shown: Sequence[str] = ()
    ) -> int:
        """A question with its answer, and what that came to; returns the answer's seq."""
        name, text = secrets.token_hex(6), "where are my boots?"
        self.log.accept(conversation, self.shopper(conversation), "en", name, Body(text=text), at, ask=True)
        question = next(one for one in self.log.unanswered(conversation) if one.client_id == name)
        view = ShopView(products=tuple(card(one) for one in shown)) if shown else None
        facts = facts_of(found, view, took, private=False)
        kept = self.log.answer(question, [Draft(Sender.BOT, Body(text="Here.", shop=view), facts)], at + took)
        assert kept
        return kept[0].seq

    def hand_over(self, conversation: str, at: datetime, outcome: HandOver) -> None:
        came = Fact(kind=FactKind.HANDED_OVER, subject=outcome)
        self.log.add(conversation, [Draft(Sender.NOTE, Body(text="Mia has joined."), (came,))], at)

    def person(self, conversation: str, at: datetime, since: datetime | None) -> None:
        """A person writes to somebody who waits since then."""
        self.log.add(conversation, [Draft(Sender.AGENT, Body(text="Hello."), (agent_replied(since, at),))], at)

    def rate(self, conversation: str, seq: int, value: Rating | None) -> None:
        assert self.log.rate(conversation, seq, value, "")


def card(product: str) -> ProductCard:
    return ProductCard(product=product, title=product, price=Money(minor=1_000, currency="USD"))
