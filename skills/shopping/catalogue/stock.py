"""Taking goods out of stock and putting them back, within the transaction of an order."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from skills.shopping.catalogue import tables
from skills.shopping.catalogue.database import version_of
from skills.shopping.catalogue.reading import variants_of
from skills.shopping.product import Availability, Product, Variant


def take(connection: Connection, shop: str, wanted: Mapping[str, int]) -> list[str]:
    """Take so many of each sku; returns the skus of which there are not enough, or none at all.

    Where any lack, the caller rolls back: what could be taken has been.
    """
    known = variants_of(connection, shop, list(wanted))
    # In one order, so that two orders cannot wait for each other.
    return [sku for sku in sorted(wanted) if not _take(connection, shop, known.get(sku), wanted[sku])]


def put_back(connection: Connection, shop: str, returned: Mapping[str, int]) -> None:
    """Put so many of each sku back; those that nobody counts, or that the shop has no more, are left alone."""
    known = variants_of(connection, shop, list(returned))
    for sku in sorted(known):
        product, variant = known[sku]
        if _is_counted(variant):
            _change(connection, shop, product.id, sku, returned[sku])


def _take(connection: Connection, shop: str, found: tuple[Product, Variant] | None, quantity: int) -> bool:
    if found is None or quantity < 1 or not found[1].can_order(quantity):
        return False
    product, variant = found
    # Whoever else took some since it was read is found out here: the database checks and takes at once.
    return not _is_counted(variant) or _change(connection, shop, product.id, variant.sku, -quantity)


def _is_counted(variant: Variant) -> bool:
    """What comes later anyway, on order, is not taken from what is there."""
    return variant.availability is Availability.IN_STOCK and variant.stock is not None


def _change(connection: Connection, shop: str, product: str, sku: str, by: int) -> bool:
    table, row = tables.variants, tables.products
    visible = select(func.max(row.c.version)).where(
        row.c.shop == shop, row.c.id == product, row.c.version <= version_of(shop)
    )
    mine = (table.c.shop == shop, table.c.product == product, table.c.sku == sku)
    taken = update(table).where(*mine, table.c.version == visible.scalar_subquery(), table.c.stock + by >= 0)
    return connection.execute(taken.values(stock=table.c.stock + by)).rowcount > 0
