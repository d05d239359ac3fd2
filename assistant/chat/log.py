"""Keeps shops' chats in the database: every method is one transaction and blocks, so call it from a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from assistant.chat.handover import State, Thread
from assistant.chat.records import Body, Conversation, Kept, a_title
from assistant.chat.server_messages import Rating, Sender
from assistant.chat.sessions import Shopper
from assistant.chat.tables import conversations, messages
from assistant.errors import ServiceError
from assistant.storage.transactions import in_utc, insert_into, reading, writing

SEEN = (Sender.SHOPPER.value, Sender.BOT.value, Sender.AGENT.value, Sender.NOTE.value)
"""Whose messages shoppers see."""
LISTED_MAX = 50
MESSAGES_MAX = 50_000
"""Of one conversation; nobody reads, or pays for, more."""


@dataclass(frozen=True)
class Draft:
    """A message that is to be kept."""

    sender: Sender
    body: Body


@dataclass(frozen=True)
class Move:
    """A change of who answers, good only if it is still as it was."""

    before: Thread
    after: Thread


class _UndoError(Exception):
    """Takes everything back that the transaction has done."""


class ChatLog:
    """The conversations and messages of all shops; raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def conversation(self, identity: str, shop: str, shopper: str | None = None) -> Conversation | None:
        """A conversation of this shop, and of this shopper where one is named."""
        wanted = select(conversations).where(conversations.c.id == identity, conversations.c.shop == shop)
        if shopper is not None:
            wanted = wanted.where(conversations.c.shopper == shopper)
        with reading(self._engine) as connection:
            row = connection.execute(wanted).one_or_none()
        return _conversation(row) if row else None

    def anyones(self, identity: str) -> Conversation | None:
        """A conversation of whatever shop: for what the house itself knows to be said in it."""
        with reading(self._engine) as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == identity)).one_or_none()
        return _conversation(row) if row else None

    def of_shopper(self, shop: str, shopper: str) -> list[tuple[Conversation, int]]:
        """A shopper's conversations, the last used first, each with how many messages are unread."""
        unread = (
            select(func.count())
            .where(
                messages.c.conversation == conversations.c.id,
                messages.c.seq > conversations.c.read_seq,
                messages.c.sender.in_((Sender.BOT.value, Sender.AGENT.value, Sender.NOTE.value)),
            )
            .scalar_subquery()
        )
        wanted = (
            select(conversations, unread.label("unread"))
            .where(conversations.c.shop == shop, conversations.c.shopper == shopper)
            .order_by(conversations.c.used_at.desc(), conversations.c.id)
            .limit(LISTED_MAX)
        )
        with reading(self._engine) as connection:
            return [(_conversation(row), row.unread) for row in connection.execute(wanted)]

    def begin(self, identity: str, shopper: Shopper, language: str, title: str, now: datetime) -> None:
        """Keep a conversation, unless it is kept already."""
        with writing(self._engine) as connection:
            self._begin(connection, identity, shopper, language, title, now)

    def accept(
        self, identity: str, shopper: Shopper, language: str, client_id: str, body: Body, now: datetime, *, ask: bool
    ) -> tuple[int, bool]:
        """Keep what a shopper wrote, and the conversation if it is its first message.

        Returns:
            Its seq, and whether it is new. Where `ask`, it waits for the assistant's answer.

        Raises:
            ServiceError: `conversation_unknown`, `conversation_full`.
        """
        try:
            with writing(self._engine) as connection:
                self._begin(connection, identity, shopper, language, a_title(body.text), now)
                owner = and_(conversations.c.shop == shopper.shop, conversations.c.shopper == shopper.id)
                seq = _next_seq(connection, identity, now, owner)
                values = _row(identity, seq, Draft(Sender.SHOPPER, body), now)
                statement = insert_into(self._engine, messages).values(
                    **values | {"client_id": client_id, "pending": ask}
                )
                kept = statement.on_conflict_do_nothing().returning(messages.c.seq)
                if connection.execute(kept).one_or_none() is None:
                    raise _UndoError
                # What a shopper writes, they have read up to.
                connection.execute(update(conversations).where(conversations.c.id == identity).values(read_seq=seq))
        except _UndoError:
            return self._known(identity, client_id), False
        return seq, True

    def answer(
        self, question: Kept, drafts: Sequence[Draft], now: datetime, move: Move | None = None
    ) -> list[Kept] | None:
        """Keep the answer to what a shopper wrote, and who answers from now on; None, with nothing kept, if it has
        been answered already or somebody else has changed who answers.
        """
        asked = and_(messages.c.conversation == question.conversation, messages.c.seq == question.seq)
        try:
            with writing(self._engine) as connection:
                answered = connection.execute(update(messages).where(asked, messages.c.pending).values(pending=False))
                if not answered.rowcount:
                    raise _UndoError
                if move:
                    _move(connection, question.conversation, move)
                return [
                    _add(connection, question.conversation, one, now, reply_to=question.client_id) for one in drafts
                ]
        except _UndoError:
            return None

    def add(
        self, conversation: str, drafts: Sequence[Draft], now: datetime, move: Move | None = None
    ) -> list[Kept] | None:
        """Keep what was not asked for, and who answers from now on; None if somebody else has changed that."""
        try:
            with writing(self._engine) as connection:
                if move:
                    _move(connection, conversation, move)
                return [_add(connection, conversation, one, now) for one in drafts]
        except _UndoError:
            return None

    def move(self, conversation: str, move: Move) -> bool:
        """Change who answers, or until when; whether it was still as it had been."""
        try:
            with writing(self._engine) as connection:
                _move(connection, conversation, move)
        except _UndoError:
            return False
        return True

    def after(self, conversation: str, seq: int, limit: int) -> tuple[list[Kept], bool]:
        """The messages after `seq` that shoppers see, the newest `limit` of them, oldest first; are there older ones,
        after 0?
        """
        return self._newest(_seen(conversation).where(messages.c.seq > seq), limit)

    def before(self, conversation: str, seq: int, limit: int) -> tuple[list[Kept], bool]:
        """The same, before `seq`."""
        return self._newest(_seen(conversation).where(messages.c.seq < seq), limit)

    def whole(self, conversation: str, limit: int) -> list[Kept]:
        """The newest messages, oldest first, with what agents tell each other."""
        return self._newest(select(messages).where(messages.c.conversation == conversation), limit)[0]

    def message(self, conversation: str, seq: int) -> Kept | None:
        """The message of this number that shoppers see."""
        with reading(self._engine) as connection:
            row = connection.execute(_seen(conversation).where(messages.c.seq == seq)).one_or_none()
        return _kept(row) if row else None

    def answers(self, conversation: str, client_id: str) -> list[Kept]:
        """The answer to a message, none while it is made."""
        wanted = _seen(conversation).where(messages.c.reply_to == client_id).order_by(messages.c.seq)
        with reading(self._engine) as connection:
            return [_kept(row) for row in connection.execute(wanted)]

    def unanswered(self, conversation: str) -> list[Kept]:
        """What the assistant has still to answer, oldest first."""
        wanted = _seen(conversation).where(messages.c.pending).order_by(messages.c.seq)
        with reading(self._engine) as connection:
            return [_kept(row) for row in connection.execute(wanted)]

    def read(self, conversation: str, seq: int) -> bool:
        """The shopper has seen everything up to `seq`; whether that is news."""
        news = and_(conversations.c.id == conversation, conversations.c.read_seq < seq, conversations.c.seq >= seq)
        with writing(self._engine) as connection:
            return bool(connection.execute(update(conversations).where(news).values(read_seq=seq)).rowcount)

    def rate(self, conversation: str, seq: int, value: Rating | None, comment: str) -> bool:
        """What the shopper thinks of an answer; whether there is one of this number."""
        answer = and_(
            messages.c.conversation == conversation,
            messages.c.seq == seq,
            messages.c.sender.in_((Sender.BOT.value, Sender.AGENT.value)),
        )
        with writing(self._engine) as connection:
            rated = connection.execute(update(messages).where(answer).values(rating=value, comment=comment))
            return bool(rated.rowcount)

    def leave_contact(self, conversation: str, email: str) -> None:
        """Where to write once people are back."""
        with writing(self._engine) as connection:
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(contact=email))

    def threads(self, shop: str, limit: int = 100) -> list[Conversation]:
        """What people have to do with: waiting, held, or left a message; those who have waited longest first."""
        theirs = conversations.c.state.in_((State.WAITING.value, State.AGENT.value)) | (conversations.c.contact != "")
        wanted = (
            select(conversations)
            .where(conversations.c.shop == shop, theirs)
            .order_by(conversations.c.asked_at, conversations.c.used_at)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_conversation(row) for row in connection.execute(wanted)]

    def overdue(self, now: datetime, limit: int = 100) -> list[Conversation]:
        """Those whose deadline is past."""
        with reading(self._engine) as connection:
            found = connection.execute(select(conversations).where(conversations.c.deadline <= now).limit(limit))
            return [_conversation(row) for row in found]

    def _begin(
        self, connection: Connection, identity: str, shopper: Shopper, language: str, title: str, now: datetime
    ) -> None:
        thread = Thread()
        row = {
            "id": identity,
            "shop": shopper.shop,
            "shopper": shopper.id,
            "customer": shopper.customer,
            "title": title,
            "language": language,
            "seq": 0,
            "read_seq": 0,
            "contact": "",
            "started_at": now,
            "used_at": now,
        }
        statement = insert_into(self._engine, conversations).values(**row, **_thread_row(thread))
        connection.execute(statement.on_conflict_do_nothing())

    def _known(self, conversation: str, client_id: str) -> int:
        wanted = select(messages.c.seq).where(
            messages.c.conversation == conversation, messages.c.client_id == client_id
        )
        with reading(self._engine) as connection:
            seq: int = connection.execute(wanted).scalar_one()
        return seq

    def _newest(self, wanted: Select[Any], limit: int) -> tuple[list[Kept], bool]:
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.order_by(messages.c.seq.desc()).limit(limit + 1)).all()
        return [_kept(row) for row in reversed(rows[:limit])], len(rows) > limit


