"""Links names as they were heard to the catalogue's own: a title, a series, a creator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from search_index import Index, NameHit
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

SAME_NAME_MAX = 50
"""Documents that bear one name, such as all episodes of a series."""


@dataclass(frozen=True)
class Named:
    """What a heard name turned out to be: the field, its values in the catalogue, and the items for a title."""

    field: NameField
    values: tuple[str, ...]
    items: tuple[str, ...]
    score: float
    """Of the link, 0 to 1."""


def resolve(index: Index, wanted: Wanted) -> tuple[dict[NameField, Named], str]:
    """Link every name of a request.

    Returns:
        What was linked, by field, and the words that remain to be searched: the topic and names that link to nothing.
    """
    found: dict[NameField, Named] = {}
    words = []
    heard: tuple[tuple[NameField | None, str, float], ...] = (
        ("title", wanted.title, CERTAIN),
        ("series", wanted.series, CERTAIN),
        ("creator", wanted.creator, CERTAIN),
        (None, wanted.topic, CERTAIN_TOPIC),
    )
    for expected, name, certain in heard:
        named = _link(index, name, expected, certain) if name else None
        if named and named.field not in found:
            found[named.field] = named
        elif name:
            words.append(name)
    return found, " ".join(words)


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


def _link(index: Index, name: str, expected: NameField | None, certain: float) -> Named | None:
    best: tuple[float, NameField, list[NameHit]] | None = None
    for field in FIELDS:
        hits = [hit for hit in index.link(name, field=field, limit=SAME_NAME_MAX) if hit.score >= certain]
        score = hits[0].score + (EXPECTED_BONUS if field == expected else 0.0) if hits else 0.0
        if hits and (best is None or score > best[0]):
            best = score, field, hits
    if best is None:
        return None
    _, field, hits = best
    return Named(field, tuple(dict.fromkeys(hit.value for hit in hits)), tuple(hit.id for hit in hits), hits[0].score)
