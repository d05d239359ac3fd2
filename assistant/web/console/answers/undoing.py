"""What can be taken back that was done to many answers at once: kept for a while, by this process."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from skills.storefront import ShopAnswer, ShopAnswers
from skills.storefront.kinds import ANSWER

KEPT = timedelta(hours=1)
DEEDS = 100
ANSWERS = 50_000
"""Of all deeds together."""


@dataclass(frozen=True)
class Deed:
    """What was done: each answer as it was before, None where there was none, and the draft's revision afterwards."""

    shop: str
    account: str
    what: str
    before: Mapping[str, ShopAnswer | None]
    after: Mapping[str, int]
    at: datetime


class Deeds:
    """By a token that only who did it is told. Thread-safe."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Deed] = OrderedDict()
        self._lock = Lock()

    def keep(self, deed: Deed) -> str:
        """Returns its token."""
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._known[token] = deed
            while len(self._known) > DEEDS or sum(len(one.before) for one in self._known.values()) > ANSWERS:
                self._known.popitem(last=False)
        return token

    def find(self, token: str, shop: str, account: str, now: datetime) -> Deed | None:
        """What can still be taken back."""
        with self._lock:
            deed = self._known.get(token)
        mine = deed is not None and (deed.shop, deed.account) == (shop, account) and now - deed.at < KEPT
        return deed if mine else None

    def forget(self, token: str) -> None:
        """It was taken back."""
        with self._lock:
            self._known.pop(token, None)


def before(answers: ShopAnswers, shop: str, identities: Mapping[str, object]) -> dict[str, ShopAnswer | None]:
    """These as they are now. Blocking."""
    entries = {one.id: one for one in answers.drafts(shop, ANSWER) if one.id in identities}
    return {one: entries[one].read(ShopAnswer) if one in entries else None for one in identities}


def revisions(answers: ShopAnswers, shop: str, identities: Mapping[str, object]) -> dict[str, int]:
    """Of their drafts, also of those that are removed. Blocking."""
    return {one.id: one.revision for one in answers.drafts(shop, ANSWER, removed=True) if one.id in identities}


def take_back(answers: ShopAnswers, deed: Deed, by: str, now: datetime) -> int:
    """Make the drafts what they were, except those that somebody has changed since; returns how many. Blocking."""
    there = revisions(answers, deed.shop, deed.before)
    same = {one: was for one, was in deed.before.items() if there.get(one) == deed.after.get(one)}
    restored = {one: was for one, was in same.items() if was is not None}
    if restored:
        answers.save_many(deed.shop, ANSWER, restored, by, now)
    if gone := [one for one, was in same.items() if was is None]:
        answers.remove_many(deed.shop, ANSWER, gone, by, now)
    return len(same)
