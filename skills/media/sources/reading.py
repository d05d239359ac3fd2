"""A source that has been opened and found usable."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from skills.media.errors import SourceError
from skills.media.feeds import Problem
from skills.media.shelf import Found, Link, Source

MAX_TITLE, MAX_WORD, MAX_WORDS = 120, 60, 30
"""Characters of titles and names, characters of a tag, tags: what an item of the catalogue may have."""
_NAMESPACE = uuid.UUID("0ba2a5b2-6d0c-5f6e-9e0a-0a7f3c1f4c55")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Reading:
    """An opened source: as it is after all its `entries` have been taken in, and about how many there are.

    `entries` may be run as often as needed. A fatal Problem stands for an item that is left out.
    """

    source: Source
    count: int
    entries: Callable[[], Iterator[Found | Problem]]


def path_id(path: Path, *names: str) -> str:
    """The id of what is at a path of this machine, or of a part of it: 32 hexadecimal digits, always the same."""
    return uuid.uuid5(_NAMESPACE, "\n".join([str(path), *names])).hex


def local_link(path: Path) -> Link:
    """A file of this machine; OSError where it is not there."""
    status = path.stat()
    return Link(address=str(path), stamp=f"{status.st_size}-{status.st_mtime_ns}")


def digest(path: Path) -> str:
    """The SHA-256 of a file; SourceError(`source_unreadable`)."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
    except OSError as error:
        raise SourceError("source_unreadable", f"{path} cannot be read: {error.strerror}") from error
    return found.hexdigest()


def shortened(text: str, longest: int = MAX_TITLE) -> str:
    """A text that is cut where it is too long, and says so."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\u2026"
