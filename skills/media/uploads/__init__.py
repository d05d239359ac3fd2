"""Recordings that creators send in pieces, over as many connections as it takes (tus 1.0, https://tus.io/protocols)."""

from skills.media.uploads.arriving import Arriving, Upload, Uploads
from skills.media.uploads.headers import ALGORITHMS, Checksum, read_checksum, read_length, read_metadata
from skills.media.uploads.noting import note

__all__ = [
    "ALGORITHMS",
    "Arriving",
    "Checksum",
    "Upload",
    "Uploads",
    "note",
    "read_checksum",
    "read_length",
    "read_metadata",
]
