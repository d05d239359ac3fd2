"""Questions that were not answered well, in groups; what agents write often."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "question_groups",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answer", sa.String(120), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_question_groups"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_question_groups_shop", ondelete="CASCADE"),
    )
    op.create_table(
        "questions",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("group", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rated", sa.Integer()),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq", name="pk_questions"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["chat_conversations.id"], name="fk_questions_conversation", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shop", "group"],
            ["question_groups.shop", "question_groups.id"],
            name="fk_questions_group",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_questions_group", "questions", ["shop", "group", "at"])
    op.create_table(
        "chat_canned_replies",
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("folder", sa.String(60), nullable=False),
        sa.Column("shortcut", sa.String(30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_chat_canned_replies"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_chat_canned_replies_shop", ondelete="CASCADE"),
        sa.UniqueConstraint("shop", "shortcut", name="uq_chat_canned_replies_shop"),
    )
    op.create_index("ix_chat_conversations_used", "chat_conversations", ["shop", "used_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_chat_conversations_used", "chat_conversations")
    op.drop_table("chat_canned_replies")
    op.drop_table("questions")
    op.drop_table("question_groups")
