"""One connection to the worker: many requests at once, and the worker's calls back into the service."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from assistant.dialogue.errors import DialogueError, from_worker
from assistant.dialogue.messages import ActionCall, ActionResult, ResponseCall
from assistant.rasa_worker import frames
from assistant.rasa_worker.frames import Frame, FrameError

OnAction = Callable[[ActionCall], Awaitable[ActionResult]]
OnResponse = Callable[[ResponseCall], Awaitable[str]]

HELLO_TIMEOUT = 5.0
"""Seconds the worker has to answer a new connection."""

_log = logging.getLogger(__name__)


class WorkerClient:
    """Speaks the protocol of `assistant.rasa_worker.server`. Once closed or lost it stays so: connect anew."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_action: OnAction,
        on_response: OnResponse,
        on_lost: Callable[[], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_action = on_action
        self._on_response = on_response
        self._on_lost = on_lost
        self._numbers = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Frame]] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def connect(
        cls,
        path: Path,
        token: str,
        on_action: OnAction,
        on_response: OnResponse,
        on_lost: Callable[[], None],
    ) -> WorkerClient:
        """Connect and show the token. `on_lost` is called once, when the connection ends for whatever reason.

        Raises DialogueError: 'dialogue_unavailable' where nobody listens or answers, 'dialogue_refused' where the
        worker lets nobody in.
        """
        try:
            async with asyncio.timeout(HELLO_TIMEOUT):
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(frames.encode({"op": "hello", "token": token}))
                await writer.drain()
                answer = await frames.read(reader)
        except (OSError, TimeoutError, FrameError) as error:
            raise DialogueError("dialogue_unavailable", f"the worker does not answer on {path}: {error}") from error
        if answer is None or answer.get("op") != "ready":
            writer.close()
            refusal = answer or {"code": "unauthorized", "message": "the worker closed the connection"}
            raise from_worker(str(refusal.get("code")), str(refusal.get("message")))
        client = cls(reader, writer, on_action, on_response, on_lost)
        client._reading = asyncio.create_task(client._read())
        return client

    @property
    def connected(self) -> bool:
        """Whether requests can be sent."""
        return self._reading is not None and not self._reading.done() and not self._writer.is_closing()

    async def request(self, frame: Frame, timeout_s: float) -> Frame:
        """Send a request and return the worker's `done`; raises DialogueError."""
        if not self.connected:
            raise _lost()
        number = next(self._numbers)
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            async with asyncio.timeout(timeout_s):
                await self._send({**frame, "id": number})
                return await answer
        except TimeoutError as error:
            raise DialogueError("dialogue_timeout", f"no answer to a {frame['op']} within {timeout_s:g} s") from error
        except FrameError as error:
            raise from_worker(error.code, str(error)) from error
        except ConnectionError as error:
            raise _lost() from error
        finally:
            del self._pending[number]

    async def close(self) -> None:
        """End the connection; requests that are still waiting fail with 'dialogue_unavailable'."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while (frame := await frames.read(self._reader)) is not None:
                self._take(frame)
        except (FrameError, ConnectionError) as error:
            _log.warning("the worker's connection broke: %s", error)
        finally:
            self._writer.close()
            self._on_lost()
            for call in self._calls:
                call.cancel()
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(_lost())

    def _take(self, frame: Frame) -> None:
        op = frame.get("op")
        if op in ("action", "respond"):
            task = asyncio.create_task(self._serve(frame))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)
            return
        answer = self._pending.get(frame.get("id") or 0)
        if answer is None or answer.done():
            _log.debug("nobody waits for a %s frame", op)
        elif op == "done":
            answer.set_result(frame)
        else:
            answer.set_exception(from_worker(str(frame.get("code")), str(frame.get("message"))))

    async def _serve(self, frame: Frame) -> None:
        """Run one of the worker's calls; a failure goes back as such, so that the turn ends with it."""
        result: Frame = {"op": "result", "call": frame["call"]}
        try:
            if frame["op"] == "action":
                result["events"] = (await self._on_action(ActionCall.from_frame(frame))).events
            else:
                result["text"] = await self._on_response(ResponseCall.from_frame(frame))
        except Exception as error:
            # Whatever a skill raises is its own; here it ends one turn, never the connection of all others.
            _log.exception("%s failed in conversation %s", frame.get("name"), frame.get("conversation"))
            result = {"op": "result", "call": frame["call"], "error": f"{type(error).__name__}: {error}"}
        try:
            await self._send(result)
        except FrameError as error:
            await self._send({"op": "result", "call": frame["call"], "error": str(error)})
        except ConnectionError:
            _log.debug("the worker left before its call was answered")

    async def _send(self, frame: Frame) -> None:
        self._writer.write(frames.encode(frame))
        await self._writer.drain()


def _lost() -> DialogueError:
    return DialogueError("dialogue_unavailable", "the worker is away")
