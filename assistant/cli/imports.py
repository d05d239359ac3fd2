"""`./sori import`: brings podcasts and recordings into the catalogue, beside a running service or without."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from assistant.cli import product_imports
from assistant.cli.interrupts import stop_on_signals
from assistant.errors import StartError
from assistant.importing import import_options, importing_alone
from assistant.logs import configure_logs
from assistant.paths import DataPaths
from assistant.preparation import fill_index
from assistant.running import find_running
from assistant.settings import Settings, load_settings
from assistant.setup.environments import SetupError
from assistant.setup.progress import Step
from assistant.storage.store import Store
from search_index import open_encoder
from skills.media.captions import read_captions
from skills.media.errors import MediaError
from skills.media.importing import Report, import_source
from skills.media.importing.crew import Job
from skills.media.importing.engine import Watcher
from skills.media.shelf import Shelf

EXIT_INCOMPLETE = 3
"""Everything was imported but what the report names."""
SHOWN = 20
"""Failures, problems and loudnesses of a source that are printed; --json prints all that is kept."""


def run(options: argparse.Namespace) -> int:
    """Do one of `media`, `captions` and `products`."""
    if options.action == "products":
        return product_imports.run(options)
    stop_on_signals()
    settings = load_settings(data_dir=options.data_dir)
    configure_logs(settings)
    paths = DataPaths(settings.data_dir)
    try:
        paths.make()
        with importing_alone(paths):
            return {"media": _media, "captions": _captions}[options.action](options, settings, paths)
    except (StartError, MediaError) as error:
        raise SetupError(str(error)) from error


def _media(options: argparse.Namespace, settings: Settings, paths: DataPaths) -> int:
    """Import each source in turn; 3 where some items or sources failed, which the others do not suffer from."""
    reports = _import(options, settings, paths)
    _index(settings, paths)
    if options.json:
        json.dump({"sources": reports}, sys.stdout, indent=2, ensure_ascii=False)
        print()
    return 0 if all(report["whole"] for report in reports) else EXIT_INCOMPLETE


def _captions(options: argparse.Namespace, settings: Settings, paths: DataPaths) -> int:
    """Replace what is said in an item by what somebody corrected."""
    store = Store(settings.database_url or paths.database_url)
    try:
        shelf = Shelf(store.engine)
        item = shelf.item(options.item).item
        read = read_captions(
            options.file.read_bytes(),
            claimed=options.file.name,
            language=item.language if item else "",
            duration_ms=1000 * item.duration_s if item else None,
        )
        shelf.correct(options.item, read.transcript)
    except OSError as error:
        raise SetupError(f"{options.file} cannot be read: {error.strerror}") from error
    finally:
        store.close()
    repaired = f", {read.repairs_total} things were put right" if read.repairs_total else ""
    print(f"{len(read.transcript.segments)} segments have been taken{repaired}.")
    _index(settings, paths)
    return 0


def _import(options: argparse.Namespace, settings: Settings, paths: DataPaths) -> list[dict[str, Any]]:
    store = Store(settings.database_url or paths.database_url)
    how = import_options(settings, paths, workers=settings.import_workers, download=not options.no_download)
    reports = []
    try:
        for source in options.sources:
            with _shown(source) as watcher:
                try:
                    report = import_source(source, Shelf(store.engine), how, watcher)
                except MediaError as error:
                    print(f"{source}: {error} [{error.code}]", file=sys.stderr, flush=True)
                    reports.append({"address": source, "whole": False, "code": error.code, "message": str(error)})
                    continue
            reports.append(asdict(report) | {"whole": report.is_whole})
            if not options.json:
                print(_told(report), flush=True)
    finally:
        store.close()
    return reports


def _index(settings: Settings, paths: DataPaths) -> None:
    """Fill the index where no service does it."""
    store = Store(settings.database_url or paths.database_url)
    try:
        shelf = Shelf(store.engine)
        if find_running(paths.run) or shelf.revision() == shelf.revision("indexed"):
            return
    finally:
        store.close()
    encoder = open_encoder(settings.encoder, paths.encoder, threads=settings.encoder_threads)
    with Step("Filling the index", sys.stderr) as step:
        fill_index(paths, settings.database_url, encoder, step)


@contextmanager
def _shown(source: str) -> Iterator[Watcher]:
    """What is being done, on standard error."""
    with Step(f"Importing {source}", sys.stderr) as step:
        yield _Shown(step)


class _Shown(Watcher):
    def __init__(self, step: Step) -> None:
        self._step = step
        self._said_at = 0.0

    def noted(self, done: int, of: int) -> None:
        self._step.progress(done, of)

    def working(self, done: int, of: int, at: dict[str, tuple[Job, float]]) -> None:
        if time.monotonic() - self._said_at < 1.0 and done < of:
            return
        self._said_at = time.monotonic()
        jobs = [f"{job.step} {job.held.found.details.title}{_far(seconds)}" for job, seconds in at.values()]
        self._step.note("; ".join([f"{done} of {of}", *jobs])[:160])


def _far(seconds: float) -> str:
    return f" ({seconds / 60:.0f} min)" if seconds >= 60 else ""


def _told(report: Report) -> str:
    """A report for people."""
    counts = [(report.new, "new"), (report.changed, "changed"), (report.unchanged, "unchanged")]
    counts += [(report.left_out, "left out"), (report.failed, "with failures")]
    lines = [f"{report.title}: " + ", ".join(f"{count:,} {what}" for count, what in counts if count)]
    lines += [
        f"  {one.title}: {one.before['integrated']:.1f} LUFS, {one.before['true_peak']:.1f} dBTP"
        f" -> {one.after['integrated']:.1f} LUFS, {one.after['true_peak']:.1f} dBTP"
        for one in report.loudness[:SHOWN]
    ]
    lines += [
        f"  {'left out' if one.fatal else 'put right'}, {one.where}: {one.message} [{one.code}]"
        for one in report.problems[:SHOWN]
    ]
    lines += [f"  failed, {one.title}: {one.step}: {one.message} [{one.code}]" for one in report.failures[:SHOWN]]
    hidden = sum(max(0, len(some) - SHOWN) for some in (report.loudness, report.problems, report.failures))
    return "\n".join([*lines, f"  and {hidden} more lines; --json prints them"] if hidden else lines)
