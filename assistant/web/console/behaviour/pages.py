"""The pages on the bot's behaviour: an overview, lists, and an editor for each kind. They change drafts only."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.web.console.behaviour import outlook, previews
from assistant.web.console.behaviour.drafts import (
    NEW,
    Editing,
    back_to,
    drafts_of,
    entries_of,
    fresh,
    front_of,
    kind_of,
    opened,
    several_of,
    waiting_of,
)
from assistant.web.console.behaviour.kinds import CUSTOMERS, LANGUAGES, Kind
from assistant.web.console.behaviour.shapes import as_form, lenient_hours, read_form, spread
from assistant.web.console.behaviour.summaries import described, line_of, overview_tiles, wording_lines
from assistant.web.console.differences import differences
from assistant.web.console.frame import Visit, form, nothing_here, page
from assistant.web.console.nested_form import Sheet, changed, nested
from skills.shopping.system_replies import SYSTEM_REPLIES
from skills.storefront.entry import Conflict
from skills.storefront.front import Storefront
from skills.storefront.hours_words import DAYS
from skills.storefront.template import VARIABLES
from skills.storefront.timetable import timetable
from skills.storefront.zones import zone_names

blueprint = Blueprint("console_behaviour")

AT = "/console/<shop:str>/behaviour"
_ZONES = tuple((name, name.replace("_", " ")) for name in zone_names())
EXTRA_VARIABLES = {"away": {"opens": "When your people answer again"}}


@page(blueprint, AT, Right.VIEW)
async def overview(visit: Visit) -> HTTPResponse:
    """What is set, and what a shopper meets."""
    front, waiting = await front_of(visit), await waiting_of(visit)
    tiles = overview_tiles(visit.shop, front, visit.now, waiting)
    shown = previews.at_the_door(visit.shop, front, visit.now)
    waiting_here = sum(tile.waiting for tile in tiles)
    return await visit.render("console/behaviour/overview.html", tiles=tiles, shown=shown, waiting=waiting_here)


@page(blueprint, f"{AT}/<name:str>", Right.VIEW)
async def listed(visit: Visit, name: str) -> HTTPResponse:
    """A kind's list, or the editor of the one there is."""
    kind = kind_of(name)
    if kind.single:
        return await _editor(visit, await opened(visit, kind, kind.single))
    entries = await drafts_of(visit, kind)
    if kind.name == "wording":
        asked = str(visit.request.args.get("q", ""))[:100]
        places = wording_lines(entries, asked)
        return await visit.render("console/behaviour/wordings.html", kind=kind, places=places, asked=asked)
    lines = [line_of(kind, one) for one in entries]
    return await visit.render("console/behaviour/list.html", kind=kind, lines=lines, may_edit=visit.can(Right.EDIT))


@form(blueprint, f"{AT}/<name:str>", Right.EDIT)
async def save_single(visit: Visit, name: str) -> HTTPResponse:
    """The form of a kind that has one entry."""
    kind = kind_of(name)
    if not kind.single:
        raise nothing_here()
    return await _posted(visit, kind, kind.single)


@page(blueprint, f"{AT}/<name:str>/<identity:str>", Right.VIEW)
async def edited(visit: Visit, name: str, identity: str) -> HTTPResponse:
    """The editor of an entry; `new` is one that there is not yet."""
    kind = several_of(name)
    if identity == NEW and kind.name != "wording":
        return await _editor(visit, Editing(kind, secrets.token_hex(6), Sheet(fresh(kind)), 0))
    return await _editor(visit, await opened(visit, kind, identity))


@form(blueprint, f"{AT}/<name:str>/<identity:str>", Right.EDIT)
async def save(visit: Visit, name: str, identity: str) -> HTTPResponse:
    """The form of an entry."""
    return await _posted(visit, several_of(name, identity), identity)


