"""What comes of a step that was sent, and how a part of the profile is saved without losing another's."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from pydantic import ValidationError

from assistant.web.console.differences import Difference, differences
from assistant.web.console.fields import FormProblems, sentences
from assistant.web.console.frame import Visit
from skills.shopping.shop import Profile
from skills.storefront import Conflict, Entry, Saved
from skills.storefront.profile import PROFILE, PROFILE_ID
from skills.storefront.shop_draft import draft_profile

TRIES = 5
"""Saves of other parts that may come in between."""


@dataclass(frozen=True)
class Kept:
    """It is saved; `to` is where to go, below the set-up, the next step where it is empty."""

    notice: str = "Saved."
    to: str = ""


@dataclass(frozen=True)
class Clash:
    """Somebody else has saved the same: theirs, and what differs."""

    theirs: Entry
    differences: list[Difference]
    was: str
    """What the form is to be compared with the next time."""


Outcome = Kept | FormProblems | Clash


def mark(profile: Profile, names: Collection[str]) -> str:
    """Stands for what a part of the profile was when a page was made of it."""
    return f"{crc32(profile.model_dump_json(include=set(names)).encode()):08x}"


async def keep_part(visit: Visit, values: Mapping[str, Any], was: str) -> Outcome:
    """Put some fields into the draft of the profile, whatever others do to the rest of it meanwhile; `was` is the
    `mark` that the form came with.
    """
    return await asyncio.to_thread(_keep_part, visit, values, was)


def _keep_part(visit: Visit, values: Mapping[str, Any], was: str) -> Outcome:
    entries, shop = visit.house.shopping.entries, visit.shop
    for _ in range(TRIES):
        theirs, revision = draft_profile(entries, shop)
        try:
            ours = Profile.model_validate(theirs.model_dump() | dict(values))
        except ValidationError as error:
            return FormProblems(sentences(error), visit.fields())
        if was != mark(theirs, values) and mark(ours, values) != mark(theirs, values):
            there = entries.draft(shop.id, PROFILE, PROFILE_ID)
            if there is not None:
                found = differences(PROFILE, theirs.model_dump(mode="json"), ours.model_dump(mode="json"))
                return Clash(there, found, mark(theirs, values))
        if isinstance(entries.save(shop.id, PROFILE, PROFILE_ID, ours, visit.account.name, visit.now, revision), Saved):
            return Kept()
    return FormProblems({"": "Others are saving too. Please try once more."}, visit.fields())


def kept_or_clash(kind: str, done: Saved | Conflict, yours: Mapping[str, Any]) -> Outcome:
    """What came of saving an entry of its own."""
    if isinstance(done, Saved):
        return Kept()
    found = differences(kind, None if done.theirs.removed else done.theirs.data, yours)
    return Clash(done.theirs, found, str(done.theirs.revision))
