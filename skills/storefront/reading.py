"""What a shop's entries are: their drafts, what is live, what waits to be published, and what was."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, select

from skills.stored_times import in_utc
from skills.storefront.database import Database, draft_of, live_of
from skills.storefront.entry import Change, Entry, Standing, Version, Waiting
from skills.storefront.tables import deltas, entries, heads, versions
from skills.storefront.versions import between, version_row


class Reading(Database):
    """Entries as they are. Blocking; errors as `Database`."""

    def revision(self, shop: str) -> int:
        """The number of the shop's newest version, 0 before the first; grows with every publishing. Cheap."""
        return self._head(shop, heads.c.revision)

    def draft_revision(self, shop: str) -> int:
        """Grows with every change of a draft. Cheap."""
        return self._head(shop, heads.c.edits)

    def drafts(self, shop: str, kind: str, *, removed: bool = False) -> list[Entry]:
        """The working copies in their order; on request also those that are removed and still live."""
        there = entries.c.draft.is_not(None)
        kept = there | entries.c.live.is_not(None) if removed else there
        with self._reading() as connection:
            return [draft_of(row) for row in connection.execute(_of(shop, kind).where(kept)).all()]

    def draft(self, shop: str, kind: str, identity: str) -> Entry | None:
        """One working copy, also where it is removed and still live."""
        with self._reading() as connection:
            row = connection.execute(_of(shop, kind).where(entries.c.id == identity)).one_or_none()
        return None if row is None or (row.draft is None and row.live is None) else draft_of(row)

    def live(self, shop: str, kind: str) -> list[Entry]:
        """What customers get, in its order."""
        with self._reading() as connection:
            rows = connection.execute(_of(shop, kind).where(entries.c.live.is_not(None))).all()
        return [live_of(row) for row in rows]

    def count(self, shop: str, kind: str) -> int:
        """How many working copies there are."""
        mine = entries.c.shop == shop, entries.c.kind == kind, entries.c.draft.is_not(None)
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*mine)).scalar_one()

    def changed_since(self, shop: str, revision: int, kind: str, *, draft: bool = False) -> list[Entry]:
        """What has changed, or is gone (`removed`), since a `revision` of what is live, or a `draft_revision`."""
        newer = entries.c.edit > revision if draft else entries.c.published > revision
        with self._reading() as connection:
            rows = connection.execute(_of(shop, kind).where(newer)).all()
        return [draft_of(row) if draft else live_of(row) for row in rows]

    def standings(self, shop: str, kind: str) -> dict[str, Standing]:
        """How each entry stands, by id, without what it says: of thousands a fraction of what reading them costs."""
        drafted, is_live = entries.c.draft.is_not(None), entries.c.live.is_not(None)
        mine = select(entries.c.id, entries.c.changed, is_live, ~drafted)
        mine = mine.where(entries.c.shop == shop, entries.c.kind == kind, drafted | is_live)
        with self._reading() as connection:
            rows = connection.execute(mine).all()
        return {identity: Standing(*standing) for identity, *standing in rows}

    def changes(self, shop: str, *, kind: str | None = None, limit: int | None = None, skip: int = 0) -> list[Waiting]:
        """What publishing would change, those of a kind together, in their order."""
        mine = select(entries).where(_waiting(shop, kind)).order_by(entries.c.kind, entries.c.place, entries.c.id)
        with self._reading() as connection:
            return [
                Waiting(row.kind, row.id, row.live, row.draft, row.revision, row.by, in_utc(row.at))
                for row in connection.execute(mine.limit(limit).offset(skip))
            ]

    def waiting(self, shop: str) -> dict[str, int]:
        """How many entries of each kind publishing would change."""
        mine = select(entries.c.kind, func.count()).where(_waiting(shop, None)).group_by(entries.c.kind)
        with self._reading() as connection:
            return dict(connection.execute(mine.order_by(entries.c.kind)).tuples().all())

    def versions(self, shop: str, *, limit: int | None = None, before: int | None = None) -> list[Version]:
        """What was published, the newest first; `before` is the number that the page before ended with."""
        mine = select(versions).where(versions.c.shop == shop).order_by(versions.c.number.desc()).limit(limit)
        if before is not None:
            mine = mine.where(versions.c.number < before)
        with self._reading() as connection:
            return [version_row(row) for row in connection.execute(mine)]

    def version(self, shop: str, number: int) -> Version | None:
        """One of them."""
        mine = select(versions).where(versions.c.shop == shop, versions.c.number == number)
        with self._reading() as connection:
            row = connection.execute(mine).one_or_none()
        return None if row is None else version_row(row)

    def history(self, shop: str, kind: str, identity: str, limit: int) -> list[tuple[Version, Change]]:
        """The versions that changed one entry, the newest first, each with what it changed of it."""
        mine = deltas.c.shop == shop, deltas.c.kind == kind, deltas.c.id == identity
        of = (versions.c.shop == deltas.c.shop) & (versions.c.number == deltas.c.version)
        query = select(versions, deltas.c.before, deltas.c.after).join(deltas, of).where(*mine)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(versions.c.number.desc()).limit(limit)).all()
        return [(version_row(row), Change(kind, identity, row.before, row.after)) for row in rows]

    def compare(self, shop: str, one: int, other: int) -> list[Change]:
        """What the live entries of two versions differ in, from `one` to `other`; 0 is before the first.

        Raises:
            StorefrontError: `version_unknown`.
        """
        with self._reading() as connection:
            return between(connection, shop, one, other)

    def _head(self, shop: str, column: ColumnElement[int]) -> int:
        with self._reading() as connection:
            return connection.execute(select(column).where(heads.c.shop == shop)).scalar_one_or_none() or 0


def _of(shop: str, kind: str) -> Select[tuple[object, ...]]:
    mine = select(entries).where(entries.c.shop == shop, entries.c.kind == kind)
    return mine.order_by(entries.c.place, entries.c.id)


def _waiting(shop: str, kind: str | None) -> ColumnElement[bool]:
    waits = and_(entries.c.shop == shop, entries.c.changed)
    return waits if kind is None else and_(waits, entries.c.kind == kind)
