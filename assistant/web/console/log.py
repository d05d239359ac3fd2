"""The log of a shop: who has done what, and when; on a page and as a table."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from assistant.accounts.audit import Wanted
from assistant.accounts.rights import Right
from assistant.web.console.frame import Visit, page
from skills.csv_files import csv_bytes
from skills.storefront.zones import zone

blueprint = Blueprint("console_log")

ON_A_PAGE = 50
IN_A_FILE = 50_000
WRITTEN_MAX = 100


@dataclass(frozen=True)
class Filter:
    """What the address asks for, as it was written."""

    who: str
    what: str
    since: str
    until: str

    def wanted(self, clock: ZoneInfo) -> Wanted:
        """The same for the log; a day that is none is left out."""
        return Wanted(self.who, self.what, _begin(self.since, clock, 0), _begin(self.until, clock, 1))

    def query(self, **more: str) -> str:
        """For an address."""
        return urlencode({name: value for name, value in (vars(self) | more).items() if value})


@page(blueprint, "/console/<shop:str>/log", Right.TEAM)
async def show(visit: Visit) -> HTTPResponse:
    """A page of it."""
    asked, before = _read(visit.request), visit.request.args.get("before", "")
    after = int(before) if before.isdecimal() and len(before) < 18 else None
    wanted = asked.wanted(zone(visit.shop.time_zone))
    found = await asyncio.to_thread(visit.office.log.of, visit.shop.id, wanted, ON_A_PAGE + 1, after)
    older = asked.query(before=str(found[ON_A_PAGE - 1].id)) if len(found) > ON_A_PAGE else ""
    return await visit.render("console/log.html", asked=asked, lines=found[:ON_A_PAGE], older=older, paged=after)


@page(blueprint, "/console/<shop:str>/log.csv", Right.TEAM)
async def export(visit: Visit) -> HTTPResponse:
    """All of what was asked for, as a table."""
    wanted = _read(visit.request).wanted(zone(visit.shop.time_zone))

    def table() -> bytes:
        found = visit.office.log.of(visit.shop.id, wanted, IN_A_FILE)
        header = ("When (UTC)", "Who", "Did what", "To what", "More")
        return csv_bytes(header, ((one.at, one.who, one.action, one.subject, one.detail) for one in found))

    headers = {"Content-Disposition": f'attachment; filename="{visit.shop.id}-log.csv"', "Cache-Control": "no-store"}
    return raw(await asyncio.to_thread(table), headers=headers, content_type="text/csv; charset=utf-8")


def _read(request: Request) -> Filter:
    values = (request.args.get(name, "")[:WRITTEN_MAX].replace("\0", "").strip() for name in Filter.__annotations__)
    return Filter(*values)


def _begin(text: str, clock: ZoneInfo, later: int) -> datetime | None:
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
        return datetime.combine(day, time(), clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
