"""A shop's conversations as its people look for them: by what has to be done, by words, page by page. Read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.engine import Engine

from assistant.chat.handover import State
from assistant.chat.records import Conversation, Kept
from assistant.chat.rows import SEEN, conversation_from, kept_from
from assistant.chat.tables import conversations, messages
from assistant.storage.transactions import reading

LISTED = 30
"""Conversations on a page."""
WORDS_MAX = 200


class View(StrEnum):
    """Which conversations are wanted."""

    WAITING = "waiting"
    """Somebody waits for a person, or has left an address."""
    MINE = "mine"
    ALL = "all"
    CLOSED = "closed"


@dataclass(frozen=True)
class Entry:
    """A conversation in a list, with what was said last in it."""

    conversation: Conversation
    last: str


@dataclass(frozen=True)
class Listing:
    """A page of a list; `more` where another follows."""

    entries: tuple[Entry, ...]
    more: bool


class Archive:
    """The conversations of all shops; every method blocks, is one shop's, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, shop: str) -> int:
        """How many wait for a person."""
        wanted = select(func.count()).where(conversations.c.shop == shop, conversations.c.state == State.WAITING.value)
        with reading(self._engine) as connection:
            return int(connection.execute(wanted).scalar_one())

    def listing(self, shop: str, view: View, agent: str, words: str = "", page: int = 1) -> Listing:
        """The conversations of a view, those who have waited longest first, else the last used first.

        `words` are looked for in what was said, in the customer's name and in the address that was left.
        """
        newest = conversations.c.used_at.desc(), conversations.c.id
        order = (conversations.c.asked_at, *newest) if view is View.WAITING else newest
        last = and_(messages.c.conversation == conversations.c.id, messages.c.seq == conversations.c.seq)
        wanted = (
            select(conversations, _text(messages.c.body).label("last"))
            .outerjoin(messages, last)
            .where(conversations.c.shop == shop, *_of_view(view, agent), *_with_words(words))
            .order_by(*order)
            .limit(LISTED + 1)
            .offset((page - 1) * LISTED)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(wanted).all()
        entries = tuple(Entry(conversation_from(row), row.last or "") for row in rows[:LISTED])
        return Listing(entries, len(rows) > LISTED)

    def messages(self, conversation: str, first: int, count: int) -> list[Kept]:
        """So many messages from a number on, with what agents tell each other. Numbers have no gaps."""
        wanted = select(messages).where(
            messages.c.conversation == conversation, messages.c.seq >= first, messages.c.seq < first + count
        )
        with reading(self._engine) as connection:
            return [kept_from(row) for row in connection.execute(wanted.order_by(messages.c.seq))]

    def said(self, conversation: str) -> list[Kept]:
        """All that was said where the shopper heard it, oldest first."""
        wanted = select(messages).where(messages.c.conversation == conversation, messages.c.sender.in_(SEEN))
        with reading(self._engine) as connection:
            return [kept_from(row) for row in connection.execute(wanted.order_by(messages.c.seq))]


def _of_view(view: View, agent: str) -> Sequence[ColumnElement[bool]]:
    match view:
        case View.WAITING:
            return (or_(conversations.c.state == State.WAITING.value, conversations.c.contact != ""),)
        case View.MINE:
            return (conversations.c.state == State.AGENT.value, conversations.c.agent == agent)
        case View.CLOSED:
            return (conversations.c.state == State.CLOSED.value,)
        case View.ALL:
            return ()


def _with_words(words: str) -> Sequence[ColumnElement[bool]]:
    tidy = " ".join(words.replace("\x00", "").split())[:WORDS_MAX]
    if not tidy:
        return ()
    everything = messages.alias("everything").c
    said = exists().where(
        everything.conversation == conversations.c.id,
        everything.sender.in_(SEEN),
        _contains(_text(everything.body), tidy),
    )
    return (or_(_contains(conversations.c.customer, tidy), _contains(conversations.c.contact, tidy), said),)


def _text(body: Any) -> Any:
    return body["text"].as_string()


def _contains(column: Any, words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(words.lower(), autoescape=True)
    return found
