"""The tables of webhooks, as SQLAlchemy knows them; the service's migrations hold how they came about."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

from skills.shopping.catalogue.tables import shops

metadata = MetaData()

endpoints = Table(
    "webhooks",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("url", String(2_000), nullable=False),
    Column("events", JSON, nullable=False),
    Column("secret", String(64), nullable=False),
    Column("old_secret", String(64), nullable=False),
    Column("old_until", DateTime(timezone=True)),
    Column("paused", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""`secret` is what calls are signed with, in Base64; `old_secret` signs beside it until `old_until`."""

calls = Table(
    "webhook_calls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("webhook", String(16), ForeignKey(endpoints.c.id, ondelete="CASCADE"), nullable=False),
    Column("event", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("status", Integer),
    Column("problem", String(300), nullable=False),
    Index("ix_webhook_calls_webhook", "webhook", "at"),
    Index("ix_webhook_calls_state", "state", "next_at"),
)
"""`status` and `problem` are the last attempt's."""
