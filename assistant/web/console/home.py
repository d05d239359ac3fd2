"""A shop's first page: what waits for somebody, the week in numbers, and what is still to be set up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.insights.measures import Measure
from assistant.insights.records import Summary
from assistant.insights.spans import Span
from assistant.learning.question import State
from assistant.web.console.frame import Visit, page
from assistant.web.console.numbers.choosing import DEFAULT, Choice, days_in_words
from assistant.web.console.numbers.figures import figures
from assistant.web.console.numbers.wording import plural
from assistant.web.console.setup.steps import StepState, facts, progress
from skills.storefront.zones import zone

blueprint = Blueprint("console_home")

FIGURES = (Measure.ALL, Measure.CONTAINED, Measure.LIKED, Measure.UNANSWERED)


@dataclass(frozen=True)
class Waits:
    """Something that somebody has to do something about: how much of it, in words, and where."""

    count: int
    text: str
    path: str
    icon: str


@page(blueprint, "/console/<shop:str>/", Right.VIEW)
async def home(visit: Visit) -> HTTPResponse:
    """What a seller looks at first."""
    days = int(DEFAULT)
    span = Span.of_days(days, visit.now, zone(visit.shop.time_zone))
    waits, (now, before), steps = await asyncio.gather(
        _waits(visit), asyncio.to_thread(_week, visit, span), asyncio.to_thread(_steps, visit)
    )
    shown = [one for one in figures(now, before) if one.measure in FIGURES]
    return await visit.render(
        "console/home.html",
        waits=[one for one in waits if one.count],
        figures=shown,
        choice=Choice(span, DEFAULT, span.first.isoformat(), span.last.isoformat()),
        days=days_in_words(span),
        steps=steps,
        left=[one for one in steps if one.state == "todo"],
        is_new=not now.conversations and not before.conversations,
    )


async def _waits(visit: Visit) -> list[Waits]:
    complete = await visit.house.learning.up_to_date(visit.shop.id, visit.now)
    waits = await asyncio.to_thread(_counted, visit)
    return waits if complete else [*waits, Waits(1, "New questions are being sorted", "questions", "questions")]


def _counted(visit: Visit) -> list[Waits]:
    house, shop = visit.house, visit.shop.id
    people, changes = house.chat.archive.waiting(shop), sum(house.shopping.answers.waiting(shop).values())
    questions = house.learning.inbox.counts(shop)[State.OPEN]
    return [
        Waits(
            people, plural(people, "customer waits", "customers wait"), "conversations?view=waiting", "conversations"
        ),
        Waits(questions, plural(questions, "question has", "questions have") + " no answer", "questions", "questions"),
        Waits(changes, plural(changes, "change is", "changes are") + " not published", "publish", "publish"),
    ]


def _steps(visit: Visit) -> list[StepState]:
    """Of the set-up; none for those who cannot do anything about them."""
    if not visit.can(Right.EDIT):
        return []
    shopping = visit.house.shopping
    return progress(facts(shopping.answers, shopping.catalogues, visit.shop))


def _week(visit: Visit, span: Span) -> tuple[Summary, Summary]:
    insights, shop = visit.house.insights, visit.shop.id
    return insights.summary(shop, span), insights.summary(shop, span.before)
