"""An import: first what the source says is noted, then each item is taken through its steps, several at once.

All that counts is in the database after each step, so an import that was killed is simply run again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from skills.media.content import ContentStore
from skills.media.errors import ShelfError
from skills.media.feeds import Problem
from skills.media.fetching import Fetcher
from skills.media.importing.crew import Crew, Failed, Job
from skills.media.importing.options import Options
from skills.media.importing.plan import StepName, is_visible, next_step
from skills.media.importing.work import Done
from skills.media.shelf import Found, Held, Shelf, Step
from skills.media.sources import Reading, open_source

BATCH = 500
"""Items that are noted in one transaction."""
LISTED = 1_000
"""Failures, problems and loudnesses that a report lists; it counts all."""
LOOK_S = 0.2
"""Between two looks at what the workers do, for showing it."""
REMOVED = "item_unknown"
"""The code that says that an item has been removed meanwhile."""
STALE_S = 7 * 86_400
"""A download that broke off is gone on with for so long."""


@dataclass(frozen=True)
class Failure:
    """A step of an item that did not succeed, now or before."""

    item: str
    title: str
    step: str
    code: str
    message: str


@dataclass(frozen=True)
class Change:
    """The loudness of an item before and after, as `normalise` found it, and what it was raised by."""

    item: str
    title: str
    before: dict[str, float]
    after: dict[str, float]
    gain_db: float


@dataclass
class Report:
    """What an import came to: items by what became of them, steps taken, and what was wrong."""

    address: str
    title: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    failed: int = 0
    """Items of which a step failed."""
    done: int = 0
    """Items that nothing is left to be done to."""
    steps: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    loudness: list[Change] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out and nothing failed."""
        return not (self.left_out or self.failed)


class Watcher:
    """Is told how an import goes on; this one keeps it to itself."""

    def noted(self, done: int, of: int) -> None:
        """So many of about so many entries of the source have been read."""

    def working(self, done: int, of: int, at: dict[str, tuple[Job, float]]) -> None:
        """So many items are done, and these are being worked at."""


def import_source(address: str, shelf: Shelf, options: Options, watcher: Watcher | None = None) -> Report:
    """Import a source, or go on with it; raises what `open_source` does, and ShelfError."""
    watcher = watcher or Watcher()
    report = Report(address)
    store = ContentStore(options.store)
    store.tidy(time.time() - STALE_S)
    opened = open_source(address, shelf, store, Fetcher(store, options.networks))
    if isinstance(opened, Reading):
        source = opened.source
        _note(opened, shelf, options, report, watcher)
    else:
        source = opened
        report.unchanged = shelf.count(source.id)
        _add_problems(report, shelf.problems(source.id))
    report.title = source.title
    _work(shelf.held(source.id), shelf.count(source.id), shelf, options, report, watcher)
    return report


def import_item(identity: str, shelf: Shelf, options: Options, watcher: Watcher | None = None) -> Report:
    """Take one item through the steps that are due, if it is still there; ShelfError(`shelf_failed`)."""
    report = Report(identity)
    try:
        held = shelf.item(identity)
    except ShelfError as error:
        if error.code != REMOVED:
            raise
    else:
        report.title = held.found.details.title
        _work(iter([held]), 1, shelf, options, report, watcher or Watcher())
    return report


def _note(reading: Reading, shelf: Shelf, options: Options, report: Report, watcher: Watcher) -> None:
    """Bring what is known of the source's items up to date."""
    problems: list[Problem] = []
    entries = reading.entries()
    done = 0
    while batch := list(islice(entries, BATCH)):
        problems += [one for one in batch if isinstance(one, Problem)]
        found = [one for one in batch if isinstance(one, Found)]
        known = shelf.known([one.id for one in found])
        taken: list[Found] = []
        for one in found:
            owner, before = known.get(one.id, (reading.source.id, ""))
            if owner != reading.source.id:
                problems.append(Problem(one.place, "id_taken", f"Another source has the id {one.id}", fatal=True))
            elif not before:
                report.new += 1
                taken.append(one)
            elif before != one.fingerprint:
                report.changed += 1
                taken.append(one)
            else:
                report.unchanged += 1
        fresh = (Held(one, visible=False, files={}, steps={}, origin=None) for one in taken)
        shelf.take(reading.source.id, taken, {one.found.id for one in fresh if is_visible(one, options)})
        done += len(batch)
        watcher.noted(min(done, reading.count), reading.count)
    shelf.finish(reading.source, problems)
    _add_problems(report, problems)


