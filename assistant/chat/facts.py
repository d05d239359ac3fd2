"""Keeps what messages have come to, in the transaction of the log that keeps the messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from assistant.chat.tables import conversations, facts, messages
from skills.fact import Fact, FactKind
from skills.shop_view import ShopView
from skills.stored_times import in_utc

QUARTER_S = 900
WROTE = Fact(kind=FactKind.WROTE)


def facts_of(found: Sequence[Fact], view: ShopView | None, waited: timedelta, *, private: bool) -> tuple[Fact, ...]:
    """All that an answer has come to: what the skills say, what it shows, and how long it took. Pure."""
    told = [one.model_copy(update={"text": ""}) for one in found] if private else found
    return (_replied("bot", waited), *told, *(Fact(kind=FactKind.SHOWN, subject=one) for one in _shown(view)))


def agent_replied(since: datetime | None, now: datetime) -> Fact:
    """A person has written to a shopper who waits since then, or does not."""
    return _replied("agent", now - since if since else None)


def _replied(by: str, waited: timedelta | None) -> Fact:
    milliseconds = None if waited is None else max(0, round(waited / timedelta(milliseconds=1)))
    return Fact(kind=FactKind.REPLIED, subject=by, milliseconds=milliseconds)


def _shown(view: ShopView | None) -> Sequence[str]:
    """The products of an answer, each once."""
    if view is None:
        return ()
    compared = view.comparison.products if view.comparison else ()
    return tuple(dict.fromkeys(card.product for card in (*view.products, *compared)))


def keep_facts(
    connection: Connection,
    conversation: str,
    seq: int,
    found: Sequence[Fact],
    at: datetime,
    question: int | None = None,
) -> None:
    """Of the message `seq`, which answers the message `question`."""
    if not found:
        return
    shop = connection.execute(select(conversations.c.shop).where(conversations.c.id == conversation)).scalar_one()
    quarter = int(in_utc(at).timestamp()) // QUARTER_S
    about = {"conversation": conversation, "shop": shop, "seq": seq, "question": question, "at": at, "quarter": quarter}
    connection.execute(insert(facts), [about | one.model_dump() for one in found])


def keep_rating(connection: Connection, conversation: str, seq: int, value: str | None) -> None:
    """What a shopper thinks of an answer now; it counts for when the answer was given."""
    earlier = (facts.c.conversation == conversation, facts.c.seq == seq, facts.c.kind == FactKind.RATED.value)
    connection.execute(delete(facts).where(*earlier))
    if value:
        given = select(messages.c.at).where(messages.c.conversation == conversation, messages.c.seq == seq)
        at = connection.execute(given).scalar_one()
        keep_facts(connection, conversation, seq, [Fact(kind=FactKind.RATED, subject=value)], at)
