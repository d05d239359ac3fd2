"""A live microphone: frames are queued as they come, and recognised in a thread an utterance at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from assistant.errors import ServiceError
from assistant.house import House
from assistant.trace import Trace
from voice.activity import ActivityDetector
from voice.audio import RATE, write_wav
from voice.end_of_turn import EndOfTurnOptions
from voice.listener import Final, Listener, ListenEvent
from voice.resampler import Resampler

T = TypeVar("T")

QUEUED_MAX_BYTES = 2_000_000
"""A minute of sound at 16 kHz that recognition has not got round to yet."""

AT_ONCE_MS = 500
"""Sound recognised in one go: one with much of it waiting is not to keep the others from the threads."""

SILENT_LINE_S = 10.0
"""A client that listens but sends no frames has gone."""

PULSE_S = 0.25
"""Between two pulses where no frames come."""


@dataclass(frozen=True)
class Pulse:
    """Time goes on: the sound recognised so far and the time in which none came, in milliseconds."""

    at_ms: int


class Microphone:
    """Takes frames of any rate from `put` and yields what is heard in them."""

    def __init__(
        self, house: House, rate: int, options: EndOfTurnOptions | None = None, expected: Sequence[str] = ()
    ) -> None:
        """`rate` is that of the frames, in hertz; `options` and `expected` are the listener's."""
        self._house = house
        self._options = options
        self._expected = expected
        self._bytes_per_ms = 2 * rate / 1000
        self._resampler = Resampler(rate, RATE)
        self._sound = bytearray()
        self._arrived = asyncio.Event()
        self._finished = self._dropped = False
        self._kept = bytearray()
        self._began: float | None = None
        self._recognition_ms = 0.0
        self._silent_s = 0.0
        self._time_ms = 0.0
        self._utterance_ms = 0.0

    @property
    def over(self) -> bool:
        """Dropped, or no frames have come for long: nothing more will be heard."""
        return self._dropped or self._silent_s >= SILENT_LINE_S

    def put(self, pcm: bytes) -> None:
        """Queue frames.

        Raises:
            ServiceError: `audio_invalid`, half a sample; `audio_too_fast`, too much waits for recognition.
        """
        if len(pcm) % 2:
            raise ServiceError("audio_invalid", "A frame of 16-bit sound has an odd number of bytes.")
        if len(self._sound) + len(pcm) > QUEUED_MAX_BYTES:
            raise ServiceError("audio_too_fast", "Sound comes faster than it can be recognised.")
        if pcm:
            self._began = self._began or time.perf_counter()
            self._sound += pcm
            self._arrived.set()

    def finish(self) -> None:
        """The speaker says that this was all."""
        self._finished = True
        self._arrived.set()

    def drop(self) -> None:
        """Forget the utterance."""
        self._dropped = True
        self._arrived.set()

    async def events(self) -> AsyncGenerator[ListenEvent, None]:
        """What is heard of one utterance, ending with a `Final`; ends without one when dropped.

        Raises:
            VoiceError: recognition failed or all places are taken.
        """
        async with aclosing(self.pulsing_events()) as events:
            async for event in events:
                if not isinstance(event, Pulse):
                    yield event

    async def pulsing_events(self) -> AsyncGenerator[ListenEvent | Pulse, None]:
        """The same with a pulse before what each piece of sound brings, and where none comes.

        Called again, it goes on with the sound that follows.
        """
        listener = await self._in_thread(self._open)
        self._utterance_ms = self._time_ms
        try:
            while not self._dropped:
                pcm = await self._next()
                started = time.perf_counter()
                events = [] if pcm is None else await self._in_thread(partial(self._process, listener, pcm))
                self._recognition_ms = (time.perf_counter() - started) * 1000
                yield Pulse(round(self._time_ms))
                for event in events:
                    if self._dropped:
                        return
                    yield event
                if listener.done:
                    return
        finally:
            await self._in_thread(listener.close)

    def trace(self, final: Final) -> Trace:
        """A trace that starts when the speaker fell silent, with what has gone since."""
        started = now = time.perf_counter()
        if self._began is not None and final.speech_end_ms is not None:
            started = self._began + (self._utterance_ms + final.speech_end_ms) / 1000
        trace = Trace(started=min(now, started))
        trace.add("recognition", self._recognition_ms)
        trace.add("end_of_turn", max(0.0, trace.total_ms - self._recognition_ms))
        return trace

    async def _next(self) -> bytes | None:
        """The sound that waits, not too much of it at once; an empty piece is the end, None is silence on the line."""
        if not (self._sound or self._finished or self._dropped):
            self._arrived.clear()
            try:
                async with asyncio.timeout(PULSE_S):
                    await self._arrived.wait()
            except TimeoutError:
                self._time_ms += 1000 * PULSE_S
                self._silent_s += PULSE_S
                return b"" if self.over else None
        self._silent_s = 0.0
        size = int(AT_ONCE_MS * self._bytes_per_ms) // 2 * 2
        pcm = bytes(self._sound[:size])
        del self._sound[:size]
        self._time_ms += len(pcm) / self._bytes_per_ms
        return pcm

    def _open(self) -> Listener:
        house = self._house
        return Listener(house.recogniser, ActivityDetector(), self._options, house.sentence_ends, self._expected)

    def _process(self, listener: Listener, pcm: bytes) -> list[ListenEvent]:
        sound = self._resampler.resample(pcm)
        if self._house.settings.store_audio:
            self._kept += sound
        events = listener.feed(sound) if pcm else listener.finish()
        if listener.done:
            self._keep()
        return events

    def _keep(self) -> None:
        """Write the utterance; only where the operator's setting asks for it."""
        if self._kept:
            folder = self._house.paths.heard
            folder.mkdir(parents=True, exist_ok=True)
            write_wav(folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.wav", bytes(self._kept), RATE)
            self._kept.clear()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run `work` to its end even if this task is cancelled: a listener bears only one thread at a time."""
        running = asyncio.get_running_loop().run_in_executor(self._house.audio_threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise
