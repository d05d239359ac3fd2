"""Pictures that a shop's people upload for its answers: decoded, made small and drawn anew before they are kept.

A picture has the name of what it shows (SHA-256), so the same one is kept once, a name never means another picture, and
versions of an answer that are gone back to find theirs.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from skills.media.errors import ImageError
from skills.media.images import read_info, thumbnail
from skills.storefront.errors import StorefrontError

SIDE = 1_200
"""Pixels, at most."""
BYTES_MAX = 10_000_000
PICTURES_MAX = 2_000
"""Of one shop."""
_KINDS = {"jpeg": ("image/jpeg", ("jpg", "jpeg")), "png": ("image/png", ("png",)), "webp": ("image/webp", ("webp",))}
_NAME = re.compile(r"[0-9a-f]{20}\.jpg")


class AnswerPictures:
    """Pictures on the disk, a folder for each shop. Thread-safe; every call blocks."""

    def __init__(self, folder: Path) -> None:
        """`folder` has a folder for each shop."""
        self._folder = folder

    def add(self, shop: str, content: bytes, name: str, media_type: str) -> str:
        """Keep an upload, whose file's name, media type and content have to agree; returns the picture's name.

        Raises:
            StorefrontError: `picture_invalid`, `picture_too_large`, `pictures_full`, with a sentence.
        """
        if len(content) > BYTES_MAX:
            raise StorefrontError("picture_too_large", f"A picture has {BYTES_MAX // 1_000_000} MB at most.")
        try:
            kind = read_info(content).format
            claimed, endings = _KINDS[kind]
            if media_type != claimed or name.rpartition(".")[2].lower() not in endings:
                raise StorefrontError("picture_invalid", f"This file is a {kind.upper()}, and says that it is not.")
            small = thumbnail(content, SIDE)
        except ImageError as error:
            code = "picture_too_large" if error.code == "image_too_large" else "picture_invalid"
            raise StorefrontError(code, f"{error}. Please take a JPEG, PNG or WebP picture.") from error
        kept = f"{hashlib.sha256(small).hexdigest()[:20]}.jpg"
        path = self._of(shop) / kept
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            if len(self.names(shop)) >= PICTURES_MAX:
                raise StorefrontError("pictures_full", f"A shop has {PICTURES_MAX:,} pictures at most.")
            with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as scratch:
                scratch.write(small)
            Path(scratch.name).replace(path)
        return kept

    def path(self, shop: str, name: str) -> Path | None:
        """Where a picture of the shop lies; None where it has none of this name."""
        path = self._of(shop) / name
        return path if _NAME.fullmatch(name) and path.is_file() else None

    def names(self, shop: str) -> frozenset[str]:
        """All that the shop has."""
        folder = self._of(shop)
        return frozenset(one.name for one in folder.glob("*.jpg")) if folder.is_dir() else frozenset()

    def _of(self, shop: str) -> Path:
        return self._folder / shop / "answers"
