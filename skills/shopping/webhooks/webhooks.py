"""A shop's addresses, and calls to them: each made until it has arrived, or given up, and then kept to be looked at."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Row, delete, func, insert, select, update
from sqlalchemy.engine import Engine

from skills.media.fetching import Network
from skills.shopping.catalogue.database import Database
from skills.shopping.product import ShopId
from skills.shopping.retries import ATTEMPTS, next_at
from skills.shopping.webhooks import tables
from skills.shopping.webhooks.calling import UndeliveredError, refusal, send
from skills.shopping.webhooks.endpoint import (
    BOTH,
    ENDPOINTS_MAX,
    EVENTS,
    KEPT,
    TEST,
    Call,
    CallState,
    Endpoint,
    Refused,
)
from skills.shopping.webhooks.telling import call_row
from skills.stored_times import in_utc

AT_ONCE = 4
"""Calls that wait for an answer at the same time."""
DUE, EACH = 100, 5
"""Calls that are made in one go, of all addresses and of one: a slow one does not hold up the others for long."""
SHOWN = 100
PROBLEM_MAX = 300
SECRET = "whsec_"  # noqa: S105 - what stands before one


class Webhooks(Database):
    """In a database that has the tables already. Thread-safe; every method blocks. `close` once."""

    def __init__(self, engine: Engine, networks: Sequence[Network] = ()) -> None:
        """`networks` may be called though they are not public."""
        super().__init__(engine)
        self._networks = tuple(networks)
        self._callers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks")

    def close(self) -> None:
        """Call nobody any more; what is due is called after the next start."""
        self._callers.shutdown(cancel_futures=True)

    def all(self, shop: ShopId) -> list[Endpoint]:
        """A shop's addresses, the oldest first."""
        table = tables.endpoints
        mine = select(table).where(table.c.shop == shop).order_by(table.c.created_at, table.c.id)
        with self._reading() as connection:
            return [_endpoint(row) for row in connection.execute(mine)]

    def one(self, shop: ShopId, identity: str) -> Endpoint | None:
        """One of them."""
        return next((one for one in self.all(shop) if one.id == identity), None)

    def add(self, shop: ShopId, url: str, events: Sequence[str], now: datetime) -> Endpoint | Refused:
        """A new address, with a secret of its own; the same form sent twice is the same address."""
        if why := refusal(url, self._networks):
            return why
        known = tuple(_known(events))
        if same := next((one for one in self.all(shop) if (one.url, one.events) == (url, known)), None):
            return same
        table = tables.endpoints
        row = {
            "id": f"wh_{secrets.token_hex(6)}",
            "shop": shop,
            "url": url,
            "events": list(known),
            "secret": _fresh(),
            "old_secret": "",
            "old_until": None,
            "paused": False,
            "created_at": now.astimezone(UTC),
        }
        with self._writing() as connection:
            there = connection.execute(select(func.count()).where(table.c.shop == shop)).scalar_one()
            if there >= ENDPOINTS_MAX:
                return Refused.TOO_MANY
            connection.execute(insert(table).values(**row))
        found = self.one(shop, str(row["id"]))
        assert found is not None
        return found

    def change(
        self, shop: ShopId, identity: str, url: str, events: Sequence[str], *, paused: bool
    ) -> Endpoint | Refused | None:
        """Another address, or other events; None where there is none of this id."""
        found = self.one(shop, identity)
        if found is None:
            return None
        # Only a new address is looked up: a system that is gone can still be paused.
        if url != found.url and (why := refusal(url, self._networks)):
            return why
        self._update(shop, identity, url=url, events=_known(events), paused=paused)
        return self.one(shop, identity)

    def renew(self, shop: ShopId, identity: str, now: datetime) -> Endpoint | None:
        """A new secret; for a day calls are signed with both."""
        found = self.one(shop, identity)
        if found is not None:
            until = now.astimezone(UTC) + BOTH
            self._update(shop, identity, secret=_fresh(), old_secret=_bare(found.secret), old_until=until)
        return self.one(shop, identity)

    def remove(self, shop: ShopId, identity: str) -> bool:
        """Forget an address, and what was told to it; False where there is none of this id."""
        table = tables.endpoints
        gone = delete(table).where(table.c.shop == shop, table.c.id == identity)
        with self._writing() as connection:
            return connection.execute(gone).rowcount > 0

    def calls(self, shop: ShopId, identity: str) -> list[Call]:
        """What was told to an address, the newest first."""
        mine = (
            select(tables.calls)
            .join(tables.endpoints)
            .where(tables.endpoints.c.shop == shop, tables.endpoints.c.id == identity)
            .order_by(tables.calls.c.at.desc(), tables.calls.c.id)
            .limit(SHOWN)
        )
        with self._reading() as connection:
            return [_call(row) for row in connection.execute(mine)]

    def test(self, shop: ShopId, identity: str, now: datetime) -> Call | None:
        """Tell an address that this is a test, at once and once; None where there is none of this id."""
        found = self.one(shop, identity)
        if found is None:
            return None
        row = call_row(found.id, TEST, {"message": "This is a test."}, now)
        # Not due before it is done: nobody else makes this call.
        row |= {"attempts": ATTEMPTS - 1, "next_at": now.astimezone(UTC) + KEPT}
        with self._writing() as connection:
            connection.execute(insert(tables.calls).values(**row))
        self._attempt(row["id"], found, row["body"], ATTEMPTS, now)
        return next((one for one in self.calls(shop, identity) if one.id == row["id"]), None)

    def again(self, shop: ShopId, identity: str, call: str, now: datetime) -> bool:
        """Make a call that has ended once more; False where there is none such."""
        table = tables.calls
        mine = select(tables.endpoints.c.id).where(tables.endpoints.c.shop == shop, tables.endpoints.c.id == identity)
        ended = table.c.state != CallState.WAITING.value
        fresh = {"state": CallState.WAITING.value, "attempts": 0, "next_at": now.astimezone(UTC)}
        with self._writing() as connection:
            changed = update(table).where(table.c.id == call, table.c.webhook.in_(mine), ended)
            return connection.execute(changed.values(**fresh)).rowcount > 0

    def deliver(self, now: Callable[[], datetime]) -> int:
        """Make the calls that are due; how many there were."""
        at, calls = now().astimezone(UTC), tables.calls.c
        place = func.row_number().over(partition_by=calls.webhook, order_by=calls.next_at).label("place")
        waiting = (
            select(calls.id, place)
            .join(tables.endpoints)
            .where(calls.state == CallState.WAITING.value, calls.next_at <= at, tables.endpoints.c.paused.is_(False))
            .subquery()
        )
        due = (
            select(tables.calls, tables.endpoints)
            .join(waiting, waiting.c.id == calls.id)
            .join(tables.endpoints, tables.endpoints.c.id == calls.webhook)
            .where(waiting.c.place <= EACH)
            .order_by(calls.next_at)
            .limit(DUE)
        )
        with self._reading() as connection:
            rows = connection.execute(due.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)).all()
        return sum(self._callers.map(lambda row: self._make(row, now()), rows))

    def forget(self, before: datetime) -> None:
        """Forget calls that have ended and tell of something before a time."""
        table = tables.calls
        old = delete(table).where(table.c.state != CallState.WAITING.value, table.c.at < before.astimezone(UTC))
        with self._writing() as connection:
            connection.execute(old)

    def _make(self, row: Row[Any], now: datetime) -> bool:
        table, attempts = tables.calls, row.webhook_calls_attempts
        claim = update(table).where(
            table.c.id == row.webhook_calls_id,
            table.c.attempts == attempts,
            table.c.state == CallState.WAITING.value,
        )
        values = {"attempts": attempts + 1, "next_at": next_at(now, attempts)}
        with self._writing() as connection:
            if connection.execute(claim.values(**values)).rowcount == 0:
                return False  # another worker makes it
        endpoint = _endpoint(row, "webhooks_", now)
        self._attempt(row.webhook_calls_id, endpoint, row.webhook_calls_body, attempts + 1, now)
        return True

    def _attempt(self, identity: str, endpoint: Endpoint, body: str, attempts: int, now: datetime) -> None:
        keys = [_bare(one) for one in (endpoint.secret, endpoint.old_secret) if one]
        values: dict[str, Any]
        try:
            status = send(endpoint.url, keys, identity, body, now, self._networks)
            values = {"state": CallState.ARRIVED.value, "status": status, "problem": ""}
        except UndeliveredError as error:
            state = CallState.GIVEN_UP if attempts >= ATTEMPTS else CallState.WAITING
            values = {"state": state.value, "status": error.status, "problem": str(error)[:PROBLEM_MAX]}
        with self._writing() as connection:
            connection.execute(update(tables.calls).where(tables.calls.c.id == identity).values(**values))

    def _update(self, shop: ShopId, identity: str, **values: Any) -> None:
        table = tables.endpoints
        with self._writing() as connection:
            connection.execute(update(table).where(table.c.shop == shop, table.c.id == identity).values(**values))


def _known(events: Sequence[str]) -> list[str]:
    return [event for event in EVENTS if event in events]


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(24)).decode()


def _bare(secret: str) -> str:
    return secret.removeprefix(SECRET)


def _endpoint(row: Row[Any], prefix: str = "", now: datetime | None = None) -> Endpoint:
    """`prefix` stands before the names of the columns, where other tables' are in the row too."""
    of = {name: row._mapping[prefix + name] for name in tables.endpoints.c.keys()}  # noqa: SIM118 - its columns iterate as columns
    until = of["old_until"]
    is_over = until is None or in_utc(until) <= (now or datetime.now(UTC))
    return Endpoint(
        id=of["id"],
        shop=of["shop"],
        url=of["url"],
        events=tuple(of["events"]),
        secret=SECRET + of["secret"],
        old_secret="" if is_over or not of["old_secret"] else SECRET + of["old_secret"],
        paused=of["paused"],
        created_at=in_utc(of["created_at"]),
    )


def _call(row: Row[Any]) -> Call:
    return Call(
        row.id,
        row.event,
        row.body,
        in_utc(row.at),
        CallState(row.state),
        row.attempts,
        in_utc(row.next_at),
        row.status,
        row.problem,
    )
