"""Which conversation a satellite is in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "satellites",
        sa.Column("listener", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener", name="pk_satellites"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("satellites")
