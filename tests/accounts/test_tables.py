"""Every table with a shop's name in it: what is a shop's goes with it, and what is another's stays."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, MetaData, Table, insert, select

from assistant.storage.store import Store
from skills.shopping.forgetting import forget_shop

GONE, KEPT = "gone-shop", "kept-shop"
STAYS = {"shop_files"}
"""Which demo shops have been loaded: one that was removed does not come back by itself."""


def value(column: Column[Any], shop: str) -> Any:
    """Something that the column takes: what it refers to, or else something that no other shop's row has."""
    for key in column.foreign_keys:
        return value(key.column, shop)
    if column.name == "shop" or (column.name == "id" and column.table.name == "shops"):
        return shop
    if isinstance(column.type, JSON):
        return {}
    kind = column.type.python_type
    if kind is str:
        digest = f"{zlib.crc32(f'{shop} {column.table.name} {column.name}'.encode()):08x}"
        return digest[: getattr(column.type, "length", None) or 8]
    if kind is int:
        return zlib.crc32(f"{shop} {column.table.name}".encode()) % 1_000_000
    if kind is datetime:
        return datetime.now(UTC)
    return date(2026, 1, 1) if kind is date else kind()


def test_every_row_of_a_shop_goes_with_it_and_none_of_another(store: Store) -> None:
    found = MetaData()
    found.reflect(store.engine)
    tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
    with store.engine.begin() as connection:
        for table in tables:
            for shop in (GONE, KEPT):
                connection.execute(insert(table).values({column.name: value(column, shop) for column in table.c}))
    named = [table for table in tables if "shop" in table.c]
    assert len(named) > 30
    assert {table.name for table in named if not _has(store, table, GONE)} == set()
    forget_shop(store.engine, GONE)
    assert {table.name for table in named if _has(store, table, GONE)} == STAYS
    assert {table.name for table in named if not _has(store, table, KEPT)} == set()


def _has(store: Store, table: Table, shop: str) -> bool:
    with store.engine.connect() as connection:
        return connection.execute(select(table).where(table.c.shop == shop)).first() is not None
