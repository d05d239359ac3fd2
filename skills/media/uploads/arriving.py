"""Uploads on the disk: what has come so far is what the file holds, so that they survive a kill and go on from there.

`incoming/ID.upload` are the bytes, `incoming/ID.note` says whose they are and what is to become of them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from skills.media.content import ContentStore, Stored
from skills.media.errors import ContentError, UploadError
from skills.media.uploads.headers import Checksum

KEPT_S = 3 * 86_400
"""Seconds that an unfinished upload is kept after its last byte; less than an import keeps broken downloads."""
UNFINISHED_MAX = 20
"""Uploads that somebody may have begun and not finished."""
RESERVE = 500_000_000
"""Bytes of the disk that uploads leave free: what is made of a recording, the index and the database need room too."""
_ID = re.compile(r"[0-9a-f]{32}")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Upload:
    """An upload as it stands: `offset` of `length` bytes are here; `expires_at` is in seconds since 1970.

    `sha256` is known once all of it has come, and `settled` that an item has been made of it.
    """

    id: str
    owner: str
    length: int
    metadata: Mapping[str, str]
    offset: int
    expires_at: float
    sha256: str = ""
    settled: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every byte is here."""
        return self.offset == self.length


class Uploads:
    """The uploads of a store. Every method blocks; safe to be used by several threads at once."""

    def __init__(self, store: ContentStore, most: int) -> None:
        """`most` is the number of bytes that an upload may have."""
        self._store = store
        self.most = most
        self._digests: dict[str, tuple[int, hashlib._Hash]] = {}
        """Of the bytes up to an offset, so that they are not read again for each piece."""

    def create(self, owner: str, length: int, metadata: Mapping[str, str], now: float) -> Upload:
        """Begin an upload; UploadError: `upload_too_large`, `upload_invalid`, `upload_too_many`, `upload_full`."""
        if length > self.most:
            raise UploadError("upload_too_large", f"A recording may have {self.most / 1e9:.3g} GB")
        if length == 0:
            raise UploadError("upload_invalid", "The file is empty")
        unfinished = [one for one in self.all(now) if not one.is_complete]
        if sum(one.owner == owner for one in unfinished) >= UNFINISHED_MAX:
            raise UploadError("upload_too_many", f"There are {UNFINISHED_MAX} unfinished uploads; finish or cancel one")
        promised = sum(one.length - one.offset for one in unfinished)
        if shutil.disk_usage(self._store.incoming).free < length + promised + RESERVE:
            raise UploadError("upload_full", "There is not enough room on the disk for this file")
        # Ids that sort by time, so that a creator's newest items come first without another column.
        upload = Upload(f"{round(now * 1000):012x}{secrets.token_hex(10)}", owner, length, metadata, 0, now + KEPT_S)
        with _written(self._bytes(upload.id)):
            self._bytes(upload.id).touch(mode=0o600)
        self._write(upload)
        return upload

    def find(self, identity: str, now: float) -> Upload:
        """An upload; UploadError(`upload_unknown`) where there is none, or it has expired."""
        if _ID.fullmatch(identity):
            with contextlib.suppress(OSError, ValueError, KeyError):
                upload = self._read(identity)
                if upload.expires_at > now:
                    return upload
        raise UploadError("upload_unknown", "There is no such upload; it may have expired, or been cancelled")

    def all(self, now: float) -> list[Upload]:
        """Every upload; those that have expired go away."""
        found = []
        for path in self._store.incoming.glob("*.note"):
            try:
                found.append(self.find(path.stem, now))
            except UploadError:
                self.remove(path.stem)
        return found

    def remove(self, identity: str) -> None:
        """Forget an upload and what has come of it."""
        with _written(self._note(identity)):
            self._note(identity).unlink(missing_ok=True)
            self._bytes(identity).unlink(missing_ok=True)
        self._digests.pop(identity, None)

    @contextlib.contextmanager
    def arriving(self, upload: Upload, offset: int) -> Iterator[Arriving]:
        """Where the bytes from `offset` on go to. What has come stays when the sender leaves in the middle.

        UploadError: `upload_busy` while another connection sends, `upload_offset` where more or less is here than that.
        """
        with _written(self._bytes(upload.id)), self._bytes(upload.id).open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadError("upload_busy", "Another connection sends this upload", retryable=True) from error
            size = os.fstat(file.fileno()).st_size
            if offset != size:
                raise UploadError("upload_offset", f"{size} bytes are here, not {offset}: go on from there")
            arriving = Arriving(file, size, upload.length, self._digest(upload.id, file, size))
            try:
                yield arriving
            finally:
                file.flush()
                os.fsync(file.fileno())
                self._digests[upload.id] = arriving.offset, arriving.digest
                with contextlib.suppress(FileNotFoundError):  # cancelled meanwhile
                    os.utime(self._note(upload.id))

    def complete(self, upload: Upload) -> Stored:
        """Move an upload that is whole into the store. Done again after a kill in the middle, it comes to the same."""
        if not upload.sha256:
            with self._bytes(upload.id).open("rb") as file:
                upload = replace(upload, sha256=self._digest(upload.id, file, upload.length).hexdigest())
            self._write(upload)
        self._digests.pop(upload.id, None)
        try:
            with self._bytes(upload.id).open("rb") as file:
                return self._store.place(file, upload.sha256)
        except FileNotFoundError:
            return self._store.find(upload.sha256)

    def settle(self, upload: Upload) -> None:
        """An item has been made of it. What it was stays known for a while: the last answer may have been lost."""
        self._write(replace(self._read(upload.id), settled=True))

    def _digest(self, identity: str, file: BinaryIO, size: int) -> hashlib._Hash:
        """The hash of the first `size` bytes; afterwards the file stands behind them."""
        known, digest = self._digests.get(identity, (-1, hashlib.sha256()))
        if known != size:
            digest = hashlib.sha256()
            file.seek(0)
            while piece := file.read(_PIECE):
                digest.update(piece)
        file.seek(size)
        return digest

    def _read(self, identity: str) -> Upload:
        note = self._note(identity)
        said, expires_at = json.loads(note.read_bytes()), note.stat().st_mtime + KEPT_S
        offset = said["length"] if said["sha256"] else self._bytes(identity).stat().st_size
        return Upload(identity, **said, offset=offset, expires_at=expires_at)

    def _write(self, upload: Upload) -> None:
        said = {name: value for name, value in asdict(upload).items() if name not in ("id", "offset", "expires_at")}
        note = self._note(upload.id)
        with _written(note):
            scratch = note.with_suffix(".new")
            with scratch.open("w") as file:
                json.dump(said, file)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(note)

    def _bytes(self, identity: str) -> Path:
        return self._store.incoming / f"{identity}.upload"

    def _note(self, identity: str) -> Path:
        return self._store.incoming / f"{identity}.note"


