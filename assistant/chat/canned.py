"""What agents write often: texts with a shortcut and a folder, of one shop each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from sqlalchemy import Row, and_, delete, func, select, update
from sqlalchemy.engine import Engine

from assistant.chat.tables import canned_replies
from assistant.errors import ServiceError
from assistant.storage.transactions import insert_into, reading, writing
from skills.message import Message
from skills.stored_times import in_utc
from skills.turn import MAX_TEXT

CANNED_MAX = 500
"""Of one shop."""


def _shortcut(given: object) -> object:
    """As it is kept, however it was typed: "/Hello " is hello."""
    return given.strip().removeprefix("/").lower() if isinstance(given, str) else given


class CannedText(Message):
    """What is edited of a canned reply; `text` may have the variables of answers."""

    shortcut: Annotated[str, BeforeValidator(_shortcut), Field(pattern=r"^[a-z0-9][a-z0-9-]{0,29}$")]
    """What is typed for it, after a slash."""
    folder: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(default="", max_length=60)
    text: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(min_length=1, max_length=MAX_TEXT)


@dataclass(frozen=True)
class CannedReply:
    """A canned reply as it is kept; `by` and `at` say who changed it last, and when."""

    id: str
    folder: str
    shortcut: str
    text: str
    by: str
    at: datetime

    @property
    def mark(self) -> str:
        """Stands for how it is now; another one after each change."""
        return self.at.isoformat()


class Kept(StrEnum):
    """What came of keeping a reply."""

    SAVED = "saved"
    TAKEN = "taken"
    """Another one of the shop has this shortcut."""
    CONFLICT = "conflict"
    """Somebody else has changed it meanwhile."""


class CannedReplies:
    """Those of all shops; every method blocks, is one shop's, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, shop: str) -> list[CannedReply]:
        """By folder and shortcut."""
        mine = select(canned_replies).where(canned_replies.c.shop == shop)
        with reading(self._engine) as connection:
            rows = connection.execute(mine.order_by(canned_replies.c.folder, canned_replies.c.shortcut)).all()
        return [_canned(row) for row in rows]

    def find(self, shop: str, identity: str) -> CannedReply | None:
        """The one of this id."""
        with reading(self._engine) as connection:
            row = connection.execute(select(canned_replies).where(_mine(shop, identity))).one_or_none()
        return _canned(row) if row else None

    def add(self, shop: str, given: CannedText, by: str, at: datetime) -> Kept:
        """Keep a new one; the same again is the same one.

        Raises:
            ServiceError: `canned_full`.
        """
        values = {"shop": shop, "id": secrets.token_hex(6), **_values(given, by, at)}
        count = select(func.count()).where(canned_replies.c.shop == shop)
        with writing(self._engine) as connection:
            if connection.execute(count).scalar_one() >= CANNED_MAX:
                raise ServiceError("canned_full", f"There are {CANNED_MAX} replies. Please remove some first.", 409)
            statement = insert_into(self._engine, canned_replies).values(**values).on_conflict_do_nothing()
            if connection.execute(statement.returning(canned_replies.c.id)).one_or_none() is not None:
                return Kept.SAVED
            there = canned_replies.c.shop == shop, canned_replies.c.shortcut == given.shortcut
            row = connection.execute(select(canned_replies).where(*there)).one_or_none()
            return Kept.SAVED if row and _says(row, given) else Kept.TAKEN

    def change(self, shop: str, identity: str, given: CannedText, by: str, at: datetime, seen: str = "") -> Kept:
        """Change one; `seen` is the `mark` of what it was changed from, "" for whatever it is.

        Raises:
            ServiceError: `canned_unknown`.
        """
        others = and_(
            canned_replies.c.shop == shop,
            canned_replies.c.shortcut == given.shortcut,
            canned_replies.c.id != identity,
        )
        with writing(self._engine) as connection:
            if connection.execute(select(canned_replies.c.id).where(others)).first():
                return Kept.TAKEN
            row = connection.execute(select(canned_replies).where(_mine(shop, identity))).one_or_none()
            if row is None:
                raise ServiceError("canned_unknown", "There is no such reply here.", 404)
            if seen and _canned(row).mark != seen and not _says(row, given):
                return Kept.CONFLICT
            changed = update(canned_replies).where(_mine(shop, identity), canned_replies.c.at == row.at)
            if not connection.execute(changed.values(**_values(given, by, at))).rowcount:
                return Kept.CONFLICT
        return Kept.SAVED

    def remove(self, shop: str, identity: str) -> bool:
        """Forget one; whether it was there."""
        with writing(self._engine) as connection:
            return bool(connection.execute(delete(canned_replies).where(_mine(shop, identity))).rowcount)


def _mine(shop: str, identity: str) -> Any:
    return and_(canned_replies.c.shop == shop, canned_replies.c.id == identity)


def _says(row: Row[Any], given: CannedText) -> bool:
    return (row.folder, row.shortcut, row.text) == (given.folder, given.shortcut, given.text)


def _values(given: CannedText, by: str, at: datetime) -> dict[str, Any]:
    return {**given.model_dump(), "by": by, "at": at}


def _canned(row: Row[Any]) -> CannedReply:
    return CannedReply(row.id, row.folder, row.shortcut, row.text, row.by, in_utc(row.at))
