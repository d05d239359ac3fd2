"""Reads and writes what was imported; every method is one transaction and blocks, so call it from a thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from skills.media.captions import Segment, Transcript
from skills.media.catalogue import Details
from skills.media.feeds import Problem
from skills.media.fetching import Validators
from skills.media.shelf import tables
from skills.media.shelf.database import item_row, transcript_row, unknown
from skills.media.shelf.editing import Editing
from skills.media.shelf.records import Found, Held, Links, Origin, Role, Source, Step, StoredFile
from skills.media.shelf.transcripts import from_rows

PROBLEMS_KEPT = 1_000
"""Of one source; an import tells how many there were."""
BATCH = 200
"""Items that are read together: what is held in memory."""


class Shelf(Editing):
    """Imported items in a database that has the tables already. Thread-safe."""

    def source(self, identity: str, kind: str, address: str) -> Source:
        """The source of that id, which is made where there is none; ShelfError(`shelf_failed`) like every method."""
        made = {"id": identity, "kind": kind, "address": address, "title": "", "content": "", "validators": {}}
        with self._writing() as connection:
            connection.execute(self._insert(tables.sources).values(made).on_conflict_do_nothing())
            row = connection.execute(select(tables.sources).where(tables.sources.c.id == identity)).one()
        return Source(row.id, row.kind, row.address, row.title, row.content, Validators(**row.validators))

    def finish(self, source: Source, problems: Sequence[Problem]) -> None:
        """All of a source has been taken in; `problems` replace those of the time before."""
        values = {
            "title": source.title,
            "content": source.content,
            "validators": asdict(source.validators),
            "read_at": datetime.now(UTC),
        }
        rows = [
            {"source": source.id, "number": number, "place": one.where} | _told(one)
            for number, one in enumerate(problems[:PROBLEMS_KEPT], start=1)
        ]
        with self._writing() as connection:
            connection.execute(update(tables.sources).where(tables.sources.c.id == source.id).values(values))
            connection.execute(delete(tables.problems).where(tables.problems.c.source == source.id))
            if rows:
                connection.execute(insert(tables.problems), rows)

    def problems(self, source: str) -> list[Problem]:
        """What was wrong in a source when it was last read."""
        table = tables.problems
        with self._reading() as connection:
            rows = connection.execute(select(table).where(table.c.source == source).order_by(table.c.number)).all()
        return [Problem(row.place, row.code, row.message, row.fatal) for row in rows]

    def known(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Source and fingerprint of those of these items that there are."""
        table = tables.items
        with self._reading() as connection:
            rows = connection.execute(
                select(table.c.id, table.c.source, table.c.fingerprint).where(table.c.id.in_(ids))
            )
            return {row.id: (row.source, row.fingerprint) for row in rows}

    def take(self, source: str, found: Sequence[Found], visible: Collection[str] = (), *, draft: bool = False) -> None:
        """Add these items, of which those `visible` can be found at once, or replace what is known of them.

        New ones are a `draft`, or not; the others stay what they are.
        """
        if not found:
            return
        now = datetime.now(UTC)
        with self._writing() as connection:
            revision = self._next_revision(connection)
            rows = [
                item_row(one)
                | {
                    "source": source,
                    "visible": one.id in visible,
                    "draft": draft,
                    "revision": revision,
                    "added_at": now,
                }
                for one in found
            ]
            statement = self._insert(tables.items)
            replaced = ("fingerprint", "details", "links", "place", "revision")
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[tables.items.c.id], set_={name: statement.excluded[name] for name in replaced}
                ),
                rows,
            )

    def record(
        self,
        item: str,
        name: str,
        step: Step,
        files: Iterable[StoredFile] = (),
        without: Collection[Role] = (),
        transcript: tuple[Origin, Transcript] | None = None,
    ) -> None:
        """Keep what became of a step, all at once: its `files`, those roles that are now `without`, a transcript.

        A transcript that somebody has corrected stays. ShelfError(`item_unknown`) where the item was removed meanwhile.
        """
        files = list(files)
        with self._writing() as connection:
            self._put(connection, tables.steps, {"item": item, "step": name, "at": datetime.now(UTC)} | asdict(step))
            if without:
                gone = tables.files.c.role.in_([role.value for role in without])
                connection.execute(delete(tables.files).where(tables.files.c.item == item, gone))
            for file in files:
                self._put(connection, tables.files, {"item": item} | asdict(file) | {"role": file.role.value})
            if transcript:
                given = tables.transcripts.c.origin != Origin.CORRECTED.value
                self._put(connection, tables.transcripts, transcript_row(item, *transcript), only_where=given)
            if files or without or transcript:
                self._touch(connection, item, {})

    def show(self, item: str, visible: bool) -> None:
        """Let listeners find an item, or not."""
        with self._writing() as connection:
            self._touch(connection, item, {"visible": visible})

    def transcript(self, item: str) -> tuple[Origin, Transcript] | None:
        """What is said in an item, and who wrote it down."""
        table = tables.transcripts
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.item == item)).one_or_none()
        return (Origin(row.origin), from_rows(row.segments, row.language)) if row else None

    def segments(self, item: str) -> tuple[Segment, ...]:
        """The stretches of speech of an item; none where nobody wrote them down."""
        found = self.transcript(item)
        return found[1].segments if found else ()

    def held(self, source: str | None = None, only_visible: bool = False) -> Iterator[Held]:
        """The items, of one source or of all, by their ids, read a batch at a time: they may change meanwhile."""
        after = ""
        while True:
            table = tables.items
            query = select(table).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
            if source is not None:
                query = query.where(table.c.source == source)
            if only_visible:
                query = query.where(table.c.visible)
            held = self._page(query)
            yield from held
            if len(held) < BATCH:
                return
            after = held[-1].found.id

    def last(self, source: str, limit: int, before: str = "") -> list[Held]:
        """So many items of a source, those with the last ids first, from the one `before` that id on."""
        table = tables.items
        query = select(table).where(table.c.source == source).order_by(table.c.id.desc()).limit(limit)
        return self._page(query.where(table.c.id < before) if before else query)

    def item(self, identity: str) -> Held:
        """One item; ShelfError(`item_unknown`)."""
        with self._reading() as connection:
            rows = connection.execute(select(tables.items).where(tables.items.c.id == identity)).all()
            if not rows:
                raise unknown(identity)
            return self._held(connection, rows)[0]

    def contents(self, item: str | None = None) -> set[tuple[str, Role | None]]:
        """The SHA-256 of every content that one item, or any, has or names, with its role where it is a file of it."""
        query, named = select(tables.files.c.sha256, tables.files.c.role), select(tables.items.c.links)
        if item is not None:
            query, named = query.where(tables.files.c.item == item), named.where(tables.items.c.id == item)
        with self._reading() as connection:
            found: set[tuple[str, Role | None]] = {(row.sha256, Role(row.role)) for row in connection.execute(query)}
            for links in connection.execute(named).scalars():
                found.update((link.content, None) for link in Links.model_validate(links).all if link.content)
        return found

    def count(self, source: str) -> int:
        """How many items there are of a source."""
        with self._reading() as connection:
            query = select(func.count()).select_from(tables.items).where(tables.items.c.source == source)
            return int(connection.execute(query).scalar_one())

    def revision(self, counter: str = "revision") -> int:
        """A number that has grown if anything has changed; `indexed` is the one that the index has."""
        table = tables.counters
        with self._reading() as connection:
            return int(connection.execute(select(table.c.value).where(table.c.name == counter)).scalar_one())

    def indexed(self, revision: int) -> None:
        """The index has all that there was at that revision."""
        table = tables.counters
        with self._writing() as connection:
            connection.execute(update(table).where(table.c.name == "indexed").values(value=revision))

    def _page(self, query: Select[Any]) -> list[Held]:
        with self._reading() as connection:
            return self._held(connection, connection.execute(query).all())

    def _held(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Held]:
        ids = [row.id for row in rows]
        files: dict[str, dict[Role, StoredFile]] = {one: {} for one in ids}
        for row in connection.execute(select(tables.files).where(tables.files.c.item.in_(ids))):
            files[row.item][Role(row.role)] = StoredFile(Role(row.role), row.sha256, row.media_type, row.size)
        steps: dict[str, dict[str, Step]] = {one: {} for one in ids}
        for row in connection.execute(select(tables.steps).where(tables.steps.c.item.in_(ids))):
            steps[row.item][row.step] = Step(row.fingerprint, row.result, row.code, row.message, row.retryable)
        written = select(tables.transcripts.c.item, tables.transcripts.c.origin)
        origins = dict(connection.execute(written.where(tables.transcripts.c.item.in_(ids))).tuples().all())
        return [
            Held(
                Found(Details.model_validate(row.details), Links.model_validate(row.links), row.place),
                row.visible,
                files[row.id],
                steps[row.id],
                Origin(origins[row.id]) if row.id in origins else None,
                row.draft,
            )
            for row in rows
        ]


def _told(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message, "fatal": problem.fatal}
