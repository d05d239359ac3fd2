"""The list of a shop's answers, and what is done to many of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import ValidationError
from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.learning.question import State
from assistant.web.console.answers.drafts import answers_of, chosen, folders_of, today_of
from assistant.web.console.answers.undoing import Deed, Deeds, before, revisions, take_back
from assistant.web.console.answers.wanted import PAGE, SHOWN, Wanted, is_over
from assistant.web.console.fields import sentences
from assistant.web.console.frame import Visit, form, page
from skills.storefront import ShopAnswer
from skills.storefront.kinds import ANSWER
from skills.storefront.listing import Listed

blueprint = Blueprint("console_answers")

AT = "/console/<shop:str>/answers"
FOLDERS_SHOWN = 200
"""Beside the list; of more, the first ones."""
deeds = Deeds()

Changed = Callable[[ShopAnswer], ShopAnswer]


@page(blueprint, AT, Right.VIEW)
async def answers(visit: Visit) -> HTTPResponse:
    """A page of the list."""
    return await _show(visit, Wanted.read(visit.request.args))


@form(blueprint, AT, Right.EDIT)
async def edit_many(visit: Visit) -> HTTPResponse:
    """Do something to those that are ticked, or to all that the list shows."""
    fields = visit.fields()
    wanted = Wanted.read(dict(fields))
    lines = await chosen(visit, wanted)
    if not fields.get("everything"):
        ticked = set(fields.all("id"))
        lines = [one for one in lines if one.id in ticked]
    if not lines:
        return await visit.go(_back(wanted), notice="Tick the answers first that you mean.")
    match fields.get("do"):
        case "move":
            folder = fields.get("folder_new") or fields.get("folder_to")
            return await _change(visit, wanted, lines, lambda one: _with(one, folder=folder), "Moved")
        case "dates":
            days = {name: fields.get(name) or None for name in ("begins", "ends")}
            return await _change(visit, wanted, lines, lambda one: _with(one, **days), "Dates set for")
        case "undate":
            return await _change(
                visit, wanted, lines, lambda one: _with(one, begins=None, ends=None), "Dates removed of"
            )
        case "delete":
            return await _delete(visit, wanted, lines)
        case "publish":
            return await _publish(visit, wanted, lines)
        case "discard":
            return await _discard(visit, wanted, lines)
        case _:
            raise ServiceError("form_invalid", "I do not know what to do with these.", 422)


@form(blueprint, f"{AT}/undo", Right.EDIT)
async def undo(visit: Visit) -> HTTPResponse:
    """Take back what was done last to many."""
    token = visit.fields().get("undo")
    deed = deeds.find(token, visit.shop.id, visit.account.id, visit.now)
    if deed is None:
        return await visit.go("answers", notice="This cannot be taken back any more.")
    count = await asyncio.to_thread(take_back, answers_of(visit), deed, visit.account.name, visit.now)
    deeds.forget(token)
    await visit.note("taken back", _count(count), deed.what)
    left = len(deed.before) - count
    told = f"Taken back: {_count(count)}." + (f" {_count(left)} somebody has changed since." if left else "")
    return await visit.go("answers", notice=told)


async def _show(visit: Visit, wanted: Wanted, wrong: str = "") -> HTTPResponse:
    lines = await chosen(visit, wanted)
    folders = await folders_of(visit)
    first = (wanted.page - 1) * PAGE
    counts = await asyncio.to_thread(visit.house.learning.inbox.counts, visit.shop.id)
    undoable = deeds.find(visit.request.args.get("undo", ""), visit.shop.id, visit.account.id, visit.now)
    today = today_of(visit)
    return await visit.render(
        "console/answers/list.html",
        status=422 if wrong else 200,
        wrong=wrong,
        wanted=wanted,
        shown=SHOWN,
        total=len(lines),
        lines=lines[first : first + PAGE],
        more=len(lines) > first + PAGE,
        folders=folders[:FOLDERS_SHOWN],
        unanswered=counts.get(State.OPEN, 0),
        undo=visit.request.args.get("undo", "") if undoable else "",
        tags=lambda one: _tags(one, today),
        may_edit=visit.can(Right.EDIT),
        may_publish=visit.can(Right.PUBLISH),
    )


async def _change(visit: Visit, wanted: Wanted, lines: list[Listed], changed: Changed, verb: str) -> HTTPResponse:
    answers, shop = answers_of(visit), visit.shop.id

    def work() -> Deed:
        was = before(answers, shop, {one.id: None for one in lines if not one.removed})
        now = {identity: changed(one) for identity, one in was.items() if one is not None}
        answers.save_many(shop, ANSWER, now, visit.account.name, visit.now)
        return _deed(visit, verb, was)

    try:
        deed = await asyncio.to_thread(work)
    except ValidationError as error:
        return await _show(visit, wanted, next(iter(sentences(error).values())))
    return await _done(visit, wanted, deed)


async def _delete(visit: Visit, wanted: Wanted, lines: list[Listed]) -> HTTPResponse:
    answers, shop = answers_of(visit), visit.shop.id

    def work() -> Deed:
        was = before(answers, shop, {one.id: None for one in lines if not one.removed})
        answers.remove_many(shop, ANSWER, list(was), visit.account.name, visit.now)
        return _deed(visit, "Deleted", was)

    return await _done(visit, wanted, await asyncio.to_thread(work))


async def _publish(visit: Visit, wanted: Wanted, lines: list[Listed]) -> HTTPResponse:
    if not visit.can(Right.PUBLISH):
        raise ServiceError("not_allowed", "Only who may publish can do this.", 403)
    only = {(ANSWER, one.id): one.revision for one in lines if one.changed}
    answers, by, note = answers_of(visit), visit.account.name, f"{_count(len(only))} from the list"
    version = await asyncio.to_thread(answers.publish, visit.shop.id, by, visit.now, note, only)
    if version is None:
        return await visit.go(_back(wanted), notice="There was nothing to publish: customers have these already.")
    await visit.note("published", f"Version {version.number}", _count(version.changes))
    return await visit.go(_back(wanted), notice=f"Live now: {_count(version.changes)} (version {version.number}).")


async def _discard(visit: Visit, wanted: Wanted, lines: list[Listed]) -> HTTPResponse:
    answers, shop, keys = answers_of(visit), visit.shop.id, [(ANSWER, one.id) for one in lines if one.changed]

    def work() -> Deed:
        was = before(answers, shop, {identity: None for _, identity in keys})
        answers.discard(shop, keys, visit.account.name, visit.now)
        return _deed(visit, "Put back as customers have it:", was)

    return await _done(visit, wanted, await asyncio.to_thread(work))


def _deed(visit: Visit, what: str, was: dict[str, ShopAnswer | None]) -> Deed:
    after = revisions(answers_of(visit), visit.shop.id, was)
    return Deed(visit.shop.id, visit.account.id, what, was, after, visit.now)


async def _done(visit: Visit, wanted: Wanted, deed: Deed) -> HTTPResponse:
    count = _count(len(deed.before))
    await visit.note(deed.what.lower(), count)
    token = deeds.keep(deed)
    notice = f"{deed.what} {count}. Customers meet it once you publish."
    query = wanted.query()
    return await visit.go(f"answers?{query}{'&' if query else ''}undo={token}", notice=notice)


def _with(answer: ShopAnswer, **other: Any) -> ShopAnswer:
    return ShopAnswer.model_validate(answer.model_dump() | other)


def _back(wanted: Wanted) -> str:
    query = wanted.query()
    return f"answers?{query}" if query else "answers"


def _count(number: int) -> str:
    return f"{number:,} answer{'' if number == 1 else 's'}"


def _tags(one: Listed, today: date) -> list[tuple[str, str]]:
    """What has become of an answer, in words, each with its tone."""
    tags = []
    if one.removed:
        tags.append(("Will be removed", "bad"))
    elif not one.is_live:
        tags.append(("New, not published", "warn"))
    elif one.changed:
        tags.append(("Changed, not published", "warn"))
    if is_over(one, today):
        tags.append(("Expired", "bad"))
    elif one.begins and one.begins > today:
        tags.append((f"From {one.begins}", "quiet"))
    elif one.ends:
        tags.append((f"Until {one.ends}", "quiet"))
    if one.conditional:
        tags.append(("Only when", "quiet"))
    return tags
