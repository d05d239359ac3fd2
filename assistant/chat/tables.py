"""The tables of shops' chats, as SQLAlchemy knows them; the service's migrations hold how they came about."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from skills.shopping.catalogue.tables import shops

metadata = MetaData()

conversations = Table(
    "chat_conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), nullable=False),
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
    Index("ix_chat_conversations_used", "shop", "used_at"),
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

facts = Table(
    "chat_facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64), ForeignKey("chat_conversations.id", ondelete="CASCADE"), nullable=False),
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("question", Integer),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("quarter", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("source", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("count", Integer),
    Column("score", Float),
    Column("milliseconds", Integer),
    Index(
        "ix_chat_facts_counted",
        *("shop", "kind", "quarter", "conversation", "subject", "source", "at", "seq", "milliseconds"),
    ),  # all that insights count by, in the order in which they group it: they read and group by the index alone
    Index("ix_chat_facts_conversation", "conversation", "seq"),
)
"""What a message has come to: `seq` is the message (an answer, mostly), `question` that of the shopper's which it
answers, `quarter` counts the quarters of hours since 1970 up to `at`: what days and hours are told apart by, in every
time zone. The rest is a `skills.fact.Fact`."""

pairings = Table(
    "chat_pairings",
    metadata,
    Column("code", String(6), primary_key=True),
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), nullable=False),
    Column("shopper", String(64), nullable=False),
    Column("customer", String(64)),
    Column("until", Integer),
    Column("conversation", String(64), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_chat_pairings_expires_at", "expires_at"),
)
"""Codes that open a conversation on another device, once; `customer` and `until` are the session's."""

canned_replies = Table(
    "chat_canned_replies",
    metadata,
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("folder", String(60), nullable=False),
    Column("shortcut", String(30), nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("shop", "shortcut", name="uq_chat_canned_replies_shop"),
)
"""What agents write often, by the shortcut that they type for it; `by` and `at` say who changed it last, and when."""

once = Table(
    "chat_once",
    metadata,
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), primary_key=True),
    Column("shopper", String(64), primary_key=True),
    Column("what", String(140), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""When a shopper was last told `what` is told once in a while."""
