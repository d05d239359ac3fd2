"""Notes that an event is to be told, in the transaction that it tells of: what is taken back is not told either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from skills.shopping.product import ShopId
from skills.shopping.webhooks import tables
from skills.shopping.webhooks.endpoint import CallState


def tell(connection: Connection, shop: ShopId, event: str, data: Mapping[str, Any], now: datetime) -> None:
    """Tell all addresses of a shop that want to hear of an event, once the caller's transaction is kept."""
    mine = select(tables.endpoints.c.id, tables.endpoints.c.events).where(
        tables.endpoints.c.shop == shop, tables.endpoints.c.paused.is_(False)
    )
    wanted = [row.id for row in connection.execute(mine) if event in row.events]
    if wanted:
        rows = [call_row(endpoint, event, data, now) for endpoint in wanted]
        connection.execute(insert(tables.calls), rows)


def call_row(endpoint: str, event: str, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A call that is to be made at once."""
    at = now.astimezone(UTC)
    body = json.dumps({"type": event, "timestamp": at.isoformat(), "data": dict(data)}, separators=(",", ":"))
    return {
        "id": f"msg_{uuid4().hex[:28]}",
        "webhook": endpoint,
        "event": event,
        "body": body,
        "at": at,
        "state": CallState.WAITING.value,
        "attempts": 0,
        "next_at": at,
        "status": None,
        "problem": "",
    }
