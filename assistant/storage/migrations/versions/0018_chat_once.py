"""What shoppers have been told of what they are told once in a while."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "chat_once",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("what", sa.String(140), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "shopper", "what", name="pk_chat_once"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_chat_once_shop", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("chat_once")
