"""Shops' chats: conversations, their messages, and codes that open one on another device."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "chat_conversations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("customer", sa.String(64)),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("read_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("deadline", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_conversations"),
    )
    op.create_index("ix_chat_conversations_shopper", "chat_conversations", ["shop", "shopper", "used_at"])
    op.create_index("ix_chat_conversations_state", "chat_conversations", ["shop", "state"])
    op.create_index("ix_chat_conversations_deadline", "chat_conversations", ["deadline"])
    op.create_table(
        "chat_messages",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(8), nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("reply_to", sa.String(64)),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.String(4)),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq", name="pk_chat_messages"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["chat_conversations.id"], ondelete="CASCADE", name="fk_chat_messages_conversation"
        ),
        sa.UniqueConstraint("conversation", "client_id", name="uq_chat_messages_conversation"),
    )
    op.create_table(
        "chat_pairings",
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("shopper", sa.String(64), nullable=False),
        sa.Column("customer", sa.String(64)),
        sa.Column("until", sa.Integer()),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_chat_pairings"),
    )
    op.create_index("ix_chat_pairings_expires_at", "chat_pairings", ["expires_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("chat_pairings")
    op.drop_table("chat_messages")
    op.drop_table("chat_conversations")