def _add_problems(report: Report, problems: list[Problem]) -> None:
    report.left_out = sum(one.fatal for one in problems)
    report.problems = problems[:LISTED]


def _work(items: Iterator[Held], total: int, shelf: Shelf, options: Options, report: Report, watcher: Watcher) -> None:
    """Take every item through the steps that are due."""
    waiting = _due(items, shelf, options, report)
    tried: dict[str, set[StepName]] = {}
    ready: list[Job] = []
    is_over = False
    with Crew(options) as crew:
        while not is_over or crew.at or ready:
            while crew.has_room and not (is_over and not ready):
                job = ready.pop() if ready else next(waiting, None)
                if job is None:
                    is_over = True
                    break
                tried.setdefault(job.held.found.id, set()).add(job.step)
                crew.give(job)
            for job, said in crew.finished(LOOK_S) if crew.at else ():
                try:
                    _keep(shelf, job, said, report)
                    held = _shown(shelf, shelf.item(job.held.found.id), options)
                except ShelfError as error:
                    if error.code != REMOVED:
                        raise
                    del tried[job.held.found.id]
                    continue
                if due := next_step(held, options, tried[held.found.id]):
                    ready.append(_job(shelf, held, *due))
                else:
                    del tried[held.found.id]
                    _account(report, held)
            watcher.working(report.done, total, crew.at)


def _due(items: Iterator[Held], shelf: Shelf, options: Options, report: Report) -> Iterator[Job]:
    """The first job of every item that has any; of the others only what failed before is told."""
    for one in items:
        held = _shown(shelf, one, options)
        if due := next_step(held, options):
            yield _job(shelf, held, *due)
        else:
            _account(report, held)


def _job(shelf: Shelf, held: Held, step: StepName, fingerprint: str) -> Job:
    spoken = shelf.segments(held.found.id) if step is StepName.SLIDES else ()
    return Job(replace(held, spoken=spoken), step, fingerprint)


def _shown(shelf: Shelf, held: Held, options: Options) -> Held:
    """Let listeners find it, or not, as what is known of it says."""
    visible = is_visible(held, options)
    if visible != held.visible:
        shelf.show(held.found.id, visible)
    return held


def _keep(shelf: Shelf, job: Job, said: Done | Failed, report: Report) -> None:
    if isinstance(said, Failed):
        step = Step(job.fingerprint, {}, said.code, said.message, said.retryable)
        shelf.record(job.held.found.id, job.step, step)
        return
    report.steps[job.step] = report.steps.get(job.step, 0) + 1
    step = Step(job.fingerprint, said.result)
    shelf.record(job.held.found.id, job.step, step, said.files, said.without, said.transcript)
    if job.step is StepName.LOUDNESS and len(report.loudness) < LISTED:
        figures = said.result
        title = job.held.item.title if job.held.item else job.held.found.details.title
        report.loudness.append(
            Change(job.held.found.id, title, figures["before"], figures["after"], figures["gain_db"])
        )


def _account(report: Report, held: Held) -> None:
    """An item is done with: tell what failed in it."""
    report.done += 1
    failed = [(name, step) for name, step in held.steps.items() if step.code]
    report.failed += bool(failed)
    title = held.item.title if held.item else held.found.details.title
    for name, step in failed:
        if len(report.failures) < LISTED:
            report.failures.append(Failure(held.found.id, title, name, step.code, step.message))
