"""All of accounts, around one database: signing in, inviting, and passwords."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine

from assistant.accounts import guessing
from assistant.accounts.attempts import Attempts, by_account, by_address
from assistant.accounts.audit import AuditLog
from assistant.accounts.invitations import Invitation, Invitations
from assistant.accounts.passwords import Passwords
from assistant.accounts.people import Account, People, spelled
from assistant.accounts.resets import Resets
from assistant.accounts.sessions import Sessions


@dataclass(frozen=True)
class Refused:
    """The password is not the account's, or there is no such account: who asks is not told which."""


@dataclass(frozen=True)
class Wait:
    """Too many wrong passwords: nothing was looked at."""

    time: timedelta


class Office:
    """Who works at the shops. Thread-safe; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        """`engine` is a database that has the tables already."""
        self.people = People(engine)
        self.passwords = Passwords()
        self.sessions = Sessions(engine)
        self.attempts = Attempts(engine)
        self.invitations = Invitations(engine)
        self.resets = Resets(engine)
        self.log = AuditLog(engine)

    def check(self, email: str, password: str, address: str, now: datetime) -> Account | Refused | Wait:
        """Whose address and password these are, who comes from `address`; as long is taken where nobody has it."""
        counted = by_account(spelled(email)), by_address(address)
        if waiting := self.attempts.begin(counted, now):
            return Wait(waiting)
        found = self.people.find(email)
        kept = self.people.password(found) if found else None
        if not self.passwords.matches(password, kept) or found is None or kept is None:
            return Refused()
        self.attempts.succeeded(*counted)
        if self.passwords.outdated(kept):
            self.people.rehash(found, kept, self.passwords.hash(password))
        return found

    def join(self, secret: str, invitation: Invitation, name: str, password: str, now: datetime) -> Account | None:
        """Accept an invitation with a new account; None where its link does not work any more."""
        account = Account(secrets.token_hex(8), invitation.email, name, operator=invitation.shop is None)
        hashed = self.passwords.hash(password)
        return account if self.invitations.accept(secret, account, now, hashed) else None

    def problem(self, password: str, account: Account | Invitation) -> str:
        """What is wrong with a new password, in a sentence; "" where nothing is."""
        known = [account.email, account.name if isinstance(account, Account) else account.shop or ""]
        return guessing.problem(password, known)

    def change_password(self, account: Account, password: str, now: datetime) -> None:
        """From now on it is this; every session ends, and links that would set another one work no more."""
        self.people.set_password(account, self.passwords.hash(password), now)
        self.sessions.end_all(account)
        self._note(account, "changed the password", now)

    def reset_password(self, secret: str, account: Account, password: str, now: datetime) -> bool:
        """The same by a mailed link, which is used up; False where it does not work any more."""
        if not self.resets.use(secret, self.passwords.hash(password), now):
            return False
        self._note(account, "set a new password by a mailed link", now)
        return True

    def _note(self, account: Account, action: str, now: datetime) -> None:
        """In the log of every shop that somebody is a member of."""
        for shop in self.people.shops(account):
            self.log.note(shop, account, action, "", "", now)