async def _posted(visit: Visit, kind: Kind, identity: str) -> HTTPResponse:
    """Do what the pressed button says: save, remove, put back, or change the form without saving."""
    fields = visit.fields()
    asked, seen = fields.get("do", "save"), fields.whole("seen")
    if asked in ("remove", "restore"):
        return await _taken_away(visit, kind, identity, seen, back=asked == "restore")
    data = nested({name: fields.all(name) for name, _ in fields})
    if asked != "save":
        sheet = (spread(data, asked) if kind.name == "hours" else None) or changed(data, asked) or Sheet(data)
        return await _editor(visit, Editing(kind, identity, sheet, seen, unsaved=True))
    read = read_form(kind, data, {"reply": identity} if kind.name == "wording" else {})
    if isinstance(read, Sheet):
        return await _editor(visit, Editing(kind, identity, read, seen, unsaved=True))
    saved = await asyncio.to_thread(
        entries_of(visit).save, visit.shop.id, kind.name, identity, read, visit.account.name, visit.now, seen
    )
    if isinstance(saved, Conflict):
        theirs, sheet = saved.theirs, Sheet(as_form(kind, read))
        found = differences(kind.name, theirs.data, read.model_dump(mode="json"))
        editing = Editing(kind, identity, sheet, theirs.revision, theirs, True, found, unsaved=True)
        return await _editor(visit, editing)
    await visit.note("saved", kind.title, described(read)[0][:80])
    return await visit.go(back_to(kind), notice="Saved. Customers meet it once you publish.")


async def _taken_away(visit: Visit, kind: Kind, identity: str, seen: int, *, back: bool) -> HTTPResponse:
    entries, shop, by = entries_of(visit), visit.shop.id, visit.account.name
    if back:
        await asyncio.to_thread(entries.discard, shop, [(kind.name, identity)], by, visit.now)
        await visit.note("discarded", kind.title)
        return await visit.go(back_to(kind), notice="It is again as your customers have it.")
    gone = await asyncio.to_thread(entries.remove, shop, kind.name, identity, by, visit.now, seen)
    if isinstance(gone, Conflict):
        notice = f"{gone.theirs.by} has changed it meanwhile. Look at it before you remove it."
        return await visit.go(f"{back_to(kind)}/{identity}", notice=notice)
    if gone is None:
        return await visit.go(back_to(kind), notice="It was removed already.")
    await visit.note("removed", kind.title)
    return await visit.go(back_to(kind), notice="Removed. Customers meet it until you publish.")


async def _editor(visit: Visit, editing: Editing) -> HTTPResponse:
    kind, sheet = editing.kind, editing.sheet
    front = await front_of(visit)
    values: dict[str, Any] = _outlook(visit, sheet, front) if kind.name == "hours" else {}
    return await visit.render(
        f"console/behaviour/{kind.name}.html",
        status=409 if editing.conflict else 422 if sheet.problems else 200,
        kind=kind,
        editing=editing,
        sheet=sheet,
        cards={identity: one.name for identity, one in front.cards.items() if identity != editing.id},
        languages=LANGUAGES,
        customers=CUSTOMERS,
        week_days=DAYS,
        variables={name: one.meaning for name, one in VARIABLES.items()} | EXTRA_VARIABLES.get(kind.name, {}),
        reply=SYSTEM_REPLIES.get(editing.subject),
        shown=previews.shown(kind, sheet, visit.shop, front, visit.now, editing.subject),
        may_edit=visit.can(Right.EDIT),
        **values,
    )


def _outlook(visit: Visit, sheet: Sheet, front: Storefront) -> dict[str, Any]:
    """The hours as they stand in the form, in plain words; those that are kept while it has mistakes."""
    table = timetable(lenient_hours(sheet) or front.hours, visit.shop)
    return {
        "now_in_words": outlook.now_in_words(table, visit.now),
        "ahead": outlook.ahead(table, visit.now),
        "zones": [("", f"As in your profile: {visit.shop.time_zone}"), *_ZONES],
        "clock_now": f"{visit.now.astimezone(table.where):%H:%M}",
    }
