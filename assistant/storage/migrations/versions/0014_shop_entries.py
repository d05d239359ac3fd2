"""What sellers edit: drafts, what is live, and versions; shops' answers move there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables, and make the answers that there are entries that are live."""
    op.create_table(
        "shop_entry_heads",
        _shop(),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("edits", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_shop_entry_heads"),
        _of_shop("shop_entry_heads"),
    )
    op.create_table(
        "shop_entries",
        _shop(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text()),
        sa.Column("live", sa.Text()),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("edit", sa.BigInteger(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "kind", "id", name="pk_shop_entries"),
        _of_shop("shop_entries"),
    )
    op.create_index("ix_shop_entries_edit", "shop_entries", ["shop", "edit"])
    op.create_index("ix_shop_entries_published", "shop_entries", ["shop", "published"])
    changed = sa.text("changed")
    op.create_index("ix_shop_entries_changed", "shop_entries", ["shop"], postgresql_where=changed, sqlite_where=changed)
    op.create_table(
        "shop_versions",
        _shop(),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("restores", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop", "number", name="pk_shop_versions"),
        _of_shop("shop_versions"),
    )
    op.create_table(
        "shop_version_changes",
        _shop(),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.PrimaryKeyConstraint("shop", "version", "kind", "id", name="pk_shop_version_changes"),
        _of_shop("shop_version_changes"),
    )
    for statement in (
        "INSERT INTO shop_entry_heads (shop, revision, edits) SELECT DISTINCT shop, 1, 1 FROM shop_answers",
        """INSERT INTO shop_versions (shop, number, "by", at, note, changes)
            SELECT shop, 1, 'Sori', CURRENT_TIMESTAMP, 'The answers as they were', COUNT(*)
            FROM shop_answers GROUP BY shop""",
        """INSERT INTO shop_version_changes (shop, version, kind, id, before, after)
            SELECT shop, 1, 'answer', id, NULL, data FROM shop_answers""",
        """INSERT INTO shop_entries
            (shop, kind, id, place, draft, live, changed, revision, edit, published, "by", at)
            SELECT a.shop, 'answer', a.id, a.place, a.data, a.data, FALSE, 1, 1, 1,
                CASE WHEN r.file = '' THEN 'Sori' ELSE 'file:' || r.file END, CURRENT_TIMESTAMP
            FROM shop_answers a JOIN shop_answer_revisions r ON r.shop = a.shop""",
    ):
        op.execute(statement)
    op.drop_table("shop_answer_revisions")
    op.drop_table("shop_answers")


def downgrade() -> None:
    """Drop the tables; the answers that are live stay."""
    op.create_table(
        "shop_answers",
        _shop(),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_shop_answers"),
        _of_shop("shop_answers"),
    )
    op.create_table(
        "shop_answer_revisions",
        _shop(),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_shop_answer_revisions"),
        _of_shop("shop_answer_revisions"),
    )
    op.execute(
        """INSERT INTO shop_answers (shop, id, place, data)
        SELECT shop, id, place, live FROM shop_entries WHERE kind = 'answer' AND live IS NOT NULL"""
    )
    op.execute(
        """INSERT INTO shop_answer_revisions (shop, revision, file)
        SELECT DISTINCT shop, 1, '' FROM shop_answers"""
    )
    for table in ("shop_version_changes", "shop_versions", "shop_entries", "shop_entry_heads"):
        op.drop_table(table)


def _shop() -> sa.Column[str]:
    return sa.Column("shop", sa.String(40), nullable=False)


def _of_shop(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop"], ["shops.id"], name=f"fk_{table}_shop", ondelete="CASCADE")
