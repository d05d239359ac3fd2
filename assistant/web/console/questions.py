"""Questions: what customers asked and got no good answer to, grouped, taught in a click or put away."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256

from sanic import Blueprint, HTTPResponse
from sanic.response import raw

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.learning.question import Group, Order, State, Wanted, Why
from assistant.learning.suggesting import Suggestion
from assistant.web.console.conversations import PAGES_MAX
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, page
from assistant.web.reading import whole
from skills.csv_files import csv_bytes
from skills.storefront import SURE, ShopAnswer
from skills.storefront.entry import Entry

blueprint = Blueprint("console_questions")

PLACE = "/console/<shop:str>/questions"
STATES = {State.OPEN: "To answer", State.TAUGHT: "Taught", State.DISMISSED: "Put away"}
WHYS = {Why.ANY: "All reasons", Why.UNANSWERED: "Not answered", Why.BADLY_RATED: "Rated badly"}
DAYS = {0: "Any time", 7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days"}
ORDERS = {Order.MOST: "Asked most", Order.LATEST: "Asked last"}
QUESTIONS = 50
"""Of a group that its page shows."""


@page(blueprint, PLACE, Right.VIEW)
async def questions(visit: Visit) -> HTTPResponse:
    """The inbox."""
    learning, shop = visit.house.learning, visit.shop.id
    complete = await learning.up_to_date(shop, visit.now)
    wanted, days = _wanted(visit)
    listing, counts = await asyncio.gather(
        asyncio.to_thread(learning.inbox.listing, shop, wanted), asyncio.to_thread(learning.inbox.counts, shop)
    )
    taught = await _taught(visit, visit.request.args.get("taught", ""))
    shown = [one.answer for one in listing.groups if one.answer]
    answers = await asyncio.to_thread(lambda: {one: entry for one in set(shown) if (entry := _entry(visit, one))})
    return await visit.render(
        "console/questions.html",
        listing=listing,
        counts=counts,
        wanted=wanted,
        days=days,
        states=STATES,
        whys=WHYS,
        spans=DAYS,
        orders=ORDERS,
        complete=complete,
        taught=taught,
        answers=answers,
        question_of=_question,
    )


@page(blueprint, PLACE + "/export", Right.VIEW)
async def export(visit: Visit) -> HTTPResponse:
    """The questions of the view as a table, each with its group."""
    wanted, _ = _wanted(visit)
    rows = await asyncio.to_thread(visit.house.learning.inbox.rows, visit.shop.id, wanted)
    header = ("Group", "Question", "Asked", "Why", "Conversation")
    why = {False: "Not answered", True: "Rated badly"}
    lines = [
        (title, one.text, visit.local(one.at), why[one.rated is not None], f"{one.conversation}#{one.seq}")
        for title, one in rows
    ]
    headers = {"Content-Disposition": f'attachment; filename="{visit.shop.id}-questions.csv"'}
    return raw(csv_bytes(header, lines), headers=headers, content_type="text/csv; charset=utf-8")


@page(blueprint, PLACE + "/<group:str>", Right.VIEW)
async def question(visit: Visit, group: str) -> HTTPResponse:
    """One group: what was asked, and how it is taught."""
    found = await find(visit, group)
    chosen, answer = visit.request.args.get("use", ""), ""
    if chosen and visit.can(Right.EDIT):
        answer = next((one.text for one in await suggestions_for(visit, found) if digest(one) == chosen), "")
    return await show(visit, found, answer=answer)


@page(blueprint, PLACE + "/<group:str>/suggestions", Right.EDIT)
async def suggestions(visit: Visit, group: str) -> HTTPResponse:
    """What could be answered, from what the shop has said somewhere."""
    found = await find(visit, group)
    offered = await suggestions_for(visit, found)
    return await visit.render("console/question_suggestions.html", group=found, offered=offered, digest=digest)


async def find(visit: Visit, identity: str) -> Group:
    """A group of the shop.

    Raises:
        ServiceError: `question_unknown`.
    """
    found = await asyncio.to_thread(visit.house.learning.inbox.group, visit.shop.id, identity[:16])
    if found is None:
        raise ServiceError("question_unknown", "There is no such question here any more.", 404)
    return found


async def show(
    visit: Visit, group: Group, *, answer: str = "", problems: FormProblems = NO_PROBLEMS, wrong: str = ""
) -> HTTPResponse:
    """The page of a group, with what was wrong in a form of it."""
    learning, shop = visit.house.learning, visit.shop.id
    asked = await asyncio.to_thread(learning.inbox.questions, shop, group, QUESTIONS)
    lesson = await asyncio.to_thread(learning.teaching.lesson, shop, group, asked)
    best = await asyncio.to_thread(visit.house.shopping.desk.best, shop, group.title, 1)
    return await visit.render(
        "console/question.html",
        status=409 if wrong else 200,
        problems=problems,
        group=group,
        asked=asked,
        lesson=lesson,
        answered=best[0].answer if best and best[0].score >= SURE else None,
        taught=await asyncio.to_thread(_entry, visit, group.answer) if group.answer else None,
        question_of=_question,
        answer=answer,
        wrong=wrong,
        sure=SURE,
    )


async def suggestions_for(visit: Visit, group: Group) -> list[Suggestion]:
    """What may be the answer to a group."""
    learning, shop = visit.house.learning, visit.shop.id

    def made() -> list[Suggestion]:
        asked = learning.inbox.questions(shop, group, QUESTIONS)
        return learning.suggesting.for_group(shop, group.title, asked)

    return await asyncio.to_thread(made)


def digest(one: Suggestion) -> str:
    """Names a suggestion in an address."""
    return sha256(one.text.encode()).hexdigest()[:16]


async def _taught(visit: Visit, identity: str) -> tuple[Group, Entry] | None:
    """What has just been taught, where it waits to be published."""
    if not identity:
        return None
    found = await asyncio.to_thread(visit.house.learning.inbox.group, visit.shop.id, identity[:16])
    if found is None or found.state is not State.TAUGHT:
        return None
    entry = await asyncio.to_thread(_entry, visit, found.answer)
    return (found, entry) if entry and entry.changed else None


def _entry(visit: Visit, answer: str) -> Entry | None:
    entry = visit.house.shopping.answers.draft(visit.shop.id, "answer", answer)
    return None if entry is None or entry.removed else entry


def _question(entry: Entry) -> str:
    return entry.read(ShopAnswer).question


def _wanted(visit: Visit) -> tuple[Wanted, int]:
    """What the address asks for; what it cannot mean is left out."""
    asked = visit.request.args
    state, why, order = asked.get("state", ""), asked.get("why", ""), asked.get("order", "")
    days = whole(asked.get("days", ""), 1, max(DAYS))
    wanted = Wanted(
        state=State(state) if state in set(State) else State.OPEN,
        why=Why(why) if why in set(Why) else Why.ANY,
        words=asked.get("q", "").strip(),
        since=_since(visit.now, days) if days in DAYS and days else None,
        order=Order(order) if order in set(Order) else Order.MOST,
        page=whole(asked.get("page", ""), 1, PAGES_MAX) or 1,
    )
    return wanted, days if days in DAYS else 0


def _since(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
