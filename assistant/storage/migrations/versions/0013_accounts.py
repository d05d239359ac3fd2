"""Accounts of the console, their sessions, and what everybody has done; keys know their shop."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables, and name the shop of every key that is one's."""
    at = sa.DateTime(timezone=True)
    op.create_table(
        "console_accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", at, nullable=False),
        sa.Column("password_at", at, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_console_accounts"),
        sa.UniqueConstraint("email", name="uq_console_accounts_email"),
    )
    op.create_table(
        "console_members",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("since", at, nullable=False),
        sa.PrimaryKeyConstraint("account", "shop", name="pk_console_members"),
        _account("console_members"),
        _shop("console_members"),
    )
    op.create_index("ix_console_members_shop", "console_members", ["shop"])
    op.create_table(
        "console_invitations",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("shop", sa.String(40)),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", at, nullable=False),
        sa.Column("expires_at", at, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_console_invitations"),
        sa.UniqueConstraint("sha256", name="uq_console_invitations_sha256"),
        _shop("console_invitations"),
    )
    op.create_index("ix_console_invitations_shop", "console_invitations", ["shop"])
    op.create_table(
        "console_resets",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("expires_at", at, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_console_resets"),
        _account("console_resets"),
    )
    op.create_index("ix_console_resets_account", "console_resets", ["account"])
    op.create_table(
        "console_sessions",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("created_at", at, nullable=False),
        sa.Column("used_at", at, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("device", sa.String(80), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("unsent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_console_sessions"),
        sa.UniqueConstraint("id", name="uq_console_sessions_id"),
        _account("console_sessions"),
    )
    op.create_index("ix_console_sessions_account", "console_sessions", ["account"])
    op.create_table(
        "console_attempts",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("at", at, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_console_attempts"),
    )
    op.create_index("ix_console_attempts_at", "console_attempts", ["at"])
    op.create_table(
        "console_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(40)),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", at, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_console_log"),
        _shop("console_log"),
    )
    op.create_index("ix_console_log_shop", "console_log", ["shop", "id"])
    with op.batch_alter_table("api_keys") as table:
        table.add_column(sa.Column("shop", sa.String(40)))
        table.create_index("ix_api_keys_shop", ["shop"])
        table.create_foreign_key("fk_api_keys_shop", "shops", ["shop"], ["id"], ondelete="CASCADE")
    _name_shops()


def _name_shops() -> None:
    """Of every key that is a shop's; one whose shop is gone would open the next shop of that name."""
    keys = sa.table("api_keys", sa.column("id", sa.String), sa.column("scopes", sa.JSON), sa.column("shop", sa.String))
    connection = op.get_bind()
    shops = set(connection.execute(sa.select(sa.table("shops", sa.column("id")).c.id)).scalars())
    for identity, scopes in connection.execute(sa.select(keys.c.id, keys.c.scopes)).all():
        parted = [scope.partition(":") for scope in scopes]
        for shop in {shop for kind, _, shop in parted if kind in ("shop", "agent")}:
            mine = keys.c.id == identity
            statement = sa.update(keys).where(mine).values(shop=shop) if shop in shops else sa.delete(keys).where(mine)
            connection.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("api_keys") as table:
        table.drop_constraint("fk_api_keys_shop", type_="foreignkey")
        table.drop_index("ix_api_keys_shop")
        table.drop_column("shop")
    for table_name in ("log", "attempts", "sessions", "resets", "invitations", "members", "accounts"):
        op.drop_table(f"console_{table_name}")


def _account(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_account"
    return sa.ForeignKeyConstraint(["account"], ["console_accounts.id"], name=name, ondelete="CASCADE")


def _shop(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop"], ["shops.id"], name=f"fk_{table}_shop", ondelete="CASCADE")
