"""Shops with their catalogues: products in versions, variants, reviews, imports and what was wrong in them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = ("import_problems", "imports", "files", "reviews", "variants", "products")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "shops",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shops"),
    )
    op.create_table(
        "shop_products",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("data", sa.Text()),
        sa.PrimaryKeyConstraint("shop", "id", "version", name="pk_shop_products"),
        _of_shop("shop_products"),
    )
    op.create_table(
        "shop_variants",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sku", sa.String(120), nullable=False),
        sa.Column("stock", sa.Integer()),
        sa.PrimaryKeyConstraint("shop", "product", "version", "sku", name="pk_shop_variants"),
        sa.ForeignKeyConstraint(
            ["shop", "product", "version"],
            ["shop_products.shop", "shop_products.id", "shop_products.version"],
            name="fk_shop_variants_product",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_shop_variants_shop_sku", "shop_variants", ["shop", "sku"])
    op.create_table(
        "shop_reviews",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "product", "id", name="pk_shop_reviews"),
        _of_shop("shop_reviews"),
    )
    op.create_table(
        "shop_files",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_shop_files"),
    )
    op.create_table(
        "shop_imports",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_shop_imports"),
        _of_shop("shop_imports"),
    )
    op.create_table(
        "shop_import_problems",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("import", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "import", "number", name="pk_shop_import_problems"),
        sa.ForeignKeyConstraint(
            ["shop", "import"],
            ["shop_imports.shop", "shop_imports.id"],
            name="fk_shop_import_problems_import",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(f"shop_{table}")
    op.drop_table("shops")


def _of_shop(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop"], ["shops.id"], name=f"fk_{table}_shop", ondelete="CASCADE")
