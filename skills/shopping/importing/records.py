"""Imports as they are kept: how far one is, what it came to, and what was wrong in its feed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import Field
from sqlalchemy import Row, delete, insert, select, update

from skills.message import Message
from skills.shopping.catalogue import tables
from skills.shopping.catalogue.database import Database
from skills.shopping.feeds import Format, Mapping, Problem, Proposal
from skills.shopping.product import ShopId
from skills.stored_times import in_utc

IMPORTS_KEPT = 50
"""Of each shop; the oldest go away."""
PROBLEMS_KEPT = 1_000
"""Of each import; all of them are counted."""


class State(StrEnum):
    """How far an import is. The middle ones wait for somebody to say something; nothing has changed yet."""

    WAITING = "waiting"
    READING = "reading"
    WRITING = "writing"
    NEEDS_MAPPING = "needs_mapping"
    NEEDS_CONFIRMATION = "needs_confirmation"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self in (State.DONE, State.FAILED)

    @property
    def is_asking(self) -> bool:
        """Whether it waits for somebody."""
        return self in (State.NEEDS_MAPPING, State.NEEDS_CONFIRMATION)


class Import(Message):
    """One import of a feed. Rows are counted as the feed does; `done` of `of` are bytes read, then products written."""

    id: str
    shop: ShopId
    source: str
    state: State = State.WAITING
    format: Format | None = None
    delta: bool = False
    """Only what has changed is named: the rest of the catalogue stays."""
    done: int = 0
    of: int = 0
    rows: int = 0
    left_out: int = 0
    """Rows that could not be used."""
    warnings: int = 0
    """Fields of other rows that could not be used."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    reviews: int = 0
    code: str = ""
    message: str = ""
    """Why it has failed, or what it asks."""
    proposal: Proposal | None = None
    """What a table's columns may be, in `needs_mapping`."""
    begun_at: datetime
    ended_at: datetime | None = None

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended_at - self.begun_at).total_seconds() if self.ended_at else 0.0


class Choices(Message):
    """What the sender of a feed says about it."""

    format: Format | None = None
    """Found out where it is None."""
    mapping: Mapping | None = None
    """What the columns of any other table are."""
    update: bool = False
    """The feed names only what has changed: products that it does not name stay."""
    force: bool = False
    """Yes to whatever would be asked."""


class Reported(Message):
    """A problem as it is told: in which file, which row, which column or field."""

    file: str
    row: int
    field: str
    code: str
    message: str
    left_out: bool = Field(description="The whole row is left out, not only the field.")


class Imports(Database):
    """Imports in the database; every method may raise CatalogueStoreError(`catalogue_failed`)."""

    def begin(self, shop: str, source: str) -> Import:
        """A new one, which waits; the oldest of the shop goes away."""
        made = Import(id=secrets.token_hex(8), shop=shop, source=source[:2_000], begun_at=datetime.now(UTC))
        table = tables.imports
        with self._writing() as connection:
            connection.execute(insert(table).values(_row(made)))
            kept = select(table.c.id).where(table.c.shop == shop).order_by(table.c.begun_at.desc()).limit(IMPORTS_KEPT)
            connection.execute(delete(table).where(table.c.shop == shop, table.c.id.not_in(kept)))
        return made

    def keep(self, state: Import) -> None:
        """How far it is now."""
        table = tables.imports
        mine = (table.c.shop == state.shop) & (table.c.id == state.id)
        with self._writing() as connection:
            connection.execute(update(table).where(mine).values(_row(state)))

    def report(self, state: Import, problems: Sequence[Problem]) -> None:
        """How it ended, and what was wrong."""
        table = tables.problems
        rows = [
            {"shop": state.shop, "import": state.id, "number": number, "file": state.source, "row": one.row}
            | {"field": one.field[:200], "code": one.code, "message": one.message[:500], "left_out": one.fatal}
            for number, one in enumerate(problems[:PROBLEMS_KEPT], start=1)
        ]
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.shop == state.shop, table.c["import"] == state.id))
            if rows:
                connection.execute(insert(table), rows)
        self.keep(state)

    def find(self, shop: str, identity: str) -> Import | None:
        """The shop's import of this id."""
        table = tables.imports
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.shop == shop, table.c.id == identity)).one_or_none()
        return _import(row) if row else None

    def all(self, shop: str) -> list[Import]:
        """Those of a shop, the latest first."""
        table = tables.imports
        with self._reading() as connection:
            rows = connection.execute(select(table).where(table.c.shop == shop).order_by(table.c.begun_at.desc())).all()
        return [_import(row) for row in rows]

    def problems(self, shop: str, identity: str) -> list[Reported]:
        """What was wrong, the first thousand."""
        table = tables.problems
        mine = select(table).where(table.c.shop == shop, table.c["import"] == identity).order_by(table.c.number)
        with self._reading() as connection:
            rows = connection.execute(mine).all()
        return [
            Reported(
                file=row.file, row=row.row, field=row.field, code=row.code, message=row.message, left_out=row.left_out
            )
            for row in rows
        ]


def _row(state: Import) -> dict[str, object]:
    details = state.model_dump(mode="json", exclude={"id", "shop", "source", "state", "begun_at", "ended_at"})
    return {
        "shop": state.shop,
        "id": state.id,
        "source": state.source,
        "state": state.state.value,
        "details": details,
        "begun_at": state.begun_at,
        "ended_at": state.ended_at,
    }


def _import(row: Row[tuple[object, ...]]) -> Import:
    times = {name: at and in_utc(at) for name, at in (("begun_at", row.begun_at), ("ended_at", row.ended_at))}
    return Import.model_validate(
        {"shop": row.shop, "id": row.id, "source": row.source, "state": row.state} | row.details | times
    )
