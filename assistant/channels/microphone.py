"""One utterance from a live microphone: frames are queued as they come and recognised in a thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from assistant.errors import ServiceError
from assistant.house import House
from assistant.trace import Trace
from voice.activity import ActivityDetector
from voice.audio import RATE, write_wav
from voice.listener import Final, Listener, ListenEvent
from voice.resampler import Resampler

QUEUED_MAX_BYTES = 2_000_000
"""A minute of sound at 16 kHz that recognition has not got round to yet."""

SILENT_LINE_S = 10.0
"""A client that listens but sends no frames has gone."""


class Microphone:
    """Takes frames of any rate from `put` and yields what is heard in them."""

    def __init__(self, house: House, rate: int) -> None:
        self._house = house
        self._resampler = Resampler(rate, RATE)
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._queued = 0
        self._kept = bytearray()
        self._began: float | None = None
        self._recognition_ms = 0.0
        # A task that is cancelled leaves its thread at work on the listener, which bears only one at a time.
        self._at_work = threading.Lock()

    def put(self, pcm: bytes) -> None:
        """Queue frames.

        Raises:
            ServiceError: `audio_invalid`, half a sample; `audio_too_fast`, too much waits for recognition.
        """
        if len(pcm) % 2:
            raise ServiceError("audio_invalid", "A frame of 16-bit sound has an odd number of bytes.")
        if self._queued + len(pcm) > QUEUED_MAX_BYTES:
            raise ServiceError("audio_too_fast", "Sound comes faster than it can be recognised.")
        self._began = self._began or time.perf_counter()
        self._queued += len(pcm)
        self._queue.put_nowait(pcm)

    def finish(self) -> None:
        """The speaker says that this was all."""
        self._queue.put_nowait(b"")

    def drop(self) -> None:
        """Forget the utterance."""
        self._queue.put_nowait(None)

    async def events(self) -> AsyncIterator[ListenEvent]:
        """What is heard, ending with a `Final`; ends without one when dropped.

        Raises:
            VoiceError: recognition failed or all places are taken.
        """
        loop, threads = asyncio.get_running_loop(), self._house.audio_threads
        listener = await loop.run_in_executor(threads, lambda: Listener(self._house.recogniser, ActivityDetector()))
        try:
            while (pcm := await self._next()) is not None:
                started = time.perf_counter()
                events = await loop.run_in_executor(threads, self._process, listener, pcm)
                self._recognition_ms = (time.perf_counter() - started) * 1000
                for event in events:
                    yield event
                    if isinstance(event, Final):
                        await loop.run_in_executor(threads, self._keep)
                        return
        finally:
            await loop.run_in_executor(threads, self._close, listener)

    def trace(self, final: Final) -> Trace:
        """A trace that starts when the speaker fell silent, with what has gone since."""
        now = time.perf_counter()
        silent_since = (self._began or now) + (final.speech_end_ms or 0) / 1000 if final.speech_end_ms else now
        trace = Trace(started=min(now, silent_since))
        trace.add("recognition", self._recognition_ms)
        trace.add("end_of_turn", max(0.0, trace.total_ms - self._recognition_ms))
        return trace

    async def _next(self) -> bytes | None:
        """All frames that wait, as one; an empty one is the end."""
        try:
            async with asyncio.timeout(SILENT_LINE_S):
                pcm = await self._queue.get()
        except TimeoutError:
            return b""
        while pcm and not self._queue.empty():
            more = self._queue.get_nowait()
            if not more:
                self._queue.put_nowait(more)
                break
            pcm += more
        self._queued -= len(pcm or b"")
        return pcm

    def _process(self, listener: Listener, pcm: bytes) -> list[ListenEvent]:
        with self._at_work:
            if not pcm:
                return listener.finish()
            sound = self._resampler.resample(pcm)
            if self._house.settings.store_audio:
                self._kept += sound
            return listener.feed(sound)

    def _close(self, listener: Listener) -> None:
        with self._at_work:
            listener.close()

    def _keep(self) -> None:
        """Only where the operator's setting asks for it."""
        if self._kept:
            folder = self._house.paths.heard
            folder.mkdir(parents=True, exist_ok=True)
            write_wav(folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.wav", bytes(self._kept), RATE)
