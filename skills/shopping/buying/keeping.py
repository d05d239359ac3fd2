"""Checkouts as rows: a step is kept only on the version that it was made from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from skills.shopping.buying import tables
from skills.shopping.buying.checkout import OPEN, Checkout

_TABLE = tables.checkouts


def row_of(checkout: Checkout) -> dict[str, Any]:
    """The columns of a checkout."""
    return {
        "status": checkout.status,
        "version": checkout.version,
        "data": checkout.model_dump(mode="json"),
        "expires_at": checkout.expires.astimezone(UTC),
        "updated_at": checkout.updated.astimezone(UTC),
    }


def load(connection: Connection, identity: str) -> Checkout | None:
    """The checkout of this id."""
    data = connection.execute(select(_TABLE.c.data).where(_TABLE.c.id == identity)).scalar_one_or_none()
    return Checkout.model_validate(data) if data else None


def under_way(connection: Connection, shop: str, shopper: str) -> Checkout | None:
    """The checkout that this shopper has begun in this shop and that has not ended."""
    mine = select(_TABLE.c.data).where(
        _TABLE.c.shop == shop, _TABLE.c.shopper == shopper, _TABLE.c.status.not_in(["completed", "canceled"])
    )
    data = connection.execute(mine).scalar_one_or_none()
    return Checkout.model_validate(data) if data else None


def keep(connection: Connection, before: Checkout, after: Checkout) -> bool:
    """Keep a step; False where another step was kept since `before` was read."""
    mine = update(_TABLE).where(_TABLE.c.id == before.id, _TABLE.c.version == before.version)
    return connection.execute(mine.values(row_of(after))).rowcount > 0


def lock(connection: Connection, checkout: Checkout) -> bool:
    """Let nobody else take a step until the transaction ends; False where somebody has."""
    mine = update(_TABLE).where(_TABLE.c.id == checkout.id, _TABLE.c.version == checkout.version)
    return connection.execute(mine.values(version=checkout.version)).rowcount > 0


def left_before(connection: Connection, at: datetime) -> list[Checkout]:
    """Those being paid for or placed whose last step was before then."""
    stuck = select(_TABLE.c.data).where(
        _TABLE.c.status.in_(["requires_escalation", "complete_in_progress"]), _TABLE.c.updated_at <= at.astimezone(UTC)
    )
    return [Checkout.model_validate(data) for data in connection.execute(stuck.limit(1_000)).scalars()]


def expired(connection: Connection, now: datetime) -> list[Checkout]:
    """Those that wait for a person who has left."""
    old = select(_TABLE.c.data).where(_TABLE.c.status.in_(sorted(OPEN)), _TABLE.c.expires_at <= now.astimezone(UTC))
    return [Checkout.model_validate(data) for data in connection.execute(old.limit(1_000)).scalars()]
