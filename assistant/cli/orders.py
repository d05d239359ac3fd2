"""`./sori orders`: what was ordered in a shop, and moving an order on, as its people do who pack and send."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.errors import SkillError
from skills.shopping.buying.orders import Order, Orders, OrderState

MOVES = {"pack": OrderState.PACKED, "ship": OrderState.SHIPPED, "deliver": OrderState.DELIVERED}


def run(options: argparse.Namespace) -> int:
    """Do one of `list`, `pack`, `ship` and `deliver`."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    try:
        paths.make()
        store = Store(settings.database_url or paths.database_url)
        try:
            orders = Orders(store.engine)
            if options.action == "list":
                _list(options, orders)
            else:
                _move(options, orders)
        finally:
            store.close()
    except (StartError, SkillError) as error:
        raise SetupError(str(error)) from error
    return 0


def _list(options: argparse.Namespace, orders: Orders) -> None:
    found = orders.of_shop(options.shop)
    if options.json:
        rows = [
            {
                "number": order.number,
                "state": order.state.value,
                "placed": order.placed.isoformat(),
                "items": order.count,
                "total": str(order.totals.total),
            }
            for order in found
        ]
        print(json.dumps(rows, indent=2))
        return
    for order in found:
        print(_line(order))
    if not found:
        print(f"{options.shop} has no orders.")


def _move(options: argparse.Namespace, orders: Orders) -> None:
    to = MOVES[options.action]
    note = options.note if options.action == "ship" else ""
    moved = orders.move(options.shop, options.number, to, datetime.now(UTC), note)
    if moved is None:
        known = orders.by_number(options.shop, options.number)
        if known is None:
            raise SetupError(f"{options.shop} has no order {options.number}")
        raise SetupError(f"order {known.number} is {known.state.value} and cannot become {to.value}")
    print(_line(moved))


def _line(order: Order) -> str:
    things = f"{order.count} thing{'' if order.count == 1 else 's'}"
    return (
        f"{order.number:<12} {order.state.value:<10} {order.placed:%Y-%m-%d %H:%M}  {things:<10} {order.totals.total}"
    )
