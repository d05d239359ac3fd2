"""A shop's rules as the assistant reads them: live, or as they are in the drafts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from skills.message import Message
from skills.shopping.shop import Shop
from skills.shopping.system_replies import Wordings
from skills.storefront.behaviour import (
    BEHAVIOUR,
    AwayReply,
    Cards,
    Greeting,
    HandoverRules,
    Hours,
    KeywordReply,
    Menu,
    OwnWording,
    ProactiveMessage,
)
from skills.storefront.reading import Reading
from skills.storefront.shop_draft import drafted_shop
from skills.storefront.timetable import Timetable, timetable

Rule = TypeVar("Rule", bound=Message)

SHOPS = 256
"""Whose rules are held ready."""


@dataclass(frozen=True)
class Storefront:
    """All rules of a shop, each kind in its order; by id where others name them."""

    greetings: tuple[Greeting, ...] = ()
    hours: Hours | None = None
    away: Mapping[str, AwayReply] = field(default_factory=dict)
    keywords: Mapping[str, KeywordReply] = field(default_factory=dict)
    menu: Menu = field(default_factory=Menu)
    cards: Mapping[str, Cards] = field(default_factory=dict)
    proactive: Mapping[str, ProactiveMessage] = field(default_factory=dict)
    handover: HandoverRules = field(default_factory=HandoverRules)
    wordings: Mapping[str, str] = field(default_factory=dict)
    """The shop's own, by the id of the system reply."""

    def timetable(self, shop: Shop) -> Timetable:
        """The shop's hours."""
        return timetable(self.hours, shop)

    def says(self, shop: Shop) -> Wordings:
        """How the shop says what the assistant says by itself."""
        return Wordings(shop.name, self.wordings)


class Front:
    """All shops' rules. Thread-safe; blocks where they have changed. StorefrontError as `Reading`."""

    def __init__(self, entries: Reading) -> None:
        self._entries = entries
        self._known: OrderedDict[tuple[str, bool], tuple[int, Storefront]] = OrderedDict()
        self._lock = Lock()

    def of(self, shop: str, draft: bool = False) -> Storefront:
        """The rules as they are at this moment."""
        revision = self._entries.draft_revision(shop) if draft else self._entries.revision(shop)
        with self._lock:
            known = self._known.get((shop, draft))
            if known and known[0] == revision:
                self._known.move_to_end((shop, draft))
                return known[1]
        # Read after the revision: what is published in between makes another one, and all is read again.
        made = self._read(shop, draft)
        with self._lock:
            self._known[shop, draft] = revision, made
            while len(self._known) > SHOPS:
                self._known.popitem(last=False)
        return made

    def shop(self, shop: Shop, *, draft: bool) -> Shop:
        """The shop itself, or as its drafts have it."""
        return drafted_shop(self._entries, shop) if draft else shop

    def _read(self, shop: str, draft: bool) -> Storefront:
        def read(model: type[Rule]) -> dict[str, Rule]:
            kind = _KIND[model]
            found = self._entries.drafts(shop, kind) if draft else self._entries.live(shop, kind)
            return {one.id: one.read(model) for one in found}

        wordings = read(OwnWording).values()
        return Storefront(
            greetings=tuple(read(Greeting).values()),
            hours=next(iter(read(Hours).values()), None),
            away=read(AwayReply),
            keywords=read(KeywordReply),
            menu=next(iter(read(Menu).values()), Menu()),
            cards=read(Cards),
            proactive=read(ProactiveMessage),
            handover=next(iter(read(HandoverRules).values()), HandoverRules()),
            wordings={one.reply: one.text for one in wordings},
        )


_KIND = {model: kind for kind, model in BEHAVIOUR.items()}
