"""How far listeners are in items."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "positions",
        sa.Column("listener", sa.String(64), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("position_ms", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener", "item", name="pk_positions"),
    )
    op.create_index("ix_positions_listener_at", "positions", ["listener", "at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("positions")
