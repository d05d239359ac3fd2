"""One turn over HTTP: written, or spoken as a recording."""

from __future__ import annotations

import base64
import secrets
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.trace import Trace
from assistant.turn_report import TurnReport
from assistant.web.addresses import asking_origin
from assistant.web.responses import model_response
from assistant.web.sound import hypotheses, recognised, spoken
from skills.message import ItemId, Message
from skills.player import PlayerState
from skills.turn import MAX_TEXT, Channel, Hypothesis, Utterance

blueprint = Blueprint("api", url_prefix="/api/v1")

Model = TypeVar("Model", bound=BaseModel)


class TurnOptions(Message):
    """What may come with a turn, in its JSON or, beside a recording, in the query string."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=False)

    conversation: str | None = Field(default=None, max_length=200, description="Token of the conversation to continue.")
    listener: str | None = Field(
        default=None, max_length=200, description="Token of the listener whose places in items are meant."
    )
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    speech: bool = Field(default=False, description="Also answer with the spoken reply, a WAV in base64.")
    channel: Literal[Channel.HTTP, Channel.COMMAND_LINE, Channel.PAGE, Channel.SPEAKER] = Channel.HTTP
    page_item: ItemId | None = None


class TurnRequest(TurnOptions):
    """A written turn."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    player: PlayerState | None = Field(default=None, description="What the client's player does, if it has one.")


class TurnResponse(TurnReport):
    """A turn, and its speech where that was asked for."""

    audio: str | None = Field(default=None, description="The spoken reply: a WAV file in base64.")


@blueprint.post("/turns")
async def turns(request: Request) -> HTTPResponse:
    """Take one turn: JSON with `text`, or a recording as the body with a content type of audio or video."""
    house: House = request.app.ctx.house
    trace, page = Trace(), asking_origin(request)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    player, transcript = None, None
    options: TurnOptions
    if kind == "application/json":
        options = written = _read(TurnRequest, request.body)
        alternatives: tuple[Hypothesis, ...] = (Hypothesis(text=written.text),)
        player = written.player
    elif kind.startswith(("audio/", "video/")) or kind == "application/octet-stream":
        options = _read_query(request)
        transcript = await recognised(house, request.body, trace)
        alternatives = hypotheses(transcript)
    else:
        raise ServiceError("media_type", "Send JSON, or a recording with an audio content type.", 415)
    known = options.conversation
    conversation = house.conversations.read(known) if known else house.conversations.new()
    listener = house.listeners.of(options.listener, conversation)
    if player:
        house.positions.report(listener, player)
    utterance = Utterance(
        conversation=conversation,
        dialog_request_id=secrets.token_hex(8),
        channel=options.channel,
        alternatives=alternatives,
        spoken=transcript is not None,
        unknown=transcript.unknown if transcript else 0.0,
        language=options.language,
        page_item=options.page_item,
        player=player,
        listener=listener,
    )
    report = await house.turn(utterance, trace, page)
    audio = base64.b64encode(await spoken(house, report.reply.speech)).decode() if options.speech else None
    return model_response(TurnResponse(**dict(report), audio=audio), status=503 if report.failure else 200)


def _read(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from error


def _read_query(request: Request) -> TurnOptions:
    try:
        return TurnOptions.model_validate({name: values[0] for name, values in request.args.items()})
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> ServiceError:
    problem = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"]) or "body"
    return ServiceError("request_invalid", f"{field}: {problem['msg']}", 422)
