"""Serves the one service over a Unix socket. The frames and their meaning: docs of `serve`."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import logging
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.rasa_worker import frames
from assistant.rasa_worker.engine import Engine
from assistant.rasa_worker.errors import WorkerError
from assistant.rasa_worker.frames import Frame, FrameError
from assistant.rasa_worker.logs import conversation_id

HELLO_TIMEOUT = 5.0
"""Seconds in which a new connection must show its token."""
ALONE_TIMEOUT = 60.0
"""Seconds without a service after which the worker ends: nobody is coming back."""
MAX_TURN_SECONDS = 60.0
MAX_TURNS_AT_ONCE = 256
_OUT_OF_STEP = ("frame_too_large", "frame_cut")

_log = logging.getLogger(__name__)


async def serve(engine: Engine, path: Path, token: str) -> None:
    """Serve until no service has been connected for `ALONE_TIMEOUT`.

    The service sends `hello` (token) first and is answered `ready`; then, each with an `id` of its own,
    `turn` (conversation, text, face, metadata, timeout_ms), `understand` (texts, face), `forget` (conversation),
    `ping`, and to the worker's calls `result` (call, and events or text or error).
    The worker sends `action` and `respond` (id of the turn, call), and ends each request with `done` or with
    `error` (code, message). An error about a frame without a readable id has the id None.
    """
    _prepare(path)
    door = _Door(engine, token)
    old_mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(door.open, path)
    finally:
        os.umask(old_mask)
    _log.info("serving on %s", path)
    async with server:
        await door.wait_until_left_alone()


def _prepare(path: Path) -> None:
    """Make the socket's folder, for this user only; raises WorkerError where it is open to others."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = path.parent.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
        raise WorkerError("unsafe_socket_folder", f"{path.parent} must be a folder of this user alone (mode 700)")


class _Door:
    """Lets in one service at a time, and only with the token."""

    def __init__(self, engine: Engine, token: str) -> None:
        self._engine = engine
        self._token = token.encode()
        self._inside = False
        self._left = asyncio.Event()
        self._left.set()

    async def open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        try:
            if await self._admitted(reader, writer):
                self._inside = True
                self._left.clear()
                try:
                    await _Session(self._engine, reader, writer).run()
                finally:
                    self._inside = False
                    self._left.set()
        except (ConnectionError, FrameError, TimeoutError) as error:
            _log.warning("connection closed: %s", error)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def wait_until_left_alone(self) -> None:
        """Return once nobody has been inside for `ALONE_TIMEOUT`."""
        while True:
            await self._left.wait()
            await asyncio.sleep(ALONE_TIMEOUT)
            if self._left.is_set():
                _log.warning("no service for %d seconds: ending", ALONE_TIMEOUT)
                return

    async def _admitted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        async with asyncio.timeout(HELLO_TIMEOUT):
            hello = await frames.read(reader)
        shown = hello.get("token") if hello and hello.get("op") == "hello" else None
        if not isinstance(shown, str) or not hmac.compare_digest(shown.encode(), self._token):
            answer: Frame = {"op": "error", "id": None, "code": "unauthorized", "message": "the token is wrong"}
        elif self._inside:
            answer = {"op": "error", "id": None, "code": "already_served", "message": "another service is connected"}
        else:
            answer = {"op": "ready", "pid": os.getpid()}
        writer.write(frames.encode(answer))
        await writer.drain()
        return bool(answer["op"] == "ready")


class _Session:
    """One service's connection: its requests run beside each other, and their callbacks share the line."""

    def __init__(self, engine: Engine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._engine = engine
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._calls: dict[int, asyncio.Future[Frame]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Read frames until the service leaves; its unfinished turns are dropped with it."""
        try:
            while True:
                try:
                    frame = await frames.read(self._reader)
                except FrameError as error:
                    await self._send({"op": "error", "id": None, "code": error.code, "message": str(error)})
                    if error.code in _OUT_OF_STEP:
                        return
                    continue
                if frame is None:
                    return
                await self._take(frame)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, frame: Frame) -> None:
        if frame.get("op") == "result":
            call = self._calls.get(frame["call"]) if isinstance(frame.get("call"), int) else None
            if call is not None and not call.done():
                call.set_result(frame)
        elif len(self._tasks) >= MAX_TURNS_AT_ONCE:
            await self._send(_error(frame, WorkerError("busy", f"{MAX_TURNS_AT_ONCE} requests are running")))
        else:
            task = asyncio.create_task(self._serve(frame))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, frame: Frame) -> None:
        try:
            answer = {**await self._answer(frame), "op": "done", "id": frame.get("id")}
        except WorkerError as error:
            answer = _error(frame, error)
        except TimeoutError:
            answer = _error(frame, WorkerError("turn_timeout", "the turn took longer than it may"))
        except Exception as error:
            _log.exception("a %s request failed", frame.get("op"))
            answer = _error(frame, WorkerError("internal", f"{type(error).__name__}: {error}"))
        with suppress(ConnectionError):
            await self._send(answer)

    async def _answer(self, frame: Frame) -> Frame:
        match frame.get("op"):
            case "turn":
                return await self._turn(frame)
            case "understand":
                texts, face = _texts(frame, "texts"), _text(frame, "face")
                return {"understandings": await self._engine.understand(texts, face)}
            case "forget":
                self._engine.forget(_text(frame, "conversation"))
                return {}
            case "ping":
                return {"conversations": self._engine.conversations}
            case other:
                raise WorkerError("unknown_op", f"there is no request {other!r}")

    async def _turn(self, frame: Frame) -> Frame:
        conversation, text, face = _text(frame, "conversation"), _text(frame, "text"), _text(frame, "face")
        metadata = frame.get("metadata") or {}
        milliseconds = frame.get("timeout_ms", MAX_TURN_SECONDS * 1_000)
        if not isinstance(metadata, dict) or not isinstance(milliseconds, int | float):
            raise WorkerError("bad_request", "metadata must be an object and timeout_ms a number")
        conversation_id.set(conversation)

        async def ask(call: Frame) -> Frame:
            return await self._ask({**call, "id": frame.get("id")})

        async with asyncio.timeout(min(milliseconds / 1_000, MAX_TURN_SECONDS)):
            return await self._engine.turn(conversation, text, face, metadata, ask)

    async def _ask(self, call: Frame) -> Frame:
        number = next(self._numbers)
        self._calls[number] = asyncio.get_running_loop().create_future()
        try:
            await self._send({**call, "call": number})
            result = await self._calls[number]
        finally:
            del self._calls[number]
        error: Any = result.get("error")
        if error is not None:
            raise WorkerError("action_failed", f"{call['name']}: {error}")
        return result

    async def _send(self, frame: Frame) -> None:
        try:
            data = frames.encode(frame)
        except FrameError as error:
            data = frames.encode(_error(frame, WorkerError(error.code, str(error))))
        self._writer.write(data)
        await self._writer.drain()


def _text(frame: Frame, name: str) -> str:
    value = frame.get(name)
    if not isinstance(value, str):
        raise WorkerError("bad_request", f"a {frame.get('op')} needs {name}, a text")
    return value


def _texts(frame: Frame, name: str) -> list[str]:
    value = frame.get(name)
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise WorkerError("bad_request", f"a {frame.get('op')} needs {name}, a list of texts")
    return value


def _error(frame: Frame, error: WorkerError) -> Frame:
    return {"op": "error", "id": frame.get("id"), "code": error.code, "message": str(error)}
