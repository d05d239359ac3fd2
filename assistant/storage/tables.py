"""The tables, as SQLAlchemy knows them; migrations/ holds how they came about."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False),
    Column("turns", Integer, nullable=False),
    Column("memory", JSON, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("dialog_request_id", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("said", Text, nullable=False),
    Column("intent", String(128), nullable=False),
    Column("reply", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_turns_conversation_id", "conversation", "id"),
)

satellites = Table(
    "satellites",
    metadata,
    Column("listener", String(64), primary_key=True),
    Column("conversation", String(64), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False),
)
"""The conversation that each satellite is in; rows that have not been used for a while go away."""

positions = Table(
    "positions",
    metadata,
    Column("listener", String(64), primary_key=True),
    Column("item", String(120), primary_key=True),
    Column("position_ms", Integer, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_positions_listener_at", "listener", "at"),
)
"""How far each listener is in each item that was begun."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)
"""Keys of creators and machines, by the hash of the secret; rows stay when they are revoked."""
