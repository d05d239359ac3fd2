"""Buying: carts, checkouts, payments, orders, coupons used, letters, and who may buy by voice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    _buying()
    _paying()
    _ordering()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "carts",
        "cart_lines",
        "checkouts",
        "coupon_uses",
        "voice_buyers",
        "answered_requests",
        "payments",
        "refunds",
        "test_payments",
        "orders",
        "order_lines",
        "order_events",
        "outbox",
    ):
        op.drop_table(table)


def _buying() -> None:
    op.create_table(
        "carts",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("coupon", sa.String(30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "shopper", name="pk_carts"),
    )
    op.create_index("ix_carts_updated_at", "carts", ["updated_at"])
    op.create_table(
        "cart_lines",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("sku", sa.String(120), nullable=False),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "shopper", "sku", name="pk_cart_lines"),
    )
    op.create_table(
        "checkouts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkouts"),
    )
    under_way = sa.text("status NOT IN ('completed', 'canceled')")
    op.create_index(
        "uq_checkouts_under_way",
        "checkouts",
        ["shop", "shopper"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_index("ix_checkouts_status", "checkouts", ["status", "expires_at"])
    op.create_table(
        "coupon_uses",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("customer", sa.String(270), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("shop", "code", "customer", name="pk_coupon_uses"),
    )
    op.create_table(
        "voice_buyers",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("pin", sa.String(200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "shopper", name="pk_voice_buyers"),
    )
    op.create_table(
        "answered_requests",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "shopper", "key", name="pk_answered_requests"),
    )
    op.create_index("ix_answered_requests_at", "answered_requests", ["at"])


def _paying() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("checkout", sa.String(32), nullable=False),
        sa.Column("order_number", sa.String(20), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
    )
    op.create_index("ix_payments_order", "payments", ["shop", "order_number"])
    op.create_index("ix_payments_state", "payments", ["state"])
    op.create_table(
        "refunds",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("payment", sa.String(32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "key", name="pk_refunds"),
    )
    op.create_table(
        "test_payments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("captured_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunds", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_test_payments"),
    )


def _ordering() -> None:
    op.create_table(
        "orders",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("customer", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("checkout", sa.String(32), nullable=False),
        sa.Column("payment", sa.String(32), nullable=False),
        sa.Column("voice", sa.Boolean(), nullable=False),
        sa.Column("coupon", sa.String(30), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("delivery", sa.JSON()),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "number", name="pk_orders"),
        sa.UniqueConstraint("checkout", name="uq_orders_checkout"),
    )
    op.create_index("ix_orders_customer", "orders", ["shop", "customer", "placed_at"])
    op.create_index("ix_orders_shopper", "orders", ["shop", "shopper", "placed_at"])
    op.create_table(
        "order_lines",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("sku", sa.String(120), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "number", "sku", name="pk_order_lines"),
    )
    op.create_table(
        "order_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_events"),
    )
    op.create_index("ix_order_events_number", "order_events", ["shop", "number", "id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "next_at"])
