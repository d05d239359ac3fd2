"""The Sanic application: routes, limits, headers and errors around one house."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import structlog
from sanic import Request, Sanic
from sanic.config import Config
from sanic.exceptions import NotFound, SanicException
from sanic.response import BaseHTTPResponse

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web import (
    agents,
    answer_pictures,
    api,
    carts,
    channel_page,
    channels,
    chat,
    chat_http,
    checkout_sessions,
    cors,
    follows,
    internal,
    items,
    listener_position,
    machine,
    media,
    oembed,
    own_items,
    pages,
    pay,
    shop_content,
    shop_pages,
    shop_pictures,
    shop_products,
    uploads,
    voice,
    wake,
    watch,
    widget,
)
from assistant.web.authentication import failures
from assistant.web.chat_access import Limits
from assistant.web.compressing import compress
from assistant.web.console.blueprints import BLUEPRINTS as CONSOLE
from assistant.web.media_errors import service_error
from assistant.web.responses import error_response
from assistant.web.shop_errors import shop_error
from skills.media.errors import MediaError
from skills.shopping.errors import ShoppingError
from skills.storefront import StorefrontError

log = structlog.get_logger(__name__)

Application = Sanic[Config, SimpleNamespace]

FRAME_ANCESTORS = "frame-ancestors 'self'"
FRAMED = "/embed/"
"""Only these pages may stand in frames of other sites, of those that the operator has named."""

PRIVATE = "/console"
"""What is here is for who is signed in: nothing on the way keeps it, errors neither."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self' ws: wss:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; " + FRAME_ANCESTORS
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}


_CODES = {405: "method_not_allowed", 408: "request_timeout", 413: "too_large"}
"""What Sanic itself refuses."""


def create_app(house: House) -> Application:
    """The application of `house`, which the caller starts and stops."""
    app: Application = Sanic("sori", configure_logging=False)
    settings = house.settings
    app.ctx.house = house
    app.ctx.failures = failures()
    app.ctx.chat_limits = Limits()
    app.config.REQUEST_MAX_SIZE = settings.upload_max_mb * 1_000_000
    app.config.REQUEST_TIMEOUT = 30
    app.config.RESPONSE_TIMEOUT = int(settings.turn_timeout_s) + 120
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 2.0
    app.config.WEBSOCKET_MAX_SIZE = voice.MESSAGE_MAX
    app.config.WEBSOCKET_PING_INTERVAL = 10
    app.config.WEBSOCKET_PING_TIMEOUT = 10
    app.config.FALLBACK_ERROR_FORMAT = "json"
    for routes in (
        pages,
        watch,
        channel_page,
        api,
        voice,
        wake,
        items,
        uploads,
        own_items,
        channels,
        follows,
        listener_position,
        media,
        oembed,
        carts,
        checkout_sessions,
        pay,
        shop_pictures,
        answer_pictures,
        shop_pages,
        shop_products,
        shop_content,
        machine,
        internal,
        chat,
        chat_http,
        agents,
        widget,
    ):
        app.blueprint(routes.blueprint)
    for blueprint in CONSOLE:
        app.blueprint(blueprint)
    app.on_request(cors.answer_preflight)
    app.on_request(_only_when_ready)
    app.on_request(_only_text)
    app.register_middleware(_add_headers, "response")
    app.register_middleware(cors.add_headers, "response")
    app.register_middleware(compress, "response")
    app.exception(Exception)(_answer_exception)
    return app


async def _only_when_ready(request: Request) -> None:
    """While parts are still starting, only what says so answers."""
    house: House = request.app.ctx.house
    if not house.ready.is_set() and request.path not in ("/health", "/metrics"):
        raise ServiceError("starting", "Sori is still starting. Please try again in a few seconds.", 503)


async def _only_text(request: Request) -> None:
    """Nothing of ours has a NUL in its address, and databases cannot be asked for one."""
    if b"%00" in request.raw_url or b"\0" in request.raw_url:
        raise ServiceError("not_found", "There is nothing here.", 404)


async def _add_headers(request: Request, response: BaseHTTPResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(PRIVATE):
        response.headers.setdefault("Cache-Control", "no-store")
    house: House = request.app.ctx.house
    if request.path.startswith(FRAMED):
        ancestors = " ".join([FRAME_ANCESTORS, *house.settings.embed_origins])
        response.headers["Content-Security-Policy"] = SECURITY_HEADERS["Content-Security-Policy"].replace(
            FRAME_ANCESTORS, ancestors
        )


async def _answer_exception(request: Request, error: Exception) -> BaseHTTPResponse:
    known = _known(error)
    if known.status >= 500 and known.code == "internal_error":
        log.error("request failed", path=request.path, exc_info=error)
    if "text/html" in request.headers.get("accept", ""):
        return await pages.error_page(known)
    return error_response(known)


def _known(error: Exception) -> ServiceError:
    match error:
        case ServiceError():
            return error
        case MediaError():
            return service_error(error)
        case ShoppingError() | StorefrontError():
            return shop_error(error)
        case NotFound() | IsADirectoryError():  # a folder below /static
            return ServiceError("not_found", "There is nothing here.", 404)
        case SanicException() if error.status_code < 500:
            code = _CODES.get(error.status_code, "bad_request")
            return ServiceError(code, str(error), error.status_code)
        case asyncio.TimeoutError():
            return ServiceError("timeout", "That took too long. Please try again.", 504)
        case _:
            return ServiceError("internal_error", "Something went wrong here. It has been noted.", 500)
