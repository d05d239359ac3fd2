"""Addresses that shops' events are told to, several for each shop; the one of the shop's profile becomes the first."""

import base64
import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the tables, and move what there is. Calls that were waiting are made no more: nobody knew them yet."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("shop", sa.String(40), nullable=False),
        sa.Column("url", sa.String(2_000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("old_secret", sa.String(64), nullable=False),
        sa.Column("old_until", sa.DateTime(timezone=True)),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_webhooks_shop", ondelete="CASCADE"),
    )
    op.create_index("ix_webhooks_shop", "webhooks", ["shop"])
    op.create_table(
        "webhook_calls",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("webhook", sa.String(16), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_calls"),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.id"], name="fk_webhook_calls_webhook", ondelete="CASCADE"),
    )
    op.create_index("ix_webhook_calls_webhook", "webhook_calls", ["webhook", "at"])
    op.create_index("ix_webhook_calls_state", "webhook_calls", ["state", "next_at"])
    _move()


def _move() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    shops = sa.table("shops", sa.column("id", sa.String), sa.column("profile", sa.Text))
    outbox = sa.table("outbox", sa.column("kind", sa.String))
    webhooks = sa.table(
        "webhooks",
        *(sa.column(name) for name in ("id", "shop", "url", "secret", "old_secret")),
        sa.column("events", sa.JSON),
        sa.column("paused", sa.Boolean),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    for row in connection.execute(sa.select(shops)).all():
        profile = json.loads(row.profile)
        url = profile.pop("webhook", "")
        if url:
            made = {"id": f"wh_{secrets.token_hex(6)}", "shop": row.id, "url": url, "old_secret": "", "paused": False}
            made |= {"events": ["order.placed"], "created_at": now}
            made |= {"secret": base64.b64encode(secrets.token_bytes(24)).decode()}
            connection.execute(sa.insert(webhooks).values(**made))
            connection.execute(sa.update(shops).where(shops.c.id == row.id).values(profile=json.dumps(profile)))
    connection.execute(sa.delete(outbox).where(outbox.c.kind == "webhook"))
