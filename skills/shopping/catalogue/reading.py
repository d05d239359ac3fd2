"""What customers see of the catalogues; another shop's ids look like ids that do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from skills.shopping.catalogue import tables
from skills.shopping.catalogue.database import PAGE, Database, pages, unknown_shop, version_of, visible
from skills.shopping.product import Product, Review, Variant
from skills.shopping.shop import Shop


class Reading(Database):
    """The part of the catalogues that changes nothing."""

    def shop(self, identity: str) -> Shop | None:
        """The shop of this id; None where there is none."""
        with self._reading() as connection:
            profile = connection.execute(
                select(tables.shops.c.profile).where(tables.shops.c.id == identity)
            ).scalar_one_or_none()
        return Shop.model_validate_json(profile) if profile else None

    def shops(self) -> list[Shop]:
        """Every shop, by id."""
        with self._reading() as connection:
            profiles = connection.execute(select(tables.shops.c.profile).order_by(tables.shops.c.id)).scalars().all()
        return [Shop.model_validate_json(profile) for profile in profiles]

    def revision(self, shop: str) -> int:
        """Grows with every change of the shop, its catalogue or its reviews, but for stock that was bought.

        Raises:
            CatalogueStoreError: `shop_unknown`.
        """
        with self._reading() as connection:
            revision = connection.execute(
                select(tables.shops.c.revision).where(tables.shops.c.id == shop)
            ).scalar_one_or_none()
        if revision is None:
            raise unknown_shop(shop)
        return int(revision)

    def revisions(self) -> dict[str, int]:
        """The revision of every shop."""
        with self._reading() as connection:
            rows = connection.execute(select(tables.shops.c.id, tables.shops.c.revision)).all()
        return {row.id: row.revision for row in rows}

    def product(self, shop: str, identity: str) -> Product | None:
        """The shop's product of this id; None where it has none."""
        return next(iter(self.products(shop, [identity])), None)

    def products(self, shop: str, ids: Sequence[str]) -> list[Product]:
        """The shop's products of these ids, in their order; ids that it does not have are left out."""
        with self._reading() as connection:
            return products_of(connection, shop, ids)

    def variant(self, shop: str, sku: str) -> tuple[Product, Variant] | None:
        """What a sku stands for in this shop."""
        with self._reading() as connection:
            return variants_of(connection, shop, [sku]).get(sku)

    def reviews(self, shop: str, product: str, limit: int = 100) -> list[Review]:
        """What customers wrote about a product, the latest first."""
        table = tables.reviews
        mine = select(table.c.data).where(table.c.shop == shop, table.c.product == product)
        with self._reading() as connection:
            rows = connection.execute(mine.order_by(table.c.day.desc(), table.c.id).limit(limit)).scalars().all()
        return [Review.model_validate_json(row) for row in rows]

    def count(self, shop: str) -> int:
        """How many products the shop has."""
        with self._reading() as connection:
            return int(connection.execute(visible(shop, func.count())).scalar_one())

    def sells(self, shop: str) -> bool:
        """Whether the shop has any product; in no more time the more it has."""
        with self._reading() as connection:
            return connection.execute(visible(shop, tables.products.c.id).limit(1)).first() is not None

    def all_products(self, shop: str) -> Iterator[Product]:
        """Every product of the shop by id, some hundred in memory at a time."""
        last = ""
        while True:
            following = visible(shop, *tables.products.c).where(tables.products.c.id > last)
            with self._reading() as connection:
                rows = connection.execute(following.order_by(tables.products.c.id).limit(PAGE)).all()
                found = _read(connection, shop, rows)
            yield from found
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    def fingerprints(self, shop: str) -> Iterator[tuple[str, str]]:
        """(product, fingerprint) of all by id; a fingerprint changes when its product does, but for what was bought."""
        last, rated = "", tables.reviews
        counted = (
            select(rated.c.product, func.count().label("number"), func.sum(rated.c.stars).label("stars"))
            .where(rated.c.shop == shop)
            .group_by(rated.c.product)
            .subquery()
        )
        table = tables.products
        each = visible(shop, table.c.id, table.c.digest, counted.c.number, counted.c.stars)
        each = each.select_from(table.outerjoin(counted, counted.c.product == table.c.id))
        while True:
            with self._reading() as connection:
                rows = connection.execute(each.where(table.c.id > last).order_by(table.c.id).limit(20 * PAGE)).all()
            yield from ((row.id, f"{row.digest}.{row.number or 0}.{row.stars or 0}") for row in rows)
            if len(rows) < 20 * PAGE:
                return
            last = rows[-1].id


def products_of(connection: Connection, shop: str, ids: Sequence[str]) -> list[Product]:
    """As `Reading.products`, within a transaction of the caller's."""
    found: dict[str, Product] = {}
    for some in pages(ids):
        rows = connection.execute(visible(shop, *tables.products.c).where(tables.products.c.id.in_(some))).all()
        found |= {product.id: product for product in _read(connection, shop, rows)}
    return [found[identity] for identity in ids if identity in found]


def variants_of(connection: Connection, shop: str, skus: Sequence[str]) -> dict[str, tuple[Product, Variant]]:
    """What these skus stand for in this shop, within a transaction of the caller's; others are left out."""
    table = tables.variants
    found: dict[str, tuple[Product, Variant]] = {}
    for some in pages(skus):
        rows = connection.execute(select(table.c.product).distinct().where(table.c.shop == shop, table.c.sku.in_(some)))
        for product in products_of(connection, shop, [row.product for row in rows]):
            found |= {one.sku: (product, one) for one in product.variants if one.sku in some}
    return found


def _read(connection: Connection, shop: str, rows: Sequence[Row[tuple[object, ...]]]) -> list[Product]:
    """Products from their rows, with the stock that is left and the reviews that there are."""
    ids = [row.id for row in rows]
    table = tables.variants
    stocks = connection.execute(
        select(table.c.product, table.c.version, table.c.sku, table.c.stock).where(
            table.c.shop == shop, table.c.product.in_(ids), table.c.version <= version_of(shop)
        )
    )
    left = {(row.product, row.version, row.sku): row.stock for row in stocks}
    rated = tables.reviews
    counted = connection.execute(
        select(rated.c.product, func.count().label("number"), func.sum(rated.c.stars).label("stars"))
        .where(rated.c.shop == shop, rated.c.product.in_(ids))
        .group_by(rated.c.product)
    )
    ratings = {row.product: (row.number, row.stars) for row in counted}
    return [_as_it_is(row, left, *ratings.get(row.id, (0, 0))) for row in rows]


def _as_it_is(
    row: Row[tuple[object, ...]], left: dict[tuple[str, int, str], int | None], count: int, stars: int
) -> Product:
    product = Product.model_validate_json(row.data)
    kept = [left.get((product.id, row.version, one.sku), one.stock) for one in product.variants]
    update: dict[str, object] = {}
    if any(stock != one.stock for stock, one in zip(kept, product.variants, strict=True)):
        update["variants"] = tuple(
            one.model_copy(update={"stock": stock}) for stock, one in zip(kept, product.variants, strict=True)
        )
    if count >= max(product.reviews, 1):  # a feed may know of more reviews than it contains
        update |= {"stars": round(stars / count, 2), "reviews": count}
    return product.model_copy(update=update) if update else product
