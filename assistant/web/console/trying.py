"""Try it: a conversation with the drafts, by text and by voice, with why each answer would be given."""

from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import islice

from pydantic import Field, field_validator
from sanic import Blueprint, HTTPResponse
from sanic.response import raw

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.trace import Trace
from assistant.trying.situation import Situation
from assistant.trying.trials import Trial, Tried
from assistant.web.console.behaviour.kinds import LANGUAGES
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.console.why import Reason, reasons
from assistant.web.sound import hypotheses, recognised, spoken
from skills.message import Message
from skills.shopping.product import Product
from skills.storefront.zones import zone
from skills.turn import MAX_TEXT, Hypothesis

blueprint = Blueprint("console_trying")

PLACE = "/console/<shop:str>/try"
OFFERED = 200
"""Products that are offered to be chosen."""


class Asking(Message):
    """The simulator's form: what is asked, and who is supposed to ask it."""

    talk: str = Field(default="", max_length=40)
    text: str = Field(default="", max_length=MAX_TEXT)
    quick: str = Field(default="", max_length=MAX_TEXT)
    """What was tapped instead."""
    product: str = Field(default="", max_length=120)
    page: str = Field(default="", max_length=300)
    signed_in: bool = False
    at: datetime | None = None
    """By the clock on the shop's wall."""
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")

    @field_validator("at")
    @classmethod
    def _on_the_wall(cls, at: datetime | None) -> datetime | None:
        if at and not 2000 <= at.year <= 2100:
            raise ValueError("Please write a time between the years 2000 and 2100.")
        return at.replace(tzinfo=None) if at else None


@page(blueprint, PLACE, Right.VIEW)
async def try_it(visit: Visit) -> HTTPResponse:
    """The conversation so far."""
    return await _page(visit, _trial(visit, visit.request.args.get("talk", "")))


@form(blueprint, PLACE, Right.VIEW)
async def ask(visit: Visit) -> HTTPResponse:
    """Ask the drafts."""
    asked, trial = await _asked(visit)
    if isinstance(asked, FormProblems):
        return await _page(visit, trial, asked)
    text = (asked.quick or asked.text).strip()
    if text:
        await visit.house.trials.ask(visit.shop, visit.account.id, trial, (Hypothesis(text=text),))
    return await visit.go(f"try?talk={trial.id}#last")


@form(blueprint, f"{PLACE}/voice", Right.VIEW)
async def say(visit: Visit) -> HTTPResponse:
    """Ask by a recording, the form's file `recording`."""
    asked, trial = await _asked(visit)
    if isinstance(asked, FormProblems):
        return await _page(visit, trial, asked)
    recording = visit.fields().file("recording")
    if recording is None:
        return await _page(visit, trial, _problem(visit, "recording", "Please choose a recording."))
    try:
        heard = await recognised(visit.house, recording.body, Trace())
    except ServiceError as error:
        return await _page(visit, trial, _problem(visit, "recording", str(error)))
    if not heard.text:
        why = "Nothing was heard. Please speak a little louder, or closer to the microphone."
        return await _page(visit, trial, _problem(visit, "recording", why))
    said = hypotheses(heard)
    trials = visit.house.trials
    await trials.ask(visit.shop, visit.account.id, trial, said, spoken=True, unknown=heard.unknown)
    return await visit.go(f"try?talk={trial.id}#last")


@page(blueprint, f"{PLACE}/<talk:str>/<number:str>/speech", Right.VIEW)
async def speech(visit: Visit, talk: str, number: str) -> HTTPResponse:
    """An answer as it is said, a WAV file."""
    said = _trial(visit, talk).said
    if not (number.isdecimal() and len(number) <= 3 and int(number) < len(said)) or not said[int(number)].speech:
        raise ServiceError("not_found", "There is nothing to hear here.", 404)
    sound = await spoken(visit.house, said[int(number)].speech)
    return raw(sound, content_type="audio/wav", headers={"Cache-Control": "no-store"})


@form(blueprint, f"{PLACE}/panel", Right.VIEW)
async def panel(visit: Visit) -> HTTPResponse:
    """One question, asked beside the answer that is being edited."""
    asked, trial = await _asked(visit)
    problems = asked if isinstance(asked, FormProblems) else NO_PROBLEMS
    tried = None
    if not isinstance(asked, FormProblems) and asked.text.strip():
        said = (Hypothesis(text=asked.text.strip()),)
        tried = await visit.house.trials.ask(visit.shop, visit.account.id, Trial(trial.id), said)
    why = await asyncio.to_thread(_why, visit, tried) if tried else []
    return await visit.render("console/try_panel.html", tried=tried, why=why, problems=problems)


def _trial(visit: Visit, identity: str) -> Trial:
    return visit.house.trials.find(visit.shop.id, visit.account.id, identity)


async def _asked(visit: Visit) -> tuple[Asking | FormProblems, Trial]:
    """What the form says, and the trial, in whose situation it is asked from now on."""
    trial = _trial(visit, visit.fields().get("talk")[:40])
    asked = await visit.read(Asking)
    if isinstance(asked, FormProblems):
        return asked, trial
    product = asked.product.strip()
    if product and await asyncio.to_thread(_product, visit, product) is None:
        return _problem(visit, "product", "There is no such product. Choose one of the list."), trial
    trial.situation = Situation(
        product=product or None,
        page=asked.page.strip(),
        signed_in=asked.signed_in,
        at=asked.at.replace(tzinfo=zone(visit.shop.time_zone)) if asked.at else None,
        language=asked.language,
    )
    return asked, trial


def _problem(visit: Visit, field: str, sentence: str) -> FormProblems:
    return FormProblems({field: sentence}, visit.fields())


def _product(visit: Visit, identity: str) -> Product | None:
    return visit.house.shopping.catalogues.product(visit.shop.id, identity)


async def _page(visit: Visit, trial: Trial, problems: FormProblems = NO_PROBLEMS) -> HTTPResponse:
    shopping = visit.house.shopping
    products, said, unread, waiting = await asyncio.gather(
        asyncio.to_thread(lambda: list(islice(shopping.catalogues.all_products(visit.shop.id), OFFERED))),
        asyncio.to_thread(lambda: [(one, _why(visit, one)) for one in trial.said]),
        asyncio.to_thread(shopping.desk.unread, visit.shop.id),
        asyncio.to_thread(shopping.entries.waiting, visit.shop.id),
    )
    at = trial.situation.at
    return await visit.render(
        "console/try.html",
        problems=problems,
        trial=trial,
        said=said,
        products=products,
        unread=unread,
        waiting=sum(waiting.values()),
        languages=[(code, name) for code, name in LANGUAGES.items() if code],
        wall=at.astimezone(zone(visit.shop.time_zone)).strftime("%Y-%m-%dT%H:%M") if at else "",
        longest=MAX_TEXT,
    )


def _why(visit: Visit, tried: Tried) -> list[Reason]:
    questions = {one.answer.id: one.answer.question for one in tried.candidates}

    def title(identity: str) -> str:
        product = _product(visit, identity)
        return product.title if product else ""

    return reasons(tried.facts, lambda identity: questions.get(identity, ""), title)
