"""Letters that tell of orders: kept in the transaction that they tell of, and sent until they have arrived.

Mail is written as a file, which any mail program or server can take up.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Executable, Row, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from skills.shopping.buying import tables
from skills.shopping.catalogue.database import Database
from skills.shopping.retries import ATTEMPTS, next_at
from skills.shopping.shop import Shop


@dataclass(frozen=True)
class Letter:
    """A mail; `to` is an address that was checked, `html` says the same as `text`."""

    to: str
    subject: str
    text: str
    html: str


class UndeliveredError(Exception):
    """It could not be sent now."""


class Outbox(Database):
    """What is to be sent, in a database that has the tables already. Thread-safe; every method blocks."""

    def __init__(self, engine: Engine, folder: Path, shop_of: Callable[[str], Shop | None]) -> None:
        """`folder` takes the mail."""
        super().__init__(engine)
        self._folder, self._shop_of = folder, shop_of

    def put(self, connection: Connection, shop: Shop, letter: Letter, now: datetime) -> None:
        """Send a letter, once the caller's transaction is kept."""
        values = {"id": uuid4().hex, "shop": shop.id, "kind": "mail", "body": asdict(letter), "attempts": 0}
        row = insert(tables.outbox).values(**values, state="waiting", next_at=now.astimezone(UTC))
        connection.execute(row)

    def deliver(self, now: datetime) -> int:
        """Send what is due; returns how much of it has arrived."""
        table, arrived = tables.outbox, 0
        due = select(table).where(table.c.state == "waiting", table.c.next_at <= now.astimezone(UTC))
        with self._reading() as connection:
            rows = connection.execute(due.order_by(table.c.next_at).limit(100)).all()
        for row in rows:
            claim = update(table).where(table.c.id == row.id, table.c.attempts == row.attempts)
            values = {"attempts": row.attempts + 1, "next_at": next_at(now, row.attempts)}
            with self._writing() as connection:
                if connection.execute(claim.values(values)).rowcount == 0:
                    continue  # another thread sends it
            try:
                self._send(row, now)
            except UndeliveredError:
                if row.attempts + 1 >= ATTEMPTS:
                    self._end(update(table).where(table.c.id == row.id).values(state="given_up"))
            else:
                self._end(delete(table).where(table.c.id == row.id))  # there are addresses of people in it
                arrived += 1
        return arrived

    def _end(self, statement: Executable) -> None:
        with self._writing() as connection:
            connection.execute(statement)

    def _send(self, row: Row[Any], now: datetime) -> None:
        shop = self._shop_of(row.shop)
        if shop is None:
            raise UndeliveredError
        self._write(row.id, message(shop, Letter(**row.body), now))

    def _write(self, identity: str, letter: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / f"{identity}.part"
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(letter)
            unfinished.replace(self._folder / f"{identity}.eml")
        except OSError as error:
            raise UndeliveredError from error


def message(shop: Shop, letter: Letter, now: datetime) -> bytes:
    """A letter of the shop's in the form of RFC 5322."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((shop.name, shop.email or f"{shop.id}@shops.invalid"))
    mail["To"] = letter.to
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = f"<{uuid4()}@shops.invalid>"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail.as_bytes()
