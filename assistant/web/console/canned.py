"""Canned replies: what agents write often, kept in folders, with a shortcut each."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.chat.canned import CannedReplies, CannedText, Kept
from assistant.web.console.conversations import PLACE
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from skills.storefront.template import VARIABLES, problems

blueprint = Blueprint("console_canned")

HERE = "conversations/canned"


@page(blueprint, PLACE + "/canned", Right.TALK)
async def canned(visit: Visit) -> HTTPResponse:
    """All of them, and a form for one more or for the one that is changed (`?edit=`)."""
    return await _show(visit, NO_PROBLEMS, visit.request.args.get("edit", ""))


@form(blueprint, PLACE + "/canned", Right.TALK)
async def keep(visit: Visit) -> HTTPResponse:
    """Keep one, or remove it."""
    replies, identity = _replies(visit), visit.fields().get("id")[:16]
    if visit.fields().get("do") == "remove":
        await asyncio.to_thread(replies.remove, visit.shop.id, identity)
        return await visit.go(HERE, notice="The reply is gone.")
    read = await visit.read(CannedText)
    if not isinstance(read, FormProblems) and (wrong := problems(read.text)):
        read = FormProblems({"text": wrong[0].text}, visit.fields())
    if isinstance(read, FormProblems):
        return await _show(visit, _told(read), identity)
    given, by, at, seen = read, visit.account.name, visit.now, visit.fields().get("seen")
    kept = await asyncio.to_thread(
        lambda: (
            replies.change(visit.shop.id, identity, given, by, at, seen)
            if identity
            else replies.add(visit.shop.id, given, by, at)
        )
    )
    if kept is Kept.CONFLICT:
        return await _show(visit, FormProblems({}, visit.fields()), identity, conflict=True)
    if kept is Kept.TAKEN:
        wrong_shortcut = {
            "shortcut": f"There is a reply with /{read.shortcut} already. Please choose another shortcut."
        }
        return await _show(visit, FormProblems(wrong_shortcut, visit.fields()), identity)
    return await visit.go(HERE, notice=f"Saved. Type /{read.shortcut} in a conversation to use it.")


async def _show(visit: Visit, wrong: FormProblems, edited: str, *, conflict: bool = False) -> HTTPResponse:
    replies = _replies(visit)
    found = await asyncio.to_thread(replies.all, visit.shop.id)
    chosen = next((one for one in found if one.id == edited), None)
    folders = sorted({one.folder for one in found if one.folder})
    return await visit.render(
        "console/canned.html",
        status=409 if conflict else 200,
        problems=wrong,
        replies=found,
        chosen=chosen,
        conflict=conflict,
        # After a conflict theirs is what yours is changed from.
        seen=chosen.mark if chosen and conflict else wrong.value("seen", chosen.mark if chosen else ""),
        folders=folders,
        variables=VARIABLES,
    )


def _told(read: FormProblems) -> FormProblems:
    """The shortcut's form, in words."""
    said = dict(read.problems)
    if "shortcut" in said:
        said["shortcut"] = "Use small letters, digits and dashes, at most 30 of them: returns, or open-hours."
    return FormProblems(said, read.fields)


def _replies(visit: Visit) -> CannedReplies:
    return CannedReplies(visit.house.store.engine)
