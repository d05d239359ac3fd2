"""Keeps shops' chats in the database: every method is one transaction and blocks, so call it from a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.engine import Connection, Engine

from assistant.chat.facts import WROTE, keep_facts, keep_rating
from assistant.chat.handover import State, Thread
from assistant.chat.records import Body, Conversation, Kept, a_title
from assistant.chat.rows import (
    Draft,
    Move,
    UndoError,
    add_message,
    body_json,
    conversation_from,
    kept_from,
    message_row,
    move_thread,
    next_seq,
    seen_in,
    thread_row,
)
from assistant.chat.server_messages import Rating, Sender
from assistant.chat.sessions import Shopper
from assistant.chat.tables import conversations, facts, messages
from assistant.storage.transactions import insert_into, reading, writing
from skills.fact import FactKind
from skills.stored_times import in_utc

LISTED_MAX = 50


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
        return conversation_from(row) if row else None

    def anyones(self, identity: str) -> Conversation | None:
        """A conversation of whatever shop: for what the house itself knows to be said in it."""
        with reading(self._engine) as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == identity)).one_or_none()
        return conversation_from(row) if row else None

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
            return [(conversation_from(row), row.unread) for row in connection.execute(wanted)]

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
                seq = next_seq(connection, identity, now, owner)
                values = message_row(identity, seq, Draft(Sender.SHOPPER, body), now)
                statement = insert_into(self._engine, messages).values(
                    **values | {"client_id": client_id, "pending": ask}
                )
                kept = statement.on_conflict_do_nothing().returning(messages.c.seq)
                if connection.execute(kept).one_or_none() is None:
                    raise UndoError
                keep_facts(connection, identity, seq, [WROTE], now)
                # What a shopper writes, they have read up to.
                connection.execute(update(conversations).where(conversations.c.id == identity).values(read_seq=seq))
        except UndoError:
            return self._known(identity, client_id), False
        return seq, True

    def answer(
        self, question: Kept, drafts: Sequence[Draft], now: datetime, move: Move | None = None
    ) -> list[Kept] | None:
        """Keep the answer to what a shopper wrote, and who answers from now on; None, with nothing kept, if it has
        been answered already or somebody else has changed who answers. Of the question is left what `question` says.
        """
        asked = and_(messages.c.conversation == question.conversation, messages.c.seq == question.seq)
        try:
            with writing(self._engine) as connection:
                left = {"pending": False, "body": body_json(question.body)}
                answered = connection.execute(update(messages).where(asked, messages.c.pending).values(**left))
                if not answered.rowcount:
                    raise UndoError
                if move:
                    move_thread(connection, question.conversation, move, now)
                return [add_message(connection, question.conversation, one, now, question) for one in drafts]
        except UndoError:
            return None

    def add(
        self, conversation: str, drafts: Sequence[Draft], now: datetime, move: Move | None = None
    ) -> list[Kept] | None:
        """Keep what was not asked for, and who answers from now on; None if somebody else has changed that."""
        try:
            with writing(self._engine) as connection:
                if move:
                    move_thread(connection, conversation, move, now)
                return [add_message(connection, conversation, one, now) for one in drafts]
        except UndoError:
            return None

    def after(self, conversation: str, seq: int, limit: int) -> tuple[list[Kept], bool]:
        """The messages after `seq` that shoppers see, the newest `limit` of them, oldest first; are there older ones,
        after 0?
        """
        return self._newest(seen_in(conversation).where(messages.c.seq > seq), limit)

    def before(self, conversation: str, seq: int, limit: int) -> tuple[list[Kept], bool]:
        """The same, before `seq`."""
        return self._newest(seen_in(conversation).where(messages.c.seq < seq), limit)

    def whole(self, conversation: str, limit: int) -> list[Kept]:
        """The newest messages, oldest first, with what agents tell each other."""
        return self._newest(select(messages).where(messages.c.conversation == conversation), limit)[0]

    def message(self, conversation: str, seq: int) -> Kept | None:
        """The message of this number that shoppers see."""
        with reading(self._engine) as connection:
            row = connection.execute(seen_in(conversation).where(messages.c.seq == seq)).one_or_none()
        return kept_from(row) if row else None

    def answers(self, conversation: str, client_id: str) -> list[Kept]:
        """The answer to a message, none while it is made."""
        wanted = seen_in(conversation).where(messages.c.reply_to == client_id).order_by(messages.c.seq)
        with reading(self._engine) as connection:
            return [kept_from(row) for row in connection.execute(wanted)]

    def unanswered(self, conversation: str) -> list[Kept]:
        """What the assistant has still to answer, oldest first."""
        wanted = seen_in(conversation).where(messages.c.pending).order_by(messages.c.seq)
        with reading(self._engine) as connection:
            return [kept_from(row) for row in connection.execute(wanted)]

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
            if rated.rowcount:
                keep_rating(connection, conversation, seq, value)
            return bool(rated.rowcount)

    def waits_since(self, conversation: str, asked_at: datetime) -> datetime | None:
        """Since when a shopper who asked for a person waits for a word of theirs; None where the next is not theirs."""
        of_it = messages.c.conversation == conversation
        said = and_(of_it, messages.c.sender == Sender.AGENT.value, messages.c.at >= asked_at)
        wrote = and_(of_it, messages.c.sender == Sender.SHOPPER.value)
        with reading(self._engine) as connection:
            last = connection.execute(select(func.max(messages.c.seq)).where(said)).scalar_one()
            if last is None:
                return asked_at
            since = select(func.min(messages.c.at)).where(wrote, messages.c.seq > last)
            at = connection.execute(since).scalar_one()
            return in_utc(at) if at else None

    def unanswered_in_a_row(self, conversation: str, most: int) -> int:
        """How many of the newest questions, at most so many, had no answer one after the other."""
        answers = and_(messages.c.conversation == conversation, messages.c.reply_to.is_not(None))
        newest = select(messages.c.seq).where(answers).order_by(messages.c.seq.desc()).limit(most)
        missing = and_(facts.c.conversation == conversation, facts.c.kind == FactKind.UNANSWERED.value)
        with reading(self._engine) as connection:
            found = connection.execute(newest).scalars().all()
            without = set(connection.execute(select(facts.c.seq).where(missing)).scalars())
        return next((count for count, seq in enumerate(found) if seq not in without), len(found))

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
            return [conversation_from(row) for row in connection.execute(wanted)]

    def overdue(self, now: datetime, limit: int = 100) -> list[Conversation]:
        """Those whose deadline is past."""
        with reading(self._engine) as connection:
            found = connection.execute(select(conversations).where(conversations.c.deadline <= now).limit(limit))
            return [conversation_from(row) for row in found]

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
        statement = insert_into(self._engine, conversations).values(**row, **thread_row(thread))
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
        return [kept_from(row) for row in reversed(rows[:limit])], len(rows) > limit
