"""A collection's truth put by in a file, put back from it, and what is derived from it thrown away to be made anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.index import locked
from search_index.inspection import STORE, reading_store
from search_index.manifest import sync_directory
from search_index.tables import FORMAT

PAGES = 4_096
"""Pages of 4 KiB copied at a time, between two calls of `on_progress`."""

Progress = Callable[[int, int], None]
"""Called with how many pages are done, of how many."""


def snapshot(path: Path, target: Path, on_progress: Progress | None = None) -> None:
    """Copy the store of the collection in `path` to the new file `target`, which is there whole or not at all.

    A collection in use may be written to meanwhile: the copy is of one moment. Words and vectors are not in it, they
    are made again from it. Raises `SearchError` (storage), also where `target` exists.
    """
    if target.exists():
        raise SearchError(ErrorCode.STORAGE, f"{target} exists already")
    temporary = target.with_name(f"{target.name}.new")
    with wrapped(ErrorCode.STORAGE, f"{target} cannot be written", sqlite3.Error, OSError):
        try:
            temporary.unlink(missing_ok=True)
            with reading_store(path) as source, closing(sqlite3.connect(temporary)) as copy:
                # Inside the transaction that `reading_store` has begun: a writer does not make it begin again.
                source.backup(copy, pages=PAGES, progress=_told(on_progress))
                copy.execute("PRAGMA journal_mode = DELETE")
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(target)
            sync_directory(target.parent)
        finally:
            temporary.unlink(missing_ok=True)


def restore(path: Path, source: Path, on_progress: Progress | None = None) -> None:
    """Have in `path` the collection that `source`, a file made by `snapshot`, has; what was there is gone.

    The file is checked first and put in place in one transaction: whatever interrupts that, the collection is the one
    before or the restored one. Words and vectors are made anew at the next opening. Raises `SearchError`: locked
    (a process has the collection open), storage.
    """
    check_snapshot(source)
    lock = locked(path)
    temporary = path / "restoring.sqlite"
    try:
        with wrapped(ErrorCode.STORAGE, f"{source} cannot be restored to {path}", sqlite3.Error, OSError):
            shutil.copyfile(source, temporary)
            _set_aside_if_damaged(path)
            with closing(sqlite3.connect(temporary)) as copy, closing(sqlite3.connect(path / STORE)) as store:
                # Another identity: what was derived from the store before cannot pass for what belongs to this one.
                copy.execute("UPDATE meta SET value = ? WHERE name = 'identity'", (uuid4().hex,))
                copy.commit()
                copy.backup(store, pages=PAGES, progress=_told(on_progress))
            _remove_derived(path)
    finally:
        temporary.unlink(missing_ok=True)
        lock.close()


def forget_derived(path: Path) -> None:
    """Remove words and vectors of the collection in `path`; the next opening makes them anew from the store.

    Raises `SearchError`: locked (a process has it open), storage (there is no store to make them from).
    """
    with reading_store(path):
        pass
    lock = locked(path)
    try:
        with wrapped(ErrorCode.STORAGE, f"words and vectors in {path} cannot be removed", OSError):
            _remove_derived(path)
    finally:
        lock.close()


def check_snapshot(source: Path) -> None:
    """Raises `SearchError` (storage) where the file is not a whole snapshot of this format."""
    if not source.is_file():
        raise SearchError(ErrorCode.STORAGE, f"there is no file {source}")
    uri = f"{source.resolve().as_uri()}?mode=ro&immutable=1"
    with (
        wrapped(ErrorCode.STORAGE, f"{source} is no snapshot", sqlite3.Error),
        closing(sqlite3.connect(uri, uri=True)) as connection,
    ):
        (found,) = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() or (None,)
        if found != FORMAT:
            raise SearchError(ErrorCode.STORAGE, f"{source} has format {found}, not {FORMAT}")
        (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if state != "ok":
            raise SearchError(ErrorCode.STORAGE, f"{source} is damaged: {state}")


def _set_aside_if_damaged(path: Path) -> None:
    """A store that SQLite cannot open cannot be written over either; it stays under another name."""
    try:
        with closing(sqlite3.connect(path / STORE)) as store:
            store.execute("PRAGMA journal_mode = WAL").fetchone()
            store.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        for file in path.glob(f"{STORE}*"):
            file.replace(file.with_name(f"damaged-{file.name}"))


def _remove_derived(path: Path) -> None:
    for file in path.glob("words.json*"):
        file.unlink()
    for folder in (path / "words", *path.glob("vectors-*")):
        if folder.exists():
            shutil.rmtree(folder)


def _told(on_progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if on_progress is None:
        return None
    return lambda _, left, total: on_progress(total - left, total)
