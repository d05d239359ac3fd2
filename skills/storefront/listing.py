"""A shop's answers as a list to look through: what a line of it shows, brought in line with every edit."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock

from skills.storefront.entry import Entry, Standing
from skills.storefront.kinds import ANSWER
from skills.storefront.reading import Reading

SHOPS = 64
"""Whose lists are held ready."""
FEW = 200
"""Entries that are looked at one by one after publishing; of more it is read only how they stand."""


@dataclass(frozen=True)
class Listed:
    """An answer's working copy, or what customers still get of one that is removed."""

    id: str
    place: int
    question: str
    answer: str
    folder: str
    begins: date | None
    ends: date | None
    ways: int
    """To ask it, the question included."""
    conditional: bool
    """It holds on some pages, for some customers, or at some hours only."""
    revision: int
    changed: bool
    is_live: bool
    removed: bool
    by: str
    at: datetime

    @classmethod
    def of(cls, entry: Entry) -> Listed:
        """The line of an entry."""
        data = entry.data
        begins, ends = data.get("begins"), data.get("ends")
        return cls(
            id=entry.id,
            place=entry.place,
            question=data.get("question", ""),
            answer=data.get("answer", ""),
            folder=data.get("folder", data.get("topic", "")),
            begins=date.fromisoformat(begins) if begins else None,
            ends=date.fromisoformat(ends) if ends else None,
            ways=1 + len(data.get("variants", ())),
            conditional=bool(data.get("conditions")),
            revision=entry.revision,
            changed=entry.changed,
            is_live=entry.is_live,
            removed=entry.removed,
            by=entry.by,
            at=entry.at,
        )


@dataclass(frozen=True)
class _Known:
    edits: int
    published: int
    lines: dict[str, Listed]
    order: list[Listed]


class Listings:
    """All shops' lists. Thread-safe; blocks, and raises what `Reading` raises."""

    def __init__(self, entries: Reading) -> None:
        self._entries = entries
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()

    def of(self, shop: str) -> list[Listed]:
        """The answers in their order, those that will be removed with them."""
        edits, published = self._entries.draft_revision(shop), self._entries.revision(shop)
        with self._lock:
            known = self._known.get(shop)
        if known is None or (known.edits, known.published) != (edits, published):
            lines = self._brought_up(shop, known)
            order = sorted(lines.values(), key=lambda one: (one.place, one.id))
            known = _Known(edits, published, lines, order)
        with self._lock:
            self._known[shop] = known
            self._known.move_to_end(shop)
            while len(self._known) > SHOPS:
                self._known.popitem(last=False)
        return known.order

    def folders(self, shop: str) -> list[str]:
        """Every folder that there is, those that contain others too, in their order."""
        named = {one.folder for one in self.of(shop) if one.folder}
        parts = [name.split("/") for name in named]
        return sorted({"/".join(one[:depth]) for one in parts for depth in range(1, len(one) + 1)}, key=str.casefold)

    def _brought_up(self, shop: str, known: _Known | None) -> dict[str, Listed]:
        if known is None:
            return {one.id: Listed.of(one) for one in self._entries.drafts(shop, ANSWER, removed=True)}
        changed = {one.id: one for one in self._entries.changed_since(shop, known.edits, ANSWER, draft=True)}
        if self._published_since(shop, known.published) > FEW:
            standings = self._entries.standings(shop, ANSWER)
            if sum(one.removed for one in standings.values()) > FEW:
                return self._brought_up(shop, None)
            return self._stood(shop, standings, known.lines | {one.id: Listed.of(one) for one in changed.values()})
        for live in self._entries.changed_since(shop, known.published, ANSWER):
            if live.id not in changed:  # where there is no draft either, it is gone
                changed[live.id] = self._entries.draft(shop, ANSWER, live.id) or live
        lines = known.lines | {one.id: Listed.of(one) for one in changed.values()}
        return {one.id: one for one in lines.values() if one.is_live or not one.removed}

    def _stood(self, shop: str, standings: dict[str, Standing], lines: dict[str, Listed]) -> dict[str, Listed]:
        """These lines of the drafts, as their entries stand after a publishing of many."""
        found: dict[str, Listed] = {}
        for identity, standing in standings.items():
            line = lines.get(identity)
            if line is None or standing.removed:  # of a removed one the line says what is live
                if entry := self._entries.draft(shop, ANSWER, identity):
                    found[identity] = Listed.of(entry)
            elif standing == (line.changed, line.is_live, line.removed):
                found[identity] = line
            else:
                found[identity] = replace(line, **standing._asdict())
        return found

    def _published_since(self, shop: str, published: int) -> int:
        """How many entries, of any kind, were made live after that; FEW and more is as good as all."""
        versions = self._entries.versions(shop, limit=FEW)
        return sum(one.changes for one in versions if one.number > published)
