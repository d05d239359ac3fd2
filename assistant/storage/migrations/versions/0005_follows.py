"""Whom listeners follow, what they were told, and since when items are there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "follows",
        sa.Column("listener", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener", "channel", name="pk_follows"),
    )
    op.create_table(
        "told",
        sa.Column("listener", sa.String(64), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener", "item", name="pk_told"),
    )
    op.create_index("ix_told_at", "told", ["at"])
    op.create_table(
        "arrivals",
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_at", "arrivals", ["at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("arrivals", "told", "follows"):
        op.drop_table(table)
