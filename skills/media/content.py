"""Files by their content: each stands under its SHA-256, once, whole or not at all.

`ROOT/ab/abcdef...` is the file whose SHA-256 is abcdef... in hexadecimal; `ROOT/incoming/` holds what still arrives.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from skills.media.errors import ContentError

_NAME = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Stored:
    """A file of the store."""

    sha256: str
    path: Path
    size: int


class ContentStore:
    """A folder of files by content. Safe to be used by several threads and processes at once."""

    def __init__(self, root: Path) -> None:
        """Make the folders; ContentError(`content_not_written`) where that cannot be done."""
        self._root = root
        self.incoming = root / "incoming"
        """Where files are written to until they are whole; on the same file system, so that they can be moved."""
        with _written(self.incoming):
            self.incoming.mkdir(parents=True, exist_ok=True)

    def find(self, sha256: str) -> Stored:
        """The file with that content; ContentError: `content_invalid` for what is no such name, `content_missing`."""
        path = self._path(sha256)
        try:
            return Stored(sha256, path, path.stat().st_size)
        except FileNotFoundError as error:
            raise ContentError("content_missing", f"There is no content {sha256}") from error

    def put(self, content: bytes) -> Stored:
        """Keep these bytes; ContentError(`content_not_written`)."""
        with self.writing() as file:
            file.write(content)
            return self.place(file, hashlib.sha256(content).hexdigest())

    def copy(self, source: BinaryIO, on_bytes: Callable[[int], None] = lambda _count: None) -> Stored:
        """Keep what a stream holds, telling how many bytes of it there are so far; ContentError like `put`."""
        digest, count = hashlib.sha256(), 0
        with self.writing() as file:
            while piece := source.read(_PIECE):
                file.write(piece)
                digest.update(piece)
                count += len(piece)
                on_bytes(count)
            return self.place(file, digest.hexdigest())

    @contextlib.contextmanager
    def writing(self) -> Iterator[BinaryIO]:
        """A file to write to and then `place`; it goes away if it is not placed."""
        with _written(self.incoming):
            descriptor, name = tempfile.mkstemp(dir=self.incoming)
            os.close(descriptor)
            try:
                with Path(name).open("wb") as file:
                    yield file
            finally:
                Path(name).unlink(missing_ok=True)

    def place(self, file: BinaryIO, sha256: str) -> Stored:
        """Move a file from `incoming` to its place, on the disk before it is visible; `sha256` is of its content.

        Its time is that of now, however long it took to come: who tidies up leaves alone what was just put there.
        Raises ContentError: `content_not_written`, `content_invalid`.
        """
        path, written = self._path(sha256), Path(file.name)
        with _written(path):
            file.flush()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
            path.parent.mkdir(exist_ok=True)
            if path.exists() and path.stat().st_size == size:
                path.touch()
                written.unlink()
            else:
                written.chmod(0o644)
                written.touch()
                written.replace(path)
                _sync_folder(path.parent)
                _sync_folder(self._root)
        return Stored(sha256, path, size)

    def remove(self, sha256: str) -> None:
        """Forget a content, if it is there."""
        path = self._path(sha256)
        with _written(path):
            path.unlink(missing_ok=True)

    def contents(self) -> Iterator[tuple[Stored, float]]:
        """Everything there is, with the time it was last put there, in seconds since 1970."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            for path in folder.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    status = path.stat()
                    if _NAME.fullmatch(path.name):
                        yield Stored(path.name, path, status.st_size), status.st_mtime

    def tidy(self, before: float) -> None:
        """Forget what was arriving and has not grown since `before`, in seconds since 1970."""
        with _written(self.incoming):
            for path in self.incoming.iterdir():
                if path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise ContentError("content_invalid", f"This is no SHA-256: {sha256[:80]!r}")
        return self._root / sha256[:2] / sha256


@contextlib.contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ContentError("content_not_written", f"{path} cannot be written: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
