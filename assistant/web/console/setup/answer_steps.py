"""The last steps: questions and answers from a file or drafted, and going live."""

from __future__ import annotations

import asyncio
from typing import Any

from assistant.accounts.rights import Right
from assistant.web.addresses import base_url
from assistant.web.console.fields import FormProblems
from assistant.web.console.frame import Visit
from assistant.web.console.setup.colours import style_of
from assistant.web.console.setup.outcome import Kept, Outcome
from skills.shopping.filling import Reader
from skills.storefront import ShopAnswer
from skills.storefront.alike import SAME
from skills.storefront.drafting import Drafted, drafted
from skills.storefront.drafting.assortment import assortment
from skills.storefront.exchange import ExchangeError, Reading, read_answers_file
from skills.storefront.shop_draft import drafted_shop
from skills.storefront.template import render, variables

SHOWN = 8
"""Rows of a file that could not be read, which are shown."""


async def questions_shown(visit: Visit) -> dict[str, Any]:
    """The page of the questions: what can be drafted that the shop does not have yet."""
    return await asyncio.to_thread(_questions, visit)


async def save_questions(visit: Visit) -> Outcome:
    """Take the drafts that were ticked, or the answers of a file."""
    fields = visit.fields()
    if fields.get("do") == "drafts":
        count = await asyncio.to_thread(_take, visit, set(fields.all("draft")))
        if not count:
            return FormProblems({"draft": "Nothing is ticked."}, fields)
        return Kept(f"{_counted(count)} added to your drafts.", "questions")
    file, pasted = fields.file("file"), fields.get("pasted")
    content = file.body if file and file.body else pasted.encode()
    if not content.strip():
        return FormProblems({"file": "Choose a file, or write a question and its answer."}, fields)
    try:
        read = await asyncio.to_thread(_import, visit, content, file.name if file and file.body else "")
    except ExchangeError as error:
        return FormProblems({"file": str(error)}, fields)
    if not read.answers:
        return FormProblems({"file": _unread(read)}, fields)
    await visit.note("imported answers", file.name if file and file.body else "written", _counted(len(read.answers)))
    left = {one.row for one in read.problems if one.row}
    missed = f" {len(left)} rows could not be used: {_first(read)}" if left else ""
    return Kept(f"{_counted(len(read.answers))} read.{missed}", "" if not left else "questions")


async def live_shown(visit: Visit) -> dict[str, Any]:
    """The last page: what is still to be published, the bot itself, and the line for the shop's site."""
    return await asyncio.to_thread(_live, visit)


async def save_live(visit: Visit) -> Outcome:
    """Publish everything."""
    if not visit.can(Right.PUBLISH):
        return FormProblems({"": "Your role cannot publish. Ask a manager or the owner."}, visit.fields())
    entries = visit.house.shopping.entries
    if visit.fields().get("seen") != str(await asyncio.to_thread(entries.draft_revision, visit.shop.id)):
        return FormProblems({"": "Somebody has changed something meanwhile. Please look once more."}, visit.fields())
    made = await asyncio.to_thread(entries.publish, visit.shop.id, visit.account.name, visit.now, "The set-up")
    if made is not None:
        await visit.note("published", f"Version {made.number}", "The set-up")
    return Kept("Your bot is live. Ask it something!", "live")


def _questions(visit: Visit) -> dict[str, Any]:
    entries, shopping = visit.house.shopping.entries, visit.house.shopping
    shop = drafted_shop(entries, visit.shop)
    found = _possible(visit)
    names = {name for one in found for name in variables(one.answer.answer)}
    values = shopping.filling.values(shop, names, Reader(draft=True))
    rows = [(one, render(one.answer.answer, values)) for one in found]
    return {"rows": rows, "count": entries.count(shop.id, "answer")}


def _possible(visit: Visit) -> list[Drafted]:
    """Drafts of what the shop has no answer to yet; one that it has removed is not offered again."""
    entries, catalogues = visit.house.shopping.entries, visit.house.shopping.catalogues
    shop = drafted_shop(entries, visit.shop)
    has_hours = bool(visit.house.shopping.front.of(shop.id, True).timetable(shop).hours.week)
    goods = assortment(catalogues.all_products(shop.id))
    there = {one.id for one in entries.drafts(shop.id, "answer", removed=True)}
    new = [one for one in drafted(shop, has_hours, goods) if one.answer.id not in there]
    return [one for one in new if not _is_answered(visit, one.answer.question)] if there else new


def _is_answered(visit: Visit, question: str) -> bool:
    """Whether the shop has an answer of its own to the same question in other words."""
    nearest = visit.house.shopping.desk.near(visit.shop.id, [question], 1)
    return bool(nearest) and nearest[0].score >= SAME


def _take(visit: Visit, ticked: set[str]) -> int:
    every = visit.fields().get("all")
    chosen: dict[str, ShopAnswer] = {
        one.answer.id: one.answer for one in _possible(visit) if every or one.answer.id in ticked
    }
    if chosen:
        visit.house.shopping.entries.save_many(visit.shop.id, "answer", chosen, visit.account.name, visit.now)
    return len(chosen)


def _import(visit: Visit, content: bytes, name: str) -> Reading:
    answers = visit.house.shopping.answers
    read = read_answers_file(content, name, known=answers.all(visit.shop.id, draft=True))
    if read.answers:
        given = {one.id: one for one in read.answers}
        answers.save_many(visit.shop.id, "answer", given, visit.account.name, visit.now)
    return read


def _unread(read: Reading) -> str:
    if read.problems:
        return f"No answer could be read: {_first(read)}"
    return "Which column has the questions, and which the answers? Call them “question” and “answer”."


def _first(read: Reading) -> str:
    one = read.problems[0]
    return f"row {one.row}: {one.text}" if one.row else one.text


def _live(visit: Visit) -> dict[str, Any]:
    entries, shop = visit.house.shopping.entries, visit.shop
    seen = entries.draft_revision(shop.id)
    wanted = drafted_shop(entries, shop)
    return {
        "seen": seen,
        "waiting": sum(entries.waiting(shop.id).values()),
        "published": entries.revision(shop.id),
        "here": base_url(visit.request),
        "sites": wanted.origins,
        "style": style_of(wanted.accent),
    }


def _counted(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"
