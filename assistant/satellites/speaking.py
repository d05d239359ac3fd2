"""Text to speech for one satellite, sentence by sentence, whether the text comes whole or in pieces."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.tts import SynthesizeStopped

from assistant.errors import ServiceError
from assistant.house import House
from assistant.satellites.link import Link
from assistant.satellites.requests import (
    SpeechRequest,
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    VoiceWish,
)
from assistant.satellites.sentence_buffer import SentenceBuffer
from voice.errors import VoiceError
from voice.synthesizer import PAUSE_MS, SAMPLE_BYTES


class Speaking:
    """One text at a time."""

    def __init__(self, house: House, link: Link) -> None:
        self._house = house
        self._link = link
        self._streamed: _StreamedText | None = None

    async def take(self, request: SpeechRequest) -> None:
        """Speak what can be spoken by now. After an error the rest of a text in pieces is passed over.

        Raises:
            ServiceError: `text_not_started`, `text_too_long`.
            VoiceError: it cannot be spoken.
        """
        match request:
            case Synthesize():
                await self._say(request)
            case SynthesizeStart():
                self._streamed = _StreamedText(_Speech(self._house, self._link, request.voice))
                await self._streamed.speech.begin()
            case SynthesizeChunk():
                await self._add(request.text)
            case SynthesizeStop():
                await self._end()

    async def _say(self, request: Synthesize) -> None:
        """A whole text; amid a streamed one it is the same text again, for servers that know nothing else."""
        if self._streamed is not None:
            return
        speech = _Speech(self._house, self._link, request.voice)
        await speech.begin()
        await speech.say(request.text)
        await self._link.send(AudioStop())

    async def _add(self, piece: str) -> None:
        text = self._text()
        if text.failed:
            return
        try:
            for sentence in text.buffer.add(piece):
                await text.speech.say(sentence)
        except (ServiceError, VoiceError):
            text.failed = True
            raise

    async def _end(self) -> None:
        text, self._streamed = self._text(), None
        for sentence in [] if text.failed else text.buffer.finish():
            await text.speech.say(sentence)
        await self._link.send(AudioStop(), SynthesizeStopped())

    def _text(self) -> _StreamedText:
        if self._streamed is None:
            raise ServiceError("text_not_started", "A text in pieces begins with synthesize-start.")
        return self._streamed


class _Speech:
    """The sound of one text."""

    def __init__(self, house: House, link: Link, wish: VoiceWish | None) -> None:
        self._house = house
        self._link = link
        self._voice = (wish and wish.name) or house.settings.voice
        self._spoken = False

    async def begin(self) -> None:
        await self._link.send(AudioStart(self._house.synthesizer.rate, SAMPLE_BYTES, 1))

    async def say(self, text: str) -> None:
        synthesizer, rate = self._house.synthesizer, self._house.settings.voice_rate_wpm
        if self._spoken:
            await self._send(bytes(SAMPLE_BYTES * (synthesizer.rate * PAUSE_MS // 1000)))
        self._spoken = True
        async with aclosing(synthesizer.speak(text, voice=self._voice, rate=rate)) as chunks:
            async for chunk in chunks:
                await self._send(chunk.pcm)

    async def _send(self, pcm: bytes) -> None:
        await self._link.send(AudioChunk(self._house.synthesizer.rate, SAMPLE_BYTES, 1, pcm))


@dataclass
class _StreamedText:
    """A text that is still coming."""

    speech: _Speech
    buffer: SentenceBuffer = field(default_factory=SentenceBuffer)
    failed: bool = False
