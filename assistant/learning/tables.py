"""The tables of questions that were not answered well, as SQLAlchemy knows them; the service's migrations made them."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from assistant.chat.tables import conversations
from skills.shopping.catalogue.tables import shops

metadata = MetaData()

groups = Table(
    "question_groups",
    metadata,
    Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("answer", String(120), nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Questions of one meaning: `state` is a `question.State`, `answer` the id of the answer that was taught; `by` and `at`
say who taught it or put it away, and when."""

questions = Table(
    "questions",
    metadata,
    Column("conversation", String(64), ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("shop", String(40), nullable=False),
    Column("group", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("rated", Integer),
    Column("product", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("vector", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["shop", "group"], ["question_groups.shop", "question_groups.id"], name="fk_questions_group", ondelete="CASCADE"
    ),
    Index("ix_questions_group", "shop", "group", "at"),
)
"""A shopper's message that was not answered, or whose answer (`rated`) was rated badly; `product` is the one that it
was about, if any; `vector` its meaning, float16."""
