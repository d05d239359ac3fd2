"""The tables of what comes after a purchase; the service's migrations hold how they came about."""

from sqlalchemy import JSON, Column, DateTime, Index, Integer, MetaData, String, Table

metadata = MetaData()

returns = Table(
    "returns",
    metadata,
    Column("shop", String(40), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("order_number", String(20), nullable=False),
    Column("state", String(16), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_returns_order", "shop", "order_number"),
)
"""What customers send back; `data` is the whole `Return`."""

proof_codes = Table(
    "proof_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop", String(40), nullable=False),
    Column("order_number", String(20), nullable=False),
    Column("shopper", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Index("ix_proof_codes_order", "shop", "order_number", "sent_at"),
    Index("ix_proof_codes_sent_at", "sent_at"),
)
"""Codes sent to orders' mailboxes; an empty digest is one that was used, replaced, or never sent."""

proofs = Table(
    "proofs",
    metadata,
    Column("shop", String(40), primary_key=True),
    Column("order_number", String(20), primary_key=True),
    Column("shopper", String(64), primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""Which orders shoppers have shown to be theirs."""
