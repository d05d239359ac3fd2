"""Reads and writes what was imported; every method is one transaction and blocks, so call it from a thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from skills.media.captions import Segment, Transcript
from skills.media.catalogue import Details
from skills.media.errors import ShelfError
from skills.media.feeds import Problem
from skills.media.fetching import Validators
from skills.media.shelf import tables
from skills.media.shelf.records import Found, Held, Links, Origin, Role, Source, Step, StoredFile
from skills.media.shelf.transcripts import as_rows, from_rows

PROBLEMS_KEPT = 1_000
"""Of one source; an import tells how many there were."""
BATCH = 200
"""Items that are read together: what is held in memory."""


class Shelf:
    """Imported items in a database that has the tables already. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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

    def take(self, source: str, found: Sequence[Found], visible: Collection[str] = ()) -> None:
        """Add these items, of which those `visible` can be found at once, or replace what is known of them."""
        if not found:
            return
        now = datetime.now(UTC)
        with self._writing() as connection:
            revision = self._next_revision(connection)
            rows = [
                _row(one) | {"source": source, "visible": one.id in visible, "revision": revision, "added_at": now}
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
        """Keep what became of a step, all at once: its `files`, those roles that are now `without`, a transcript."""
        files = list(files)
        with self._writing() as connection:
            self._put(connection, tables.steps, {"item": item, "step": name, "at": datetime.now(UTC)} | asdict(step))
            if without:
                gone = tables.files.c.role.in_([role.value for role in without])
                connection.execute(delete(tables.files).where(tables.files.c.item == item, gone))
            for file in files:
                self._put(connection, tables.files, {"item": item} | asdict(file) | {"role": file.role.value})
            if transcript:
                self._put(connection, tables.transcripts, _transcript_row(item, *transcript))
            if files or without or transcript:
                self._touch(connection, item, {})

    def show(self, item: str, visible: bool) -> None:
        """Let listeners find an item, or not."""
        with self._writing() as connection:
            self._touch(connection, item, {"visible": visible})

    def correct(self, item: str, transcript: Transcript) -> None:
        """Replace what is said in an item by what somebody wrote; ShelfError(`item_unknown`)."""
        with self._writing() as connection:
            if not self._touch(connection, item, {}):
                raise ShelfError("item_unknown", f"There is no imported item {item}")
            self._put(connection, tables.transcripts, _transcript_row(item, Origin.CORRECTED, transcript))

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
            with self._reading() as connection:
                rows = connection.execute(query).all()
                held = self._held(connection, rows)
            yield from held
            if len(rows) < BATCH:
                return
            after = rows[-1].id

    def item(self, identity: str) -> Held:
        """One item; ShelfError(`item_unknown`)."""
        with self._reading() as connection:
            rows = connection.execute(select(tables.items).where(tables.items.c.id == identity)).all()
            if not rows:
                raise ShelfError("item_unknown", f"There is no imported item {identity[:200]!r}")
            return self._held(connection, rows)[0]

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
            )
            for row in rows
        ]

    def _touch(self, connection: Connection, item: str, values: Mapping[str, Any]) -> bool:
        changed = update(tables.items).where(tables.items.c.id == item)
        return connection.execute(changed.values(revision=self._next_revision(connection), **values)).rowcount > 0

    def _next_revision(self, connection: Connection) -> int:
        """Also takes the database's write lock first, so that two writers wait rather than fail."""
        table = tables.counters
        grown = update(table).where(table.c.name == "revision").values(value=table.c.value + 1).returning(table.c.value)
        return int(connection.execute(grown).scalar_one())

    def _put(self, connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row, or replace the one of the same key."""
        keys = [column.name for column in table.primary_key]
        statement = self._insert(table).values(row)
        others = {name: value for name, value in row.items() if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))

    def _insert(self, table: Table) -> Any:
        """An insert that can turn into an update, which each database has in its own dialect."""
        return {"sqlite": sqlite, "postgresql": postgresql}[self._engine.dialect.name].insert(table)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ShelfError("shelf_failed", f"The database did not take it: {error}", retryable=True) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ShelfError("shelf_failed", f"The database did not answer: {error}", retryable=True) from error


def _row(found: Found) -> dict[str, Any]:
    return {
        "id": found.id,
        "fingerprint": found.fingerprint,
        "details": found.details.model_dump(mode="json"),
        "links": found.links.model_dump(mode="json"),
        "place": found.place,
    }


def _told(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message, "fatal": problem.fatal}


def _transcript_row(item: str, origin: Origin, transcript: Transcript) -> dict[str, Any]:
    segments = as_rows(transcript)
    return {"item": item, "origin": origin.value, "language": transcript.language, "segments": segments}
