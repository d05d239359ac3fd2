"""Where a listener wants a moment to be looked for: an item, an episode, somebody's items, or everything. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from skills.media.catalogue import Item
from skills.media.naming import Named, NameField
from skills.media.wanted import Wanted, place_of
from skills.message import ItemId
from skills.skill import Understanding
from skills.turn import MediaKind

_ANYWHERE = re.compile(r"\b(anywhere|everywhere|anybody|anyone|any|everything|else|elsewhere|all)\b")
_NEWEST = {"newest": "-1", "oldest": "1"}
"""Episodes that are named by their age, as if by their place."""
_SPEAKS = (
    "(?:talk|talks|talking|speak|speaks|speaking|chat|chats)(?: about| of| on)|explains?|mentions?|discuss|discusses|"
    "describes?|covers?|brings? up"
)
_CARRIER = re.compile(
    rf"\b(?:(?:where|when)(?: \S+){{1,4}}? (?:{_SPEAKS})|"
    r"(?:part|bit|section|scene|moment|place|passage) (?:about|on|with)) (?P<topic>\S.*)"
)
"""What people say before what a moment is about: "where they talk about ...", "the part about ..."."""
_PLACED = re.compile(r"\s+(?:in|of|from|by|on)(?: the| this| that)?\s*$")
_KINDS = {kind.value: kind for kind in MediaKind}


@dataclass(frozen=True)
class Asked:
    """A request for a moment, as it was heard: what is spoken of, and the names that say where."""

    topic: str
    title: str = ""
    creator: str = ""
    series: str = ""
    anywhere: bool = False
    """Explicitly not only in what is at hand."""
    part_only: bool = False
    """Only that part is to be played."""

    @property
    def names(self) -> Wanted:
        """The names alone, to be linked to the catalogue."""
        return Wanted(title=self.title, creator=self.creator, series=self.series)


@dataclass(frozen=True)
class Scope:
    """`items` to look in; None is everything. `called`: how they are said back.

    `problem`: why there is nothing to look in. `or_else`: whether the rest may be looked through after them.
    """

    items: tuple[ItemId, ...] | None = None
    called: str = ""
    problem: str = ""
    or_else: bool = False


EVERYTHING = Scope()


def asked(understanding: Understanding) -> Asked:
    """Read a request for a moment."""
    values = {
        name: " ".join(entity.value for entity in understanding.entities if entity.name == name)
        for name in ("topic", "title", "creator", "series")
    }
    topic = values["topic"] = _whole_topic(understanding, values["topic"])
    beside = understanding.text.casefold().replace(topic.casefold(), " ") if topic else understanding.text.casefold()
    return Asked(
        **values,
        anywhere=bool(_ANYWHERE.search(beside)),
        part_only=bool(re.search(r"\b(just|only)\b", beside)),
    )


def _whole_topic(understanding: Understanding, topic: str) -> str:
    """The topic as it was made out, or all the words in its place: a long one is easily cut, or missed.

    It ends before a name that says where: "... in the second episode of The Shop Bell".
    """
    carried = _CARRIER.search(understanding.text.casefold())
    if carried is None:
        return topic
    start, end = carried.span("topic")
    for entity in sorted(understanding.entities, key=lambda one: one.start):
        if entity.name != "topic" and (placed := _PLACED.search(understanding.text[start : entity.start].casefold())):
            end = start + placed.start()
            break
    words = understanding.text[start:end].strip(" ?.!,")
    return words if topic.casefold() in words.casefold() else topic


def scope(
    request: Asked,
    understanding: Understanding,
    named: Mapping[NameField, Named],
    items: Mapping[ItemId, Item],
    at_hand: Item | None,
    shown: Sequence[ItemId],
) -> Scope:
    """Where to look: what was named, else what is at hand (played, on the page, presented last), else everywhere."""
    if "title" in named:
        found = named["title"].items[:1]
        return Scope(found, items[found[0]].title) if found and found[0] in items else EVERYTHING
    series = named["series"].values if "series" in named else ()
    if number := understanding.value("ordinal") or _NEWEST.get(understanding.value("recency"), ""):
        # "In the second one" is one of the results; "in the second episode" is of the series at hand.
        of_results = shown and re.search(r"\bone\b", understanding.text.casefold())
        at_hand_series = () if of_results or at_hand is None else (at_hand.series,)
        return _by_place(number, series or at_hand_series, items, shown)
    if series:
        return Scope(_of(items, "series", series), series[0])
    if "creator" in named:
        creators = named["creator"].values
        return Scope(_of(items, "creator", creators), f"what {creators[0]} made")
    kind = _KINDS.get(understanding.value("kind"))
    if at_hand is not None and not request.anywhere and kind in (None, at_hand.kind):
        return Scope((at_hand.id,), at_hand.title, or_else=True)
    return _of_kind(kind, understanding.value("medium"), items)


def _by_place(number: str, series: Sequence[str], items: Mapping[ItemId, Item], shown: Sequence[ItemId]) -> Scope:
    """The episode of that number, else the one that came out in that place; without a series, a result."""
    episodes = sorted(
        (item for item in items.values() if item.series and item.series in series),
        key=lambda item: (item.published, item.episode or 0, item.id),
    )
    if not episodes:
        place = place_of(number, len(shown))
        item = items.get(shown[place]) if place is not None else None
        return Scope((item.id,), item.title) if item else Scope((), problem="Of which series? Say its name.")
    found = next((item for item in episodes if str(item.episode) == number), None)
    place = place_of(number, len(episodes))
    if place is not None and (number.startswith("-") or not any(item.episode for item in episodes)):
        found = episodes[place]
    if found is None:
        return Scope((), problem=f"There is no such episode of {series[0]} here.")
    return Scope((found.id,), found.title)


def _of_kind(kind: MediaKind | None, medium: str, items: Mapping[ItemId, Item]) -> Scope:
    if kind is None and medium not in ("audio", "video"):
        return EVERYTHING
    fitting = (item for item in items.values() if kind in (None, item.kind) and medium in ("", item.medium))
    return Scope(_ids(fitting), f"any {kind.value.replace('_', ' ')}" if kind else f"any {medium}")


def _of(items: Mapping[ItemId, Item], field: NameField, values: Sequence[str]) -> tuple[ItemId, ...]:
    return _ids(item for item in items.values() if getattr(item, field) in values)


def _ids(items: Iterable[Item]) -> tuple[ItemId, ...]:
    return tuple(item.id for item in items)
