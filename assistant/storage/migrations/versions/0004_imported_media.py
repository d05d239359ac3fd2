"""Imported media: sources, items, their files, transcripts, steps and problems."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables, and the counters at zero."""
    op.create_table(
        "media_sources",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("validators", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_media_sources"),
    )
    op.create_table(
        "media_problems",
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("fatal", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "number", name="pk_media_problems"),
        _belongs("media_problems", "source", "media_sources"),
    )
    op.create_table(
        "media_items",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media_items"),
        _belongs("media_items", "source", "media_sources"),
    )
    op.create_index("ix_media_items_source_id", "media_items", ["source", "id"])
    op.create_index("ix_media_items_revision", "media_items", ["revision"])
    _create_of_items(
        "media_files",
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_media_files_sha256", "media_files", ["sha256"])
    _create_of_items(
        "media_transcripts",
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
    )
    _create_of_items(
        "media_steps",
        sa.Column("step", sa.String(16), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    counters = op.create_table(
        "media_counters",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
    op.bulk_insert(counters, [{"name": "revision", "value": 0}, {"name": "indexed", "value": 0}])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("counters", "steps", "transcripts", "files", "items", "problems", "sources"):
        op.drop_table(f"media_{table}")


def _create_of_items(name: str, *columns: "sa.Column[Any]") -> None:
    """A table whose rows belong to an item and go with it."""
    item = sa.Column("item", sa.String(120), primary_key=True)
    op.create_table(name, item, *columns, _belongs(name, "item", "media_items"))


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
