"""How people are expected to put what they say to this service: what tells a whole sentence from the beginning of one.

The same carriers and names as in `expected_speech`, kept apart: each carrier once, with places for names, and each name
once. The catalogue's prose is in neither: nobody says it, and its sentences end where no request does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.expected_speech import CARRIER_WEIGHT, Goods, catalogue_names, written
from assistant.rasa_worker.templates import Templates
from skills.media.catalogue import Item
from skills.media.vocabulary import COMMAND_WEIGHT, COMMANDS, Weighted, forms
from voice.phrasing import Phrasing

POLITE_SHARE = 0.1
"""Of the sentences that begin with "please" or "could you", and of those that end with "please" or "thanks"."""

_CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
_MODIFIED = re.compile(r"(.*\{(?:kinds?|medium|media|title)\}) (?:of|from|by|about|on|with) \{\w+\}")
"""A carrier that is as whole without its end: "play the {recency} {kind} of {series}"."""
_PLACE = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")


_WANTED = {
    "wanted": ("things",),
    "onewanted": ("thing",),
    "withfeature": ("thing",),
    "novelthings": ("things",),
    "goodsabout": ("things",),
    "most": ("superlative", "thing"),
    "described": ("quality", "colour"),
    "product": ("thing", "things"),
    "option": ("colour", "size", "material"),
}
"""Lists of descriptions, which are carriers themselves, and the plain lists whose names stand for them."""


def expected_phrasing(nlu_data: Path, items: Iterable[Item], goods: Goods | None = None) -> Phrasing:
    """The commands, the training sentences, and the carriers with the names that can stand in them."""
    templates = Templates.load(nlu_data)
    carriers = [_PLACE.sub(r"{\1}", one) for group in templates.carriers.values() for one in group]
    carriers += [shorter[1] for one in carriers if (shorter := _MODIFIED.fullmatch(one))]
    sentences = (
        *((command, COMMAND_WEIGHT) for command in COMMANDS),
        *written(nlu_data),
        *forms(),
        *(weighted for carrier in carriers for weighted in _polite(list(_settled(carrier)))),
    )
    listed = {name: _plain(filler.phrases) for name, filler in templates.fillers.items()}
    own = catalogue_names(items)
    wanted = {name: tuple(one for of in lists for one in listed[of]) for name, lists in _WANTED.items()}
    unlisted = frozenset({*own, *wanted, "brand", "shop"})
    listed |= wanted | (goods or Goods()).names
    topics = {*own.pop("topic"), *listed["topic"]}  # people ask for what the catalogue has not, too
    topics |= {f"{article} {topic}" for topic in topics for article in ("a", "the")}
    return Phrasing(sentences, listed | own | {"topic": tuple(sorted(topics))}, unlisted)


def _settled(carrier: str) -> Iterator[str]:
    """A carrier with its choices `(a|b|)` settled in every way."""
    choice = _CHOICE.search(carrier)
    if not choice:
        yield " ".join(carrier.split())
        return
    for one in choice[1].split("|"):
        yield from _settled(carrier[: choice.start()] + one + carrier[choice.end() :])


def _polite(settled: list[str]) -> Iterator[Weighted]:
    """As it is, with something polite before it, and with something polite after it; all together one carrier."""
    weight = CARRIER_WEIGHT / len(settled)
    for one in settled:
        yield one, weight * (1.0 - 2.0 * POLITE_SHARE)
        yield f"{{opening}} {one}", weight * POLITE_SHARE
        yield f"{one} {{closing}}", weight * POLITE_SHARE


def _plain(phrases: Iterable[str]) -> tuple[str, ...]:
    """The phrases that are no carriers themselves: those stand for invented names, which nobody says."""
    return tuple(phrase for phrase in phrases if not re.search("[<(]", phrase))
