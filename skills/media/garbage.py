"""Contents of the store that nothing refers to any more: of items that were removed or replaced, fetched files."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from skills.media.content import ContentStore
from skills.media.errors import ContentError
from skills.media.shelf import Role, Shelf


@dataclass(frozen=True)
class Tidied:
    """How many contents went away, and the bytes that they took."""

    contents: int
    size: int


def contents_of(item: str, shelf: Shelf, store: ContentStore) -> set[str]:
    """Every content that an item has or names; ShelfError."""
    return _with_pictures(shelf.contents(item), store)


def tidy(shelf: Shelf, store: ContentStore, before: float, only: Collection[str] | None = None) -> Tidied:
    """Remove what nothing refers to and was not put there since `before`, in seconds since 1970; of `only` these.

    Nobody may import meanwhile: what a worker has just put in the store is not yet on the shelf.
    Raises ShelfError, ContentError.
    """
    wanted = _with_pictures(shelf.contents(), store)
    gone = [
        stored
        for stored, put_at in store.contents()
        if stored.sha256 not in wanted and put_at < before and (only is None or stored.sha256 in only)
    ]
    for stored in gone:
        store.remove(stored.sha256)
    return Tidied(len(gone), sum(stored.size for stored in gone))


def _with_pictures(contents: Collection[tuple[str, Role | None]], store: ContentStore) -> set[str]:
    """These contents, and the key frames that lists of slides among them name."""
    found = {sha256 for sha256, _ in contents}
    for sha256, role in contents:
        if role is Role.SLIDES:
            try:
                slides = json.loads(store.find(sha256).path.read_bytes())
            except ContentError:  # lost from the disk, and its pictures are of no use without it
                continue
            found.update(slide["image"] for slide in slides)
    return found
