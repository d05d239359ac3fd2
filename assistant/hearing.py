"""What was said in a whole recording, as opposed to a live microphone, where the end of a turn has to be found."""

from __future__ import annotations

from voice.activity import ActivityDetector
from voice.audio import Audio
from voice.recogniser import Recogniser, Transcript

SPEECH = 0.5
"""Speech probability from which a frame counts."""

SPEECH_MIN_MS = 120
"""Less than this in all is a click, not a word."""

SAMPLE_BYTES = 2

MARGIN_MS = 300
"""Kept before the first and after the last speech, so that no sound of it is cut off."""


def hear(audio: Audio, recogniser: Recogniser) -> Transcript:
    """Recognise everything between the first and the last speech; empty where there is none. Blocking CPU work."""
    frames = ActivityDetector().process(audio.pcm)
    spoken = [frame for frame in frames if frame.probability >= SPEECH]
    if sum(frame.frame_ms for frame in spoken) < SPEECH_MIN_MS:
        return Transcript()
    margin = MARGIN_MS * audio.rate // 1000
    begin = max(0, spoken[0].start_sample - margin)
    end = spoken[-1].start_sample + spoken[-1].frame_ms * audio.rate // 1000 + margin
    stream = recogniser.open()
    try:
        stream.feed(audio.pcm[SAMPLE_BYTES * begin : SAMPLE_BYTES * end])
        return stream.finish()
    finally:
        stream.close()
