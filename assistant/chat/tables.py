"""The tables of shops' chats, as SQLAlchemy knows them; the service's migrations hold how they came about."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

conversations = Table(
    "chat_conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("shop", String(40), nullable=False),
    Column("shopper", String(64), nullable=False),
    Column("customer", String(64)),
    Column("title", String(80), nullable=False),
    Column("language", String(5), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("read_seq", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("agent", String(80), nullable=False),
    Column("contact", String(254), nullable=False),
    Column("asked_at", DateTime(timezone=True)),
    Column("deadline", DateTime(timezone=True)),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False),
    Index("ix_chat_conversations_shopper", "shop", "shopper", "used_at"),
    Index("ix_chat_conversations_state", "shop", "state"),
    Index("ix_chat_conversations_deadline", "deadline"),
)
"""`seq` is the newest message's, `read_seq` the newest that the shopper has seen; `state`, `agent`, `asked_at` and
`deadline` are `handover.Thread`; `contact` is an e-mail address left for when people are back."""

messages = Table(
    "chat_messages",
    metadata,
    Column("conversation", String(64), ForeignKey("chat_conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("sender", String(8), nullable=False),
    Column("client_id", String(64)),
    Column("reply_to", String(64)),
    Column("body", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("pending", Boolean, nullable=False),
    Column("rating", String(4)),
    Column("comment", Text, nullable=False),
    UniqueConstraint("conversation", "client_id", name="uq_chat_messages_conversation"),
)
"""`client_id` is what the shopper's client calls its message, `reply_to` that of the one it answers; `pending` is a
message of a shopper that the assistant has still to answer."""

pairings = Table(
    "chat_pairings",
    metadata,
    Column("code", String(6), primary_key=True),
    Column("shop", String(40), nullable=False),
    Column("shopper", String(64), nullable=False),
    Column("customer", String(64)),
    Column("until", Integer),
    Column("conversation", String(64), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_chat_pairings_expires_at", "expires_at"),
)
"""Codes that open a conversation on another device, once; `customer` and `until` are the session's."""
