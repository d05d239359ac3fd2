"""A request for media in terms of the index: a text to search, the conditions of every result, and an order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from search_index import And, AnyOf, Equals, Filter, Range, Sort
from skills.media.naming import Named, NameField
from skills.media.recency import ANY_TIME
from skills.media.wanted import Wanted
from skills.message import ItemId

MAKERS: tuple[NameField, ...] = ("creator", "series")


@dataclass(frozen=True)
class Request:
    """A request in terms of the index: `text` to search, `conditions` by name, and what is `kept` whatever happens."""

    text: str
    conditions: Mapping[str, Filter]
    kept: tuple[Filter, ...]
    order: Sort | None = None
    listed: tuple[ItemId, ...] = ()
    """Shows in the order in which they are on; all others where there are none."""

    @property
    def filter(self) -> Filter | None:
        parts = (*self.kept, *self.conditions.values())
        return And(*parts) if parts else None

    def without(self, *names: str) -> Request:
        return replace(self, conditions={name: one for name, one in self.conditions.items() if name not in names})

    def having(self, name: str, condition: Filter) -> Request:
        return replace(self, conditions={**self.conditions, name: condition})


def conditions(wanted: Wanted, named: Mapping[NameField, Named]) -> dict[str, Filter]:
    """What every result has to meet, by name."""
    met: dict[str, Filter] = {field: AnyOf(field, named[field].values) for field in MAKERS if field in named}
    if wanted.mood:
        met["mood"] = Equals("moods", wanted.mood)
    if wanted.kind:
        met["kind"] = Equals("kind", wanted.kind.value)
    if wanted.medium:
        met["medium"] = Equals("medium", wanted.medium)
    if wanted.language:
        met["language"] = Equals("language", wanted.language)
    length = wanted.length
    if length.at_least_s is not None or length.at_most_s is not None:
        met["length"] = Range("duration_s", length.at_least_s, length.at_most_s)
    period = wanted.period
    if period != ANY_TIME and not wanted.showing:
        met["period"] = Range("published", period.since, period.until)
    if wanted.more_popular_than is not None:
        met["popularity"] = Range("popularity", above=wanted.more_popular_than)
    return met


def order(wanted: Wanted, of_series: bool) -> Sort | None:
    """The order asked for; of a series the newest first."""
    age = wanted.age or ("newest" if of_series and not wanted.popular else None)
    if age:
        return Sort("published", descending=age == "newest")
    return Sort("popularity", descending=True) if wanted.popular else None
