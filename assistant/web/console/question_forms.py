"""What the forms of the questions' pages do: teach, publish what was taught, put away and bring back."""

from __future__ import annotations

import asyncio
from secrets import token_hex

from pydantic import ValidationError
from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.learning.personal import marked
from assistant.learning.question import State
from assistant.learning.teaching import NotTaught, Taught
from assistant.web.console.fields import FormProblems, sentences
from assistant.web.console.frame import Visit, form
from assistant.web.console.questions import PLACE, find, show
from assistant.web.reading import whole
from skills.storefront import ShopAnswer

blueprint = Blueprint("console_question_forms")


@form(blueprint, PLACE + "/<group:str>/answer", Right.EDIT)
async def teach_answer(visit: Visit, group: str) -> HTTPResponse:
    """A new answer to a group's questions."""
    found, fields = await find(visit, group), visit.fields()
    answer = _read(visit)
    if isinstance(answer, FormProblems):
        return await show(visit, found, problems=answer, answer=fields.get("answer"))
    teaching = visit.house.learning.teaching
    done = await asyncio.to_thread(teaching.new_answer, visit.shop.id, found.id, answer, visit.account.name, visit.now)
    return await _taught(visit, found.id, done, "answer added")


@form(blueprint, PLACE + "/<group:str>/variants", Right.EDIT)
async def teach_variants(visit: Visit, group: str) -> HTTPResponse:
    """A group's questions as ways to ask an answer that is there."""
    found, fields = await find(visit, group), visit.fields()
    ways = [line.strip() for line in fields.all("way") if line.strip()]
    chosen = fields.get("chosen")
    if not ways or not chosen:
        return await show(visit, found, wrong="Please choose an answer, and at least one way to ask it.")
    teaching = visit.house.learning.teaching
    done = await asyncio.to_thread(
        teaching.variants, visit.shop.id, found.id, chosen[:120], ways, visit.account.name, visit.now
    )
    return await _taught(visit, found.id, done, "ways to ask added")


@form(blueprint, PLACE + "/<group:str>/publish", Right.PUBLISH)
async def publish_taught(visit: Visit, group: str) -> HTTPResponse:
    """Make live what was taught."""
    found = await find(visit, group)
    return await visit.go("questions", notice=await _publish(visit, found.answer))


@form(blueprint, PLACE + "/<group:str>/dismiss", Right.EDIT)
async def dismiss(visit: Visit, group: str) -> HTTPResponse:
    """Put a group away: it stays away, whatever joins it."""
    found = await find(visit, group)
    await _settle(visit, found.id, State.DISMISSED)
    await visit.note("question put away", found.title[:100])
    return await visit.go("questions", notice=f"“{found.title}” is put away. You find it under “Put away”.")


@form(blueprint, PLACE + "/<group:str>/restore", Right.EDIT)
async def restore(visit: Visit, group: str) -> HTTPResponse:
    """Bring a group back that was put away or taught."""
    found = await find(visit, group)
    await _settle(visit, found.id, State.OPEN)
    await visit.note("question brought back", found.title[:100])
    return await visit.go(f"questions/{found.id}", notice="It is back among the questions to answer.")


@form(blueprint, PLACE + "/<group:str>/part", Right.EDIT)
async def part(visit: Visit, group: str) -> HTTPResponse:
    """Take a question out that means something else."""
    found, fields = await find(visit, group), visit.fields()
    conversation, seq = fields.get("conversation")[:64], whole(fields.get("seq"), 1, 10**6)
    inbox = visit.house.learning.inbox
    alone = await asyncio.to_thread(inbox.part, visit.shop.id, found.id, conversation, seq, visit.now)
    if not alone:
        return await visit.go(f"questions/{found.id}", notice="That question is in another group by now.")
    return await visit.go(f"questions/{found.id}", notice="Taken out. It is a question of its own now.")


async def _settle(visit: Visit, group: str, state: State) -> None:
    inbox = visit.house.learning.inbox
    await asyncio.to_thread(inbox.settle, visit.shop.id, group, state, visit.account.name, visit.now)


async def _taught(visit: Visit, group: str, done: Taught | NotTaught, what: str) -> HTTPResponse:
    if isinstance(done, NotTaught):
        return await show(visit, await find(visit, group), wrong=done.why, answer=visit.fields().get("answer"))
    await visit.note(what, done.question[:100], "from the questions of customers")
    if visit.fields().get("do") == "publish" and visit.can(Right.PUBLISH):
        return await visit.go("questions", notice=await _publish(visit, done.answer))
    told = f"Taught: “{done.question}”. It has left this list" + (
        ", and waits to be published." if done.changed else "."
    )
    return await visit.go(f"questions?taught={group}", notice=told)


async def _publish(visit: Visit, answer: str) -> str:
    """Publish one answer; what to say of it."""
    teaching = visit.house.learning.teaching
    version = await asyncio.to_thread(
        teaching.publish, visit.shop.id, answer, visit.account.name, visit.now, "Taught from questions"
    )
    if version is None:
        return "That is live already."
    await visit.note("published", f"Version {version.number}", "an answer from the questions of customers")
    return "It is live: from now on the bot answers this."


def _read(visit: Visit) -> ShopAnswer | FormProblems:
    fields = visit.fields()
    ways = tuple(line.strip() for line in fields.get("variants").splitlines() if line.strip())
    given = {
        "id": fields.get("id") or f"q-{token_hex(6)}",
        "question": fields.get("question"),
        "variants": tuple(dict.fromkeys(ways)),
        "answer": fields.get("answer"),
    }
    try:
        answer = ShopAnswer.model_validate(given)
    except ValidationError as error:
        return FormProblems(sentences(error), fields)
    if left := [*marked(answer.answer), *marked(answer.question)]:
        return FormProblems({"answer": f"Please replace {left[0]}: it stands for what was one customer's."}, fields)
    return answer
