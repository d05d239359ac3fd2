"""The index that insights are counted from has facts by the quarter of an hour: they are grouped by it as it is."""

from alembic import op

revision = "0020"
down_revision = "0019"

_BEFORE = ["shop", "kind", "at", "conversation", "quarter", "subject", "source", "milliseconds"]
_NOW = ["shop", "kind", "quarter", "conversation", "subject", "source", "at", "seq", "milliseconds"]


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("ix_chat_facts_read", "chat_facts")
    op.create_index("ix_chat_facts_counted", "chat_facts", _NOW)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_chat_facts_counted", "chat_facts")
    op.create_index("ix_chat_facts_read", "chat_facts", _BEFORE)
