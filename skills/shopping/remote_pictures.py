"""Pictures that a feed only names: fetched once, made small, and shown from an address of our own.

So shoppers' browsers ask nobody but us, pages may forbid pictures from elsewhere, and what is shown is a picture that
was decoded here. What is fetched is only ever what a catalogue names: the address in a page says which of a product's
own pictures is meant, by a digest, and never where it is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.fetching import Fetched, Fetcher, Network, Purpose
from skills.media.images import thumbnail
from skills.shopping.product import Product

SIDE = 640
"""Pixels; cards are drawn at up to half of it."""
AGAIN_S = 3_600
"""After a picture could not be had."""


def picture_url(product: Product, address: str) -> str:
    """Where a picture of the product is shown from: our own address for one on the web, others as they are."""
    if not address.startswith(("http://", "https://")):
        return address
    return f"/shops/{product.shop}/pictures/{quote(product.id)}/{_name(address)}.jpg"


class RemotePictures:
    """Pictures on the disk, a folder for each shop. Thread-safe; every call blocks."""

    def __init__(self, folder: Path, networks: Sequence[Network] = ()) -> None:
        """`folder` has a folder for each shop; `networks` may be fetched from though they are not public."""
        self._folder = folder
        self._networks = tuple(networks)

    def kept(self, product: Product, name: str) -> Path | None:
        """The product's picture of that name as a JPEG, if it was fetched already."""
        path = self._path(product, name)
        return path if _address(product, name) and path.is_file() else None

    def fetched(self, product: Product, name: str) -> Path | None:
        """The same, fetched if need be; None where the product has no such picture, or it cannot be had."""
        address, path = _address(product, name), self._path(product, name)
        missing = path.with_suffix(".missing")
        if not address or (missing.is_file() and time.time() - missing.stat().st_mtime < AGAIN_S):
            return None
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._fetch(address, path)
            except (MediaError, OSError):
                missing.touch()
                return None
            missing.unlink(missing_ok=True)
        return path

    def _path(self, product: Product, name: str) -> Path:
        return self._folder / product.shop / "pictures" / f"{name}.jpg"

    def _fetch(self, address: str, path: Path) -> None:
        with TemporaryDirectory(dir=path.parent) as scratch:
            found = Fetcher(ContentStore(Path(scratch)), self._networks).fetch(address, Purpose.IMAGE)
            assert isinstance(found, Fetched)  # nothing is known from before
            small = Path(scratch) / path.name
            small.write_bytes(thumbnail(found.stored.path.read_bytes(), SIDE))
            small.replace(path)


def _address(product: Product, name: str) -> str:
    """Where the picture of that name is on the web; empty where the product has none."""
    named = [*product.images, *(one.image for one in product.variants)]
    return next((one for one in named if one.startswith(("http://", "https://")) and _name(one) == name), "")


def _name(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:20]
