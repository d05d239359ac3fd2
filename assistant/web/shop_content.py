"""A shop's answers, versions, numbers and conversations over HTTP, for the shop's own machines."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from itertools import islice

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from assistant.chat.archive import View
from assistant.errors import ServiceError
from assistant.house import House
from assistant.insights.assisted import revenue
from assistant.insights.spans import DAYS_MAX, Span
from assistant.storage.api_keys import answers_of
from assistant.web.authentication import authenticated
from assistant.web.reading import read_body, read_values, whole
from assistant.web.responses import model_response
from assistant.web.shop_content_messages import (
    ConversationMessage,
    HeldAnswer,
    HeldAnswers,
    ListedConversation,
    ListedConversations,
    PublishedVersion,
    PublishedVersions,
    PublishRequest,
    ShopNumbers,
    WholeConversation,
)
from skills.storefront import ShopAnswer
from skills.storefront.entries import Entries
from skills.storefront.entry import Conflict, Entry, Version
from skills.storefront.zones import zone

blueprint = Blueprint("shop_content", url_prefix="/api/v1/shops")

KIND = "answer"
PAGE, PAGES_MAX = 200, 1_000
VERSIONS = 100
MESSAGES = 500
DAYS = 7
ANSWER = "/<shop:str>/answers/<identity:str>"


@blueprint.get("/<shop:str>/answers")
async def answers(request: Request, shop: str) -> HTTPResponse:
    """Answers as they are edited, `?after=` one of them."""
    house, _ = await _who(request, shop)
    found = await asyncio.to_thread(house.shopping.entries.drafts, shop, KIND)
    after = request.args.get("after", "")
    begin = next((place + 1 for place, one in enumerate(found) if one.id == after), 0) if after else 0
    if after and not begin:
        raise ServiceError("answer_unknown", "There is no answer of the id in `after`.", 404)
    page = tuple(map(_held, islice(found, begin, begin + PAGE)))
    follows = page[-1].answer.id if begin + PAGE < len(found) else None
    return model_response(HeldAnswers(answers=page, next=follows))


@blueprint.get(ANSWER, unquote=True)
async def answer(request: Request, shop: str, identity: str) -> HTTPResponse:
    """One of them."""
    house, _ = await _who(request, shop)
    return model_response(_held(await _found(house.shopping.entries, shop, identity)))


@blueprint.put(ANSWER, unquote=True)
async def put_answer(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Add or change one, as a draft; with `If-Match` only if its revision is still that one."""
    house, name = await _who(request, shop)
    given = _answer(request, identity)
    entries = house.shopping.entries
    saved = await asyncio.to_thread(entries.save, shop, KIND, identity, given, name, _now(), _seen(request))
    if isinstance(saved, Conflict):
        raise _conflict(saved)
    return model_response(_held(saved.entry))


