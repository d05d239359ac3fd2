"""Closing a shop for good: nothing of it is left for a later shop of the same id."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from skills.shopping.buying.tables import metadata as buying
from skills.shopping.catalogue.tables import shops
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.orders.tables import metadata as aftercare


def forget_shop(engine: Engine, shop: str) -> None:
    """Forget a shop and everything that is its: what is bound to it goes with it, carts and orders before it.

    Raises:
        CatalogueStoreError: `catalogue_failed`; nothing was changed.
    """
    tables = [table for part in (aftercare, buying) for table in reversed(part.sorted_tables) if "shop" in table.c]
    try:
        with engine.begin() as connection:
            for table in tables:
                connection.execute(delete(table).where(table.c.shop == shop))
            connection.execute(delete(shops).where(shops.c.id == shop))
    except SQLAlchemyError as error:
        told = f"The database did not take it: {error}"
        raise CatalogueStoreError("catalogue_failed", told, retryable=True) from error
