"""The drafts of a shop's behaviour, as its pages open and keep them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.web.console.behaviour.kinds import KINDS, Kind
from assistant.web.console.behaviour.shapes import as_form
from assistant.web.console.differences import Difference
from assistant.web.console.frame import Visit, nothing_here
from assistant.web.console.nested_form import Sheet
from skills.shopping.system_replies import SYSTEM_REPLIES
from skills.storefront.behaviour.handover import HandoverRules
from skills.storefront.behaviour.hours import Hours
from skills.storefront.behaviour.menu import Menu
from skills.storefront.entries import Entries
from skills.storefront.entry import Entry
from skills.storefront.front import Storefront

NEW = "new"
"""Stands in the address of the form of one that there is not yet."""
_ID = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)


@dataclass(frozen=True)
class Editing:
    """An entry that is edited: from which revision on, and what stands in the form."""

    kind: Kind
    id: str
    sheet: Sheet
    seen: int
    entry: Entry | None = None
    """What is kept; where there is a conflict, by somebody else."""
    conflict: bool = False
    differences: Sequence[Difference] = ()
    """Between theirs and what stands in the form."""
    unsaved: bool = False

    @property
    def subject(self) -> str:
        """The system reply that is reworded."""
        return self.id if self.kind.name == "wording" else ""


def kind_of(name: str) -> Kind:
    """The kind of a path; ServiceError(`not_found`)."""
    if name not in KINDS:
        raise nothing_here()
    return KINDS[name]


def several_of(name: str, identity: str = "") -> Kind:
    """A kind that has a list, and can have an entry of this id; ServiceError(`not_found`)."""
    kind = kind_of(name)
    wrong = identity and (identity == NEW or not _ID.fullmatch(identity))
    if kind.single or wrong or (identity and name == "wording" and identity not in SYSTEM_REPLIES):
        raise nothing_here()
    return kind


def back_to(kind: Kind) -> str:
    """The page that a form leads to once it is done, below the shop."""
    return f"behaviour/{kind.name}"


def entries_of(visit: Visit) -> Entries:
    """All that the shop's people edit."""
    return visit.house.shopping.entries


async def front_of(visit: Visit) -> Storefront:
    """All rules as the drafts have them."""
    return await asyncio.to_thread(visit.house.shopping.front.of, visit.shop.id, True)


async def waiting_of(visit: Visit) -> dict[str, int]:
    """How many drafts of each kind are not published."""
    return await asyncio.to_thread(entries_of(visit).waiting, visit.shop.id)


async def drafts_of(visit: Visit, kind: Kind) -> list[Entry]:
    """A kind's drafts, and what will be gone once it is published."""
    kept = await asyncio.to_thread(lambda: entries_of(visit).drafts(visit.shop.id, kind.name, removed=True))
    return [one for one in kept if not one.removed or one.is_live]


async def opened(visit: Visit, kind: Kind, identity: str) -> Editing:
    """An entry to edit, or one that there can be and is not yet; ServiceError(`not_found`)."""
    if not kind.single:
        several_of(kind.name, identity)
    kept = await asyncio.to_thread(entries_of(visit).draft, visit.shop.id, kind.name, identity)
    if kept is not None and not kept.removed:
        return Editing(kind, identity, Sheet(as_form(kind, kept.read(kind.model))), kept.revision, kept)
    if kind.name == "hours":
        data = as_form(kind, Hours(week=visit.shop.opening))
    elif kind.single or kind.name == "wording":
        data = fresh(kind)
    else:
        raise nothing_here()
    return Editing(kind, identity, Sheet(data), kept.revision if kept else 0, kept)


def fresh(kind: Kind) -> dict[str, Any]:
    """What stands in the form of one that there is not yet."""
    match kind.name:
        case "menu":
            return as_form(kind, Menu())
        case "handover":
            return as_form(kind, HandoverRules())
        case "away":
            return {"when": "closed", "every_hours": 24, "on": True}
        case "keyword":
            return {"match": "whole", "on": True, "buttons": []}
        case "card":
            return {"cards": [{}]}
        case "proactive":
            quiet = {"quiet_on": True, "quiet": {"begin": "20:55", "end": "08:00"}}
            return {"after_s": 20, "every_days": 7, "on": True, "buttons": [], **quiet}
        case _:
            return {}
