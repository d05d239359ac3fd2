"""What was said in a whole recording, as opposed to a live microphone, where the end of a turn has to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from voice.activity import ActivityDetector
from voice.audio import Audio
from voice.errors import RecognitionError
from voice.recogniser import Recogniser, Transcript

SPEECH = 0.5
"""Speech probability from which a frame counts."""

SPEECH_MIN_MS = 120
"""Less than this in all is a click, not a word."""

SAMPLE_BYTES = 2

MARGIN_MS = 300
"""Kept before the first and after the last speech, so that no sound of it is cut off."""


AT_ONCE_S = 1
"""Sound worked off between two looks at whether the result is still wanted."""


def hear(audio: Audio, recogniser: Recogniser, is_over: Callable[[], bool] = lambda: False) -> Transcript:
    """Recognise everything between the first and the last speech; empty where there is none. Blocking CPU work.

    Raises RecognitionError: `recogniser_closed` within a second of sound of `is_over`, and those of the recogniser.
    """
    detector = ActivityDetector()
    frames = [frame for piece in _pieces(audio, audio.pcm, is_over) for frame in detector.process(piece)]
    spoken = [frame for frame in frames if frame.probability >= SPEECH]
    if sum(frame.frame_ms for frame in spoken) < SPEECH_MIN_MS:
        return Transcript()
    margin = MARGIN_MS * audio.rate // 1000
    begin = max(0, spoken[0].start_sample - margin)
    end = spoken[-1].start_sample + spoken[-1].frame_ms * audio.rate // 1000 + margin
    stream = recogniser.open()
    try:
        for piece in _pieces(audio, audio.pcm[SAMPLE_BYTES * begin : SAMPLE_BYTES * end], is_over):
            stream.feed(piece)
        return stream.finish()
    finally:
        stream.close()


def _pieces(audio: Audio, pcm: bytes, is_over: Callable[[], bool]) -> Iterator[bytes]:
    """The sound, a second at a time."""
    size = SAMPLE_BYTES * audio.rate * AT_ONCE_S
    for start in range(0, len(pcm), size):
        if is_over():
            raise RecognitionError("recogniser_closed", "The service is being stopped.")
        yield pcm[start : start + size]
