"""What everything that reads and writes the catalogues' tables shares: transactions, and which rows customers see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from skills.shopping.catalogue.tables import products, shops
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.product import Product

PAGE = 500
"""Rows that are read or written together; also within what both databases take as parameters of one statement."""


class Database:
    """A database that has the tables already. Thread-safe; every method blocks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _failed("did not take it", error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _failed("did not answer", error) from error

    def _insert(self, table: Table) -> Any:
        """An insert that can turn into an update, which each database has in its own dialect."""
        return {"sqlite": sqlite, "postgresql": postgresql}[self._engine.dialect.name].insert(table)


def changed(connection: Connection, shop: str) -> int:
    """Count a change of a shop, whose row is locked until the transaction ends; returns the catalogue's version.

    Raises:
        CatalogueStoreError: `shop_unknown`.
    """
    grown = update(shops).where(shops.c.id == shop).values(revision=shops.c.revision + 1).returning(shops.c.version)
    version = connection.execute(grown).scalar_one_or_none()
    if version is None:
        raise unknown_shop(shop)
    return int(version)


def version_of(shop: str) -> ScalarSelect[int]:
    """The version of a shop's catalogue that customers see."""
    return select(shops.c.version).where(shops.c.id == shop).scalar_subquery()


def visible(shop: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """The products that customers see, a row each."""
    newer = products.alias("newer")
    is_replaced = exists().where(
        newer.c.shop == products.c.shop,
        newer.c.id == products.c.id,
        newer.c.version > products.c.version,
        newer.c.version <= version_of(shop),
    )
    return select(*columns).where(
        products.c.shop == shop, products.c.version <= version_of(shop), products.c.data.is_not(None), ~is_replaced
    )


def product_row(product: Product, version: int) -> dict[str, Any]:
    """The columns of a product; its digest changes when anything of it does."""
    data = product.model_dump_json(exclude_defaults=True)
    digest = hashlib.blake2b(data.encode(), digest_size=16).hexdigest()
    return {"shop": product.shop, "id": product.id, "version": version, "digest": digest, "data": data}


def variant_rows(product: Product, version: int) -> list[dict[str, Any]]:
    """The rows of a product's variants."""
    return [
        {"shop": product.shop, "product": product.id, "version": version, "sku": one.sku, "stock": one.stock}
        for one in product.variants
    ]


def pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as fit into a statement."""
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]


def unknown_shop(shop: str) -> CatalogueStoreError:
    """What is raised about a shop that is not there."""
    return CatalogueStoreError("shop_unknown", f"There is no shop {shop[:60]!r}")


def _failed(what: str, error: SQLAlchemyError) -> CatalogueStoreError:
    return CatalogueStoreError("catalogue_failed", f"The database {what}: {error}", retryable=True)