class Arriving:
    """An upload that is being written to, by one sender at a time."""

    def __init__(self, file: BinaryIO, offset: int, length: int, digest: hashlib._Hash) -> None:
        self._file, self._length = file, length
        self.offset, self.digest = offset, digest
        self._before = offset, digest.copy()

    def write(self, piece: bytes) -> None:
        """Add what has come; UploadError(`upload_too_large`) where that is more than was promised."""
        if self.offset + len(piece) > self._length:
            raise UploadError("upload_too_large", f"More than the {self._length} bytes that were promised have come")
        self._file.write(piece)
        self._file.flush()
        self.digest.update(piece)
        self.offset += len(piece)

    def check(self, checksum: Checksum) -> None:
        """Give up what this sender has sent unless it hashes to that; UploadError(`upload_checksum`)."""
        start = self._before[0]
        self._file.seek(start)
        piece = hashlib.new(checksum.algorithm)
        while read := self._file.read(_PIECE):
            piece.update(read)
        if not checksum.matches(piece):
            self.give_up()
            raise UploadError("upload_checksum", "What came is not what was sent; send it again", retryable=True)

    def give_up(self) -> None:
        """Be as if this sender had sent nothing."""
        self.offset, self.digest = self._before
        self._file.truncate(self.offset)


@contextlib.contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ContentError("content_not_written", f"{path.name} cannot be written: {error.strerror}") from error
