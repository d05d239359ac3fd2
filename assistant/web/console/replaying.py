"""Replay: what customers really asked, asked of the drafts, and what publishing them would change."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

from pydantic import Field, model_validator
from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.trying.comparing import Verdict, counts
from assistant.trying.replay import State
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.reading import whole
from skills.message import Message
from skills.storefront.zones import zone

blueprint = Blueprint("console_replaying")

PLACE = "/console/<shop:str>/try/replay"
WEEK, DAYS_MAX = 7, 31
SHOWN = 50
"""Questions on a page."""
PAGES_MAX = 1_000
VERDICTS = {
    Verdict.BETTER: ("Better", "good", "Was not answered, and would be"),
    Verdict.PERHAPS_BETTER: ("Perhaps better", "good", "The answer was rated badly, and would be another"),
    Verdict.WORSE: ("Worse", "bad", "Was answered, and would not be"),
    Verdict.PERHAPS_WORSE: ("Perhaps worse", "bad", "The answer was rated well, and would be another"),
    Verdict.DIFFERENT: ("Different", "warn", "Another answer; look whether it is right"),
    Verdict.SAME: ("The same", "quiet", "Nothing would change"),
}
"""What each is called, its tone, and what it means."""


class Days(Message):
    """Which days are replayed, both with them, by the shop's calendar."""

    first: date = Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))
    last: date = Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))

    @model_validator(mode="after")
    def _in_order(self) -> Days:
        if not 0 <= (self.last - self.first).days < DAYS_MAX:
            raise ValueError(f"Please choose at most {DAYS_MAX} days, the first before the last.")
        return self


@page(blueprint, PLACE, Right.VIEW)
async def replay(visit: Visit) -> HTTPResponse:
    """The last replay, as far as it is."""
    return await _page(visit, NO_PROBLEMS)


@form(blueprint, PLACE, Right.EDIT)
async def begin(visit: Visit) -> HTTPResponse:
    """Replay these days."""
    days = await visit.read(Days)
    if isinstance(days, FormProblems):
        return await _page(visit, days)
    where = zone(visit.shop.time_zone)
    since = datetime.combine(days.first, time(), where)
    until = datetime.combine(days.last + timedelta(days=1), time(), where)
    revision = await asyncio.to_thread(visit.house.shopping.entries.draft_revision, visit.shop.id)
    await visit.house.replays.begin(visit.shop.id, days.first, days.last, since, until, revision)
    return await visit.go("try/replay")


@form(blueprint, f"{PLACE}/stop", Right.EDIT)
async def stop(visit: Visit) -> HTTPResponse:
    """Stop; what is compared stays."""
    await visit.house.replays.stop(visit.shop.id)
    return await visit.go("try/replay", notice="Stopped. What is compared so far is below.")


@form(blueprint, f"{PLACE}/resume", Right.EDIT)
async def resume(visit: Visit) -> HTTPResponse:
    """Go on where it was stopped."""
    visit.house.replays.resume(visit.shop.id)
    return await visit.go("try/replay")


async def _page(visit: Visit, problems: FormProblems) -> HTTPResponse:
    found = visit.house.replays.last(visit.shop.id)
    # As they are at this moment: it goes on while the page is made.
    state, compared = (found.state, list(found.compared)) if found else (None, [])
    numbers = counts(compared)
    wanted = _verdict(visit.request.args.get("show", ""))
    shown = [one for one in compared if (one.verdict is wanted if wanted else one.verdict is not Verdict.SAME)]
    shown.sort(key=lambda one: list(VERDICTS).index(one.verdict))
    number = whole(visit.request.args.get("page", ""), 1, PAGES_MAX) or 1
    today = visit.now.astimezone(zone(visit.shop.time_zone)).date()
    revision = await asyncio.to_thread(visit.house.shopping.entries.draft_revision, visit.shop.id)
    return await visit.render(
        "console/replay.html",
        problems=problems,
        replay=found,
        state=state,
        count=len(compared),
        states=State,
        numbers=numbers,
        verdicts=VERDICTS,
        wanted=wanted,
        shown=shown[(number - 1) * SHOWN : number * SHOWN],
        number=number,
        more=len(shown) > number * SHOWN,
        older=found is not None and found.draft_revision != revision,
        first=found.first if found else today - timedelta(days=WEEK - 1),
        last=found.last if found else today,
    )


def _verdict(text: str) -> Verdict | None:
    return next((one for one in Verdict if one == text), None)
