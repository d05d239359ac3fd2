"""Speech out for many callers at once: text in, sound with word times out, sentence by sentence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from voice.errors import BusyError, SynthesisError
from voice.sentences import sentences, speakable
from voice.synthesis_messages import Sound, Speak
from voice.synthesis_process import SynthesisProcess

DEFAULT_VOICE = "en-us+klatt6"
"""The clearest of eSpeak's English variants, as our own recogniser hears them: of 36 sentences it got 31 exactly, and
13 of the plain `en-us`. `klatt4` does a little better still, but leaves no room before it clips."""
DEFAULT_RATE = 175
"""Words per minute; 80 to 450 can be had."""
QUEUE_LIMIT = 32
"""Callers served at once; with one sentence each in the queue the last waits about a tenth of a second."""
PAUSE_MS = 220
"""Silence between two sentences: the voice itself leaves next to none."""
SAMPLE_BYTES = 2


@dataclass(frozen=True)
class WordMark:
    """A word of the spoken text and when it begins, counted from the first sample of the whole speech."""

    text: str
    start_ms: int


@dataclass(frozen=True)
class SpeechChunk:
    """A piece of speech (60 ms at most) or the pause between two sentences: 16-bit little-endian mono PCM.

    `rate` is in samples per second; `words` are those that begin in it.
    """

    pcm: bytes
    rate: int
    words: tuple[WordMark, ...] = ()


class Synthesizer(Protocol):
    """What every voice offers."""

    def speak(
        self, text: str, *, voice: str = DEFAULT_VOICE, rate: int = DEFAULT_RATE, volume: float = 1.0
    ) -> AsyncGenerator[SpeechChunk, None]:
        """The sound of `text`, as it is made; leaving the iteration stops synthesis."""

    def stop(self) -> None:
        """End every speech under way; their iterations end early."""

    def close(self) -> None:
        """Free everything; blocking."""


class EspeakSynthesizer:
    """pyttsx3 on eSpeak NG in a supervised process. Callers take turns, a sentence at a time."""

    def __init__(self) -> None:
        self._process = SynthesisProcess()
        self._turns = ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthesis")
        self._under_way: set[threading.Event] = set()
        self._closed = False

    @property
    def rate(self) -> int:
        """Samples per second of the sound; 0 until the speaking process has started for the first time."""
        return self._process.rate

    @property
    def worker_pid(self) -> int | None:
        """Process id of the speaking process, where it is alive."""
        return self._process.pid

    @property
    def worker_starts(self) -> int:
        """Speaking processes started so far; more than one tells of crashes or hangs."""
        return self._process.starts

    def start(self) -> None:
        """Start the speaking process ahead of the first sentence (a tenth of a second); blocking."""
        self._submit(self._process.start).result()

    async def speak(
        self, text: str, *, voice: str = DEFAULT_VOICE, rate: int = DEFAULT_RATE, volume: float = 1.0
    ) -> AsyncGenerator[SpeechChunk, None]:
        """The sound of `text`, as it is made; leaving the iteration (or `aclose`) stops synthesis.

        Markup and control characters are dropped and a text is cut at 5,000 characters. Raises SynthesisError, and
        BusyError(`synthesis_busy`) where too many speak already.
        """
        stopped = self._enter()
        spoken = 0
        try:
            for index, sentence in enumerate(sentences(speakable(text))):
                if index:
                    pause = bytes(SAMPLE_BYTES * (self._process.rate * PAUSE_MS // 1000))
                    spoken += len(pause)
                    yield SpeechChunk(pause, self._process.rate)
                before = spoken
                async with aclosing(self._say(Speak(sentence, voice, rate, volume), stopped)) as sounds:
                    async for sound in sounds:
                        spoken += len(sound.pcm)
                        yield self._chunk(sound, before)
                if stopped.is_set():
                    return
        finally:
            stopped.set()
            self._under_way.discard(stopped)

    def speak_all(
        self, text: str, *, voice: str = DEFAULT_VOICE, rate: int = DEFAULT_RATE, volume: float = 1.0
    ) -> bytes:
        """All of the sound at once, as PCM at `rate`; blocking, for threads without a running event loop."""

        async def gather() -> bytes:
            async with aclosing(self.speak(text, voice=voice, rate=rate, volume=volume)) as chunks:
                return b"".join([chunk.pcm async for chunk in chunks])

        return asyncio.run(gather())

    def stop(self) -> None:
        """End every speech under way; their iterations end early."""
        for stopped in tuple(self._under_way):
            stopped.set()

    def close(self) -> None:
        """End the speaking process and refuse further speech; blocking, well under half a second."""
        self._closed = True
        self.stop()
        self._process.kill()
        self._turns.shutdown(cancel_futures=True)
        self._process.close()

    async def _say(self, order: Speak, stopped: threading.Event) -> AsyncGenerator[Sound, None]:
        """One sentence, when its turn comes; made in the thread, handed over to the caller's event loop."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[Sound | SynthesisError | None] = asyncio.Queue()

        def put(item: Sound | SynthesisError | None) -> None:
            try:
                loop.call_soon_threadsafe(arrived.put_nowait, item)
            except RuntimeError:  # the caller's event loop has been closed
                stopped.set()

        def work() -> None:
            try:
                if not stopped.is_set():
                    for sound in self._process.speak(order, stopped):
                        put(sound)
                put(None)
            except SynthesisError as error:
                put(error)

        turn = self._submit(work)
        turn.add_done_callback(lambda done: put(_closed_error()) if done.cancelled() else None)
        try:
            while (item := await arrived.get()) is not None:
                if isinstance(item, SynthesisError):
                    raise item
                yield item
        finally:
            turn.cancel()

    def _chunk(self, sound: Sound, before: int) -> SpeechChunk:
        """The chunk of a sentence that begins `before` bytes into the speech."""
        begin_ms = before * 1000 // (SAMPLE_BYTES * self._process.rate)
        marks = tuple(WordMark(text, begin_ms + at_ms) for text, _, at_ms in sound.words)
        return SpeechChunk(sound.pcm, self._process.rate, marks)

    def _enter(self) -> threading.Event:
        if len(self._under_way) >= QUEUE_LIMIT:
            raise BusyError("synthesis_busy", "Too many answers are being spoken at once; try again in a moment")
        stopped = threading.Event()
        self._under_way.add(stopped)
        return stopped

    def _submit(self, work: Callable[[], None]) -> Future[None]:
        if self._closed:
            raise _closed_error()
        return self._turns.submit(work)


def _closed_error() -> SynthesisError:
    return SynthesisError("synthesis_closed", "Speech synthesis has been shut down", retryable=False)
