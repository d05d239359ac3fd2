"""Hits in their order, and cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from search_index.cursor import Place, write_cursor
from search_index.query import Query, Sort


@dataclass(frozen=True)
class Ranked:
    """A passage in its place: `row` of the evidence, what it is ordered by, and the re-ranker's score if it had one."""

    row: int
    tier: int
    value: float | str | None
    id: str
    passage: int
    learned: float | None = None
    because: Callable[[], Mapping[str, float]] | None = None
    """What the features of the re-ranker add to its score."""


def in_order(rows: Sequence[tuple[Ranked, float | str | None]], order: Sort) -> list[Ranked]:
    """The passages with the values they are to be ordered by, in that order; those without one last, ties by id."""
    placed = [replace(one, tier=int(value is None), value=value) for one, value in rows]
    placed.sort(key=lambda one: (one.id, one.passage))
    having = [one for one in placed if not one.tier]
    having.sort(key=lambda one: one.value, reverse=order.descending)  # type: ignore[arg-type, return-value]
    return having + [one for one in placed if one.tier]


def page_of(
    query: Query, ranked: Sequence[Ranked], after: Place | None, now: float, secret: str
) -> tuple[Sequence[Ranked], str]:
    """The hits behind the place `after`, and the cursor of the page that follows."""
    descending = query.sort is None or query.sort.descending
    left = [one for one in ranked if after is None or _is_behind(one, after, descending)]
    page = left[: query.limit]
    if len(left) == len(page):
        return page, ""
    last = page[-1]
    return page, write_cursor(Place(last.tier, last.value, last.id, last.passage, now), query, secret)


def _is_behind(one: Ranked, after: Place, descending: bool) -> bool:
    if one.tier != after.tier:
        return one.tier > after.tier
    if one.value != after.value:
        return bool(one.value < after.value) == descending  # type: ignore[operator]
    return (one.id, one.passage) > (after.id, after.passage)
