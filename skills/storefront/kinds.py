"""The kinds of things that sellers edit, each with its model; a module of the kind's own has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from skills.message import Message
from skills.shopping.shop import Profile
from skills.storefront.answer import ShopAnswer
from skills.storefront.behaviour import BEHAVIOUR
from skills.storefront.profile import PROFILE, live_profile, put_profile

ANSWER = "answer"
"""The kind of entry that an answer is."""

KINDS: dict[str, type[Message]] = {ANSWER: ShopAnswer, PROFILE: Profile, **BEHAVIOUR}
"""By the name that the tables have."""


@dataclass(frozen=True)
class Home:
    """Where a kind lives besides the entries, both within the caller's transaction."""

    read: Callable[[Connection, str], str | None]
    """What is live of a shop there, in JSON."""
    put: Callable[[Connection, str, str], None]
    """Make it live there."""


HOMES: dict[str, Home] = {PROFILE: Home(live_profile, put_profile)}
"""Kinds of which there is always exactly one entry, that cannot be removed, and that other parts read elsewhere."""
