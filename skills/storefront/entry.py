"""What a seller edits: an entry with its draft and what is live, and the versions that publishing makes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from skills.message import Message

Model = TypeVar("Model", bound=Message)

Key = tuple[str, str]
"""Kind and id of an entry."""


@dataclass(frozen=True)
class Entry:
    """An entry as its draft has it, or, where what is live was asked for, as customers get it."""

    shop: str
    kind: str
    id: str
    place: int
    """Among those of its kind, which have an order of their own."""
    text: str
    """Its kind's model in JSON; of a removed entry what it last was."""
    revision: int
    """Grows with every save of the draft; tells whether somebody has saved in between."""
    by: str
    at: datetime
    """Who saved the draft last, and when."""
    changed: bool
    """The draft is not what is live."""
    is_live: bool
    """Customers get something of it now."""
    removed: bool

    @property
    def data(self) -> dict[str, Any]:
        """The model's fields."""
        return _object(self.text)

    def read(self, model: type[Model]) -> Model:
        """The model itself."""
        return model.model_validate_json(self.text)


class Standing(NamedTuple):
    """Of an entry, as `Entry` has them."""

    changed: bool
    is_live: bool
    removed: bool


@dataclass(frozen=True)
class Saved:
    """The draft is what was given."""

    entry: Entry


@dataclass(frozen=True)
class Conflict:
    """Somebody else has saved in between; nothing was changed. `theirs` may be removed."""

    theirs: Entry


@dataclass(frozen=True)
class Change:
    """What differs in one entry, in JSON; None where there is none of it."""

    kind: str
    id: str
    before_text: str | None
    after_text: str | None

    @property
    def key(self) -> Key:
        """Which entry."""
        return self.kind, self.id

    @property
    def before(self) -> dict[str, Any] | None:
        """The model's fields."""
        return None if self.before_text is None else _object(self.before_text)

    @property
    def after(self) -> dict[str, Any] | None:
        """The model's fields."""
        return None if self.after_text is None else _object(self.after_text)


@dataclass(frozen=True)
class Waiting(Change):
    """A draft that is not published yet: what is live, and what would be."""

    revision: int
    """The draft's."""
    by: str
    at: datetime


@dataclass(frozen=True)
class Version:
    """What was published together, numbered from 1 in each shop."""

    shop: str
    number: int
    by: str
    at: datetime
    note: str
    changes: int
    """Entries that it changed."""
    restores: int | None = None
    """The version that was gone back to."""


def _object(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value
