"""Orders upon which a conversation had a part: of something that it had shown the same shopper shortly before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.engine import Connection

from assistant.chat.tables import conversations, facts
from assistant.insights.records import AssistedOrder
from assistant.insights.spans import Span
from skills.fact import FactKind
from skills.shopping.buying.orders import OrderState
from skills.shopping.buying.quote import QuotedLine
from skills.shopping.buying.tables import order_lines, orders
from skills.shopping.money import Money
from skills.stored_times import in_utc

ASSISTED_WITHIN = timedelta(days=7)
"""From the moment a product was shown to the order of it."""
_UNDONE = (OrderState.CANCELED.value, OrderState.RETURNED.value)


def assisted(connection: Connection, shop: str, span: Span) -> list[AssistedOrder]:
    """Orders placed in a span, the newest first, each once; not those that were cancelled or sent back."""
    ours = and_(conversations.c.shop == orders.c.shop, conversations.c.shopper == orders.c.shopper)
    shown = and_(
        facts.c.conversation == conversations.c.id,
        facts.c.kind == FactKind.SHOWN.value,
        facts.c.subject == order_lines.c.line["product"].as_string(),
        facts.c.at <= orders.c.placed_at,
        facts.c.at >= span.since - ASSISTED_WITHIN,
    )
    wanted = (
        select(orders.c.number, orders.c.placed_at, order_lines.c.line, facts.c.conversation, facts.c.at)
        .join(order_lines, and_(order_lines.c.shop == orders.c.shop, order_lines.c.number == orders.c.number))
        .join(conversations, ours)
        .join(facts, shown)
        .where(
            orders.c.shop == shop,
            orders.c.placed_at >= span.since,
            orders.c.placed_at < span.end,
            orders.c.state.not_in(_UNDONE),
        )
        .order_by(orders.c.placed_at.desc(), orders.c.number, facts.c.at.desc())
    )
    by_number: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in connection.execute(wanted):
        if in_utc(row.placed_at) - in_utc(row.at) <= ASSISTED_WITHIN:
            by_number.setdefault(row.number, []).append(row)
    return [_order(number, rows) for number, rows in by_number.items()]


def revenue(found: Iterable[AssistedOrder]) -> tuple[Money, ...]:
    """What orders came to, in each currency: a shop may have changed its own. Pure."""
    total: dict[str, Money] = {}
    for one in found:
        currency = one.revenue.currency
        total[currency] = total[currency] + one.revenue if currency in total else one.revenue
    return tuple(total.values())


def _order(number: str, rows: Sequence[Row[*tuple[Any, ...]]]) -> AssistedOrder:
    lines = {line.sku: line for line in (QuotedLine.model_validate(row.line) for row in rows)}
    first, *others = [line.total for line in lines.values()]
    worth = sum(others, start=first)
    return AssistedOrder(number, in_utc(rows[0].placed_at), rows[0].conversation, worth)
