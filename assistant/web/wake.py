"""What the page needs to listen for a wake word by itself: the phrases, how one sounds, and the network."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file as file_response

from assistant.errors import ServiceError
from assistant.web.responses import model_response
from skills.turn import Message
from voice.errors import WakeError
from voice.wake.network import SPOTTER
from voice.wake.phrase import Phrase, find_phrase, ready_made

blueprint = Blueprint("wake", url_prefix="/api/v1")

REVALIDATE = {"cache-control": "no-cache"}
MAX_WAITING = 8
"""A phrase takes half a second of one thread; who comes when so many wait is turned away."""
_thread = ThreadPoolExecutor(1, thread_name_prefix="pronunciation")
_places = asyncio.Semaphore(MAX_WAITING)


class WakePhrases(Message):
    """The wake words that come with the product."""

    phrases: tuple[str, ...]


class Pronunciation(Message):
    """How a wake word sounds, and the score from which on it was said.

    A pronunciation is ARPAbet phones with blanks between them; `SIL` is a pause that may be left out.
    """

    phrase: str
    pronunciations: tuple[str, ...]
    threshold: float


@blueprint.get("/wake/phrases")
async def phrases(_request: Request) -> HTTPResponse:
    """The ready-made wake words."""
    return model_response(WakePhrases(phrases=tuple(phrase.text for phrase in ready_made())))


@blueprint.get("/wake/model")
async def model(request: Request) -> HTTPResponse:
    """The network that turns sound into phones, for `speaker/wake/network.js`."""
    return await file_response(
        SPOTTER, mime_type="application/octet-stream", headers=REVALIDATE, request_headers=request.headers
    )


@blueprint.get("/pronunciation")
async def pronunciation(request: Request) -> HTTPResponse:
    """How `?phrase=` sounds; 422 where it cannot be a wake word."""
    found = await _found(request.args.get("phrase", ""))
    return model_response(
        Pronunciation(
            phrase=found.text,
            pronunciations=tuple(" ".join(one) for one in found.pronunciations),
            threshold=found.threshold,
        )
    )


async def _found(text: str) -> Phrase:
    if _places.locked():
        raise ServiceError("busy", "Too many wake words are being worked out just now. Please try again.", 503)
    async with _places:
        try:
            return await asyncio.get_running_loop().run_in_executor(_thread, find_phrase, text)
        except WakeError as error:
            raise ServiceError(error.code, error.message, 422) from error
