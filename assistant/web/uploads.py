"""Uploads of recordings in pieces, over as many connections as it takes: tus 1.0 (https://tus.io/protocols).

Core, creation, creation-with-upload, termination, expiration and checksum. A piece is written as it comes, 256 KB
of it in memory at a time; what has come when a connection breaks stays.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from email.utils import formatdate
from functools import partial
from typing import Any, TypeVar

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import BaseHTTPResponse, empty

from assistant.errors import ServiceError
from assistant.house import House
from assistant.storage.api_keys import MEDIA
from assistant.studio import Studio
from assistant.web.authentication import authenticated
from skills.media.errors import UploadError
from skills.media.uploads import ALGORITHMS, Arriving, Checksum, Upload, read_checksum, read_length, read_metadata
from skills.media.uploads.noting import described

blueprint = Blueprint("uploads", url_prefix="/api/v1/uploads")

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
PIECE_TYPE = "application/offset+octet-stream"
NO_BODY = "text/plain"
WRITTEN = 1 << 18
"""Bytes that are written, and are in memory, at a time."""
STALL_S = 30.0
"""Without a byte, the sender has left, though nobody has been told."""

Result = TypeVar("Result")


async def _say_version(_request: Request, response: BaseHTTPResponse) -> None:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Tus-Version"] = VERSION
    response.headers["Cache-Control"] = "no-store"


blueprint.middleware(_say_version, "response")


@blueprint.options("/")
@blueprint.options("/<_identity:str>", name="options_of_one")
async def options(request: Request, _identity: str = "") -> HTTPResponse:
    """What this server can do."""
    studio = _studio(request)
    return empty(
        headers={
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(studio.uploads.most),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
    )


@blueprint.post("/", stream=True)
async def create(request: Request) -> HTTPResponse:
    """Begin an upload; the body may be its first piece."""
    owner = await _sender(request)
    length = read_length(request.headers.get("upload-length"), "Upload-Length")
    metadata = read_metadata(request.headers.get("upload-metadata"))
    checksum = read_checksum(request.headers.get("upload-checksum"))
    studio, now = _studio(request), time.time()
    described("new", owner, metadata, datetime.now(UTC).date())  # what cannot be used is refused before it is sent
    upload = await asyncio.to_thread(studio.uploads.create, owner, length, metadata, now)
    if request.headers.get("content-type") == PIECE_TYPE:
        upload = await _receive(request, upload, 0, checksum)
    else:
        async for _ in _body(request):
            raise ServiceError("media_type", f"The content type of a first piece is {PIECE_TYPE}.", 415)
    headers = _progress(upload) | {"Location": f"/api/v1/uploads/{upload.id}"}
    return HTTPResponse(status=201, headers=headers, content_type=NO_BODY)


@blueprint.head("/<identity:str>")
async def head(request: Request, identity: str) -> HTTPResponse:
    """How much has come."""
    upload = await _own(request, identity)
    headers = _progress(upload) | {"Upload-Length": str(upload.length)}
    return HTTPResponse(status=200, headers=headers, content_type=NO_BODY)


@blueprint.patch("/<identity:str>", stream=True)
async def patch(request: Request, identity: str) -> HTTPResponse:
    """The next piece; the last one makes an item of it, which has the same id."""
    return await _patch(request, identity)


async def _patch(request: Request, identity: str) -> HTTPResponse:
    upload = await _own(request, identity)
    if request.headers.get("content-type") != PIECE_TYPE:
        raise ServiceError("media_type", f"The content type of a piece is {PIECE_TYPE}.", 415)
    offset = read_length(request.headers.get("upload-offset"), "Upload-Offset")
    checksum = read_checksum(request.headers.get("upload-checksum"))
    return empty(headers=_progress(await _receive(request, upload, offset, checksum)))


@blueprint.delete("/<identity:str>")
async def terminate(request: Request, identity: str) -> HTTPResponse:
    """Cancel it; what it has become stays."""
    return await _terminate(request, identity)


async def _terminate(request: Request, identity: str) -> HTTPResponse:
    upload = await _own(request, identity)
    await asyncio.to_thread(_studio(request).uploads.remove, upload.id)
    return empty()


@blueprint.post("/<identity:str>", stream=True, name="overridden")
async def overridden(request: Request, identity: str) -> HTTPResponse:
    """For clients that cannot send PATCH or DELETE (`X-HTTP-Method-Override`)."""
    match request.headers.get("x-http-method-override", "").upper():
        case "PATCH":
            return await _patch(request, identity)
        case "DELETE":
            return await _terminate(request, identity)
        case _:
            raise ServiceError("method_not_allowed", "An upload takes HEAD, PATCH and DELETE.", 405)


async def _receive(request: Request, upload: Upload, offset: int, checksum: Checksum | None) -> Upload:
    """Write the body down, and settle the upload once it is whole."""
    studio = _studio(request)
    if upload.sha256:
        if offset != upload.length:
            raise UploadError("upload_offset", f"All {upload.length} bytes are here")
        await asyncio.to_thread(_settle, studio, upload.id)
        return upload
    async with _arriving(studio, upload, offset) as (arriving, run):
        collected = bytearray()

        async def write() -> None:
            piece = bytes(collected)
            collected.clear()
            await run(partial(arriving.write, piece))

        try:
            try:
                async for come in _body(request):
                    collected += come
                    if len(collected) >= WRITTEN:
                        await write()
            finally:  # also where the sender has left: what has come stays
                await write()
            if checksum:
                await run(partial(arriving.check, checksum))
        except BaseException:
            if checksum:  # a piece that was promised whole is taken whole
                await run(arriving.give_up)
            raise
    if arriving.offset == upload.length:
        await asyncio.to_thread(_settle, studio, upload.id)
    return await asyncio.to_thread(studio.uploads.find, upload.id, time.time())


def _settle(studio: Studio, identity: str) -> None:
    upload = studio.uploads.find(identity, time.time())
    if not upload.settled:
        studio.settle(upload)


@asynccontextmanager
async def _arriving(
    studio: Studio, upload: Upload, offset: int
) -> AsyncIterator[tuple[Arriving, Callable[[Callable[[], Result]], asyncio.Future[Result]]]]:
    """The open upload, and what runs something in the one thread that touches it: so closing waits for writing."""
    loop, stack, thread = asyncio.get_running_loop(), ExitStack(), ThreadPoolExecutor(1, "upload")

    def run(action: Callable[[], Result]) -> asyncio.Future[Result]:
        return loop.run_in_executor(thread, action)

    try:
        arriving = await run(lambda: stack.enter_context(studio.uploads.arriving(upload, offset)))
        yield arriving, run
    finally:
        try:
            await run(stack.close)
        finally:
            thread.shutdown(wait=False)


async def _body(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes; UploadError(`upload_cut`) where it stops coming."""
    stream: Any = request.stream
    body = aiter(stream)
    while True:
        try:
            async with asyncio.timeout(STALL_S):
                come: bytes = await anext(body, b"")
        except TimeoutError:
            raise UploadError("upload_cut", f"Nothing came for {STALL_S:g} seconds", retryable=True) from None
        if not come:
            return
        yield come


async def _sender(request: Request) -> str:
    """Who sends, in a version of the protocol that is understood."""
    key = await authenticated(request, MEDIA)
    if request.headers.get("tus-resumable") != VERSION:
        raise ServiceError("tus_version", f"Tus-Resumable has to be {VERSION}.", 412)
    return key.name


async def _own(request: Request, identity: str) -> Upload:
    owner = await _sender(request)
    upload = await asyncio.to_thread(_studio(request).uploads.find, identity, time.time())
    if upload.owner != owner:
        raise UploadError("upload_unknown", "There is no such upload; it may have expired, or been cancelled")
    return upload


def _progress(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": formatdate(upload.expires_at, usegmt=True)}


def _studio(request: Request) -> Studio:
    house: House = request.app.ctx.house
    return house.studio
