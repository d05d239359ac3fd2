"""The product's collections of the semantic index, by the names that commands know them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.paths import DataPaths
from search_index import Schema
from skills.media import library


@dataclass(frozen=True)
class Collection:
    """What opening one takes, beside an encoder."""

    schema: Schema
    path: Callable[[DataPaths], Path]


COLLECTIONS = {"media": Collection(library.SCHEMA, lambda paths: paths.index)}