@blueprint.delete(ANSWER, unquote=True)
async def remove_answer(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Remove one, as a draft: customers get it until that is published."""
    house, name = await _who(request, shop)
    await _found(house.shopping.entries, shop, identity)
    gone = await asyncio.to_thread(house.shopping.entries.remove, shop, KIND, identity, name, _now(), _seen(request))
    if isinstance(gone, Conflict):
        raise _conflict(gone)
    return empty()


@blueprint.post("/<shop:str>/versions")
async def publish(request: Request, shop: str) -> HTTPResponse:
    """Publish what was changed: customers get it from the next question on."""
    house, name = await _who(request, shop)
    asked = read_body(request, PublishRequest)
    entries = house.shopping.entries

    def make() -> Version | None:
        wanted = {identity: entries.draft(shop, KIND, identity) for identity in asked.answers}
        if missing := [identity for identity, one in wanted.items() if one is None]:
            raise ServiceError("answer_unknown", f"There is no answer {missing[0]!r}.", 404)
        only = {(KIND, identity): one.revision for identity, one in wanted.items() if one} if asked.answers else None
        return entries.publish(shop, name, _now(), asked.note, only)

    version = await asyncio.to_thread(make)
    if version is None:
        raise ServiceError("nothing_to_publish", "Everything is published already.", 409)
    return model_response(_version(version), 201)


@blueprint.get("/<shop:str>/versions")
async def versions(request: Request, shop: str) -> HTTPResponse:
    """What was published, the newest first."""
    house, _ = await _who(request, shop)
    found = await asyncio.to_thread(lambda: house.shopping.entries.versions(shop, limit=VERSIONS))
    return model_response(PublishedVersions(versions=tuple(map(_version, found))))


@blueprint.get("/<shop:str>/numbers")
async def numbers(request: Request, shop: str) -> HTTPResponse:
    """Days in numbers: from `?first=` to `?last=`, else the last seven."""
    house, _ = await _who(request, shop)
    span = await _span(request, house, shop)
    told, orders = await asyncio.to_thread(
        lambda: (house.insights.summary(shop, span), house.insights.orders(shop, span))
    )
    return model_response(
        ShopNumbers(
            first=span.first,
            last=span.last,
            conversations=told.conversations,
            contained=told.contained,
            handed_over=told.handed_over,
            unsolved=told.unsolved,
            unanswered=told.unanswered,
            satisfaction=told.satisfaction,
            answer_ms_p50=told.bot.p50_ms,
            answer_ms_p95=told.bot.p95_ms,
            orders=len(orders),
            revenue=revenue(orders),
        )
    )


@blueprint.get("/<shop:str>/conversations")
async def conversations(request: Request, shop: str) -> HTTPResponse:
    """Conversations, the last used first, `?page=` by page; with `?words=` those in which they were said."""
    house, name = await _who(request, shop)
    number = whole(request.args.get("page", ""), 1, PAGES_MAX) or 1
    words = request.args.get("words", "")
    found = await asyncio.to_thread(house.chat.archive.listing, shop, View.ALL, name, words, number)
    listed = tuple(
        ListedConversation(
            id=one.conversation.id,
            title=one.conversation.title,
            customer=one.conversation.customer,
            state=one.conversation.thread.state.value,
            began=one.conversation.started_at,
            used=one.conversation.used_at,
            last=one.last,
        )
        for one in found.entries
    )
    return model_response(ListedConversations(conversations=listed, more=found.more))


@blueprint.get("/<shop:str>/conversations/<identity:str>")
async def conversation(request: Request, shop: str, identity: str) -> HTTPResponse:
    """One of them, its newest messages."""
    house, _ = await _who(request, shop)
    found = await asyncio.to_thread(house.chat.log.conversation, identity[:64], shop)
    if found is None:
        raise ServiceError("conversation_unknown", "There is no such conversation.", 404)
    kept = await asyncio.to_thread(house.chat.log.whole, found.id, MESSAGES)
    said = tuple(
        ConversationMessage(seq=one.seq, sender=one.sender, at=one.at, text=one.body.text, rating=one.rating)
        for one in kept
    )
    return model_response(WholeConversation(id=found.id, title=found.title, customer=found.customer, messages=said))


async def _who(request: Request, shop: str) -> tuple[House, str]:
    """The house, and the name of the key that was shown, which changes bear."""
    key = await authenticated(request, answers_of(shop))
    return request.app.ctx.house, key.name


async def _found(entries: Entries, shop: str, identity: str) -> Entry:
    found = await asyncio.to_thread(entries.draft, shop, KIND, identity)
    if found is None or found.removed:
        raise ServiceError("answer_unknown", "There is no such answer.", 404)
    return found


def _answer(request: Request, identity: str) -> ShopAnswer:
    told = request.json if isinstance(request.json, dict) else None
    if told is None:
        raise ServiceError("request_invalid", "Send the answer as a JSON object.", 422)
    return read_values(ShopAnswer, told | {"id": identity})


def _seen(request: Request) -> int | None:
    told = request.headers.get("if-match", "").strip().strip('"')
    if not told:
        return None
    if not told.isdecimal():
        raise ServiceError("request_invalid", "If-Match: the revision that was read, a number.", 422)
    return int(told[:12])


def _conflict(conflict: Conflict) -> ServiceError:
    theirs = conflict.theirs
    return ServiceError("answer_changed", f"{theirs.by} has changed it: its revision is {theirs.revision} now.", 409)


async def _span(request: Request, house: House, shop: str) -> Span:
    found = await asyncio.to_thread(house.shopping.catalogues.shop, shop)
    where, now = zone(found.time_zone if found else "UTC"), _now()
    first, last = request.args.get("first"), request.args.get("last")
    if first is None and last is None:
        return Span.of_days(DAYS, now, where)
    try:
        begin, end = date.fromisoformat(first or ""), date.fromisoformat(last or "")
    except ValueError as error:
        raise ServiceError("request_invalid", "first and last: two days, like 2026-11-01.", 422) from error
    if not 0 <= (end - begin).days < DAYS_MAX:
        raise ServiceError("request_invalid", f"first and last: at most {DAYS_MAX} days, the first one first.", 422)
    return Span(begin, end, where, now)


def _held(entry: Entry) -> HeldAnswer:
    return HeldAnswer(
        answer=entry.read(ShopAnswer),
        revision=entry.revision,
        changed=entry.changed,
        live=entry.is_live,
        by=entry.by,
        at=entry.at,
    )


def _version(version: Version) -> PublishedVersion:
    return PublishedVersion(
        number=version.number, by=version.by, at=version.at, note=version.note, changes=version.changes
    )


def _now() -> datetime:
    return datetime.now(UTC)
