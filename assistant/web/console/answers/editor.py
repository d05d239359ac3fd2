"""The editor of one answer."""

from __future__ import annotations

import asyncio
import secrets
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.web.console.answers import outlook
from assistant.web.console.answers.drafts import answers_of, folders_of
from assistant.web.console.answers.listed import AT, deeds
from assistant.web.console.answers.shapes import PICTURE_WRONG, as_form, read_form
from assistant.web.console.answers.undoing import Deed, revisions
from assistant.web.console.differences import differences
from assistant.web.console.fields import MultiFields
from assistant.web.console.frame import Visit, form, nothing_here, page
from assistant.web.console.nested_form import Sheet, changed, nested, without_blanks
from skills.shopping.filling import Reader
from skills.storefront import ShopAnswer, StorefrontError
from skills.storefront.answer import BUTTONS_MAX, LINKS_MAX, PICTURES_MAX
from skills.storefront.entry import Conflict, Entry
from skills.storefront.kinds import ANSWER
from skills.storefront.naming import new_id
from skills.storefront.template import VARIABLES

blueprint = Blueprint("console_answer")

PRODUCTS_MAX = 20
HISTORY = 10
"""Versions that are shown of it."""


@dataclass(frozen=True)
class Editing:
    """What is edited: the id, or the token of a form for one that there is not yet; what stands in the form."""

    id: str
    sheet: Sheet
    seen: int
    entry: Entry | None = None
    conflict: bool = False
    yours: ShopAnswer | None = None
    token: str = ""
    unsaved: bool = False


@page(blueprint, f"{AT}/new", Right.EDIT)
async def fresh(visit: Visit) -> HTTPResponse:
    """The form of a new one, with what the address says in it."""
    asked = visit.request.args
    data = {name: str(asked.get(name) or "")[:2_000] for name in ("question", "answer", "folder")}
    return await _editor(visit, Editing("", Sheet(data), 0, token=secrets.token_hex(3)))


@form(blueprint, f"{AT}/new", Right.EDIT)
async def create(visit: Visit) -> HTTPResponse:
    """Keep a new one; the same form sent twice is the same answer."""
    return await _posted(visit, None)


@page(blueprint, f"{AT}/<answer:str>", Right.VIEW)
async def edited(visit: Visit, answer: str) -> HTTPResponse:
    """The form of one that there is."""
    entry = await _entry(visit, answer)
    return await _editor(visit, Editing(answer, Sheet(as_form(entry.read(ShopAnswer))), entry.revision, entry))


@form(blueprint, f"{AT}/<answer:str>", Right.EDIT)
async def save(visit: Visit, answer: str) -> HTTPResponse:
    """Do what the pressed button says."""
    return await _posted(visit, await _entry(visit, answer))


async def _posted(visit: Visit, entry: Entry | None) -> HTTPResponse:
    fields = visit.fields()
    asked = fields.get("do", "save")
    if entry and asked in ("remove", "restore"):
        return await (_restore if asked == "restore" else _remove)(visit, entry, fields.whole("seen"))
    data = nested({name: fields.all(name) for name, _ in fields})
    editing = Editing(
        id=entry.id if entry else "",
        sheet=Sheet(data),
        seen=fields.whole("seen"),
        entry=entry,
        token=_token(fields),
        unsaved=True,
    )
    if fields.file("picture"):
        editing = replace(editing, sheet=await _with_picture(visit, fields, data))
        if editing.sheet.problems or asked == "upload":
            return await _editor(visit, editing)
    if asked not in ("save", "publish"):
        return await _editor(visit, replace(editing, sheet=changed(data, asked) or Sheet(data)), wrong=False)
    return await _save(visit, editing, publish=asked == "publish" and visit.can(Right.PUBLISH))


async def _save(visit: Visit, editing: Editing, *, publish: bool) -> HTTPResponse:
    answers, shop, by = answers_of(visit), visit.shop.id, visit.account.name
    identity = editing.id or f"{new_id(editing.sheet.text('question'), ())}-{editing.token}"
    sheet = Sheet(without_blanks(editing.sheet.data, ("does",)))
    looked_up = await asyncio.to_thread(_looked_up, visit, sheet)
    read = read_form(identity, looked_up.data)
    if looked_up.problems or isinstance(read, Sheet):
        problems = (dict(read.problems) if isinstance(read, Sheet) else {}) | dict(looked_up.problems)
        return await _editor(visit, replace(editing, sheet=Sheet(sheet.data, problems)))
    saved = await asyncio.to_thread(answers.save, shop, ANSWER, identity, read, by, visit.now, editing.seen)
    if isinstance(saved, Conflict):
        theirs, sheet = saved.theirs, Sheet(as_form(read))
        conflicting = Editing(identity, sheet, theirs.revision, theirs, True, read, unsaved=True)
        return await _editor(visit, conflicting)
    await visit.note("saved", "Answer", read.question[:80])
    notice = "Saved. Customers meet it once you publish."
    if publish:
        only = {(ANSWER, identity): saved.entry.revision}
        version = await asyncio.to_thread(answers.publish, shop, by, visit.now, read.question[:200], only)
        if version:
            await visit.note("published", f"Version {version.number}", "1 answer")
        notice = "Saved and live: customers meet it from now on."
    return await visit.go(f"answers/{identity}", notice=notice)


