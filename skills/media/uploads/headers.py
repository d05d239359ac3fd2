"""What stands in the headers of tus 1.0: lengths, offsets, metadata and checksums."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from skills.media.captions.transcript import clean
from skills.media.errors import UploadError

ALGORITHMS = {"sha1": 20, "sha256": 32}
"""Checksums that are understood, with their length in bytes; tus asks every server for sha1."""
MAX_METADATA = 8_000
MAX_PAIRS = 20
_NUMBER = re.compile(r"\d{1,18}")
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,40}")
"""No blank and no comma."""


@dataclass(frozen=True)
class Checksum:
    """What a piece has to hash to."""

    algorithm: str
    digest: bytes

    def matches(self, piece: hashlib._Hash) -> bool:
        """Whether that is what it hashed to."""
        return piece.digest() == self.digest


def read_length(text: str | None, name: str) -> int:
    """The number of bytes that a header names; UploadError(`upload_invalid`)."""
    if text is None or not _NUMBER.fullmatch(text):
        raise UploadError("upload_invalid", f"{name} has to be a number of bytes")
    return int(text)


def read_metadata(text: str | None) -> Mapping[str, str]:
    """`Upload-Metadata`: keys and values in base64, `filename dGFsay5tcDM=,is_final`; a value may be left out.

    Values are made one line without control characters, except that a description keeps its lines.
    Raises UploadError(`upload_invalid`).
    """
    if not text:
        return {}
    pairs = [pair.strip().partition(" ") for pair in text.split(",")]
    if len(text) > MAX_METADATA or len(pairs) > MAX_PAIRS:
        raise UploadError(
            "upload_invalid", f"Upload-Metadata has more than {MAX_METADATA} characters or {MAX_PAIRS} pairs"
        )
    found: dict[str, str] = {}
    for key, _, value in pairs:
        if not _KEY.fullmatch(key) or key in found:
            raise UploadError("upload_invalid", f"Upload-Metadata: {key[:40]!r} is no key, or comes twice")
        try:
            found[key] = clean(base64.b64decode(value, validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise UploadError("upload_invalid", f"Upload-Metadata: {key} is no UTF-8 text in base64") from error
    return found


def read_checksum(text: str | None) -> Checksum | None:
    """`Upload-Checksum`: algorithm and digest in base64, `sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`; None without one.

    Raises UploadError(`upload_invalid`).
    """
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UploadError("upload_invalid", "Upload-Checksum is not in base64") from error
    if ALGORITHMS.get(algorithm) != len(digest):
        raise UploadError("upload_invalid", f"Upload-Checksum has to be one of {', '.join(ALGORITHMS)}")
    return Checksum(algorithm, digest)
