"""Letters and calls that tell of orders: kept in the transaction that they tell of, and sent until they have arrived.

Mail is written as a file, which any mail program or server can take up. A shop's webhook is called as Standard
Webhooks has it (https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp`, `webhook-signature`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpcore
from sqlalchemy import Row, insert, select, update
from sqlalchemy.engine import Connection, Engine

from skills.media.errors import FetchError
from skills.media.fetching import Network
from skills.media.fetching.connection import Deadline, GuardedBackend
from skills.shopping.buying import tables
from skills.shopping.catalogue.database import Database
from skills.shopping.shop import Shop

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
"""Doubles with each attempt: the last is made about an hour after the first."""
CALL_S, IDLE_S = 10.0, 5.0


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

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        shop_of: Callable[[str], Shop | None],
        secret: Callable[[str], bytes],
        networks: Sequence[Network] = (),
    ) -> None:
        """`folder` takes the mail, `secret` signs a shop's calls, `networks` may be called though they are private."""
        super().__init__(engine)
        self._folder, self._shop_of, self._secret, self._networks = folder, shop_of, secret, tuple(networks)

    def put(self, connection: Connection, shop: Shop, letter: Letter, now: datetime) -> None:
        """Send a letter, once the caller's transaction is kept."""
        _put(connection, shop.id, "mail", asdict(letter), now)

    def call(self, connection: Connection, shop: Shop, event: str, data: Mapping[str, Any], now: datetime) -> None:
        """Tell the shop's own system, where it has one, once the caller's transaction is kept."""
        if shop.webhook:
            body = {"type": event, "timestamp": now.astimezone(UTC).isoformat(), "data": dict(data)}
            _put(connection, shop.id, "webhook", body, now)

    def deliver(self, now: datetime) -> int:
        """Send what is due; returns how much of it has arrived."""
        table, arrived = tables.outbox, 0
        due = select(table).where(table.c.state == "waiting", table.c.next_at <= now.astimezone(UTC))
        with self._reading() as connection:
            rows = connection.execute(due.order_by(table.c.next_at).limit(100)).all()
        for row in rows:
            wait = FIRST_WAIT * 2**row.attempts
            claim = update(table).where(table.c.id == row.id, table.c.attempts == row.attempts)
            values = {"attempts": row.attempts + 1, "next_at": now.astimezone(UTC) + wait}
            with self._writing() as connection:
                if connection.execute(claim.values(values)).rowcount == 0:
                    continue  # another thread sends it
            try:
                self._send(row, now)
            except UndeliveredError:
                state = "given_up" if row.attempts + 1 >= ATTEMPTS else "waiting"
            else:
                state, arrived = "sent", arrived + 1
            if state != "waiting":
                with self._writing() as connection:
                    # What was sent is not kept: it has addresses of people in it.
                    done = update(table).where(table.c.id == row.id)
                    connection.execute(done.values(state=state, body={} if state == "sent" else row.body))
        return arrived

    def _send(self, row: Row[Any], now: datetime) -> None:
        shop = self._shop_of(row.shop)
        if shop is None:
            raise UndeliveredError
        if row.kind == "mail":
            self._write(row.id, message(shop, Letter(**row.body), now))
        else:
            self._post(shop, row.id, row.body, now)

    def _write(self, identity: str, letter: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / f"{identity}.part"
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(letter)
            unfinished.replace(self._folder / f"{identity}.eml")
        except OSError as error:
            raise UndeliveredError from error

    def _post(self, shop: Shop, identity: str, body: Mapping[str, Any], now: datetime) -> None:
        if not shop.webhook:
            raise UndeliveredError
        content = json.dumps(body, separators=(",", ":")).encode()
        headers: dict[bytes | str, bytes | str] = {
            "Content-Type": "application/json",
            "User-Agent": "Sori/0.1 (order events)",
            **signed(self._secret(shop.id), identity, content, now),
        }
        backend = GuardedBackend(self._networks, Deadline(CALL_S, IDLE_S))
        try:
            with httpcore.ConnectionPool(network_backend=backend) as pool:
                status = pool.request("POST", shop.webhook, headers=headers, content=content).status
        except (
            FetchError,
            httpcore.ProtocolError,
            httpcore.NetworkError,
            httpcore.TimeoutException,
            ValueError,
        ) as error:
            raise UndeliveredError from error
        if not 200 <= status < 300:  # a redirect is an answer like any other that is no success
            raise UndeliveredError


def signed(secret: bytes, identity: str, content: bytes, now: datetime) -> dict[bytes | str, bytes | str]:
    """The headers of Standard Webhooks."""
    at = str(int(now.timestamp()))
    mac = hmac.new(secret, b".".join((identity.encode(), at.encode(), content)), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": identity, "webhook-timestamp": at, "webhook-signature": signature}


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


def _put(connection: Connection, shop: str, kind: str, body: Mapping[str, Any], now: datetime) -> None:
    values = {"id": uuid4().hex, "shop": shop, "kind": kind, "body": dict(body), "attempts": 0, "state": "waiting"}
    connection.execute(insert(tables.outbox).values(**values, next_at=now.astimezone(UTC)))
