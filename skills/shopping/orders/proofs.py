"""Keeps which orders somebody has shown to be theirs, and the codes by which they show it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.engine import Connection

from skills.shopping.buying.orders import Order
from skills.shopping.catalogue.database import Database
from skills.shopping.orders.proof import PROVED_FOR, Code, Tried, digest, may_send, tried
from skills.shopping.orders.tables import proof_codes, proofs
from skills.stored_times import in_utc

KEPT = timedelta(days=1)


class Proofs(Database):
    """Proofs in a database that has the tables already; thread-safe, every method blocks."""

    def new_code(self, order: Order, shopper: str, now: datetime) -> str | None:
        """A code to be sent to the order's mailbox, in place of any before it; None while no other may be sent."""
        code = f"{secrets.randbelow(10**6):06d}"
        with self._writing() as connection:
            connection.execute(delete(proof_codes).where(proof_codes.c.sent_at < (now - KEPT).astimezone(UTC)))
            theirs = proof_codes.c.shop == order.shop, proof_codes.c.order_number == order.number
            sent = [in_utc(at) for at in connection.execute(select(proof_codes.c.sent_at).where(*theirs)).scalars()]
            if not may_send(sent, now):
                return None
            connection.execute(update(proof_codes).where(*theirs, _by(shopper)).values(digest=""))
            connection.execute(
                insert(proof_codes).values(
                    shop=order.shop,
                    order_number=order.number,
                    shopper=shopper,
                    digest=digest(code, _salt(order.shop, order.number, shopper)),
                    tries=0,
                    sent_at=now.astimezone(UTC),
                )
            )
        return code

    def show(self, shop: str, number: str, shopper: str, code: str, now: datetime) -> Tried:
        """What showing a code for an order comes to; the right one proves it for half an hour."""
        with self._writing() as connection:
            row = _last(connection, shop, number, shopper)
            known = Code(row.digest, in_utc(row.sent_at), row.tries) if row is not None and row.digest else None
            outcome, left = tried(known, code, _salt(shop, number, shopper), now)
            if row is not None:
                kept = {"digest": left.digest, "tries": left.tries} if left else {"digest": ""}
                # Counted on the row as it was read: two tries at once are two tries.
                same = (
                    proof_codes.c.id == row.id,
                    proof_codes.c.tries == row.tries,
                    proof_codes.c.digest == row.digest,
                )
                if connection.execute(update(proof_codes).where(*same).values(**kept)).rowcount == 0:
                    return Tried.WRONG
            if outcome is Tried.RIGHT:
                until = (now + PROVED_FOR).astimezone(UTC)
                proved = self._insert(proofs).values(shop=shop, order_number=number, shopper=shopper, until=until)
                keys = [proofs.c.shop, proofs.c.order_number, proofs.c.shopper]
                connection.execute(proved.on_conflict_do_update(index_elements=keys, set_={"until": until}))
        return outcome

    def orders(self, shop: str, shopper: str, now: datetime) -> list[str]:
        """The numbers of the orders that the shopper has shown to be theirs."""
        mine = select(proofs.c.order_number).where(
            proofs.c.shop == shop, proofs.c.shopper == shopper, proofs.c.until > now.astimezone(UTC)
        )
        with self._reading() as connection:
            return list(connection.execute(mine).scalars())

    def proved(self, shop: str, number: str, shopper: str, now: datetime) -> bool:
        """Whether the shopper has shown that this order is theirs, and that still holds."""
        mine = select(proofs.c.until).where(
            proofs.c.shop == shop, proofs.c.order_number == number, proofs.c.shopper == shopper
        )
        with self._reading() as connection:
            until = connection.execute(mine).scalar_one_or_none()
        return until is not None and now < in_utc(until)


def _last(connection: Connection, shop: str, number: str, shopper: str) -> Row[Any] | None:
    theirs = proof_codes.c.shop == shop, proof_codes.c.order_number == number, _by(shopper)
    newest = select(proof_codes).where(*theirs).order_by(proof_codes.c.id.desc()).limit(1)
    return connection.execute(newest).one_or_none()


def _by(shopper: str) -> ColumnElement[bool]:
    return proof_codes.c.shopper == shopper


def _salt(shop: str, number: str, shopper: str) -> str:
    return f"{shop}\0{number}\0{shopper}"
