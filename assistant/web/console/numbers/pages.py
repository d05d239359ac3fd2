"""The pages of the numbers, the lists that they open, and what is downloaded from them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse
from sanic.response import raw

from assistant.accounts.rights import Right
from assistant.insights.assisted import revenue
from assistant.insights.measures import Behind, Measure
from assistant.web.console.frame import NO_STORE, Visit, nothing_here, page
from assistant.web.console.numbers import pictures
from assistant.web.console.numbers.charts import Picture
from assistant.web.console.numbers.choosing import CHOICES, Choice, days_in_words, read_choice
from assistant.web.console.numbers.definitions import DEFINITIONS
from assistant.web.console.numbers.figures import figures
from assistant.web.console.numbers.reading import WHOLE, Read
from assistant.web.console.numbers.tables import Sheet, of_orders
from assistant.web.reading import whole
from skills.csv_files import csv_bytes
from skills.storefront.zones import zone

blueprint = Blueprint("console_numbers")

PLACE = "/console/<shop:str>/numbers"
LISTED = 50
"""Conversations on a page of a list."""
SUBJECT_MAX = 1_000
TABS = {"": "Overview", "/questions": "Questions and topics", "/products": "Products and orders"}


@page(blueprint, PLACE, Right.VIEW)
async def numbers(visit: Visit) -> HTTPResponse:
    """How the bot does."""
    read = asked(visit)
    found, before = await asyncio.gather(asyncio.to_thread(read.overview), asyncio.to_thread(read.before))
    return await _render(
        visit,
        read.choice,
        "",
        figures=figures(found.summary, before),
        days=read.days(found),
        hours=read.hours(found),
        days_picture=pictures.of_days(found),
        hours_picture=pictures.of_hours(found),
        is_empty=not found.summary.conversations,
    )


@page(blueprint, PLACE + "/questions", Right.VIEW)
async def questions(visit: Visit) -> HTTPResponse:
    """What customers ask."""
    read = asked(visit)
    answers, unanswered, (found, topics) = await asyncio.gather(
        asyncio.to_thread(read.answers), asyncio.to_thread(read.unanswered), asyncio.to_thread(read.topics)
    )
    picture = pictures.of_topics(found, read.choice.span)
    return await _render(
        visit,
        read.choice,
        "/questions",
        answers=answers,
        unanswered=unanswered,
        topics=topics,
        topics_picture=picture,
        is_empty=not found,
    )


@page(blueprint, PLACE + "/products", Right.VIEW)
async def products(visit: Visit) -> HTTPResponse:
    """What customers want, and buy."""
    read = asked(visit)
    searches, asked_about, found = await asyncio.gather(
        asyncio.to_thread(read.searches), asyncio.to_thread(read.products), asyncio.to_thread(read.orders)
    )
    return await _render(
        visit,
        read.choice,
        "/products",
        searches=searches,
        products=asked_about,
        orders=found[: LISTED // 2],
        order_count=len(found),
        revenue=revenue(found),
        orders_what=DEFINITIONS[Measure.ORDERS],
        is_empty=not (searches.lines or asked_about.lines or found),
    )


@page(blueprint, PLACE + "/behind", Right.VIEW)
async def behind(visit: Visit) -> HTTPResponse:
    """The conversations behind a number."""
    read, number = asked(visit), asked_number(visit)
    found = await asyncio.to_thread(read.behind, number)
    pages = max(1, -(-len(found) // LISTED))
    place = min(whole(visit.request.args.get("page", ""), 1, 10**6) or 1, pages)
    those = found[(place - 1) * LISTED : place * LISTED]
    listed, heading = await asyncio.gather(
        asyncio.to_thread(visit.house.insights.listed, visit.shop.id, those), asyncio.to_thread(read.heading, number)
    )
    orders = await asyncio.to_thread(read.orders) if number.measure is Measure.ORDERS else []
    notes = [f"Order {one.number}, {one.revenue}" for one in orders[(place - 1) * LISTED : place * LISTED]]
    return await visit.render(
        "console/numbers/behind.html",
        choice=read.choice,
        heading=heading,
        days=days_in_words(number.within(read.choice.span)),
        what=DEFINITIONS[number.measure],
        count=len(found),
        unit="order" if number.measure is Measure.ORDERS else "conversation",
        listed=listed,
        notes=notes or [""] * len(listed),
        number=place,
        pages=pages,
        query=urlencode({"measure": number.measure, "subject": number.subject, "bar": number.bar})
        + f"&{read.choice.query}",
    )


@page(blueprint, PLACE + "/files/<name:str>", Right.VIEW)
async def file(visit: Visit, name: str) -> HTTPResponse:
    """A table as CSV, or a picture as SVG."""
    read, (stem, _, suffix) = asked(visit), name.partition(".")
    if suffix == "csv" and stem in SHEETS:
        sheet = await asyncio.to_thread(SHEETS[stem], read)
        return _file(visit, read, name, csv_bytes(sheet.header, sheet.cells()), "text/csv; charset=utf-8")
    if suffix == "svg" and stem in PICTURES:
        drawn = await asyncio.to_thread(PICTURES[stem], read)
        return _file(visit, read, name, drawn.alone().encode(), "image/svg+xml")
    raise nothing_here()


SHEETS: Mapping[str, Callable[[Read], Sheet]] = {
    "days": lambda read: read.days(read.overview()),
    "hours": lambda read: read.hours(read.overview()),
    "topics": lambda read: read.topics(WHOLE)[1],
    "answers": lambda read: read.answers(WHOLE),
    "unanswered": lambda read: read.unanswered(WHOLE),
    "searches": lambda read: read.searches(WHOLE),
    "products": lambda read: read.products(WHOLE),
    "orders": lambda read: of_orders(read.orders(), DEFINITIONS[Measure.ORDERS]),
}
PICTURES: Mapping[str, Callable[[Read], Picture]] = {
    "days": lambda read: pictures.of_days(read.overview()),
    "hours": lambda read: pictures.of_hours(read.overview()),
    "topics": lambda read: pictures.of_topics(read.topics()[0], read.choice.span),
}


def asked(visit: Visit) -> Read:
    """The span that an address asks for."""
    args = visit.request.args
    choice = read_choice(lambda name, default: args.get(name, default), visit.now, zone(visit.shop.time_zone))
    return Read(visit.house, visit.shop, choice)


def asked_number(visit: Visit) -> Behind:
    """The number whose conversations an address asks for; ServiceError(`not_found`) where there is none such."""
    args = visit.request.args
    try:
        measure = Measure(args.get("measure", ""))
    except ValueError as error:
        raise nothing_here() from error
    return Behind(measure, args.get("subject", "")[:SUBJECT_MAX], args.get("bar", "")[:10])


async def _render(visit: Visit, choice: Choice, tab: str, **values: object) -> HTTPResponse:
    template = f"console/numbers{tab or '/overview'}.html"
    values |= {"choice": choice, "choices": CHOICES, "tab": tab, "tabs": TABS}
    values |= {"days_now": days_in_words(choice.span), "days_before": days_in_words(choice.span.before)}
    return await visit.render(template, status=200, **values)


def _file(visit: Visit, read: Read, name: str, content: bytes, kind: str) -> HTTPResponse:
    """To be kept under a name that says what it is."""
    span = read.choice.span
    called = f"{visit.shop.id}-{span.first}-{span.last}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"', **NO_STORE}
    return raw(content, headers=headers, content_type=kind)
