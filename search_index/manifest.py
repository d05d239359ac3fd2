"""Small JSON files that are replaced whole: whatever interrupts a write, the next read finds the new or the old one.

The text is written beside the file, flushed, and renamed over it; the one before stays as `NAME.prev`. Each carries a
checksum, so that one that was garbled later on is known for it, and the one before is read instead.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from search_index.errors import ErrorCode, wrapped

T = TypeVar("T")
log = logging.getLogger(__name__)


def write_manifest(path: Path, content: Mapping[str, Any]) -> None:
    """Replace the file by `content` (what JSON can hold); when this returns it is on the disk.

    One writer at a time. Raises `SearchError` (storage), and the file is as it was, where the disk does not take it.
    """
    body = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    text = json.dumps({"checksum": _checksum(body), "content": body})
    temporary = path.with_name(f"{path.name}.new")
    with wrapped(ErrorCode.STORAGE, f"{path} cannot be written", OSError, UnicodeError):
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if _body(path) is not None:  # what is garbled must not push out the last one that can be read
                _keep(path)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_directory(path.parent)


def read_manifest(path: Path, parse: Callable[[dict[str, Any]], T]) -> T | None:
    """The file's content as `parse` makes it, or that of the file before it; None where neither can be read.

    `parse` refuses what it cannot use by raising ValueError, KeyError or TypeError.
    """
    for candidate in (path, _previous(path)):
        body = _body(candidate)
        if body is None:
            continue
        try:
            content = json.loads(body)
            if isinstance(content, dict):
                return parse(content)
        except (ValueError, KeyError, TypeError) as error:
            log.warning("%s is not what it should be: %r", candidate, error)
    return None


def remove_manifest(path: Path) -> None:
    """Remove the file and the one before it."""
    for candidate in (path, _previous(path)):
        candidate.unlink(missing_ok=True)


def sync_directory(path: Path) -> None:
    """Put a directory's entries (files made, renamed, removed) on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _previous(path: Path) -> Path:
    return path.with_name(f"{path.name}.prev")


def _keep(path: Path) -> None:
    """A second name for the file as it is: `path` itself is never missing in between."""
    link = path.with_name(f"{path.name}.prev.new")
    link.unlink(missing_ok=True)
    os.link(path, link)
    link.replace(_previous(path))


def _body(path: Path) -> str | None:
    """The JSON text inside the file; None where there is no file, and, with a warning, where it is garbled."""
    try:
        outer = json.loads(path.read_text(encoding="utf-8"))
        if outer["checksum"] == _checksum(outer["content"]):
            return str(outer["content"])
        problem = "its checksum is wrong"
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = repr(error)
    log.warning("%s is damaged: %s", path, problem)
    return None


def _checksum(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
