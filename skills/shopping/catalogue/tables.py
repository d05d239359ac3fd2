"""The tables of shops and their catalogues, as SQLAlchemy knows them; the service's migrations made them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()


def _shop() -> Column[str]:
    return Column("shop", String(40), ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True)


shops = Table(
    "shops",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("profile", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)
"""`profile` is a `Shop` in JSON, `version` the catalogue's that customers see; `revision` grows with every change."""

products = Table(
    "shop_products",
    metadata,
    _shop(),
    Column("id", String(120), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("digest", String(32), nullable=False),
    Column("data", Text),
)
"""A product is its row of the highest version that is not above its shop's; the row of a removed one has no `data`.

Rows above it belong to a version that is being made. So an import writes a large catalogue at its leisure, and one
changed number makes all of it visible.
"""

variants = Table(
    "shop_variants",
    metadata,
    Column("shop", String(40), primary_key=True),
    Column("product", String(120), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("sku", String(120), primary_key=True),
    Column("stock", Integer),
    ForeignKeyConstraint(
        ["shop", "product", "version"],
        ["shop_products.shop", "shop_products.id", "shop_products.version"],
        ondelete="CASCADE",
        name="fk_shop_variants_product",
    ),
    Index("ix_shop_variants_shop_sku", "shop", "sku"),
)
"""By which product a sku is; `stock` is what is left, whatever the product's data say, none where nobody counts."""

reviews = Table(
    "shop_reviews",
    metadata,
    _shop(),
    Column("product", String(120), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("stars", Integer, nullable=False),
    Column("day", Date),
    Column("data", Text, nullable=False),
)
"""What customers wrote; `data` is a `Review` in JSON."""

loaded = Table(
    "shop_files",
    metadata,
    Column("shop", String(40), primary_key=True),
    Column("digest", String(64), nullable=False),
)
"""Which files of shops that come with Sori have been taken; rows stay when their shop is removed."""

imports = Table(
    "shop_imports",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("source", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
"""Imports of feeds, with what was counted and asked (`details`)."""

problems = Table(
    "shop_import_problems",
    metadata,
    Column("shop", String(40), primary_key=True),
    Column("import", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("file", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("field", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("left_out", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["shop", "import"],
        ["shop_imports.shop", "shop_imports.id"],
        ondelete="CASCADE",
        name="fk_shop_import_problems_import",
    ),
)
"""The first of what was wrong in a feed: `row` counts lines or items from 1, 0 where it is about the whole."""
