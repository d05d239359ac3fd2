"""Facts of shops' chats, which their insights are read from; what is known of earlier chats is filled in."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "chat_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer()),
        sa.Column("score", sa.Float()),
        sa.Column("milliseconds", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_chat_facts"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["chat_conversations.id"], ondelete="CASCADE", name="fk_chat_facts_conversation"
        ),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], ondelete="CASCADE", name="fk_chat_facts_shop"),
    )
    # All that insights count by: they are read from the index alone.
    counted = ["shop", "kind", "at", "conversation", "quarter", "subject", "source", "milliseconds"]
    op.create_index("ix_chat_facts_read", "chat_facts", counted)
    op.create_index("ix_chat_facts_conversation", "chat_facts", ["conversation", "seq"])
    op.create_index("ix_orders_placed", "orders", ["shop", "placed_at"])
    seconds = "CAST(strftime('%s', m.at) AS INTEGER)"
    if op.get_bind().dialect.name == "postgresql":
        seconds = "CAST(floor(extract(epoch FROM m.at)) AS INTEGER)"
    for kind, subject, of in (
        ("'wrote'", "''", "m.sender = 'shopper'"),
        ("'replied'", "m.sender", "m.sender IN ('bot', 'agent')"),
        ("'rated'", "m.rating", "m.rating IS NOT NULL"),
    ):
        op.execute(
            "INSERT INTO chat_facts (conversation, shop, seq, at, quarter, kind, subject, source, text) "  # noqa: S608 - ours
            f"SELECT m.conversation, c.shop, m.seq, m.at, {seconds} / 900, {kind}, {subject}, '', '' "
            f"FROM chat_messages m JOIN chat_conversations c ON c.id = m.conversation WHERE {of}"
        )


def downgrade() -> None:
    """Drop the table."""
    op.drop_index("ix_orders_placed", "orders")
    op.drop_table("chat_facts")
