"""Shops' own answers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "shop_answers",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_shop_answers"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_shop_answers_shop", ondelete="CASCADE"),
    )
    op.create_table(
        "shop_answer_revisions",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_shop_answer_revisions"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_shop_answer_revisions_shop", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("shop_answer_revisions")
    op.drop_table("shop_answers")
