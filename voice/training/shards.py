"""Long work in pieces: each is a file that is there completely or not at all, so an interruption costs one piece."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Progress = Callable[[str, int, int], None]
"""Told the stage, how many of its pieces are done, and how many there are."""


class Piece(Protocol):
    """A piece of work that a worker process can be handed."""

    def __call__(self) -> Arrays:
        """Do it."""


def fingerprint(*inputs: Any) -> str:
    """A short name for what a stage is made from: the same inputs (as JSON) give the same name."""
    text = json.dumps(inputs, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def make_shards(stage: str, folder: Path, pieces: Sequence[Piece], processes: int, progress: Progress) -> list[Path]:
    """The file of each piece, in order; those that are there already are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{index:05d}.npz" for index in range(len(pieces))]
    missing = [index for index, file in enumerate(files) if not file.exists()]
    done = len(files) - len(missing)
    progress(stage, done, len(files))
    if processes == 1:
        for index in missing:
            _make(pieces[index], files[index])
            done += 1
            progress(stage, done, len(files))
        return files
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_make, pieces[index], files[index]) for index in missing]
        try:
            for finished in as_completed(waiting):
                finished.result()
                done += 1
                progress(stage, done, len(files))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return files


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write an .npz file at once or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    partial.replace(path)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """What `write_arrays` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _make(piece: Piece, file: Path) -> None:
    write_arrays(file, piece())
