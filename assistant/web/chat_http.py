"""Beside the chat socket: the widget's configuration, older messages, recordings, speech, and pairing."""

from __future__ import annotations

import asyncio
import re
import time

from pydantic import Field, ValidationError
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from assistant.chat.client_messages import SEQ_MAX, Page
from assistant.chat.server_messages import ChatMessage, Coming
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import now
from assistant.errors import ServiceError
from assistant.house import House
from assistant.trace import Trace
from assistant.web.chat_access import limits, take, the_shop, the_shopper
from assistant.web.responses import model_response
from assistant.web.sound import hypotheses, recognised, spoken
from skills.message import Message
from skills.shop_view import MenuEntry
from skills.shopping.shop import Shop
from skills.turn import Hypothesis

LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")

blueprint = Blueprint("chat_http", url_prefix="/api/v1/chat")

MESSAGES, MESSAGES_MAX = 50, 100
"""In one answer: without a limit, and with one at most."""


class WidgetConfig(Message):
    """What a widget shows before anybody has talked."""

    store: str
    name: str
    tagline: str
    language: str
    greeting: str
    suggestions: tuple[str, ...]
    accent: str
    """A colour, `#rrggbb`; empty for the widget's own."""
    privacy: str
    open: bool
    opens: str
    """When people answer again, in words; empty while they do."""
    menu: tuple[MenuEntry, ...] = ()
    proactive: tuple[Coming, ...] = ()


class OlderMessages(Message):
    """Messages of a conversation, oldest first; `more` where there are older ones."""

    messages: tuple[ChatMessage, ...]
    more: bool


class HeardRecording(Message):
    """What was heard; `voice` goes back with the text when it is sent. Without one, nothing was heard."""

    voice: str | None
    text: str
    alternatives: tuple[Hypothesis, ...]


class PairRequest(Message):
    """A code, as it was typed."""

    code: str = Field(min_length=1, max_length=20)


class PairedDevice(Message):
    """What this device is from now on."""

    session: str
    conversation: str


@blueprint.get("/config")
async def config(request: Request) -> HTTPResponse:
    """A shop's widget on the page `?url=` in `?language=`, with `?product=` on it, before anybody has talked."""
    house: House = request.app.ctx.house
    shop = await the_shop(request)
    shopper = the_shopper(request, shop) if "authorization" in request.headers else Shopper(shop.id, "")
    take(limits(request).messages, request)
    page, language = _page(request), _language(request, shop)
    at = now()
    face = await house.chat.rules.face(shop, shopper, page, language, at)
    return model_response(
        WidgetConfig(
            store=shop.id,
            name=shop.name,
            tagline=shop.tagline,
            language=shop.language,
            greeting=face.greeting,
            suggestions=face.suggestions,
            accent=shop.accent,
            privacy=shop.privacy,
            open=face.open,
            opens=face.opens,
            menu=face.menu,
            proactive=await house.chat.rules.coming(shop, shopper, page, language, at),
        )
    )


@blueprint.get("/messages")
async def messages(request: Request) -> HTTPResponse:
    """The messages `?before=` a number in `?conversation=`, `?limit=` of them."""
    house: House = request.app.ctx.house
    shop = await the_shop(request)
    shopper = the_shopper(request, shop)
    take(limits(request).messages, request)
    before = _number(request, "before", SEQ_MAX, SEQ_MAX)
    limit = _number(request, "limit", MESSAGES, MESSAGES_MAX)
    conversation = await _conversation(house, shop.id, shopper.id, request.args.get("conversation", ""))
    found, more = await asyncio.to_thread(house.chat.log.before, conversation, before, limit)
    return model_response(OlderMessages(messages=tuple(one.message() for one in found), more=more))


@blueprint.post("/voice")
async def voice(request: Request) -> HTTPResponse:
    """What was said in a recording, which is the request's body."""
    house: House = request.app.ctx.house
    shopper = the_shopper(request, await the_shop(request))
    take(limits(request).recordings, request)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not kind.startswith(("audio/", "video/")) and kind != "application/octet-stream":
        raise ServiceError("media_type", "Send a recording with an audio content type.", 415)
    transcript = await recognised(house, request.body, Trace())
    kept = house.chat.voices.keep(shopper, transcript, time.monotonic()) if transcript.text else None
    return model_response(
        HeardRecording(voice=kept, text=transcript.text, alternatives=hypotheses(transcript) if transcript.text else ())
    )


@blueprint.get("/speech/<conversation:str>/<seq:int>")
async def speech(request: Request, conversation: str, seq: int) -> HTTPResponse:
    """An answer as it is said, a WAV file."""
    house: House = request.app.ctx.house
    shop = await the_shop(request)
    shopper = the_shopper(request, shop)
    take(limits(request).messages, request)
    identity = await _conversation(house, shop.id, shopper.id, conversation)
    found = await asyncio.to_thread(house.chat.log.message, identity, min(max(seq, 0), SEQ_MAX))
    if found is None or not found.body.speech:
        raise ServiceError("message_unknown", "There is nothing to hear here.", 404)
    sound = await spoken(house, found.body.speech)
    return raw(sound, content_type="audio/wav", headers={"Cache-Control": "private, max-age=3600"})


@blueprint.post("/pair")
async def pair(request: Request) -> HTTPResponse:
    """Open on this device the conversation that a code names."""
    house: House = request.app.ctx.house
    shop = await the_shop(request)
    take(limits(request).codes, request)
    try:
        asked = PairRequest.model_validate_json(request.body)
    except ValidationError as error:
        raise ServiceError("request_invalid", "code: six letters and digits", 422) from error
    paired = await asyncio.to_thread(house.chat.pairings.take, asked.code, shop.id, now())
    return model_response(
        PairedDevice(session=house.chat.sessions.token(paired.shopper), conversation=paired.conversation)
    )


async def _conversation(house: House, shop: str, shopper: str, identity: str) -> str:
    found = await asyncio.to_thread(house.chat.log.conversation, identity[:64], shop, shopper)
    if found is None:
        raise ServiceError("conversation_unknown", "There is no such conversation here.", 404)
    return found.id


def _page(request: Request) -> Page:
    try:
        return Page(url=request.args.get("url", ""), product=request.args.get("product") or None)
    except ValidationError as error:
        raise ServiceError("request_invalid", "url, product: the page that the widget is on", 422) from error


def _language(request: Request, shop: Shop) -> str:
    language = request.args.get("language", "en")
    return language if LANGUAGE.fullmatch(language) else shop.language


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and 1 <= int(text) <= most):
        raise ServiceError("request_invalid", f"{name}: a number from 1 to {most}", 422)
    return int(text)
