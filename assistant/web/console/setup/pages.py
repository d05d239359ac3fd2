"""The pages of the set-up: an overview, and a page for each step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.console.setup import answer_steps, goods_steps, shop_steps, talk_steps
from assistant.web.console.setup.outcome import Clash, Kept, Outcome
from assistant.web.console.setup.steps import NAMES, STEPS, after, facts, progress
from skills.storefront.profile import PROFILE

blueprint = Blueprint("console_setup")

PLACE = "/console/<shop:str>/setup"

Shown = Callable[[Visit], Awaitable[dict[str, Any]]]
Save = Callable[[Visit], Awaitable[Outcome]]
PARTS: dict[str, tuple[Shown, Save]] = {
    "shop": (shop_steps.shop_shown, shop_steps.save_shop),
    "voice": (talk_steps.voice_shown, talk_steps.save_voice),
    "look": (shop_steps.look_shown, shop_steps.save_look),
    "hours": (talk_steps.hours_shown, talk_steps.save_hours),
    "delivery": (shop_steps.delivery_shown, shop_steps.save_delivery),
    "returns": (shop_steps.returns_shown, shop_steps.save_returns),
    "products": (goods_steps.shown, goods_steps.save),
    "questions": (answer_steps.questions_shown, answer_steps.save_questions),
    "live": (answer_steps.live_shown, answer_steps.save_live),
}


@page(blueprint, PLACE, Right.EDIT)
async def overview(visit: Visit) -> HTTPResponse:
    """Every step, and how far the shop is."""
    states = await _states(visit)
    todo = next((one.step.name for one in states if one.state == "todo"), "live")
    return await visit.render("console/setup/overview.html", states=states, todo=todo)


@page(blueprint, f"{PLACE}/<step:str>", Right.EDIT)
async def one_step(visit: Visit, step: str) -> HTTPResponse:
    """A step."""
    return await _step_page(visit, _known(step))


@form(blueprint, f"{PLACE}/<step:str>", Right.EDIT)
async def save_step(visit: Visit, step: str) -> HTTPResponse:
    """Keep a step and go on."""
    outcome = await PARTS[_known(step)][1](visit)
    if isinstance(outcome, Kept):
        return await visit.go(f"setup/{outcome.to or after(step)}", notice=outcome.notice)
    return await _step_page(visit, step, outcome)


async def _step_page(visit: Visit, name: str, outcome: FormProblems | Clash | None = None) -> HTTPResponse:
    values, states = await asyncio.gather(PARTS[name][0](visit), _states(visit))
    problems, status = NO_PROBLEMS, 200
    if outcome is not None:
        # What was sent is shown again, and compared with what it was made from.
        status = 409 if isinstance(outcome, Clash) else 422
        problems = outcome if isinstance(outcome, FormProblems) else FormProblems({}, visit.fields())
        values |= {each: visit.fields().get(each) for each in ("was", "seen") if each in values}
        if name == "delivery":
            values["rows"] = shop_steps.shown_rows(visit.fields())
    if isinstance(outcome, Clash):
        values["was" if outcome.theirs.kind == PROFILE else "seen"] = outcome.was
    step = STEPS[NAMES.index(name)]
    frame = {"step": step, "states": states, "next": after(name), "clash": outcome if status == 409 else None}
    return await visit.render(f"console/setup/{name}.html", status=status, problems=problems, **(values | frame))


async def _states(visit: Visit) -> list[Any]:
    shopping = visit.house.shopping
    found = await asyncio.to_thread(facts, shopping.entries, shopping.catalogues, visit.shop)
    return progress(found)


def _known(step: str) -> str:
    if step not in PARTS:
        raise ServiceError("not_found", "There is nothing here.", 404)
    return step
