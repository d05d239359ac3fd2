"""What creators change: what an item is called, what is said in it, whether it is published, whether it is there."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, select, update

from skills.media.captions import Transcript
from skills.media.errors import ShelfError
from skills.media.fetching import Validators
from skills.media.shelf import tables
from skills.media.shelf.database import Database, item_row, transcript_row, unknown
from skills.media.shelf.records import Found, Origin, Source, Step
from skills.media.shelf.transcripts import tag


class Editing(Database):
    """The part of the shelf that does not belong to imports."""

    def publish(self, item: str, visible: bool) -> None:
        """An item is no draft any more; `visible` says whether listeners can find it at once."""
        with self._writing() as connection:
            self._touch(connection, item, {"draft": False, "visible": visible})

    def withdraw(self, item: str) -> None:
        """An item is a draft again."""
        with self._writing() as connection:
            self._touch(connection, item, {"draft": True, "visible": False})

    def describe(self, found: Found) -> None:
        """Replace what is known of an item by what its creator wrote, which counts for more than any tags.

        Raises ShelfError(`item_unknown`).
        """
        with self._writing() as connection:
            row = item_row(found)
            if not self._touch(connection, found.id, {name: row[name] for name in ("fingerprint", "details", "links")}):
                raise unknown(found.id)
            table = tables.steps
            mine = (table.c.item == found.id) & (table.c.step == "probe")
            probe = connection.execute(select(table.c.result).where(mine)).scalar_one_or_none()
            if probe and probe.get("details"):
                connection.execute(update(table).where(mine).values(result={**probe, "details": {}}))

    def remove(self, item: str) -> None:
        """Forget an item; ShelfError(`item_unknown`). Its contents stay in the store."""
        with self._writing() as connection:
            self._next_revision(connection)
            if not connection.execute(delete(tables.items).where(tables.items.c.id == item)).rowcount:
                raise unknown(item)

    def correct(self, item: str, transcript: Transcript, expected: str | None = None) -> None:
        """Replace what is said in an item by what somebody wrote.

        With `expected`, the tag of the transcript that was corrected, or empty for none, nothing that somebody else
        has written meanwhile is overwritten. Raises ShelfError: `item_unknown`, `transcript_changed`.
        """
        with self._writing() as connection:
            if not self._touch(connection, item, {}):
                raise unknown(item)
            if expected is not None:
                table = tables.transcripts
                now = connection.execute(select(table).where(table.c.item == item)).one_or_none()
                if expected != (tag(now.segments, now.language) if now else ""):
                    raise ShelfError("transcript_changed", "Somebody has changed this transcript meanwhile")
            row = transcript_row(item, Origin.CORRECTED, transcript)
            self._put(connection, tables.transcripts, row)
            # What else starts from the captions sees by their step that they are others.
            step = Step(tag(row["segments"], row["language"]), {"segments": len(transcript.segments)})
            named = {"item": item, "step": "captions", "at": datetime.now(UTC)}
            self._put(connection, tables.steps, named | asdict(step))

    def source_of(self, item: str) -> Source:
        """Where an item comes from; ShelfError(`item_unknown`)."""
        mine = select(tables.items.c.source).where(tables.items.c.id == item).scalar_subquery()
        found = self._sources(tables.sources.c.id == mine)
        if not found:
            raise unknown(item)
        return found[0]

    def sources(self, kind: str) -> list[Source]:
        """The sources of a kind."""
        return self._sources(tables.sources.c.kind == kind)

    def _sources(self, condition: ColumnElement[bool]) -> list[Source]:
        with self._reading() as connection:
            rows = connection.execute(select(tables.sources).where(condition).order_by(tables.sources.c.id)).all()
        return [
            Source(row.id, row.kind, row.address, row.title, row.content, Validators(**row.validators)) for row in rows
        ]
