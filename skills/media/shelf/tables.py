"""The tables of imported media, as SQLAlchemy knows them; the service's migrations hold how they came about."""

from sqlalchemy import (
    JSON,
    BigInteger,
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
    false,
)

metadata = MetaData()

_ITEM = ("media_items.id",)


def _item() -> Column[str]:
    return Column("item", String(120), ForeignKey(*_ITEM, ondelete="CASCADE"), primary_key=True)


sources = Table(
    "media_sources",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", String(64), nullable=False),
    Column("validators", JSON, nullable=False),
    Column("read_at", DateTime(timezone=True)),
)
"""Where items come from; `content` is the fingerprint of what was last read from there to its end, or empty."""

problems = Table(
    "media_problems",
    metadata,
    Column("source", String(32), ForeignKey("media_sources.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("fatal", Boolean, nullable=False),
)
"""What was wrong in a source when it was last read."""

items = Table(
    "media_items",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("source", String(32), ForeignKey("media_sources.id", ondelete="CASCADE"), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("details", JSON, nullable=False),
    Column("links", JSON, nullable=False),
    Column("place", Text, nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("draft", Boolean, nullable=False, server_default=false()),
    Column("revision", BigInteger, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Index("ix_media_items_source_id", "source", "id"),
    Index("ix_media_items_revision", "revision"),
)
"""`details` is what a listener is told of an item, `links` where its files come from, `revision` its last change."""

files = Table(
    "media_files",
    metadata,
    _item(),
    Column("role", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Index("ix_media_files_sha256", "sha256"),
)
"""Which contents of the store belong to an item, and what each is to it."""

transcripts = Table(
    "media_transcripts",
    metadata,
    _item(),
    Column("origin", String(16), nullable=False),
    Column("language", String(40), nullable=False),
    Column("segments", JSON, nullable=False),
)
"""What is said in an item: `origin` says by whom it was written down."""

steps = Table(
    "media_steps",
    metadata,
    _item(),
    Column("step", String(16), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("result", JSON, nullable=False),
    Column("code", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("retryable", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What has been done to an item, from what (`fingerprint`); `code` is empty where it succeeded."""

counters = Table(
    "media_counters",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""`revision` grows with every change that a listener could notice; `indexed` is the one that the index has."""
