"""Invitations: a link that makes somebody a member, once and for a week."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from assistant.accounts.people import Account, add_account, add_member, spelled
from assistant.accounts.rights import SHOP_ROLES, Role
from assistant.accounts.tables import accounts, invitations, members
from assistant.storage.transactions import reading, writing
from skills.stored_times import in_utc

VALID = timedelta(days=7)


@dataclass(frozen=True)
class Invitation:
    """Somebody is asked to join a shop; without a shop, to operate the service."""

    id: str
    email: str
    shop: str | None
    role: Role
    by: str
    at: datetime
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether its link still works."""
        return now < self.expires_at


class Invitations:
    """The open ones in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def invite(self, shop: str | None, email: str, role: Role, by: str, now: datetime) -> tuple[Invitation, str]:
        """Invite somebody, and the secret of the link; an earlier link to the same shop stops working."""
        invitation = Invitation(secrets.token_hex(8), spelled(email), shop, role, by, now, now + VALID)
        secret = secrets.token_urlsafe(32)
        with writing(self._engine) as connection:
            same = (invitations.c.email == invitation.email) & _of(shop)
            connection.execute(delete(invitations).where(same))
            connection.execute(insert(invitations).values(**vars(invitation), sha256=_hashed(secret)))
        return invitation, secret

    def renew(self, shop: str, identity: str, by: str, now: datetime) -> tuple[Invitation, str] | None:
        """The same again with a new link; None where there is no such invitation to the shop."""
        with reading(self._engine) as connection:
            mine = select(invitations).where(invitations.c.id == identity, _of(shop))
            row = connection.execute(mine).one_or_none()
        return self.invite(shop, row.email, Role(row.role), by, now) if row else None

    def revoke(self, shop: str, identity: str) -> Invitation | None:
        """Let a link work no more; None where there is no such invitation to the shop."""
        with writing(self._engine) as connection:
            gone = delete(invitations).where(invitations.c.id == identity, _of(shop)).returning(invitations)
            row = connection.execute(gone).one_or_none()
        return _invitation(row) if row else None

    def of(self, shop: str) -> list[Invitation]:
        """Those to a shop that nobody has accepted, expired ones too, the latest first."""
        with reading(self._engine) as connection:
            mine = select(invitations).where(_of(shop)).order_by(invitations.c.at.desc())
            return [_invitation(row) for row in connection.execute(mine)]

    def find(self, secret: str, now: datetime) -> Invitation | None:
        """The invitation of a link that still works."""
        with reading(self._engine) as connection:
            row = connection.execute(select(invitations).where(_link(secret, now))).one_or_none()
        return _invitation(row) if row else None

    def accept(self, secret: str, account: Account, now: datetime, password: str | None = None) -> bool:
        """Use a link up, for the account of its address; with the hash of a `password` the account is a new one.

        False where the link does not work any more, or is for another address: nothing is changed.
        """
        with writing(self._engine) as connection:
            mine = _link(secret, now) & (invitations.c.email == account.email)
            row = connection.execute(delete(invitations).where(mine).returning(invitations)).one_or_none()
            if row is None:
                return False
            if password is not None:
                add_account(connection, account, password, now)
            self._let_in(connection, account, _invitation(row), now)
            return True

    def _let_in(self, connection: Connection, account: Account, invitation: Invitation, now: datetime) -> None:
        if invitation.shop is None:
            connection.execute(update(accounts).where(accounts.c.id == account.id).values(operator=True))
            return
        mine = select(members.c.role).where(members.c.account == account.id, members.c.shop == invitation.shop)
        had = connection.execute(mine).scalar_one_or_none()
        roles = [invitation.role, *([Role(had)] if had else [])]
        # Nobody becomes less by an invitation: the last owner would be gone.
        add_member(self._engine, connection, account, invitation.shop, max(roles, key=SHOP_ROLES.index), now)


def _of(shop: str | None) -> ColumnElement[bool]:
    return invitations.c.shop.is_(None) if shop is None else invitations.c.shop == shop


def _link(secret: str, now: datetime) -> ColumnElement[bool]:
    return (invitations.c.sha256 == _hashed(secret)) & (invitations.c.expires_at > now)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _invitation(row: Row[Any]) -> Invitation:
    at, expires_at = in_utc(row.at), in_utc(row.expires_at)
    return Invitation(row.id, row.email, row.shop, Role(row.role), row.by, at, expires_at)
