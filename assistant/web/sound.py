"""Speech over HTTP: what was said in a recording, and an answer as a WAV file."""

from __future__ import annotations

import asyncio
import io

from assistant.errors import ServiceError
from assistant.hearing import hear
from assistant.house import House
from assistant.trace import Trace
from skills.turn import Hypothesis
from voice.audio import decode, write_wav
from voice.errors import VoiceError
from voice.recogniser import Transcript


async def recognised(house: House, body: bytes, trace: Trace) -> Transcript:
    """What was said in a recording.

    Raises:
        ServiceError: with the code of what is wrong with it.
    """
    loop = asyncio.get_running_loop()
    try:
        with trace.stage("decoding"):
            audio = await loop.run_in_executor(
                house.audio_threads, lambda: decode(body, max_seconds=house.settings.question_max_s)
            )
        with trace.stage("recognition"):
            return await loop.run_in_executor(house.audio_threads, hear, audio, house.recogniser, house.stopping.is_set)
    except VoiceError as error:
        raise ServiceError(error.code, str(error), 422) from error


def hypotheses(transcript: Transcript) -> tuple[Hypothesis, ...]:
    """The recogniser's alternatives; one empty hypothesis where nothing was heard."""
    heard = [Hypothesis(text=one.text, confidence=one.confidence) for one in transcript.alternatives]
    return tuple(heard) or (Hypothesis(text="", confidence=0.0),)


async def spoken(house: House, text: str) -> bytes:
    """A text as a WAV file.

    Raises:
        ServiceError: with the code of what the synthesizer reports.
    """
    settings = house.settings
    pcm = bytearray()
    try:
        async for chunk in house.synthesizer.speak(text, voice=settings.voice, rate=settings.voice_rate_wpm):
            pcm += chunk.pcm
    except VoiceError as error:
        raise ServiceError(error.code, str(error), 503) from error
    file = io.BytesIO()
    write_wav(file, bytes(pcm), house.synthesizer.rate)
    return file.getvalue()
