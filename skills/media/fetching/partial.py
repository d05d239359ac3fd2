"""A download in progress, on the disk: it survives a kill, and goes on where it was if the file is still the same."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from skills.media.content import ContentStore, Stored
from skills.media.errors import ContentError, FetchError
from skills.media.fetching.requests import shown

_PIECE = 1 << 20
_MAX_VALIDATOR = 500


@dataclass(frozen=True)
class Validators:
    """By what a server tells whether a file has changed: its ETag and Last-Modified headers."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """Those of a response; `headers` have names in small letters."""
        etag, last_modified = headers.get("etag", ""), headers.get("last-modified", "")
        return cls(etag[:_MAX_VALIDATOR], last_modified[:_MAX_VALIDATOR])

    @property
    def if_range(self) -> str:
        """What makes a server send the rest only of the very same file; nothing where there is no such thing."""
        return self.last_modified if self.etag.startswith("W/") else self.etag or self.last_modified


class Partial:
    """What has come so far from one address; one process at a time holds it."""

    def __init__(self, store: ContentStore, url: str) -> None:
        """Take it up; FetchError(`fetch_busy`) while another fetches the same address, ContentError."""
        self._store = store
        name = hashlib.sha256(url.encode()).hexdigest()
        self._path = store.incoming / f"{name}.part"
        self._notes = store.incoming / f"{name}.json"
        try:
            self._file = self._path.open("a+b")
            self._lock(url)
            self.validators = self._read_notes()
            self._digest, self.size = hashlib.sha256(), 0
            if self.validators.if_range:
                self._read_again()
            else:
                self.restart(Validators())
        except OSError as error:
            raise _not_written(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def restart(self, validators: Validators) -> None:
        """Begin anew with a file of which the server says this. The old bytes are gone before the new name is there."""
        try:
            self._file.truncate(0)
            os.fsync(self._file.fileno())
            scratch = self._notes.with_suffix(".new")
            scratch.write_text(json.dumps(asdict(validators)))
            scratch.replace(self._notes)
        except OSError as error:
            raise _not_written(self._path, error) from error
        self.validators = validators
        self._digest, self.size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        """Add what has come; ContentError(`content_not_written`)."""
        try:
            self._file.write(piece)
            self._file.flush()
        except OSError as error:
            raise _not_written(self._path, error) from error
        self._digest.update(piece)
        self.size += len(piece)

    def complete(self) -> Stored:
        """Move all of it to its place in the store."""
        stored = self._store.place(self._file, self._digest.hexdigest())
        self._notes.unlink(missing_ok=True)
        return stored

    def discard(self) -> None:
        """Give it up."""
        self._path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def _lock(self, url: str) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before may have moved it into the store since it was opened here.
            is_still_there = self._path.exists() and self._path.stat().st_ino == os.fstat(self._file.fileno()).st_ino
        except BlockingIOError:
            is_still_there = False
        if not is_still_there:
            self._file.close()
            raise FetchError("fetch_busy", f"{shown(url)} is being fetched already", retryable=True)

    def _read_notes(self) -> Validators:
        try:
            return Validators(**json.loads(self._notes.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return Validators()

    def _read_again(self) -> None:
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            self._digest.update(piece)
            self.size += len(piece)


def _not_written(path: Path, error: OSError) -> ContentError:
    return ContentError("content_not_written", f"{path} cannot be written: {error.strerror}")
