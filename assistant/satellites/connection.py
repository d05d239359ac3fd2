"""One satellite's connection: each event to the part that takes it, each error back as an event."""

from __future__ import annotations

import asyncio

import structlog
from wyoming.audio import AudioStop as AudioStopEvent
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.handle import NotHandled
from wyoming.intent import NotRecognized
from wyoming.ping import Pong
from wyoming.tts import SynthesizeStopped
from wyoming.wake import NotDetected

from assistant.errors import ServiceError
from assistant.house import House
from assistant.satellites.answering import Answering
from assistant.satellites.hearing import Hearing
from assistant.satellites.info import info
from assistant.satellites.link import Link, LinkGoneError
from assistant.satellites.recent_transcripts import RecentTranscripts
from assistant.satellites.requests import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Describe,
    Detect,
    Ping,
    Recognize,
    SoundRequest,
    Transcribe,
    Transcript,
    read_request,
)
from assistant.satellites.speaking import Speaking
from assistant.satellites.waking import Waking
from assistant.satellites.wire import FramingError
from voice.errors import VoiceError

log = structlog.get_logger(__name__)

ERRORS_MAX = 20
"""A client that keeps sending what it must not is broken or hostile."""

_CLOSING: dict[str, tuple[Eventable, ...]] = {
    "detect": (NotDetected(),),
    "transcript": (NotHandled(),),
    "recognize": (NotRecognized(),),
    "synthesize": (AudioStopEvent(),),
    "synthesize-stop": (AudioStopEvent(), SynthesizeStopped()),
}
"""What ends each request. It follows an error too: some clients, older Home Assistants among them, pass over errors and
would wait for ever."""


class SatelliteConnection:
    """Serves one client, one request after the other; only listening goes on beside what comes next."""

    def __init__(self, house: House, link: Link, peer: str, recent: RecentTranscripts) -> None:
        self._house = house
        self._link = link
        self._peer = peer
        self._tasks = asyncio.TaskGroup()
        self._hearing = Hearing(house, link, peer, recent, self._tasks)
        self._waking = Waking(house, link)
        self._ears: Hearing | Waking = self._hearing
        self._answering = Answering(house, peer, recent)
        self._speaking = Speaking(house, link)
        self._errors = 0

    async def run(self) -> None:
        """Serve until either side leaves; an utterance whose end was announced still gets its transcript."""
        try:
            async with self._tasks:
                try:
                    await self._serve()
                except FramingError as error:
                    log.info("satellite refused", peer=self._peer, code=error.code)
                    await self._link.send(Error(error.message, error.code))
                finally:
                    self._hearing.drop()
                    await self._waking.close()
        except* LinkGoneError:
            log.debug("satellite left", peer=self._peer)

    async def _serve(self) -> None:
        while True:
            kind = ""
            try:
                event = await self._link.read()
                if event is None:
                    return
                kind = event.type
                await self._take(event)
            except FramingError:
                raise
            except (ServiceError, VoiceError) as error:
                await self._complain(error, kind)

    async def _take(self, event: Event) -> None:
        match read_request(event):
            case Describe():
                await self._link.send(info(self._house))
            case Ping(text=text):
                await self._link.send(Pong(text))
            case Transcribe() as request:
                self._ears = self._hearing
                self._hearing.announce(request)
            case Detect() as request:
                self._ears = self._waking
                self._waking.announce(request)
            case AudioStart() | AudioChunk() | AudioStop() as request:
                await self._take_sound(request)
            case Transcript() | Recognize() as request:
                await self._link.send(await self._answering.answer(request))
            case None:
                log.debug("unknown event", peer=self._peer, kind=event.type[:64])
            case request:
                await self._speaking.take(request)

    async def _take_sound(self, request: SoundRequest) -> None:
        match request:
            case AudioStart():
                await self._ears.begin(request)
            case AudioChunk():
                await self._ears.put(request)
            case AudioStop():
                await self._ears.end()

    async def _complain(self, error: ServiceError | VoiceError, kind: str) -> None:
        """Say what was wrong, as long as it does not go on and on."""
        self._errors += 1
        if self._errors > ERRORS_MAX:
            raise FramingError("too_many_errors", "Too many events could not be understood.")
        closing = self._ears.closing if kind.startswith("audio-") else _CLOSING.get(kind, ())
        await self._link.send(Error(error.message, error.code), *closing)
