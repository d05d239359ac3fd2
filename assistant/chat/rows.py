"""Rows of the chats' tables: how they are read, numbered and changed within a transaction of the log's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, insert, select, update
from sqlalchemy.engine import Connection

from assistant.chat.facts import keep_facts
from assistant.chat.handover import State, Thread
from assistant.chat.records import Body, Conversation, Kept
from assistant.chat.server_messages import Sender
from assistant.chat.tables import conversations, messages
from assistant.errors import ServiceError
from skills.fact import Fact
from skills.shopping.webhooks import tell
from skills.stored_times import in_utc

SEEN = (Sender.SHOPPER.value, Sender.BOT.value, Sender.AGENT.value, Sender.NOTE.value)
"""Whose messages shoppers see."""
TOLD = {State.WAITING: "conversation.waiting", State.CLOSED: "conversation.closed"}
"""Events that a shop's own systems may hear of."""
MESSAGES_MAX = 50_000
"""Of one conversation; nobody reads, or pays for, more."""


@dataclass(frozen=True)
class Draft:
    """A message that is to be kept."""

    sender: Sender
    body: Body
    facts: tuple[Fact, ...] = ()
    """What it has come to, kept beside it."""


@dataclass(frozen=True)
class Move:
    """A change of who answers, good only if it is still as it was."""

    before: Thread
    after: Thread


class UndoError(Exception):
    """Takes everything back that the transaction has done."""


def seen_in(conversation: str) -> Select[Any]:
    """The messages of a conversation that shoppers see."""
    return select(messages).where(messages.c.conversation == conversation, messages.c.sender.in_(SEEN))


def next_seq(connection: Connection, conversation: str, now: datetime, *conditions: Any) -> int:
    """The number of the conversation's next message; the row's lock, taken first, keeps messages in order.

    Raises:
        ServiceError: `conversation_unknown`, also where `conditions` do not hold, or `conversation_full`.
    """
    statement = (
        update(conversations)
        .where(conversations.c.id == conversation, *conditions)
        .values(seq=conversations.c.seq + 1, used_at=now)
        .returning(conversations.c.seq)
    )
    seq = connection.execute(statement).scalar_one_or_none()
    if seq is None:
        raise ServiceError("conversation_unknown", "There is no such conversation here.", 404)
    if seq > MESSAGES_MAX:
        raise ServiceError("conversation_full", "This conversation is full. Please begin another.", 409)
    return int(seq)


def add_message(
    connection: Connection, conversation: str, draft: Draft, now: datetime, question: Kept | None = None
) -> Kept:
    """Keep a message under the next number, and what it has come to."""
    seq, reply_to = next_seq(connection, conversation, now), question.client_id if question else None
    connection.execute(insert(messages).values(**message_row(conversation, seq, draft, now) | {"reply_to": reply_to}))
    keep_facts(connection, conversation, seq, draft.facts, now, question.seq if question else None)
    return Kept(conversation, seq, draft.sender, draft.body, now, reply_to=reply_to)


def move_thread(connection: Connection, conversation: str, move: Move, now: datetime) -> None:
    """Change who answers, which the shop's own systems hear of; UndoError where somebody else has changed it before."""
    before = move.before
    as_it_was = and_(conversations.c.state == before.state.value, conversations.c.agent == before.agent)
    moved = update(conversations).where(conversations.c.id == conversation, as_it_was)
    after = moved.values(**thread_row(move.after)).returning(conversations.c.shop)
    shop = connection.execute(after).scalar_one_or_none()
    if shop is None:
        raise UndoError
    if (event := TOLD.get(move.after.state)) and move.after.state is not before.state:
        tell(connection, shop, event, {"conversation": conversation, "agent": before.agent}, now)


def message_row(conversation: str, seq: int, draft: Draft, now: datetime) -> dict[str, Any]:
    """A message that is nobody's question."""
    return {
        "conversation": conversation,
        "seq": seq,
        "sender": draft.sender.value,
        "body": body_json(draft.body),
        "at": now,
        "pending": False,
        "comment": "",
    }


def body_json(body: Body) -> dict[str, Any]:
    """As it is kept."""
    return body.model_dump(mode="json", exclude_defaults=True)


def thread_row(thread: Thread) -> dict[str, Any]:
    """A thread as columns of its conversation."""
    return {
        "state": thread.state.value,
        "agent": thread.agent,
        "asked_at": thread.asked_at,
        "deadline": thread.deadline,
    }


def kept_from(row: Row[Any]) -> Kept:
    """The message of a row."""
    return Kept(
        row.conversation,
        row.seq,
        Sender(row.sender),
        Body.model_validate(row.body),
        in_utc(row.at),
        row.client_id,
        row.reply_to,
        row.rating,
        row.comment,
    )


def conversation_from(row: Row[Any]) -> Conversation:
    """The conversation of a row."""
    asked_at, deadline = (in_utc(at) if at else None for at in (row.asked_at, row.deadline))
    return Conversation(
        id=row.id,
        shop=row.shop,
        shopper=row.shopper,
        customer=row.customer,
        title=row.title,
        language=row.language,
        seq=row.seq,
        read_seq=row.read_seq,
        thread=Thread(State(row.state), row.agent, asked_at, deadline),
        contact=row.contact,
        started_at=in_utc(row.started_at),
        used_at=in_utc(row.used_at),
    )
