"""Accounts as owners rely on them: links work once, the last owner stays, a new password ends every session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from assistant.accounts.attempts import by_account
from assistant.accounts.audit import Wanted
from assistant.accounts.invitations import VALID
from assistant.accounts.office import Office, Refused, Wait
from assistant.accounts.people import Account, Changed
from assistant.accounts.rights import RIGHTS, SHOP_ROLES, Right, Role
from assistant.accounts.sessions import IDLE, WHOLE
from assistant.storage.api_keys import ApiKeys, shop_scope
from assistant.storage.store import Store
from skills.shopping.forgetting import forget_shop

Shops = tuple[str, str]
PASSWORD = "tractor moon pickle"
HASH = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
"""As other parameters have made it."""


def joined(office: Office, shop: str, role: Role, now: datetime) -> Account:
    """A new member, by an invitation."""
    invitation, secret = office.invitations.invite(shop, f"{role}@{shop}.example", role, "op@sori.example", now)
    account = Account(f"{role}{shop}"[:32], invitation.email, role.capitalize(), operator=False)
    assert office.invitations.accept(secret, account, now, HASH)
    return account


def test_each_role_may_all_that_the_one_before_may() -> None:
    for less, more in pairwise(SHOP_ROLES):
        assert RIGHTS[less] < RIGHTS[more]
    assert RIGHTS[Role.OWNER] == RIGHTS[Role.OPERATOR] == set(Right)


def test_an_invitation_works_once_for_a_week_and_only_its_newest_link(
    office: Office, shops: Shops, now: datetime
) -> None:
    shop, other = shops
    invitation, first = office.invitations.invite(shop, " Mia@Moss.Example ", Role.AGENT, "op@sori.example", now)
    assert invitation.email == "mia@moss.example"
    assert office.invitations.renew(other, invitation.id, "x", now) is None
    assert office.invitations.revoke(other, invitation.id) is None
    renewed = office.invitations.renew(shop, invitation.id, "ann@moss.example", now)
    assert renewed
    second = renewed[1]
    assert office.invitations.find(first, now) is None
    assert office.invitations.find(second, now + VALID) is None
    mia = Account(f"mia-{shop}", "mia@moss.example", "Mia", operator=False)
    assert not office.invitations.accept(second, Account("eve", "eve@moss.example", "Eve", False), now, HASH)
    assert office.people.find("eve@moss.example") is None
    with ThreadPoolExecutor(2) as threads:
        taken = list(threads.map(lambda _: office.invitations.accept(second, mia, now, HASH), range(2)))
    assert sorted(taken) == [False, True]
    assert [(one.account, one.role) for one in office.people.team(shop)] == [(mia, Role.AGENT)]
    assert office.people.role(mia, other) is None
    assert office.invitations.of(shop) == []
    office.people.remove(mia)


def test_an_invitation_taken_back_lets_nobody_in(office: Office, shops: Shops, now: datetime) -> None:
    invitation, secret = office.invitations.invite(shops[0], "mia@moss.example", Role.OWNER, "x", now)
    assert office.invitations.revoke(shops[0], invitation.id) == invitation
    assert office.invitations.find(secret, now) is None


def test_nobody_becomes_less_by_an_invitation(office: Office, shops: Shops, now: datetime) -> None:
    owner = joined(office, shops[0], Role.OWNER, now)
    _, secret = office.invitations.invite(shops[0], owner.email, Role.VIEWER, "x", now)
    assert office.invitations.accept(secret, owner, now)
    assert office.people.role(owner, shops[0]) is Role.OWNER
    _, secret = office.invitations.invite(shops[1], owner.email, Role.VIEWER, "x", now)
    assert office.invitations.accept(secret, owner, now)
    assert office.people.shops(owner) == {shops[0]: Role.OWNER, shops[1]: Role.VIEWER}
    office.people.remove(owner)


def test_the_last_owner_stays_also_where_both_go_at_once(office: Office, shops: Shops, now: datetime) -> None:
    shop, other = shops
    first, second = joined(office, shop, Role.OWNER, now), joined(office, other, Role.OWNER, now)
    assert office.people.set_role(shop, second.id, Role.OWNER) is Changed.UNKNOWN
    assert office.people.set_role(shop, first.id, None) is Changed.LAST_OWNER
    assert office.people.set_role(shop, first.id, Role.MANAGER) is Changed.LAST_OWNER
    office.people.join(second, shop, Role.OWNER, now)
    with ThreadPoolExecutor(2) as threads:
        changed = list(threads.map(lambda one: office.people.set_role(shop, one.id, None), (first, second)))
    assert sorted(one.name for one in changed) == ["DONE", "LAST_OWNER"]
    assert [one.role for one in office.people.team(shop)] == [Role.OWNER]
    for one in (first, second):
        office.people.remove(one)


def test_passwords_are_argon2id_and_hashed_anew_when_parameters_change(
    office: Office, shops: Shops, now: datetime
) -> None:
    mia = joined(office, shops[0], Role.OWNER, now)
    assert office.check(mia.email, "tractor moon", "10.3.3.3", now) == Refused()
    assert office.check("nobody@moss.example", PASSWORD, "10.3.3.3", now) == Refused()
    assert office.people.password(mia) == HASH
    assert office.check(mia.email.upper(), PASSWORD, "10.3.3.3", now) == mia
    kept = office.people.password(mia)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert not office.passwords.outdated(kept)
    for _ in range(5):
        assert not office.attempts.begin([by_account(mia.email)], now)
    assert isinstance(office.check(mia.email, PASSWORD, "10.3.3.3", now), Wait)
    office.people.remove(mia)


def test_a_session_ends_by_itself_and_with_a_new_password(office: Office, shops: Shops, now: datetime) -> None:
    mia = joined(office, shops[0], Role.OWNER, now)
    here, there = (office.sessions.begin(mia, now, device=name) for name in ("Firefox", "Chrome"))
    assert office.sessions.find(here, now + IDLE) is not None
    assert office.sessions.find(there, now + IDLE + timedelta(seconds=1)) is None
    at = now
    while at < now + WHOLE:
        assert office.sessions.find(here, at) is not None
        at += IDLE
    assert office.sessions.find(here, at + timedelta(seconds=1)) is None
    first, second = (office.sessions.begin(mia, now) for _ in range(2))
    secret = office.resets.make(mia, now)
    assert secret
    assert office.resets.make(mia, now) is None, "one letter"
    assert not office.resets.use(secret, HASH, now + timedelta(hours=1))
    assert office.resets.use(secret, HASH, now)
    assert not office.resets.use(secret, HASH, now)
    assert office.sessions.find(first, now) is office.sessions.find(second, now) is None
    office.people.remove(mia)


def test_nobody_ends_the_session_of_somebody_else(office: Office, shops: Shops, now: datetime) -> None:
    mia, eve = joined(office, shops[0], Role.OWNER, now), joined(office, shops[1], Role.OWNER, now)
    secret = office.sessions.begin(mia, now)
    session = office.sessions.find(secret, now)
    assert session
    assert not office.sessions.end(eve, session.id)
    assert office.sessions.find(secret, now) == session
    assert office.sessions.end(mia, session.id)
    for one in (mia, eve):
        office.people.remove(one)


def test_the_log_is_a_shops_own_and_found_by_words(office: Office, shops: Shops, now: datetime) -> None:
    shop, other = shops
    mia = joined(office, shop, Role.OWNER, now)
    for hour, (where, subject) in enumerate([(shop, "50 % off"), (other, "50 % off"), (shop, "Version 2")]):
        office.log.note(where, mia, "published", subject, "3 answers", now + timedelta(hours=hour))

    def subjects(**wanted: object) -> list[str]:
        return [one.subject for one in office.log.of(shop, Wanted(**wanted), 10)]  # type: ignore[arg-type]

    assert subjects() == ["Version 2", "50 % off"]
    assert subjects(what="0 %") == ["50 % off"]
    assert subjects(what="%_") == subjects(who="nobody") == []
    assert subjects(who="OWNER@", since=now + timedelta(hours=1)) == ["Version 2"]
    assert subjects(until=now + timedelta(hours=2)) == ["50 % off"]
    latest = office.log.of(shop, Wanted(), 1)
    assert [one.subject for one in office.log.of(shop, Wanted(), 10, latest[0].id)] == ["50 % off"]
    office.people.remove(mia)
    assert subjects() == ["Version 2", "50 % off"], "what was done stays"


def test_keys_go_with_their_shop(store: Store, shops: Shops, now: datetime) -> None:
    keys = ApiKeys(store.engine)
    key, secret = keys.add("robot", [shop_scope(shops[0])], shops[0])
    assert not keys.revoke(key.id, shops[1])
    assert [one.id for one in keys.of(shops[0])] == [key.id]
    assert keys.of(shops[1]) == []
    assert keys.check(secret, now)
    forget_shop(store.engine, shops[0])
    assert keys.check(secret, now) is None
