"""The tables of buying, as SQLAlchemy knows them; the service's migrations hold how they came about."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, String, Table, Text, text

metadata = MetaData()

_UNDER_WAY = text("status NOT IN ('completed', 'canceled')")


def _shop(*, key: bool = True) -> Column[str]:
    return Column("shop", String(40), primary_key=key, nullable=False)


carts = Table(
    "carts",
    metadata,
    _shop(),
    Column("shopper", String(64), primary_key=True),
    Column("coupon", String(30), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("ix_carts_updated_at", "updated_at"),
)
"""`revision` grows with every change of the cart or of its lines."""

cart_lines = Table(
    "cart_lines",
    metadata,
    _shop(),
    Column("shopper", String(64), primary_key=True),
    Column("sku", String(120), primary_key=True),
    Column("product", String(120), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("place", Integer, nullable=False),
)

checkouts = Table(
    "checkouts",
    metadata,
    Column("id", String(32), primary_key=True),
    _shop(key=False),
    Column("shopper", String(64), nullable=False),
    Column("status", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("data", JSON, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("ix_checkouts_status", "status", "expires_at"),
    Index(
        "uq_checkouts_under_way", "shop", "shopper", unique=True, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY
    ),
)
"""`data` is the whole `Checkout`; a step is kept only on the version that it was made from.

A shopper has one checkout under way in a shop at most, whatever number of tabs they have.
"""

payments = Table(
    "payments",
    metadata,
    Column("id", String(32), primary_key=True),
    _shop(key=False),
    Column("checkout", String(32), nullable=False),
    Column("order_number", String(20), nullable=False),
    Column("provider", String(20), nullable=False),
    Column("state", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("refunded_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_payments_state", "state"),
    Index("ix_payments_order", "shop", "order_number"),
)
"""What we mean a provider to do; `order_number` is empty until there is an order."""

refunds = Table(
    "refunds",
    metadata,
    _shop(),
    Column("key", String(64), primary_key=True),
    Column("payment", String(32), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Money that goes back, each part once by its key."""

test_payments = Table(
    "test_payments",
    metadata,
    Column("id", String(32), primary_key=True),
    _shop(key=False),
    Column("state", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("title", String(120), nullable=False),
    Column("captured_minor", BigInteger, nullable=False),
    Column("refunds", JSON, nullable=False),
)
"""The books of the test provider, who is somebody else: nothing here refers to our own."""

orders = Table(
    "orders",
    metadata,
    _shop(),
    Column("number", String(20), primary_key=True),
    Column("shopper", String(64), nullable=False),
    Column("customer", String(64), nullable=False),
    Column("email", String(254), nullable=False),
    Column("state", String(16), nullable=False),
    Column("checkout", String(32), nullable=False, unique=True),
    Column("payment", String(32), nullable=False),
    Column("voice", Boolean, nullable=False),
    Column("coupon", String(30), nullable=False),
    Column("details", JSON, nullable=False),
    Column("delivery", JSON),
    Column("totals", JSON, nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    Index("ix_orders_shopper", "shop", "shopper", "placed_at"),
    Index("ix_orders_customer", "shop", "customer", "placed_at"),
)
"""One order at most for a checkout; `details` is whom it goes to, `delivery` the shop's way of sending, as it was."""

order_lines = Table(
    "order_lines",
    metadata,
    _shop(),
    Column("number", String(20), primary_key=True),
    Column("sku", String(120), primary_key=True),
    Column("line", JSON, nullable=False),
    Column("place", Integer, nullable=False),
)
"""`line` is the `QuotedLine` that was bought."""

order_events = Table(
    "order_events",
    metadata,
    Column("id", Integer, primary_key=True),
    _shop(key=False),
    Column("number", String(20), nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_order_events_number", "shop", "number", "id"),
)
"""What has happened to orders; `state` is empty for a mere note."""

coupon_uses = Table(
    "coupon_uses",
    metadata,
    _shop(),
    Column("code", String(30), primary_key=True),
    Column("customer", String(270), primary_key=True),
    Column("number", String(20), nullable=False),
)
"""Who has used a coupon that works once: a shopper, and an e-mail address."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    _shop(key=False),
    Column("kind", String(16), nullable=False),
    Column("body", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("state", String(16), nullable=False),
    Index("ix_outbox_state", "state", "next_at"),
)
"""Letters that are to leave, kept together with what they tell of."""

voice_buyers = Table(
    "voice_buyers",
    metadata,
    _shop(),
    Column("shopper", String(64), primary_key=True),
    Column("pin", String(200), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("details", JSON, nullable=False),
    Column("method", String(40), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Who may buy by voice: the PIN's hash, where it goes, and the stored way of paying."""

answered_requests = Table(
    "answered_requests",
    metadata,
    _shop(),
    Column("shopper", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_answered_requests_at", "at"),
)
"""Answers by Idempotency-Key, given again to the same request."""
