"""The items of a media catalogue and how they are read from JSON Lines files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from skills.errors import CatalogueError
from skills.turn import ItemId, MediaKind, Message

DEMO = Path(__file__).parent / "demo"

Word = Annotated[str, Field(min_length=1, max_length=60)]


class Said(Message):
    """One stretch of a transcript, as written; times come with the recording."""

    speaker: str = Field(max_length=80)
    text: str = Field(min_length=1, max_length=2_000)


class Details(Message):
    """What is known of one thing to listen to or watch, perhaps before anybody knows how long it is."""

    id: ItemId
    kind: MediaKind
    medium: Literal["audio", "video"]
    title: str = Field(min_length=1, max_length=120)
    creator: str = Field(min_length=1, max_length=120)
    series: str = Field(default="", max_length=120)
    episode: int | None = Field(default=None, ge=0)
    published: date
    starts_at: datetime | None = None
    """When a live show that is still to come begins."""
    repeats: Literal["daily", "weekly"] | None = None
    """How often a live show comes again, at the time of `starts_at`."""
    duration_s: int | None = Field(default=None, gt=0, le=86_400)
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    tags: tuple[Word, ...] = Field(default=(), max_length=30)
    moods: tuple[Word, ...] = Field(default=(), max_length=10)
    description: str = Field(default="", max_length=5_000)
    popularity: float = Field(default=0.0, ge=0.0, le=1.0)


class Item(Details):
    """One thing to listen to or watch."""

    duration_s: int = Field(gt=0, le=86_400)
    transcript: tuple[Said, ...] = ()

    @property
    def kind_name(self) -> str:
        """The kind as people say it: "live show"."""
        return self.kind.value.replace("_", " ")


def read_items(paths: Iterable[Path]) -> list[Item]:
    """Read catalogue files, one JSON object a line.

    Raises:
        CatalogueError: naming file, line and field of the first row that cannot be used, or of an id that comes twice.
    """
    items: dict[str, Item] = {}
    for path in paths:
        for line, item in _read_file(path):
            if item.id in items:
                raise CatalogueError(f"{path}:{line}: the id {item.id!r} is already taken by {items[item.id].title!r}")
            items[item.id] = item
    return list(items.values())


def _read_file(path: Path) -> Iterator[tuple[int, Item]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, Item.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise CatalogueError(f"{path}:{number}: not a JSON object: {error.msg} at column {error.colno}") from error
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(str(part) for part in problem["loc"]) or "row"
            raise CatalogueError(f"{path}:{number}: {field}: {problem['msg']}") from error


def demo_items() -> list[Item]:
    """The catalogue that comes with the project."""
    return read_items(sorted(DEMO.glob("*.jsonl")))
