"""`./sori index`: look after a collection of the semantic index: check, rebuild, snapshot, restore, stats, tune."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from assistant.cli.tuning import tune
from assistant.collections import COLLECTIONS, Collection
from assistant.paths import DataPaths
from assistant.settings import Settings, load_settings
from assistant.setup.environments import SetupError
from assistant.setup.progress import Step
from search_index import ErrorCode, Index, SearchError, open_encoder
from search_index.backup import forget_derived, restore, snapshot
from search_index.inspection import CollectionStats, check_collection, collection_stats

MEND = {
    "store": "./sori index restore FILE puts a snapshot back; without one, remove the folder and fill it again",
    "words": "./sori index rebuild makes them anew",
    "vectors": "./sori index rebuild makes them anew",
}


def run(options: argparse.Namespace) -> int:
    """Do one of `check`, `rebuild`, `snapshot`, `restore`, `stats`, `tune`.

    Returns:
        1 where `check` has found something wrong.
    """
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    collection = COLLECTIONS[options.collection]
    path = collection.path(paths)
    with failing():
        match options.action:
            case "check":
                return _check(path, as_json=options.json)
            case "stats":
                _stats(path, as_json=options.json)
            case "rebuild":
                _rebuild(collection, path, paths, settings)
            case "tune":
                tune(collection, path, paths, settings, options)
            case "snapshot":
                with Step(f"Copying {path} to {options.file}") as step:
                    snapshot(path, options.file, step.progress)
            case "restore":
                with Step(f"Restoring {path} from {options.file}") as step:
                    restore(path, options.file, step.progress)
                print("  Words and vectors are made anew at the next start, or now by ./sori index rebuild.")
    return 0


@contextmanager
def failing() -> Iterator[None]:
    """What the index refuses, as a message for the operator."""
    try:
        yield
    except SearchError as error:
        hint = "; stop the service first (Ctrl-C where ./sori demo runs)" if error.code is ErrorCode.LOCKED else ""
        raise SetupError(f"{error}{hint}") from error


def _check(path: Path, *, as_json: bool) -> int:
    problems = check_collection(path)
    if as_json:
        print(json.dumps([asdict(problem) for problem in problems], indent=2))
    else:
        for problem in problems:
            print(f"  {problem.part}: {problem.message}\n    -> {MEND[problem.part]}")
        if not problems:
            print(f"{path} is whole: every checksum and every count is right.")
    return int(bool(problems))


def _rebuild(collection: Collection, path: Path, paths: DataPaths, settings: Settings) -> None:
    forget_derived(path)
    encoder = open_encoder(settings.encoder, paths.encoder, threads=settings.encoder_threads)
    passages = collection_stats(path).passages
    with Step("Making words and vectors anew") as step:
        with Index.open(
            path, collection.schema, encoder, on_progress=lambda done, of: step.progress(done, of or passages)
        ) as index:
            index.settle()
        step.note(f"{passages:,} passages")


def _stats(path: Path, *, as_json: bool) -> None:
    stats = collection_stats(path)
    print(json.dumps(asdict(stats), indent=2) if as_json else _described(path, stats))


def _described(path: Path, stats: CollectionStats) -> str:
    lines = [
        f"{stats.name} in {path}{', in use' if stats.in_use else ''}",
        f"  {stats.documents:,} documents of {stats.tenants:,} tenants in {stats.passages:,} passages, "
        f"after {stats.seq:,} changes, {_megabytes(stats.store_size)}",
        f"  words of {stats.words:,} passages, {_megabytes(stats.words_size)}",
        f"  vectors: {stats.vectors_in_files:,} in files ({stats.vectors_listed:,} of them in lists), the others in "
        f"memory while it is open, {_megabytes(stats.vectors_size)}",
    ]
    for encoder in stats.encoders:
        state = "in use" if encoder.complete else "not complete: texts are being embedded again"
        lines.append(f"  encoder {encoder.fingerprint}, {encoder.dimension} dimensions, {state}")
    return "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
