"""Links names as they were heard to the catalogue's own: a title, a series, a creator."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from search_index import Index, NameHit
from search_index.names import spelt
from skills.media.wanted import Wanted

NameField = Literal["title", "series", "creator"]
FIELDS: tuple[NameField, ...] = ("title", "series", "creator")

CERTAIN = 0.45
"""Link score from which a heard name is taken for the catalogue's.

On the demo catalogue names of it with a syllable misheard scored 0.45 and more, names it does not have 0.42 and less.
"""

CERTAIN_TOPIC = 0.8
"""The same for a topic, which is a name only by chance."""

CERTAIN_WHOLE = 0.7
"""The same for an utterance that was not understood otherwise."""

EXPECTED_BONUS = 0.05
"""For the field that the understanding named: a title is taken for a series only where that fits clearly better."""

SAME_NAME_MAX = 100
"""Documents that bear one name, such as all episodes of a series."""

TIE = 0.03
"""Names whose scores differ by no more fit about equally."""

SURE = 0.85
"""Link score from which a name was certainly heard as it is."""

NEXT_LIKELIEST = 0.25
"""Link score from which a name may have been meant when a likelier one was not."""


@dataclass(frozen=True)
class Named:
    """What a heard name turned out to be: the field, its values in the catalogue that fit about equally, best first,
    and the items that bear them.
    """

    field: NameField
    values: tuple[str, ...]
    items: tuple[str, ...]
    score: float
    """Of the link, 0 to 1."""
    doubtful: bool = False
    """Whether it may have been misheard, and another name be meant."""


def resolve(index: Index, wanted: Wanted) -> tuple[dict[NameField, Named], dict[str, str]]:
    """Link every name of a request.

    Returns:
        What was linked, by field; and what remains to be searched, by what it was heard as: the topic, and names that
        link to nothing.
    """
    found: dict[NameField, Named] = {}
    left: dict[str, str] = {}
    heard: tuple[tuple[NameField | None, str, float], ...] = (
        ("title", wanted.title, CERTAIN),
        ("series", wanted.series, CERTAIN),
        ("creator", wanted.creator, CERTAIN),
        (None, wanted.topic, CERTAIN_TOPIC),
    )
    for expected, name, certain in heard:
        if wanted.unmeant and expected:
            certain = NEXT_LIKELIEST
        named = _link(index, name, expected, certain, wanted.unmeant) if name else None
        if named and named.field not in found:
            found[named.field] = named
        elif name:
            left[expected or "topic"] = name
    return found, left


def link_whole(index: Index, said: str) -> Wanted | None:
    """The request that an utterance is, if all of it is a name; None otherwise."""
    named = _link(index, said, "title", CERTAIN_WHOLE) if said.strip() else None
    match named.field if named else None:
        case "title":
            return Wanted(title=said, said=said)
        case "series":
            return Wanted(series=said, said=said)
        case "creator":
            return Wanted(creator=said, said=said)
        case _:
            return None


def _link(
    index: Index, name: str, expected: NameField | None, certain: float, unmeant: Collection[str] = ()
) -> Named | None:
    best: tuple[float, NameField, list[NameHit]] | None = None
    for field in FIELDS:
        hits = [hit for hit in index.link(name, field=field, limit=SAME_NAME_MAX) if hit.value not in unmeant]
        top = hits[0].score if hits else 0.0
        score = top + (EXPECTED_BONUS if field == expected else 0.0)
        if top >= certain and (best is None or score > best[0]):
            best = score, field, hits
    if best is None:
        return None
    _, field, hits = best
    top = hits[0].score
    values = _tied(name, {hit.value: hit.score for hit in hits if hit.score >= certain})
    others = any(hit.score >= NEXT_LIKELIEST for hit in hits if hit.value not in values)
    bearing = tuple(hit.id for value in values for hit in hits if hit.value == value)
    return Named(field, values, bearing, top, doubtful=top < SURE and others and not _has_words(values[0], name))


def _tied(heard: str, scores: Mapping[str, float]) -> tuple[str, ...]:
    """The names that fit about equally, best first: those that are just what was heard; or else those with all the
    words of it ("Mina" of two Minas), or with about the best score.
    """
    best = max(scores.values())
    exact = [value for value in scores if spelt(value) == spelt(heard)]
    whole = [value for value in scores if _has_words(value, heard)]
    near = [value for value, score in scores.items() if score >= best - TIE]
    first = max(scores, key=lambda value: scores[value])
    tied = exact or (whole if first in whole else near)
    return tuple(sorted(tied, key=lambda value: (-scores[value], value)))


def _has_words(name: str, heard: str) -> bool:
    """Whether all that was heard are words of the name."""
    return set(spelt(heard).split()) <= set(spelt(name).split())
