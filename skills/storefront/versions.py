"""Versions of what is live: made by publishing, stored as what they changed, and gone back to.

All within the caller's transaction, in which `grow` has taken the shop's turn. What a version costs is a matter of what
it changes, however much the shop has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, func, insert, literal, select, update
from sqlalchemy.engine import Connection

from skills.stored_times import in_utc
from skills.storefront.entry import Change, Key, Version
from skills.storefront.errors import StorefrontError
from skills.storefront.kinds import HOMES
from skills.storefront.tables import deltas, entries, versions

NOTE_MAX = 500


def publish(connection: Connection, version: Version, only: Mapping[Key, int] | None) -> Version | None:
    """Make changed drafts live; `only` those entries, at the revisions of their drafts. None where that is nothing."""
    shop, number = version.shop, version.number
    mine = entries.c.shop == shop, entries.c.changed
    if only is None:
        connection.execute(update(entries).where(*mine).values(published=number))
    elif only:
        named = entries.c.kind == bindparam("of"), entries.c.id == bindparam("which")
        chosen = update(entries).where(*mine, *named, entries.c.revision == bindparam("seen"))
        rows = [{"of": kind, "which": identity, "seen": seen} for (kind, identity), seen in only.items()]
        connection.execute(chosen.values(published=number), rows)
    taken = (*mine, entries.c.published == number)
    columns = [entries.c.shop, literal(number), entries.c.kind, entries.c.id, entries.c.live, entries.c.draft]
    connection.execute(insert(deltas).from_select(deltas.c.keys(), select(*columns).where(*taken)))
    connection.execute(update(entries).where(*taken).values(live=entries.c.draft, changed=False))
    return _keep(connection, version)


def roll_back(connection: Connection, version: Version, edit: int) -> Version | None:
    """Make live what was at `version.restores`; drafts follow, except those that somebody is working on."""
    back = between(connection, version.shop, version.number - 1, version.restores or 0)
    if not back:
        return None
    rows = [{"of": one.kind, "which": one.id, "text": one.after_text} for one in back]
    named = entries.c.shop == version.shop, entries.c.kind == bindparam("of"), entries.c.id == bindparam("which")
    text: BindParameter[str | None] = bindparam("text")
    follows = update(entries).where(*named, entries.c.changed.is_(False))
    connection.execute(
        follows.values(draft=text, revision=entries.c.revision + 1, edit=edit, by=version.by, at=version.at), rows
    )
    live = update(entries).where(*named)
    connection.execute(
        live.values(live=text, published=version.number, changed=entries.c.draft.is_distinct_from(text)), rows
    )
    kept = [
        {"shop": version.shop, "version": version.number, "kind": one.kind, "id": one.id}
        | {"before": one.before_text, "after": one.after_text}
        for one in back
    ]
    connection.execute(insert(deltas), kept)
    return _keep(connection, version)


def between(connection: Connection, shop: str, one: int, other: int) -> list[Change]:
    """What the live entries of two versions differ in, from `one` to `other`; 0 is before the first.

    Raises:
        StorefrontError: `version_unknown`.
    """
    first, last = sorted((one, other))
    newest = connection.execute(select(func.max(versions.c.number)).where(versions.c.shop == shop)).scalar_one() or 0
    if first < 0 or last > newest:
        raise StorefrontError("version_unknown", "There is no such version")
    within = deltas.c.shop == shop, deltas.c.version > first, deltas.c.version <= last
    seen: dict[Key, tuple[str | None, str | None]] = {}
    for row in connection.execute(select(deltas).where(*within).order_by(deltas.c.version)):
        before, _ = seen.get((row.kind, row.id), (row.before, None))
        seen[row.kind, row.id] = before, row.after
    ways = (texts if one <= other else texts[::-1] for texts in seen.values())
    found = (Change(*key, *texts) for key, texts in zip(seen, ways, strict=True))
    return sorted((each for each in found if each.before_text != each.after_text), key=lambda each: each.key)


def version_row(row: Row[Any]) -> Version:
    """A version as it was kept."""
    return Version(row.shop, row.number, row.by, in_utc(row.at), row.note, row.changes, row.restores)


def _keep(connection: Connection, version: Version) -> Version | None:
    """Put what has come live where its kind lives, and note the version; None where nothing has."""
    mine = deltas.c.shop == version.shop, deltas.c.version == version.number
    count = connection.execute(select(func.count()).where(*mine)).scalar_one()
    if not count:
        return None
    for kind, home in HOMES.items():
        homed = select(deltas.c.after).where(*mine, deltas.c.kind == kind)
        for text in connection.execute(homed).scalars():
            home.put(connection, version.shop, text)
    made = Version(version.shop, version.number, version.by, version.at, version.note, count, version.restores)
    connection.execute(insert(versions).values(**vars(made)))
    return made
