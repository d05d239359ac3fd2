"""Wake words for satellites that have no ears of their own for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from wyoming.event import Eventable
from wyoming.wake import Detection, NotDetected

from assistant.errors import ServiceError
from assistant.house import House
from assistant.satellites.link import Link
from assistant.satellites.requests import AudioChunk, AudioStart, Context, Detect
from assistant.satellites.sound import IncomingSound
from voice.audio import RATE
from voice.wake.detector import WakeDetector
from voice.wake.opening import open_detector
from voice.wake.phrase import ready_made

Result = TypeVar("Result")

NAMES_MAX = 4
"""Wake words that one satellite may wait for at once."""


class Waking:
    """Waits for wake words in one connection's sound, for as long as it comes; nothing of it is kept."""

    closing: tuple[Eventable, ...] = (NotDetected(),)
    """What ends every stream of sound, an error's too."""

    def __init__(self, house: House, link: Link) -> None:
        self._house = house
        self._link = link
        self._sound = IncomingSound()
        self._names: list[str] = []
        self._context: Context | None = None
        self._detectors: list[WakeDetector] = []
        self._detected = False
        # A task that is cancelled leaves its thread at work on the detectors, which bear only one at a time.
        self._at_work = threading.Lock()

    def announce(self, request: Detect) -> None:
        """Wait for these words in the sound that follows.

        Raises:
            ServiceError: `wake_unknown`, not one of the words that `info` lists, or too many of them.
        """
        known = [phrase.text for phrase in ready_made()]
        names = request.names or known[:1]
        if len(names) > NAMES_MAX or not set(names) <= set(known):
            raise ServiceError("wake_unknown", f"At most {NAMES_MAX} of these wake words: {', '.join(known)}.")
        self._names, self._context = names, request.context

    async def begin(self, request: AudioStart) -> None:
        """Start waiting.

        Raises:
            ServiceError: `audio_format`.
            VoiceError: a wake word's model is missing.
        """
        await self.close()
        self._sound.start(request.format)
        self._detected = False
        self._detectors = [await self._in_thread(open_detector, name) for name in self._names]

    async def put(self, chunk: AudioChunk) -> None:
        """Listen to a piece of sound, and tell at once.

        Raises:
            ServiceError: `audio_not_started`, `audio_format_changed`, `audio_invalid`.
        """
        pcm = self._sound.chunk(chunk.format, chunk.audio)
        if pcm and (found := await self._in_thread(self._process, pcm)):
            self._detected = True
            await self._link.send(*found)

    async def end(self) -> None:
        """The sound is over.

        Raises:
            ServiceError: `audio_not_started`.
        """
        if self._sound.stop() and not self._detected:
            await self._link.send(NotDetected(context=self._context))
        await self.close()

    async def close(self) -> None:
        """Free the detectors."""
        if self._detectors:
            await self._in_thread(self._close)

    async def _in_thread(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._house.audio_threads, work, *arguments)

    def _process(self, pcm: bytes) -> list[Eventable]:
        with self._at_work:
            wakes = [wake for detector in self._detectors if (wake := detector.process(pcm))]
        return [Detection(name=wake.phrase, timestamp=wake.end * 1000 // RATE, context=self._context) for wake in wakes]

    def _close(self) -> None:
        with self._at_work:
            while self._detectors:
                self._detectors.pop().close()
