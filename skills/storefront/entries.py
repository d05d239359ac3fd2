"""Everything that a seller edits: drafts of any kind, saved without losing another's, published together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.engine import Connection

from skills.message import Message
from skills.shopping.webhooks.telling import tell
from skills.storefront import versions
from skills.storefront.database import draft_of, grow, insert_into
from skills.storefront.entry import Conflict, Key, Saved, Version
from skills.storefront.errors import StorefrontError
from skills.storefront.kinds import HOMES, KINDS
from skills.storefront.reading import Reading
from skills.storefront.tables import entries

MOST = 10_000
"""Entries of one kind in one shop."""

_ID = re.compile(r"[\w.:-]{1,120}")


class Entries(Reading):
    """A shop's entries, changed. Blocking; errors as `Database`.

    Every entry has a draft, which is saved at any time, and what is live, which only publishing changes. `by` is a
    person's name as others read it.
    """

    def save(
        self, shop: str, kind: str, identity: str, data: Message, by: str, at: datetime, seen: int | None = None
    ) -> Saved | Conflict:
        """Make this the draft. `seen` is the revision of the draft that one started from, 0 for a new entry, None for
        whatever there is. The same once more is saved already, whatever was seen.

        Raises:
            StorefrontError: `entries_full`, `id_invalid`, `shop_unknown`; nothing is changed.
        """
        text = _written(kind, data)
        with self._writing() as connection:
            edit = grow(connection, shop, edits=1).edits
            there = _row(connection, shop, kind, identity)
            if there and there.draft != text and _moved_on(there, seen):
                connection.rollback()  # nothing has changed, so no edit is counted
                return Conflict(draft_of(there))
            if there is None or there.draft != text or kind in HOMES:
                _put(connection, shop, kind, {identity: text}, by, at, edit)
            return _saved(connection, shop, kind, identity)

    def save_many(
        self, shop: str, kind: str, given: Mapping[str, Message], by: str, at: datetime, *, instead: bool = False
    ) -> int:
        """Make these the drafts of their ids, all or none, new ones in this order; `instead` removes all others of the
        kind. Returns how many were not so already.

        Raises:
            StorefrontError: `entries_full`, `id_invalid`, `shop_unknown`; nothing is changed.
        """
        texts: dict[str, str | None] = {identity: _written(kind, one) for identity, one in given.items()}
        with self._writing() as connection:
            edit = grow(connection, shop, edits=1).edits
            there = _texts(connection, shop, kind)
            if instead:
                texts |= {identity: None for identity in there if identity not in texts}
            fresh = {identity: text for identity, text in texts.items() if there.get(identity) != text}
            _put(connection, shop, kind, fresh, by, at, edit)
            return len(fresh)

    def remove(
        self, shop: str, kind: str, identity: str, by: str, at: datetime, seen: int | None = None
    ) -> Saved | Conflict | None:
        """Remove the draft, and with the next publishing what is live; None where there is no such entry."""
        with self._writing() as connection:
            edit = grow(connection, shop, edits=1).edits
            there = _row(connection, shop, kind, identity)
            if there is None or (there.draft is None and there.live is None) or kind in HOMES:
                connection.rollback()
                return None
            if _moved_on(there, seen) and there.draft is not None:
                connection.rollback()
                return Conflict(draft_of(there))
            _put(connection, shop, kind, {identity: None}, by, at, edit)
            return _saved(connection, shop, kind, identity)

    def remove_many(self, shop: str, kind: str, identities: Collection[str], by: str, at: datetime) -> int:
        """Remove these drafts, all at once; returns how many there were."""
        with self._writing() as connection:
            edit = grow(connection, shop, edits=1).edits
            there = {} if kind in HOMES else _texts(connection, shop, kind)
            _put(connection, shop, kind, {one: None for one in identities if one in there}, by, at, edit)
            return len(there.keys() & set(identities))

    def discard(
        self, shop: str, keys: Iterable[Key], by: str, at: datetime, seen: Mapping[Key, int] | None = None
    ) -> int:
        """Make the drafts of these entries what is live again, or those of them whose revision is still what was
        `seen`; returns how many were not live already.
        """
        with self._writing() as connection:
            edit = grow(connection, shop, edits=1).edits
            count = 0
            for kind, identity in keys:
                named = entries.c.shop == shop, entries.c.kind == kind, entries.c.id == identity
                back = update(entries).where(*named, entries.c.changed)
                if seen is not None:
                    back = back.where(entries.c.revision == seen[kind, identity])
                values = {"draft": entries.c.live, "changed": False, "revision": entries.c.revision + 1}
                count += connection.execute(back.values(**values, edit=edit, by=by, at=at)).rowcount
            return count

    def publish(
        self, shop: str, by: str, at: datetime, note: str = "", only: Mapping[Key, int] | None = None
    ) -> Version | None:
        """Make drafts live, at once and together: all, or those of `only` whose revision is still what it says there.

        None where nothing would change. Takes as long as what changes, not as what there is.
        """
        with self._writing() as connection:
            number = grow(connection, shop).revision + 1
            version = Version(shop, number, by, at, note[: versions.NOTE_MAX], 0)
            return _counted(connection, versions.publish(connection, version, only))

    def restore(self, shop: str, number: int, by: str, at: datetime) -> int:
        """Put what was live at a version into the drafts, over what is being edited of the same entries; drafts of what
        has not changed since stay. Returns how many drafts changed.

        Raises:
            StorefrontError: `version_unknown`.
        """
        with self._writing() as connection:
            head = grow(connection, shop, edits=1)
            back = versions.between(connection, shop, head.revision, number)
            count = 0
            for kind in {one.kind for one in back}:
                there = _texts(connection, shop, kind)
                texts = {one.id: one.after_text for one in back if one.kind == kind}
                fresh = {identity: text for identity, text in texts.items() if there.get(identity) != text}
                _put(connection, shop, kind, fresh, by, at, head.edits)
                count += len(fresh)
            return count

    def roll_back(self, shop: str, number: int, by: str, at: datetime, note: str = "") -> Version | None:
        """Make live what was at a version, as a new version. Drafts follow, except those that are not published yet,
        which stay as they are. None where nothing would change.

        Raises:
            StorefrontError: `version_unknown`.
        """
        with self._writing() as connection:
            head = grow(connection, shop, edits=1)
            version = Version(shop, head.revision + 1, by, at, note[: versions.NOTE_MAX], 0, number)
            made = versions.roll_back(connection, version, head.edits)
            return _counted(connection, made)


def _counted(connection: Connection, made: Version | None) -> Version | None:
    if made is not None:
        grow(connection, made.shop, revision=1)
        told = {"version": made.number, "by": made.by, "note": made.note, "changes": made.changes}
        tell(connection, made.shop, "changes.published", told, made.at)
    return made


def _written(kind: str, data: Message) -> str:
    if not isinstance(data, KINDS[kind]):
        raise TypeError(f"{type(data).__name__} is no {kind}")
    return data.model_dump_json(exclude_defaults=True)


def _moved_on(there: Row[Any], seen: int | None) -> bool:
    """Whether somebody has saved since; that there is none is seen as well by whoever makes a new one."""
    return seen is not None and seen != there.revision and not (seen == 0 and there.draft is None)


def _saved(connection: Connection, shop: str, kind: str, identity: str) -> Saved:
    row = _row(connection, shop, kind, identity)
    assert row is not None
    return Saved(draft_of(row))


def _row(connection: Connection, shop: str, kind: str, identity: str) -> Row[Any] | None:
    named = entries.c.shop == shop, entries.c.kind == kind, entries.c.id == identity
    return connection.execute(select(entries).where(*named)).one_or_none()


def _texts(connection: Connection, shop: str, kind: str) -> dict[str, str]:
    """The drafts there are."""
    mine = entries.c.shop == shop, entries.c.kind == kind, entries.c.draft.is_not(None)
    rows = connection.execute(select(entries.c.id, entries.c.draft).where(*mine)).tuples()
    return {identity: text for identity, text in rows if text is not None}


def _put(
    connection: Connection, shop: str, kind: str, texts: Mapping[str, str | None], by: str, at: datetime, edit: int
) -> None:
    """Make these the drafts; None removes."""
    if not texts:
        return
    if wrong := next((one for one in texts if not _ID.fullmatch(one)), None):
        raise StorefrontError("id_invalid", f"{wrong[:60]!r} cannot be the name of an entry")
    mine = entries.c.shop == shop, entries.c.kind == kind
    home = HOMES[kind].read(connection, shop) if kind in HOMES else None
    last = connection.execute(select(func.coalesce(func.max(entries.c.place), 0)).where(*mine)).scalar_one()
    rows = [
        {"shop": shop, "kind": kind, "id": identity, "place": place, "draft": text, "live": home}
        | {"changed": text != home, "revision": 1, "edit": edit, "published": 0, "by": by[:120], "at": at}
        for place, (identity, text) in enumerate(texts.items(), last + 1)
    ]
    statement = insert_into(connection, entries)
    # What lives elsewhere may have been changed there, by whoever runs the shop.
    live = statement.excluded.live if kind in HOMES else entries.c.live
    put = {name: statement.excluded[name] for name in ("draft", "edit", "by", "at")}
    put |= {
        "live": live,
        "revision": entries.c.revision + 1,
        "changed": statement.excluded.draft.is_distinct_from(live),
    }
    connection.execute(statement.on_conflict_do_update(index_elements=["shop", "kind", "id"], set_=put), rows)
    there = select(func.count()).where(*mine, entries.c.draft.is_not(None))
    if connection.execute(there).scalar_one() > MOST:
        raise StorefrontError("entries_full", f"A shop can have {MOST:,} of these. Please remove some first.")
