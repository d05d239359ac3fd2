"""Accounts, and which shops they are members of."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from assistant.accounts.rights import Role
from assistant.accounts.tables import accounts, members, resets
from assistant.storage.transactions import insert_into, reading, writing
from skills.stored_times import in_utc


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    id: str
    email: str
    name: str
    operator: bool


@dataclass(frozen=True)
class Member:
    """Somebody of a shop."""

    account: Account
    role: Role
    since: datetime


class Changed(Enum):
    """What has come of changing a member."""

    DONE = auto()
    UNKNOWN = auto()
    """The shop has no such member."""
    LAST_OWNER = auto()
    """The shop would have no owner; nothing is changed."""


class People:
    """The accounts in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, email: str, name: str, password: str, now: datetime, *, operator: bool = False) -> Account:
        """A new account, with the hash of its password; `email` is nobody's yet."""
        account = Account(secrets.token_hex(8), spelled(email), name, operator)
        with writing(self._engine) as connection:
            add_account(connection, account, password, now)
        return account

    def remove(self, account: Account) -> None:
        """Forget somebody, with their memberships and sessions."""
        with writing(self._engine) as connection:
            connection.execute(delete(accounts).where(accounts.c.id == account.id))

    def all(self) -> list[Account]:
        """Everybody, by address."""
        with reading(self._engine) as connection:
            return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.email))]

    def find(self, email: str) -> Account | None:
        """The account of an address."""
        with reading(self._engine) as connection:
            row = connection.execute(select(accounts).where(accounts.c.email == spelled(email))).one_or_none()
        return account_of(row) if row else None

    def password(self, account: Account) -> str:
        """The hash of somebody's password."""
        with reading(self._engine) as connection:
            kept: str = connection.execute(select(accounts.c.password).where(accounts.c.id == account.id)).scalar_one()
        return kept

    def set_password(self, account: Account, password: str, now: datetime) -> None:
        """Keep the hash of a new password; open links for a new one are gone."""
        with writing(self._engine) as connection:
            mine = update(accounts).where(accounts.c.id == account.id)
            connection.execute(mine.values(password=password, password_at=now))
            connection.execute(delete(resets).where(resets.c.account == account.id))

    def rehash(self, account: Account, before: str, after: str) -> None:
        """Keep the same password with other parameters, unless it has been changed meanwhile."""
        with writing(self._engine) as connection:
            mine = (accounts.c.id == account.id) & (accounts.c.password == before)
            connection.execute(update(accounts).where(mine).values(password=after))

    def rename(self, account: Account, name: str) -> None:
        """Be called otherwise."""
        with writing(self._engine) as connection:
            connection.execute(update(accounts).where(accounts.c.id == account.id).values(name=name))

    def role(self, account: Account, shop: str) -> Role | None:
        """What somebody is at a shop."""
        if account.operator:
            return Role.OPERATOR
        mine = select(members.c.role).where(members.c.account == account.id, members.c.shop == shop)
        with reading(self._engine) as connection:
            role = connection.execute(mine).scalar_one_or_none()
        return Role(role) if role else None

    def shops(self, account: Account) -> dict[str, Role]:
        """The shops somebody is a member of, with what they are there."""
        mine = select(members.c.shop, members.c.role).where(members.c.account == account.id)
        with reading(self._engine) as connection:
            return {row.shop: Role(row.role) for row in connection.execute(mine.order_by(members.c.shop))}

    def join(self, account: Account, shop: str, role: Role, now: datetime) -> None:
        """Be a member of a shop from now on, or be something else there."""
        with writing(self._engine) as connection:
            add_member(self._engine, connection, account, shop, role, now)

    def team(self, shop: str) -> list[Member]:
        """Everybody of a shop, those who came first first."""
        found = select(accounts, members.c.role, members.c.since).join(members, members.c.account == accounts.c.id)
        mine = found.where(members.c.shop == shop).order_by(members.c.since, accounts.c.email)
        with reading(self._engine) as connection:
            return [Member(account_of(row), Role(row.role), in_utc(row.since)) for row in connection.execute(mine)]

    def set_role(self, shop: str, account: str, role: Role | None) -> Changed:
        """Make a member something else, or with None no member."""
        mine = (members.c.shop == shop) & (members.c.account == account)
        owners = (members.c.shop == shop) & (members.c.role == Role.OWNER)
        with writing(self._engine) as connection:
            # Written first: two owners who leave at the same moment wait for each other.
            connection.execute(update(members).where(members.c.shop == shop).values(since=members.c.since))
            had = connection.execute(select(members.c.role).where(mine)).scalar_one_or_none()
            if had is None:
                return Changed.UNKNOWN
            left = connection.execute(select(func.count()).select_from(members).where(owners)).scalar_one()
            if had == Role.OWNER and role != Role.OWNER and left == 1:
                return Changed.LAST_OWNER
            connection.execute(update(members).where(mine).values(role=role) if role else delete(members).where(mine))
            return Changed.DONE


def add_account(connection: Connection, account: Account, password: str, now: datetime) -> None:
    """Keep a new account, in a transaction that does more."""
    row = {"id": account.id, "email": account.email, "name": account.name, "operator": account.operator}
    connection.execute(insert(accounts).values(**row, password=password, created_at=now, password_at=now))


def add_member(engine: Engine, connection: Connection, account: Account, shop: str, role: Role, now: datetime) -> None:
    """Keep a membership, in a transaction that does more."""
    statement = insert_into(engine, members).values(account=account.id, shop=shop, role=role, since=now)
    connection.execute(statement.on_conflict_do_update(index_elements=["account", "shop"], set_={"role": role}))


def account_of(row: Row[Any]) -> Account:
    """The account in a row that has its columns."""
    return Account(row.id, row.email, row.name, row.operator)


def spelled(email: str) -> str:
    """An address as it is kept: nobody tells their accounts apart by capital letters."""
    return email.strip().lower()
