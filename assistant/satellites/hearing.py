"""Speech to text for one satellite: words as they become certain, then the transcript."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

from wyoming.asr import Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.error import Error
from wyoming.event import Eventable

from assistant.channels.microphone import Microphone
from assistant.errors import ServiceError
from assistant.house import House
from assistant.satellites.agreed_words import AgreedWords
from assistant.satellites.link import Link
from assistant.satellites.recent_transcripts import RecentTranscripts
from assistant.satellites.requests import AudioChunk, AudioStart, Context, Transcribe
from assistant.satellites.sound import IncomingSound
from voice.audio import RATE
from voice.errors import VoiceError
from voice.listener import Final, Partial


class Hearing:
    """One utterance at a time. What begins a new one drops the old one, so that two are never mixed."""

    closing: tuple[Eventable, ...] = (Transcript(""),)
    """What ends every stream of sound, an error's too."""

    def __init__(
        self, house: House, link: Link, peer: str, recent: RecentTranscripts, tasks: asyncio.TaskGroup
    ) -> None:
        self._house = house
        self._link = link
        self._peer = peer
        self._recent = recent
        self._tasks = tasks
        self._context: Context | None = None
        self._sound = IncomingSound()
        self._microphone: Microphone | None = None

    def announce(self, request: Transcribe) -> None:
        """The sound that follows comes with this context."""
        self._context = request.context

    async def begin(self, request: AudioStart) -> None:
        """Start listening.

        Raises:
            ServiceError: `audio_format`.
        """
        self.drop()
        self._sound.start(request.format)
        self._microphone = Microphone(self._house, RATE)
        self._tasks.create_task(self._listen(self._microphone, self._context))
        self._context = None

    async def put(self, chunk: AudioChunk) -> None:
        """Take sound; what comes after the end of speech is passed over.

        Raises:
            ServiceError: `audio_not_started`, `audio_format_changed`, `audio_invalid` or `audio_too_fast`; the
                utterance is dropped.
        """
        try:
            pcm = self._sound.chunk(chunk.format, chunk.audio)
            if self._microphone and pcm:
                self._microphone.put(pcm)
        except ServiceError:
            self.drop()
            self._sound.pass_over()
            raise

    async def end(self) -> None:
        """That was all of the sound.

        Raises:
            ServiceError: `audio_not_started`.
        """
        if self._sound.stop() and self._microphone:
            self._microphone.finish()
            self._microphone = None

    def drop(self) -> None:
        """Forget the utterance, unless its end has been announced."""
        if self._microphone:
            self._microphone.drop()
            self._microphone = None

    async def _listen(self, microphone: Microphone, context: Context | None) -> None:
        words, begun = AgreedWords(), False
        try:
            async with aclosing(microphone.events()) as events:
                async for event in events:
                    if not begun:
                        begun = True
                        await self._link.send(TranscriptStart(context=context))
                    if isinstance(event, Partial) and (certain := words.add(event.text)):
                        await self._link.send(TranscriptChunk(certain))
                    elif isinstance(event, Final):
                        await self._tell(event, words, context)
        except (VoiceError, ServiceError) as error:
            await self._link.send(Error(error.message, error.code), Transcript("", context=context))
        finally:
            if self._microphone is microphone:
                self._microphone = None

    async def _tell(self, final: Final, words: AgreedWords, context: Context | None) -> None:
        transcript = final.transcript
        self._recent.keep(self._peer, transcript, time.monotonic())
        rest = words.finish(transcript.text)
        await self._link.send(
            *([TranscriptChunk(rest)] if rest else []), Transcript(transcript.text, context=context), TranscriptStop()
        )
