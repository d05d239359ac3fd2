"""What people are expected to say to this service, for the recogniser's language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from assistant.rasa_worker.templates import Phrases, Templates
from skills.media.catalogue import Item
from skills.media.vocabulary import Weighted, sentences
from voice.recogniser import Vocabulary

WRITTEN_WEIGHT = 3.0
"""Sentences that were written one by one say what people say most."""

CARRIER_WEIGHT = 1.0

_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def expected_speech(nlu_data: Path, items: Iterable[Item]) -> Vocabulary:
    """The training sentences, their carriers around the catalogue's own names, and the catalogue's prose."""
    items = list(items)
    return Vocabulary((*sentences(items), *written(nlu_data), *_carried(nlu_data, items)))


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


def _carried(nlu_data: Path, items: list[Item]) -> Iterator[Weighted]:
    """The carriers of `nlu_data/templates`, with the catalogue's names where training has invented ones."""
    templates = Templates.load(nlu_data)
    fillers = templates.fillers | {name: Phrases(names) for name, names in catalogue_names(items).items() if names}
    for example in replace(templates, fillers=fillers).examples():
        yield example.text, CARRIER_WEIGHT