def _seen(conversation: str) -> Select[Any]:
    return select(messages).where(messages.c.conversation == conversation, messages.c.sender.in_(SEEN))


def _next_seq(connection: Connection, conversation: str, now: datetime, *conditions: Any) -> int:
    """The row's lock, taken first, keeps a conversation's messages in order."""
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


def _add(connection: Connection, conversation: str, draft: Draft, now: datetime, reply_to: str | None = None) -> Kept:
    seq = _next_seq(connection, conversation, now)
    connection.execute(insert(messages).values(**_row(conversation, seq, draft, now) | {"reply_to": reply_to}))
    return Kept(conversation, seq, draft.sender, draft.body, now, reply_to=reply_to)


def _move(connection: Connection, conversation: str, move: Move) -> None:
    before = move.before
    as_it_was = and_(conversations.c.state == before.state.value, conversations.c.agent == before.agent)
    moved = update(conversations).where(conversations.c.id == conversation, as_it_was)
    if not connection.execute(moved.values(**_thread_row(move.after))).rowcount:
        raise _UndoError


def _row(conversation: str, seq: int, draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "seq": seq,
        "sender": draft.sender.value,
        "body": draft.body.model_dump(mode="json", exclude_defaults=True),
        "at": now,
        "pending": False,
        "comment": "",
    }


def _thread_row(thread: Thread) -> dict[str, Any]:
    return {
        "state": thread.state.value,
        "agent": thread.agent,
        "asked_at": thread.asked_at,
        "deadline": thread.deadline,
    }


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        row.conversation,
        row.seq,
        Sender(row.sender),
        Body.model_validate(row.body),
        in_utc(row.at),
        row.client_id,
        row.reply_to,
        row.rating,
    )


def _conversation(row: Row[Any]) -> Conversation:
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
