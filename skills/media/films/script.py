"""Which cards a video shows, and when: its title, and then one for every few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from skills.media.catalogue import Item
from skills.media.films.cards import Card, draw
from skills.media.films.filming import Shot
from skills.media.slides.segmenting import Spoken

CARD_MS = 9_000
"""A card is shown for about so long, up to the end of a sentence."""


def shots(item: Item, spoken: Sequence[Spoken]) -> list[Shot]:
    """The cards of an item that is spoken so, from its beginning on."""
    groups = _groups(spoken)
    cards = [Card(item.title, item.title, f"{item.creator} · {item.series or item.kind_name}", "")]
    cards += [
        Card(item.title, group[0].text, f"{number} / {len(groups) - 1}", " ".join(one.text for one in group))
        for number, group in enumerate(groups[1:], start=1)
    ]
    starts = [0, *(group[0].start_ms for group in groups[1:])]
    family = item.series or item.id
    return [Shot(start_ms, draw(card, family)) for start_ms, card in zip(starts, cards, strict=True)]


def _groups(spoken: Sequence[Spoken]) -> list[list[Spoken]]:
    """What is said while the title is seen, which is the first sentence, and then about as much as a card takes."""
    groups: list[list[Spoken]] = [[spoken[0]]]
    for one in spoken[1:]:
        if len(groups) > 1 and one.start_ms - groups[-1][0].start_ms < CARD_MS:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
