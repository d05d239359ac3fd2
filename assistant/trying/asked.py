"""What customers of a shop really asked, and what they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine

from assistant.chat.records import HIDDEN, Kept
from assistant.chat.rows import kept_from
from assistant.chat.server_messages import Sender
from assistant.chat.tables import conversations, facts, messages
from assistant.storage.transactions import reading
from assistant.trying.comparing import Given
from skills.fact import Fact, FactKind

MOST = 5_000
"""Questions that are replayed at most: the first ones of the days."""


@dataclass(frozen=True)
class Asked:
    """One question that the bot answered, and who asked it."""

    kept: Kept
    signed_in: bool
    language: str
    before: Given
    rating: str


def asked_between(engine: Engine, shop: str, since: datetime, until: datetime) -> list[Asked]:
    """The questions of these days that the bot answered, conversation by conversation, each in its order.

    Taps and secrets are left out. Blocking; ServiceError(`storage_failed`).
    """
    said = (
        select(messages, conversations.c.customer, conversations.c.language)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .where(conversations.c.shop == shop, messages.c.at >= since, messages.c.at < until)
        .where(messages.c.sender.in_((Sender.SHOPPER.value, Sender.BOT.value)))
        .order_by(conversations.c.started_at, conversations.c.id, messages.c.seq)
        .limit(2 * MOST)
    )
    told = select(facts).where(
        facts.c.shop == shop,
        facts.c.at >= since,
        facts.c.at < until,
        facts.c.kind.in_((FactKind.ANSWERED.value, FactKind.UNANSWERED.value, FactKind.KEYWORD.value)),
    )
    with reading(engine) as connection:
        rows = connection.execute(said).all()
        by_answer: dict[tuple[str, int], list[Fact]] = {}
        for row in connection.execute(told.order_by(facts.c.id)):
            fact = Fact(kind=FactKind(row.kind), subject=row.subject, source=row.source)
            by_answer.setdefault((row.conversation, row.seq), []).append(fact)
    answers = {(row.conversation, row.reply_to): kept_from(row) for row in rows if row.reply_to}
    found: list[Asked] = []
    for row in rows:
        kept, answer = kept_from(row), answers.get((row.conversation, row.client_id))
        if kept.sender is not Sender.SHOPPER or answer is None or kept.body.tap or kept.body.text in ("", HIDDEN):
            continue
        before = Given.of(answer.body.text, by_answer.get((row.conversation, answer.seq), []))
        found.append(Asked(kept, row.customer is not None, row.language, before, answer.rating or ""))
    return found
