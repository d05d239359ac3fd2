"""The catalogues of all shops, as the rest of shopping uses them; every method blocks, so call it from a thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from skills.shopping.catalogue import stock, tables
from skills.shopping.catalogue.database import changed, pages, product_row, variant_rows
from skills.shopping.catalogue.reading import Reading, products_of, variants_of
from skills.shopping.catalogue.versions import NewVersion
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.product import Product, Review
from skills.shopping.shop import Shop


class Catalogues(Reading):
    """Shops, products, stock and reviews in a database that has the tables already. Thread-safe.

    Every method may raise CatalogueStoreError(`catalogue_failed`), and those that write `shop_unknown`.
    """

    def put_shop(self, shop: Shop) -> None:
        """Add a shop, or replace what is known of it; its catalogue stays."""
        row = {"profile": shop.model_dump_json(exclude_defaults=True)}
        first = {"id": shop.id, "version": 0, "revision": 1, "added_at": datetime.now(UTC)}
        grown = {"revision": tables.shops.c.revision + 1}
        statement = self._insert(tables.shops).values(row | first)
        with self._writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row | grown))

    def put_product(self, product: Product) -> None:
        """Add one product, or replace it, at once.

        Raises:
            CatalogueStoreError: `sku_taken`, another product of the shop has one of its skus.
        """
        with self._writing() as connection:
            version = changed(connection, product.shop)
            others = variants_of(connection, product.shop, [one.sku for one in product.variants])
            taken = [sku for sku, (other, _) in others.items() if other.id != product.id]
            if taken:
                raise CatalogueStoreError("sku_taken", f"{taken[0]!r} is a variant of another product")
            _remove(connection, product.shop, product.id, version)
            connection.execute(insert(tables.products).values(product_row(product, version)))
            connection.execute(insert(tables.variants), variant_rows(product, version))

    def remove_product(self, shop: str, identity: str) -> None:
        """Remove one product at once, with its reviews.

        Raises:
            CatalogueStoreError: `product_unknown`.
        """
        with self._writing() as connection:
            version = changed(connection, shop)
            if not products_of(connection, shop, [identity]):
                raise CatalogueStoreError("product_unknown", f"There is no product {identity[:120]!r}")
            _remove(connection, shop, identity, version)
            rows = tables.reviews
            connection.execute(delete(rows).where(rows.c.shop == shop, rows.c.product == identity))

    def new_version(self, shop: str, *, whole: bool) -> NewVersion:
        """Begin a new version of a shop's catalogue, which nobody sees until it is finished.

        `whole` says that products which do not come are removed. The caller sees to it that there is one at a time.
        """
        version = NewVersion(self._engine, shop, whole=whole)
        version.begin()
        return version

    def put_reviews(self, shop: str, reviews: Iterable[tuple[str, Review]], *, instead: bool = False) -> int:
        """Add (product, review) of products that there are, or replace those of the same id; returns how many came.

        In place of a product, one of its skus will do.

        With `instead`, all others of the shop are removed.
        """
        statement = self._insert(tables.reviews)
        statement = statement.on_conflict_do_update(
            index_elements=["shop", "product", "id"],
            set_={name: statement.excluded[name] for name in ("stars", "day", "data")},
        )
        with self._writing() as connection:
            rows = _review_rows(connection, shop, reviews)
            if instead:
                mine = tables.reviews.c.shop == shop
                connection.execute(delete(tables.reviews).where(mine))
                fresh = rows
            else:
                fresh = _changed_rows(connection, shop, rows)
            if fresh or instead:
                changed(connection, shop)
            if fresh:
                connection.execute(statement, fresh)
        return len(rows)

    def take_stock(self, connection: Connection, shop: str, wanted: Mapping[str, int]) -> list[str]:
        """Take so many of each sku within the caller's transaction; returns the skus of which there are not enough.

        Where any lack, the caller rolls back.
        """
        return stock.take(connection, shop, wanted)

    def put_back(self, connection: Connection, shop: str, returned: Mapping[str, int]) -> None:
        """Put so many of each sku back within the caller's transaction."""
        stock.put_back(connection, shop, returned)

    def loaded(self, shop: str) -> str:
        """The digest of the files that the shop was last loaded from; empty where it was not."""
        table = tables.loaded
        with self._reading() as connection:
            digest = connection.execute(select(table.c.digest).where(table.c.shop == shop)).scalar_one_or_none()
        return digest or ""

    def set_loaded(self, shop: str, digest: str) -> None:
        """All of the shop's files have been taken in."""
        statement = self._insert(tables.loaded).values(shop=shop, digest=digest)
        with self._writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["shop"], set_={"digest": digest}))


def _remove(connection: Connection, shop: str, identity: str, version: int) -> None:
    rows = tables.products
    connection.execute(delete(rows).where(rows.c.shop == shop, rows.c.id == identity, rows.c.version <= version))


def _review_rows(connection: Connection, shop: str, reviews: Iterable[tuple[str, Review]]) -> list[dict[str, Any]]:
    """The rows of those reviews whose product there is, each id once."""
    reviews = list(reviews)
    named = list({product for product, _ in reviews})
    whose = {sku: product.id for sku, (product, _) in variants_of(connection, shop, named).items()}
    whose |= {product.id: product.id for product in products_of(connection, shop, named)}
    rows = {
        (whose[product], one.id): {"shop": shop, "product": whose[product], "id": one.id, "stars": one.stars}
        | {"day": one.day, "data": one.model_dump_json(exclude_defaults=True)}
        for product, one in reviews
        if product in whose
    }
    return list(rows.values())


def _changed_rows(connection: Connection, shop: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are not there yet as they are."""
    table = tables.reviews
    there: dict[tuple[str, str], str] = {}
    for some in pages(sorted({row["product"] for row in rows})):
        kept = connection.execute(
            select(table.c.product, table.c.id, table.c.data).where(table.c.shop == shop, table.c.product.in_(some))
        )
        there |= {(row.product, row.id): row.data for row in kept}
    return [row for row in rows if there.get((row["product"], row["id"])) != row["data"]]
