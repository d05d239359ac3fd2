"""Listeners' playlists, and what was queued where they are in an item."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "playlist_items",
        sa.Column("listener", sa.String(64), nullable=False),
        sa.Column("playlist", sa.String(60), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener", "playlist", "item", name="pk_playlist_items"),
    )
    op.add_column("positions", sa.Column("queue", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_column("positions", "queue")
    op.drop_table("playlist_items")
