"""What comes after a purchase: returns, and codes by which somebody shows that an order is theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "returns",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("order_number", sa.String(20), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "number", name="pk_returns"),
    )
    op.create_index("ix_returns_order", "returns", ["shop", "order_number"])
    op.create_table(
        "proof_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("order_number", sa.String(20), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proof_codes"),
    )
    op.create_index("ix_proof_codes_order", "proof_codes", ["shop", "order_number", "sent_at"])
    op.create_index("ix_proof_codes_sent_at", "proof_codes", ["sent_at"])
    op.create_table(
        "proofs",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("order_number", sa.String(20), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "order_number", "shopper", name="pk_proofs"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("proofs", "proof_codes", "returns"):
        op.drop_table(table)