def _looked_up(visit: Visit, sheet: Sheet) -> Sheet:
    """The form with products by their numbers, which may be given by name, and what there is none of. Blocking."""
    shop, shopping, data = visit.shop.id, visit.house.shopping, deepcopy(sheet.data)
    found, problems = Sheet(data), dict[str, str]()

    def number(told: str, place: str) -> str:
        known = shopping.catalogues.product(shop, told) is not None
        if not known and (named := shopping.search.named(shop, told)):
            return str(named)
        if not known:
            problems.setdefault(place, f"There is no product called \u201c{told}\u201d in your shop.")
        return told

    for part in found.parts("buttons"):
        if found.text(f"{part}.does") == "card" and (told := found.text(f"{part}.card").strip()):
            found.at(part)["card"] = number(told, f"{part}.card")
    for part in found.parts("pictures"):
        if shopping.answer_pictures.path(shop, found.text(f"{part}.name")) is None:
            problems[f"{part}.name"] = PICTURE_WRONG
    lines = [line.strip() for line in found.text("conditions.products").splitlines() if line.strip()]
    if lines:
        numbers = dict.fromkeys(number(line, "conditions.products") for line in lines[:PRODUCTS_MAX])
        found.at("conditions")["products"] = "\n".join(numbers)
    return Sheet(data, problems)


async def _with_picture(visit: Visit, fields: MultiFields, data: dict[str, Any]) -> Sheet:
    """The form with the picture that came with it."""
    file, pictures = fields.file("picture"), visit.house.shopping.answer_pictures
    assert file is not None
    kept = data.get("pictures")
    parts = kept if isinstance(kept, list) else []
    if len(parts) >= PICTURES_MAX:
        return Sheet(data, {"picture": f"An answer has {PICTURES_MAX} pictures at most."})
    try:
        name = await asyncio.to_thread(pictures.add, visit.shop.id, file.body, file.name or "", file.type)
    except StorefrontError as error:
        return Sheet(data, {"picture": str(error)})
    data["pictures"] = [*parts, {"name": name, "alt": fields.get("picture_alt")}]
    return Sheet(data, focus=f"pictures.{len(parts)}")


async def _remove(visit: Visit, entry: Entry, seen: int) -> HTTPResponse:
    answers, shop, by = answers_of(visit), visit.shop.id, visit.account.name
    gone = await asyncio.to_thread(answers.remove, shop, ANSWER, entry.id, by, visit.now, seen)
    if isinstance(gone, Conflict):
        notice = f"{gone.theirs.by} has changed it meanwhile. Look at it before you delete it."
        return await visit.go(f"answers/{entry.id}", notice=notice)
    was = {entry.id: entry.read(ShopAnswer)}
    after = await asyncio.to_thread(revisions, answers, shop, was)
    token = deeds.keep(Deed(shop, visit.account.id, "Deleted", was, after, visit.now))
    await visit.note("deleted", "Answer", was[entry.id].question[:80])
    told = "Customers meet it until you publish." if entry.is_live else ""
    return await visit.go(f"answers?undo={token}", notice=f"Deleted. {told}".strip())


async def _restore(visit: Visit, entry: Entry, seen: int) -> HTTPResponse:
    answers, keys = answers_of(visit), {(ANSWER, entry.id): seen}
    done = await asyncio.to_thread(answers.discard, visit.shop.id, keys, visit.account.name, visit.now, keys)
    if not done and entry.changed:
        notice = f"{entry.by} has changed it meanwhile. Look at it before you put it back."
        return await visit.go(f"answers/{entry.id}", notice=notice)
    await visit.note("discarded", "Answer", entry.read(ShopAnswer).question[:80])
    back = f"answers/{entry.id}" if entry.is_live else "answers"
    return await visit.go(back, notice="It is again as your customers have it.")


async def _editor(visit: Visit, editing: Editing, *, wrong: bool = True) -> HTTPResponse:
    shop, sheet, shopping = visit.shop, editing.sheet, visit.house.shopping
    read = read_form(editing.id or "new", sheet.data)
    answer = read if isinstance(read, ShopAnswer) else None

    def look() -> tuple[Any, ...]:
        known = shopping.filling.values(shop, outlook.OF_SHOP, Reader(draft=True))
        # Compared with all other answers only where somebody writes: it takes longer than a page may.
        like = outlook.like(shopping.desk, shop.id, editing.id, sheet, answer) if editing.unsaved else []
        history = answers_of(visit).history(shop.id, ANSWER, editing.id, HISTORY) if editing.entry else []
        return known, like, history

    (known, like, history), folders = await asyncio.gather(asyncio.to_thread(look), folders_of(visit))
    theirs = editing.entry if editing.conflict else None
    found = differences(ANSWER, theirs.data, editing.yours.model_dump(mode="json")) if theirs and editing.yours else ()
    return await visit.render(
        "console/answers/edit.html",
        status=409 if editing.conflict else 422 if wrong and sheet.problems else 200,
        editing=editing,
        sheet=sheet,
        differences=found,
        like=like,
        told=outlook.told(sheet),
        shown=outlook.shown(shop, sheet, known, visit.now),
        history=[(version, differences(ANSWER, change.before, change.after)) for version, change in history],
        folders=folders[:200],
        variables={name: one.meaning for name, one in VARIABLES.items()},
        limits={"buttons": BUTTONS_MAX, "links": LINKS_MAX, "pictures": PICTURES_MAX},
        may_edit=visit.can(Right.EDIT),
        may_publish=visit.can(Right.PUBLISH),
    )


async def _entry(visit: Visit, identity: str) -> Entry:
    entry = await asyncio.to_thread(answers_of(visit).draft, visit.shop.id, ANSWER, identity)
    if entry is None:
        raise nothing_here()
    return entry


def _token(fields: MultiFields) -> str:
    """Of the form of a new answer: what makes the id of two answers to one question differ."""
    told = fields.get("token")
    return told if told.isalnum() and told.isascii() and len(told) == 6 else secrets.token_hex(3)
