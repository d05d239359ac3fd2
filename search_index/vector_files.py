"""The files of one encoder's vectors: rows as they are, their keys, and the lists of IVF.

Derived from the store and thrown away whenever they cannot be trusted. Rows are only ever appended; what the manifest
does not count is not there. Rewriting makes files of the next generation, and the manifest turns to them at once.
"""

from __future__ import annotations

import logging
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.errors import ErrorCode, wrapped
from search_index.ivf import Ivf
from search_index.manifest import read_manifest, sync_directory, write_manifest

FORMAT = 1
VERIFIED_BYTES = 256 << 20
"""Files are checked against their checksums at each opening up to this size (0.2 s); above only by `verify`."""

Keys = NDArray[np.int64]
Matrix = NDArray[np.float32]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lists:
    """The IVF file: for how many of the rows it is, for how many its lists were trained, how far a query looks."""

    name: str
    rows: int
    trained: int
    reach: int
    size: int
    checksum: int


@dataclass(frozen=True)
class _Manifest:
    origin: str
    dimension: int
    format: int = FORMAT
    generation: int = 0
    rows: int = 0
    seq: int = 0
    rows_checksum: int = 0
    keys_checksum: int = 0
    lists: Lists | None = None

    @classmethod
    def parse(cls, content: dict[str, Any]) -> _Manifest:
        lists = Lists(**content.pop("lists")) if content.get("lists") else content.pop("lists")
        return cls(**content, lists=lists)


class VectorFiles:
    """The files in one directory, for vectors of `dimension`. `origin` names the store and the encoder."""

    def __init__(self, path: Path, origin: str, dimension: int, latest: int) -> None:
        """Open what is there; begin anew where it is damaged, of another origin, or newer than change `latest`."""
        self._path = path
        self._new = _Manifest(origin, dimension)
        self._now = read_manifest(path / "manifest.json", _Manifest.parse) or self._new
        self.ivf: Ivf | None = None
        same = (self._now.origin, self._now.dimension, self._now.format) == (origin, dimension, FORMAT)
        try:
            if not same or self._now.seq > latest:
                self.clear()
            elif problems := _problems(path, self._now, thorough=False):
                log.warning("the vectors in %s are made anew: %s", path, "; ".join(problems))
                self.clear()
            elif self._now.lists:
                lists = self._now.lists
                self.ivf = Ivf(path / lists.name, lists.rows, lists.reach)
        except (OSError, RuntimeError, ValueError) as error:
            log.warning("the vectors in %s are made anew: %s", path, error)
            self.clear()

    @property
    def seq(self) -> int:
        """The change of the store that the rows reflect."""
        return self._now.seq

    @property
    def trained(self) -> int:
        """For how many rows the lists were trained; 0 where there are none."""
        return self._now.lists.trained if self._now.lists else 0

    def clear(self) -> None:
        """Forget everything, on the disk too."""
        self.ivf = None
        self._now = self._new
        with wrapped(ErrorCode.STORAGE, f"{self._path} cannot be removed", OSError):
            if self._path.exists():
                shutil.rmtree(self._path)

    def keys(self) -> Keys:
        """The keys [n] of the rows, ascending."""
        return (
            np.fromfile(_file(self._path, "keys", self._now), np.int64, self._now.rows)
            if self._now.rows
            else np.empty(0, np.int64)
        )

    def rows(self) -> Matrix:
        """The vectors [n, dimension], mapped into memory."""
        shape = self._now.rows, self._now.dimension
        if not self._now.rows:
            return np.empty(shape, np.float32)
        return np.asarray(np.memmap(_file(self._path, "rows", self._now), np.float32, "r", shape=shape))

    def append(self, keys: Keys, rows: Matrix, seq: int) -> None:
        """Add `rows` [n, dimension] under `keys` [n], above those there, up to change `seq` of the store."""
        with self._written():
            self._record(self._appended(self._now, keys, rows, seq))

    def rewrite(self, parts: Iterator[tuple[Keys, Matrix]], seq: int) -> None:
        """Have these rows instead, without lists; the files before are gone once the new ones are safe."""
        before = self._now
        with self._written():
            now = replace(self._new, generation=before.generation + 1)
            for keys, rows in parts:
                now = self._appended(now, keys, rows, seq)
            self._record(now)
            self.ivf = None
            self._tidy()

    def set_ivf(self, make: Callable[[Path], Ivf], trained: int) -> None:
        """Have another IVF over the first rows; `make` writes its file."""
        with self._written():
            number = 1 + (int(self._now.lists.name.rpartition("-")[2]) if self._now.lists else 0)
            path = self._path / f"ivf-{self._now.generation}-{number}"
            made = make(path)
            size, checksum = _sum(path, None)
            with path.open("rb") as file:
                os.fsync(file.fileno())
            lists = Lists(path.name, made.rows, trained, made.reach, size, checksum)
            self._record(replace(self._now, lists=lists))
            self.ivf = made
            self._tidy()

    def _appended(self, now: _Manifest, keys: Keys, rows: Matrix, seq: int) -> _Manifest:
        """Write after what `now` counts; the manifest that counts these too."""
        self._path.mkdir(exist_ok=True)
        sums = []
        for kind, values, width, checksum in (
            ("rows", np.ascontiguousarray(rows, np.float32), 4 * now.dimension, now.rows_checksum),
            ("keys", np.ascontiguousarray(keys, np.int64), 8, now.keys_checksum),
        ):
            path = _file(self._path, kind, now)
            with path.open("r+b" if path.exists() else "wb") as file:
                file.seek(now.rows * width)
                file.write(values.data.cast("B"))
                file.flush()
                os.fsync(file.fileno())
            sums.append(zlib.crc32(values.data.cast("B"), checksum))
        return replace(now, rows=now.rows + len(keys), seq=seq, rows_checksum=sums[0], keys_checksum=sums[1])

    def _written(self) -> Any:
        return wrapped(ErrorCode.STORAGE, f"the vectors in {self._path} cannot be written", OSError, RuntimeError)

    def _record(self, manifest: _Manifest) -> None:
        sync_directory(self._path)
        write_manifest(self._path / "manifest.json", asdict(manifest))
        self._now = manifest

    def _tidy(self) -> None:
        """Remove the files that the manifest does not name; whoever has them mapped keeps them until then."""
        kept = {path.name for path, _, _ in _expected(self._path, self._now)}
        for path in self._path.iterdir():
            if path.name not in kept and path.name.partition("-")[0] in ("rows", "keys", "ivf"):
                path.unlink()


@dataclass(frozen=True)
class VectorFileStats:
    """What the manifest says: rows, how many of them IVF has, bytes on the disk; and what is wrong with the files."""

    rows: int
    listed: int
    size: int
    problems: tuple[str, ...]


def inspect_vector_files(path: Path, *, thorough: bool) -> VectorFileStats:
    """Look at the vectors in the directory `path` without changing anything; whoever has it open is not disturbed."""
    manifest = read_manifest(path / "manifest.json", _Manifest.parse)
    if manifest is None:
        problems = ("its manifest cannot be read",) if path.exists() and any(path.iterdir()) else ()
        return VectorFileStats(0, 0, 0, problems)
    size = sum(size for _, size, _ in _expected(path, manifest))
    listed = manifest.lists.rows if manifest.lists else 0
    return VectorFileStats(manifest.rows, listed, size, tuple(_problems(path, manifest, thorough=thorough)))


def _file(path: Path, kind: str, manifest: _Manifest) -> Path:
    return path / f"{kind}-{manifest.generation}"


def _expected(path: Path, now: _Manifest) -> list[tuple[Path, int, int]]:
    """Each file, how long it is at least, and the checksum of so much of it."""
    if not now.rows:
        return []
    expected = [
        (_file(path, "rows", now), 4 * now.rows * now.dimension, now.rows_checksum),
        (_file(path, "keys", now), 8 * now.rows, now.keys_checksum),
    ]
    return expected + ([(path / now.lists.name, now.lists.size, now.lists.checksum)] if now.lists else [])


def _problems(path: Path, now: _Manifest, *, thorough: bool) -> list[str]:
    expected = _expected(path, now)
    thorough = thorough or sum(size for _, size, _ in expected) <= VERIFIED_BYTES
    problems = []
    for file, size, checksum in expected:
        if not file.exists() or file.stat().st_size < size:
            problems.append(f"{file.name} is missing or cut short")
        elif thorough and _sum(file, size) != (size, checksum):
            problems.append(f"{file.name} has the wrong checksum")
    return problems


def _sum(path: Path, size: int | None) -> tuple[int, int]:
    """Length and CRC-32 of a file, or of its first `size` bytes."""
    checksum = length = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20 if size is None else min(1 << 20, size - length)):
            checksum = zlib.crc32(block, checksum)
            length += len(block)
    return length, checksum
