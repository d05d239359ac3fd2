"""Brings a shop's inbox up to date: what was asked in vain since, and what was rated badly, joins its group."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Row, Select, and_, exists, literal, null, select
from sqlalchemy.engine import Engine

from assistant.chat.records import HIDDEN
from assistant.chat.tables import facts, messages
from assistant.learning.inbox import Inbox
from assistant.learning.question import Known, Question, State
from assistant.learning.tables import questions
from assistant.storage.transactions import reading
from search_index import Encoder
from skills.fact import FactKind, Missing
from skills.stored_times import in_utc
from skills.storefront.entries import Entries
from skills.storefront.grouping import group

KEPT = timedelta(days=180)
QUESTIONS_MAX = 2_000
"""Of one shop: the newest, as many as can be compared with each other in a moment."""
TEXT_MAX = 500


class Gathering:
    """Looks for what is new in the chats of a shop. Thread-safe; `gather` blocks for as long as new questions take to
    be encoded.
    """

    def __init__(self, engine: Engine, inbox: Inbox, entries: Entries, encoder: Encoder) -> None:
        self._engine = engine
        self._inbox = inbox
        self._entries = entries
        self._encoder = encoder
        self._one_at_a_time = Lock()

    def gather(self, shop: str, now: datetime) -> int:
        """Put what is new into the inbox; returns how many questions that are.

        Raises:
            ServiceError: `storage_failed`. StorefrontError: as `Entries`.
        """
        with self._one_at_a_time:
            news = self._news(shop, now - KEPT)
            if news:
                self._keep(shop, news, now)
                self._inbox.forget(shop, now - KEPT, QUESTIONS_MAX)
            self._inbox.forget_withdrawn(shop)
            self._wait_for_publishing(shop, now)
        return len(news)

    def _keep(self, shop: str, news: Sequence[Question], now: datetime) -> None:
        """Who has a group keeps it, what is new joins one or makes one: groups keep their ids, and what a person has
        put away stays away.
        """
        known = self._inbox.known(shop)
        vectors = self._encoder.encode([one.text for one in news])
        texts = [one.question.text for one in known] + [one.text for one in news]
        everything = np.vstack([*(one.vector[None] for one in known), vectors])
        order = list(dict.fromkeys(one.group for one in known))
        numbers = group(texts, everything, [order.index(one.group) for one in known])
        made: dict[int, str] = {}
        names = [
            order[number] if number < len(order) else made.setdefault(number, secrets.token_hex(6))
            for number in numbers[len(known) :]
        ]
        self._inbox.keep(shop, [Known(*one) for one in zip(news, names, vectors, strict=True)], now)

    def _news(self, shop: str, since: datetime) -> list[Question]:
        """What was asked in vain or rated badly, and is not in the inbox yet: the newest, oldest first."""
        # What is older than all of a full inbox would be forgotten again at once.
        full_since = self._inbox.full_since(shop, QUESTIONS_MAX) or since
        with reading(self._engine) as connection:
            rows = [
                row
                for wanted in (_rated_badly(), _in_vain())
                for row in connection.execute(_new(wanted, shop, since, full_since)).all()
            ]
        # What was asked in vain counts as that, even where the answer that said so was rated badly.
        found = {(row.conversation, row.seq): _question(row) for row in rows if _is_question(row)}
        return sorted(found.values(), key=lambda one: one.at)[-QUESTIONS_MAX:]

    def _wait_for_publishing(self, shop: str, now: datetime) -> None:
        """What is asked between teaching and publishing is not asked in vain again; an answer that was thrown away
        leaves its questions open.
        """
        for identity, answer in self._inbox.again(shop):
            entry = self._entries.draft(shop, "answer", answer)
            if entry is None or entry.removed:
                self._inbox.settle(shop, identity, State.OPEN, "", now)
            elif entry.changed:
                self._inbox.settle(shop, identity, State.TAUGHT, entry.by, now, answer)


def _in_vain() -> Select[Any]:
    """Questions without an answer, but for what went wrong, which nobody can teach."""
    asked = and_(messages.c.conversation == facts.c.conversation, messages.c.seq == facts.c.question)
    return (
        select(messages, null().label("rated"), facts.c.subject.label("product"))
        .join(facts, asked)
        .where(facts.c.kind == FactKind.UNANSWERED.value, facts.c.source != Missing.FAILED.value)
    )


def _rated_badly() -> Select[Any]:
    """Questions whose answers were rated badly."""
    answer = messages.alias("answer")
    rated = and_(answer.c.conversation == facts.c.conversation, answer.c.seq == facts.c.seq)
    asked = and_(messages.c.conversation == answer.c.conversation, messages.c.client_id == answer.c.reply_to)
    return (
        select(messages, answer.c.seq.label("rated"), literal("").label("product"))
        .select_from(facts.join(answer, rated).join(messages, asked))
        .where(facts.c.kind == FactKind.RATED.value, facts.c.subject == "bad")
    )


def _new(wanted: Select[Any], shop: str, since: datetime, asked_since: datetime) -> Select[Any]:
    is_kept = and_(questions.c.conversation == messages.c.conversation, questions.c.seq == messages.c.seq)
    return (
        wanted.where(facts.c.shop == shop, facts.c.at >= since, messages.c.at > asked_since, ~exists().where(is_kept))
        .order_by(facts.c.at.desc(), facts.c.id.desc())
        .limit(QUESTIONS_MAX)
    )


def _question(row: Row[Any]) -> Question:
    page = row.body.get("page") or {}
    return Question(
        row.conversation,
        row.seq,
        str(row.body["text"])[:TEXT_MAX],
        in_utc(row.at),
        row.rated,
        row.product or page.get("product") or "",
    )


def _is_question(row: Row[Any]) -> bool:
    """Words; not a button, and not what was a secret."""
    text = str(row.body.get("text", ""))
    return not row.body.get("tap") and text != HIDDEN and any(letter.isalpha() for letter in text)
