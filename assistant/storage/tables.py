"""The tables, as SQLAlchemy knows them; migrations/ holds how they came about."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

from skills.shopping.catalogue.tables import shops

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
    Column("queue", Text, nullable=False, server_default=""),
    Index("ix_positions_listener_at", "listener", "at"),
)
"""How far each listener is in each item that was begun, and the ids of what was queued then, with spaces between."""

follows = Table(
    "follows",
    metadata,
    Column("listener", String(64), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(120), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
"""The channels that each listener follows; the name is kept for the time when the catalogue has nothing of it."""

told = Table(
    "told",
    metadata,
    Column("listener", String(64), primary_key=True),
    Column("item", String(120), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_told_at", "at"),
)
"""What listeners have been told is new; rows go away when their item is no news any more."""

arrivals = Table(
    "arrivals",
    metadata,
    Column("item", String(120), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_arrivals_at", "at"),
)
"""Since when each item of the catalogue can be found."""

playlist_items = Table(
    "playlist_items",
    metadata,
    Column("listener", String(64), primary_key=True),
    Column("playlist", String(60), primary_key=True),
    Column("item", String(120), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("place", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What is on each listener's playlists, `name` as the listener called it; a playlist without items is none."""

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
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE")),
    Index("ix_api_keys_shop", "shop"),
)
"""Keys of creators and machines, by the hash of the secret; rows stay when they are revoked, and go with their shop."""
