"""A new version of a shop's catalogue, written beside the one that customers see, which one changed number replaces.

What has not changed is not written again: a row stays until a later version has another one of its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, exists, insert, select, update
from sqlalchemy.engine import Connection, Engine

from skills.shopping.catalogue.database import (
    PAGE,
    Database,
    changed,
    product_row,
    unknown_shop,
    variant_rows,
    version_of,
    visible,
)
from skills.shopping.catalogue.reading import variants_of
from skills.shopping.catalogue.tables import products, reviews, shops, variants
from skills.shopping.product import Product


@dataclass
class Changes:
    """How many products came, by what became of them."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def any(self) -> bool:
        """Whether customers would see a difference."""
        return bool(self.added or self.changed or self.removed)


class NewVersion(Database):
    """Use: `begin`, `put` and `remove` as often as one likes, then `finish`, or nothing; what was written and never
    finished is taken away by the next `begin`, also after a crash.
    """

    def __init__(self, engine: Engine, shop: str, *, whole: bool) -> None:
        super().__init__(engine)
        self._shop = shop
        self._whole = whole
        self._came: set[str] = set()
        self._skus: dict[str, str] = {}
        self.changes = Changes()

    def begin(self) -> None:
        """Take away what another import has left half done; raises CatalogueStoreError(`shop_unknown`)."""
        with self._reading() as connection:
            version = connection.execute(select(shops.c.version).where(shops.c.id == self._shop)).scalar_one_or_none()
        if version is None:
            raise unknown_shop(self._shop)
        self._version = int(version) + 1
        self._sweep()

    def put(self, batch: Sequence[Product]) -> dict[str, str]:
        """Add these products; returns those that are refused, by id: the sku that another product has already.

        A product that came before is replaced.
        """
        refused = {one.id: sku for one in batch if (sku := self._taken(one))}
        wanted = {one.id: one for one in batch if one.id not in refused}
        with self._writing() as connection:
            if not self._whole:
                refused |= self._taken_before(connection, wanted)
                wanted = {identity: one for identity, one in wanted.items() if identity not in refused}
            seen = self._digests(connection, list(wanted))
            rows = {identity: product_row(one, self._version) for identity, one in wanted.items()}
            writing = {identity: row for identity, row in rows.items() if seen.get(identity) != row["digest"]}
            self._withdraw(connection, list(rows))
            if writing:
                connection.execute(insert(products), list(writing.values()))
                written = [row for identity in writing for row in variant_rows(wanted[identity], self._version)]
                connection.execute(insert(variants), written)
        self._came |= wanted.keys()
        new = sum(identity not in seen for identity in writing)
        self.changes.added += new
        self.changes.changed += len(writing) - new
        self.changes.unchanged += len(rows) - len(writing)
        return refused

    def remove(self, ids: Sequence[str]) -> int:
        """Remove these products; returns how many there were."""
        with self._writing() as connection:
            there = list(self._digests(connection, list(ids)))
            self._withdraw(connection, list(ids))
            self._bury(connection, there)
        self._came.update(ids)
        self.changes.removed += len(there)
        return len(there)

    def missing(self) -> int:
        """How many of the products that customers see have not come, and would be removed by a whole version."""
        return sum(len(page) for page in self._not_come()) if self._whole else 0

    def finish(self) -> bool:
        """Make the new version the one that customers see, in one step; returns whether anything has changed."""
        if self._whole:
            for page in self._not_come():
                with self._writing() as connection:
                    self._bury(connection, page)
                self.changes.removed += len(page)
        if self.changes.any:
            with self._writing() as connection:
                changed(connection, self._shop)
                connection.execute(update(shops).where(shops.c.id == self._shop).values(version=self._version))
            self._sweep()
        return self.changes.any

    def _taken(self, product: Product) -> str:
        """A sku of the product that another one of this version has; else all of them are the product's."""
        skus = [one.sku for one in product.variants]
        for sku in skus:
            if self._skus.get(sku, product.id) != product.id:
                return sku
        self._skus.update(dict.fromkeys(skus, product.id))
        return ""

    def _taken_before(self, connection: Connection, wanted: dict[str, Product]) -> dict[str, str]:
        """As `_taken`, of the version that customers see; where the other product comes too, what comes counts."""
        whose = {one.sku: product.id for product in wanted.values() for one in product.variants}
        held = variants_of(connection, self._shop, list(whose))
        return {
            whose[sku]: sku
            for sku, (other, _) in held.items()
            if other.id != whose[sku] and other.id not in self._came and other.id not in wanted
        }

    def _digests(self, connection: Connection, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(ids), PAGE):
            some = ids[start : start + PAGE]
            rows = connection.execute(
                visible(self._shop, products.c.id, products.c.digest).where(products.c.id.in_(some))
            )
            found |= {row.id: row.digest for row in rows}
        return found

    def _withdraw(self, connection: Connection, ids: Sequence[str]) -> None:
        """Take back what this version says of these products so far."""
        mine = and_(products.c.shop == self._shop, products.c.version == self._version)
        for start in range(0, len(ids), PAGE):
            connection.execute(delete(products).where(mine, products.c.id.in_(ids[start : start + PAGE])))

    def _bury(self, connection: Connection, ids: Sequence[str]) -> None:
        rows = [{"shop": self._shop, "id": one, "version": self._version, "digest": "", "data": None} for one in ids]
        if rows:
            connection.execute(insert(products), rows)

    def _not_come(self) -> list[list[str]]:
        """The visible products that have not come, in pages."""
        found: list[list[str]] = []
        last = ""
        while True:
            following = visible(self._shop, products.c.id).where(products.c.id > last).order_by(products.c.id)
            with self._reading() as connection:
                ids = connection.execute(following.limit(PAGE)).scalars().all()
            page = [one for one in ids if one not in self._came]
            if page:
                found.append(page)
            if len(ids) < PAGE:
                return found
            last = ids[-1]

    def _sweep(self) -> None:
        """Delete what no customer can see: unfinished rows, replaced ones, and then what stands for removed ones."""
        newer = products.alias("newer")
        live = version_of(self._shop)
        is_replaced = exists().where(
            newer.c.shop == products.c.shop,
            newer.c.id == products.c.id,
            newer.c.version > products.c.version,
            newer.c.version <= live,
        )
        mine = products.c.shop == self._shop
        for dead in (
            products.c.version > live,
            and_(products.c.version <= live, is_replaced),
            products.c.data.is_(None),
        ):
            found = select(products.c.id, products.c.version).where(mine, dead).limit(PAGE)
            while True:
                with self._writing() as connection:
                    rows = connection.execute(found).all()
                    for version in {row.version for row in rows}:
                        ids = [row.id for row in rows if row.version == version]
                        connection.execute(
                            delete(products).where(mine, products.c.version == version, products.c.id.in_(ids))
                        )
                if len(rows) < PAGE:
                    break
        rated = exists().where(products.c.shop == reviews.c.shop, products.c.id == reviews.c.product)
        with self._writing() as connection:
            connection.execute(delete(reviews).where(reviews.c.shop == self._shop, ~rated))
