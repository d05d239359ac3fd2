"""What people are expected to say to this service, for the recogniser's language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from assistant.rasa_worker.templates import Phrases, Templates
from skills.media.catalogue import Item
from skills.media.vocabulary import Weighted, sentences
from voice.recogniser import Vocabulary

WRITTEN_WEIGHT = 3.0
"""Sentences that were written one by one say what people say most."""

CARRIER_WEIGHT = 1.0

GOODS_MAX = 2_000
"""Products whose names are expected; a shop of a hundred thousand would make the graph, and what is heard, worse."""

_TYPED = re.compile(r"\{(?:email|order|\w+:(?:spokenemail|coupon|pin))\}")
"""Places of names that nobody has: addresses, order numbers, codes of letters. Codes of digits are said."""

_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Goods:
    """What the shops call their products, and what the brands and the shops are called."""

    products: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """By the lists of `nlu_data/fillers` that they stand in for; without those of which there are none."""
        own = {"product": self.products[:GOODS_MAX], "brand": self.brands[:GOODS_MAX], "shop": self.shops}
        return {name: names for name, names in own.items() if names}


def expected_speech(nlu_data: Path, items: Iterable[Item], goods: Goods | None = None) -> Vocabulary:
    """The training sentences, their carriers around the catalogues' own names, and the media catalogue's prose."""
    items, goods = list(items), goods or Goods()
    named = [(name, CARRIER_WEIGHT) for names in goods.names.values() for name in names]
    return Vocabulary((*sentences(items), *written(nlu_data), *named, *_carried(nlu_data, items, goods)))


def catalogue_names(items: Iterable[Item]) -> dict[str, tuple[str, ...]]:
    """The different names of the catalogue by the lists of `nlu_data/fillers` that they stand in for."""
    items = list(items)
    own = {
        "topic": {tag for item in items for tag in item.tags},
        "title": {item.title for item in items},
        "creator": {item.creator for item in items},
        "series": {item.series for item in items if item.series},
    }
    return {name: tuple(sorted(names)) for name, names in own.items()}


def written(nlu_data: Path) -> Iterator[Weighted]:
    """The examples of `nlu_data/nlu`, without their annotations."""
    for path in sorted((nlu_data / "nlu").glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for example in group.get("examples", "").splitlines():
                yield _ANNOTATION.sub(r"\1", example.removeprefix("- ")), WRITTEN_WEIGHT


def _carried(nlu_data: Path, items: list[Item], goods: Goods) -> Iterator[Weighted]:
    """The carriers of `nlu_data/templates`, with the catalogues' names where training has invented ones."""
    templates = Templates.load(nlu_data)
    own = catalogue_names(items) | goods.names
    fillers = templates.fillers | {name: Phrases(names) for name, names in own.items() if names}
    carriers = {
        intent: tuple(one for one in group if not _TYPED.search(one)) for intent, group in templates.carriers.items()
    }
    for example in replace(templates, carriers=carriers, fillers=fillers).examples():
        yield example.text, CARRIER_WEIGHT
