"""Publishing: what will change, before and after side by side; and the versions there were."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.web.console.differences import KIND_NAMES, Told, told
from assistant.web.console.fields import FormProblems
from assistant.web.console.frame import Visit, form, page
from skills.storefront import Change, Entries, Version
from skills.storefront.entry import Key

blueprint = Blueprint("console_publishing")

PUBLISH = "/console/<shop:str>/publish"
VERSIONS = "/console/<shop:str>/versions"
SHOWN = 20
"""Changes on one page."""
LISTED = 30
"""Versions on one page."""
NOTE_MAX = 200


@page(blueprint, PUBLISH, Right.VIEW)
async def publish(visit: Visit) -> HTTPResponse:
    """What is not published yet."""
    return await _publish_page(visit)


@form(blueprint, PUBLISH, Right.PUBLISH)
async def publish_now(visit: Visit) -> HTTPResponse:
    """Publish everything that one has seen is waiting, or what was ticked."""
    fields, entries = visit.fields(), _entries(visit)
    note = " ".join(fields.get("note").split())[:NOTE_MAX]
    only: dict[Key, int] | None = None
    if fields.get("which") == "chosen":
        only = dict(filter(None, map(_key, fields.all("entry"))))
        if not only:
            problem = {"": "Nothing is ticked. Tick what should go live, or publish everything."}
            return await _publish_page(visit, FormProblems(problem, fields))
    elif fields.get("seen") != str(await asyncio.to_thread(entries.draft_revision, visit.shop.id)):
        problem = {"": "Somebody has changed something since you opened this page. Please look once more."}
        return await _publish_page(visit, FormProblems(problem, fields))
    made = await asyncio.to_thread(entries.publish, visit.shop.id, visit.account.name, visit.now, note, only)
    if made is None:
        return await visit.go("publish", notice="There was nothing left to publish: it is live already.")
    await visit.note("published", f"Version {made.number}", note or _counted(made.changes))
    missed = len(only) - made.changes if only else 0
    later = f" {_counted(missed)} had been edited again and wait here." if missed else ""
    return await visit.go("publish", notice=f"Live now: {_counted(made.changes)}.{later}")


@form(blueprint, f"{PUBLISH}/discard", Right.EDIT)
async def discard(visit: Visit) -> HTTPResponse:
    """Give up a change: the draft is what is live again."""
    found = _key(visit.fields().get("entry"))
    seen = dict([found]) if found else {}
    entries = _entries(visit)
    count = await asyncio.to_thread(entries.discard, visit.shop.id, seen, visit.account.name, visit.now, seen)
    if not count:
        return await visit.go("publish", notice="Nothing was discarded: somebody has changed it meanwhile.")
    await visit.note("discarded a change", *("/".join(key) for key in seen))
    return await visit.go("publish", notice="The change is gone; what is live stays.")


@page(blueprint, VERSIONS, Right.VIEW)
async def versions(visit: Visit) -> HTTPResponse:
    """What was published, the newest first."""
    before = _whole(visit.request.args.get("before", ""))
    found = await asyncio.to_thread(_entries(visit).versions, visit.shop.id, limit=LISTED + 1, before=before)
    newest = await asyncio.to_thread(_entries(visit).revision, visit.shop.id)
    return await visit.render(
        "console/versions.html", versions=found[:LISTED], more=len(found) > LISTED, newest=newest, before=before
    )


@page(blueprint, f"{VERSIONS}/compare", Right.VIEW)
async def compare(visit: Visit) -> HTTPResponse:
    """Any two versions side by side."""
    one, other = (_whole(visit.request.args.get(name, "")) for name in ("from", "to"))
    if one is None or other is None:
        return await visit.go("versions", notice="Choose two versions to compare.")
    one, other = sorted((one, other))
    return await _compared(visit, one, other)


@page(blueprint, f"{VERSIONS}/<number:str>/back", Right.PUBLISH)
async def ask_back(visit: Visit, number: str) -> HTTPResponse:
    """What going back to a version would change of what customers get now."""
    version = await _version(visit, number)
    newest = await asyncio.to_thread(_entries(visit).revision, visit.shop.id)
    return await _compared(visit, newest, version.number, back=version)


@form(blueprint, f"{VERSIONS}/<number:str>/back", Right.PUBLISH)
async def go_back(visit: Visit, number: str) -> HTTPResponse:
    """Make an older version live, or put it into the drafts."""
    version, entries = await _version(visit, number), _entries(visit)
    if visit.fields().get("seen") != str(await asyncio.to_thread(entries.revision, visit.shop.id)):
        notice = "Somebody has published since you opened that page. Please look once more at what would change."
        return await visit.go(f"versions/{version.number}/back", notice=notice)
    who = visit.shop.id, version.number, visit.account.name, visit.now
    if visit.fields().get("where") == "drafts":
        count = await asyncio.to_thread(entries.restore, *who)
        await visit.note("took into the drafts", f"Version {version.number}", _counted(count))
        return await visit.go("publish", notice=f"Version {version.number} is in your drafts; nothing is live yet.")
    made = await asyncio.to_thread(entries.roll_back, *who, f"Back to version {version.number}")
    if made is None:
        return await visit.go("versions", notice="Nothing had to change: that is what customers get already.")
    await visit.note("went back", f"Version {version.number}", _counted(made.changes))
    return await visit.go("versions", notice=f"Live now: what version {version.number} was.")


async def _publish_page(visit: Visit, problems: FormProblems | None = None) -> HTTPResponse:
    entries, shop = _entries(visit), visit.shop.id
    number = _whole(visit.request.args.get("page", "")) or 1
    skip = (number - 1) * SHOWN

    def read() -> tuple[int, dict[str, int], list[Told]]:
        # The revision first: what is saved after it is noticed when somebody publishes.
        seen = entries.draft_revision(shop)
        return seen, entries.waiting(shop), [told(one) for one in entries.changes(shop, limit=SHOWN, skip=skip)]

    seen, counts, found = await asyncio.to_thread(read)
    newest = await asyncio.to_thread(entries.versions, shop, limit=1)
    return await visit.render(
        "console/publish.html",
        problems=problems or FormProblems(),
        seen=seen,
        total=sum(counts.values()),
        kinds=[(KIND_NAMES.get(kind, kind), count) for kind, count in counts.items()],
        found=found,
        number=number,
        more=skip + len(found) < sum(counts.values()),
        newest=newest[0] if newest else None,
    )


async def _compared(visit: Visit, one: int, other: int, back: Version | None = None) -> HTTPResponse:
    changes: list[Change] = await asyncio.to_thread(_entries(visit).compare, visit.shop.id, one, other)
    number = _whole(visit.request.args.get("page", "")) or 1
    skip = (number - 1) * SHOWN
    shown = await asyncio.to_thread(lambda: [told(each) for each in changes[skip : skip + SHOWN]])
    more = skip + SHOWN < len(changes)
    return await visit.render(
        "console/compare.html",
        back=back,
        one=one,
        other=other,
        total=len(changes),
        found=shown,
        number=number,
        more=more,
    )


async def _version(visit: Visit, number: str) -> Version:
    found = _whole(number)
    version = await asyncio.to_thread(_entries(visit).version, visit.shop.id, found) if found else None
    if version is None:
        raise ServiceError("version_unknown", "There is no such version.", 404)
    return version


def _entries(visit: Visit) -> Entries:
    return visit.house.shopping.entries


def _key(text: str) -> tuple[Key, int] | None:
    """The entry and the revision of its draft that a page has named."""
    kind, _, rest = text.partition(" ")
    identity, _, revision = rest.partition(" ")
    seen = _whole(revision)
    return ((kind, identity), seen) if seen is not None and "\0" not in text else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _counted(count: int) -> str:
    return "1 change" if count == 1 else f"{count:,} changes"
