"""Tantivy's segment files on the disk: whether they are whole, without opening them, and how much they hold.

Each ends in a footer: JSON with the CRC-32 of all before it, the JSON's length and the number 1337 (tantivy's
`directory/footer.rs`). Opening a damaged segment may end in a panic of tantivy's, or in wrong results.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAGIC = 1337
SUFFIXES = ("idx", "pos", "term", "store", "fast", "fieldnorm")
BLOCK = 1 << 20
VERIFIED_BYTES = 256 << 20
"""Checksums are verified at each opening up to this size (0.3 s); above only when asked to."""


@dataclass(frozen=True)
class Segments:
    """How many passages the segments hold, how many bytes they take, and what is wrong with them."""

    passages: int
    size: int
    problems: tuple[str, ...]


def inspect_segments(path: Path, *, thorough: bool) -> Segments:
    """Look at the word index in the directory `path`; `thorough` verifies checksums whatever the size."""
    try:
        segments = json.loads((path / "meta.json").read_text())["segments"]
        files = [path / name for segment in segments for name in _names(segment)]
        passages = sum(
            one["max_doc"] - (one["deletes"] or {"num_deleted_docs": 0})["num_deleted_docs"] for one in segments
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Segments(0, 0, (f"meta.json cannot be read: {error!r}",))
    if missing := [file.name for file in files if not file.exists()]:
        return Segments(passages, 0, tuple(f"{name} is missing" for name in missing))
    size = sum(file.stat().st_size for file in files)
    checked = files if thorough or size <= VERIFIED_BYTES else []
    return Segments(passages, size, tuple(problem for file in checked if (problem := _problem(file))))


def _names(segment: dict[str, Any]) -> Iterator[str]:
    stem = segment["segment_id"].replace("-", "")
    yield from (f"{stem}.{suffix}" for suffix in SUFFIXES)
    if segment["deletes"]:
        yield f"{stem}.{segment['deletes']['opstamp']}.del"


def _problem(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            size = opened.seek(-8, 2)
            length, magic = struct.unpack("<II", opened.read(8))
            if magic != MAGIC or length > size:
                return f"{file.name} is cut short"
            opened.seek(size - length)
            expected = json.loads(opened.read(length))["crc"]
            opened.seek(0)
            left, checksum = size - length, 0
            while block := opened.read(min(BLOCK, left)):
                checksum = zlib.crc32(block, checksum)
                left -= len(block)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"{file.name} cannot be read: {error!r}"
    return None if checksum == expected else f"{file.name} has the wrong checksum"
