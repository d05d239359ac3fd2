"""The tables of what sellers edit, as SQLAlchemy knows them; the service's migrations made them."""

from sqlalchemy import (
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
    text,
)

from skills.shopping.catalogue.tables import shops

metadata = MetaData()


def _shop() -> Column[str]:
    return Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), primary_key=True)


heads = Table(
    "shop_entry_heads",
    metadata,
    _shop(),
    Column("revision", BigInteger, nullable=False),
    Column("edits", BigInteger, nullable=False),
)
"""`revision` is the number of the shop's newest version; `edits` grows with every change of a draft. Who changes
anything of a shop's entries takes its row first, so that there is one at a time.
"""

entries = Table(
    "shop_entries",
    metadata,
    _shop(),
    Column("kind", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("draft", Text),
    Column("live", Text),
    Column("changed", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("edit", BigInteger, nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_shop_entries_edit", "shop", "edit"),
    Index("ix_shop_entries_published", "shop", "published"),
    Index("ix_shop_entries_changed", "shop", postgresql_where=text("changed"), sqlite_where=text("changed")),
)
"""An entry: its working copy (`draft`) and what customers get (`live`), each its kind's model in JSON, or nothing where
it is removed there. The row stays when both are nothing, so that whoever keeps up with changes sees that it went.

`revision` grows with every save of the draft, `edit` and `published` are the shop's `edits` and `revision` at the last
change of the draft and of what is live; `by` and `at` say who changed the draft last, and when.
"""

versions = Table(
    "shop_versions",
    metadata,
    _shop(),
    Column("number", BigInteger, primary_key=True),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("note", String(500), nullable=False),
    Column("changes", Integer, nullable=False),
    Column("restores", BigInteger),
)
"""What was published and when, numbered from 1; `restores` is the version that was gone back to. Never changed."""

deltas = Table(
    "shop_version_changes",
    metadata,
    _shop(),
    Column("version", BigInteger, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("before", Text),
    Column("after", Text),
)
"""What a version changed of what was live. Any version is what is live now with the later changes undone."""
