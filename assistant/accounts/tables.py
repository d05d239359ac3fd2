"""The tables of accounts, as SQLAlchemy knows them; the service's migrations hold how they came about."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

from skills.shopping.catalogue.tables import shops

metadata = MetaData()


def _account() -> ForeignKey:
    return ForeignKey("console_accounts.id", ondelete="CASCADE")


def _shop() -> ForeignKey:
    return ForeignKey(shops.c.id, ondelete="CASCADE")


accounts = Table(
    "console_accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("password", Text, nullable=False),
    Column("operator", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("password_at", DateTime(timezone=True), nullable=False),
)
"""`email` in small letters; `password` is an argon2id hash with its parameters."""

members = Table(
    "console_members",
    metadata,
    Column("account", String(32), _account(), primary_key=True),
    Column("shop", String(40), _shop(), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Index("ix_console_members_shop", "shop"),
)

invitations = Table(
    "console_invitations",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("email", String(254), nullable=False),
    Column("shop", String(40), _shop()),
    Column("role", String(16), nullable=False),
    Column("by", String(254), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_console_invitations_shop", "shop"),
)
"""Those that are open, by the hash of what their link holds; without a shop it makes an operator."""

resets = Table(
    "console_resets",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("account", String(32), _account(), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_console_resets_account", "account"),
)
"""Links that set a new password, once, by the hash of what they hold."""

sessions = Table(
    "console_sessions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("account", String(32), _account(), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False),
    Column("address", String(64), nullable=False),
    Column("device", String(80), nullable=False),
    Column("notice", Text, nullable=False),
    Column("unsent", Text, nullable=False),
    Index("ix_console_sessions_account", "account"),
)
"""Who is signed in, by the hash of the cookie; `notice` is what the next page says, `unsent` a form that came when
nobody was signed in, as JSON."""

attempts = Table(
    "console_attempts",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_console_attempts_at", "at"),
)
"""Wrong passwords in a row, and when the last was tried, by account and by address."""

log = Table(
    "console_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop", String(40), _shop()),
    Column("account", String(32), nullable=False),
    Column("who", String(254), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_console_log_shop", "shop", "id"),
)
"""What people have done, for the shop's owners; without a shop it is for the operators. Nothing here changes."""
