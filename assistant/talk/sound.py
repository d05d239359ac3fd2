"""What comes out of the loudspeaker: the assistant's voice and the player's track, joined by the mixer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np

from assistant.talk.errors import MediaError
from assistant.talk.mixer import Mixer, Samples
from assistant.talk.sample_queue import SampleQueue
from assistant.talk.track import Track, samples_of

SPEECH_MAX_S = 300
"""An answer is seconds long; what goes beyond this is dropped."""


@dataclass(frozen=True)
class Spoken:
    """The last of the voice was given to the loudspeaker."""

    speech: Speech


@dataclass(frozen=True)
class TrackBegan:
    """The first of a track, or of what follows a pause, was given to the loudspeaker."""

    track: Track


@dataclass(frozen=True)
class TrackEnded:
    """The last of a track was given to the loudspeaker; `problem` where that was not its end."""

    track: Track
    problem: MediaError | None


SoundEvent = Spoken | TrackBegan | TrackEnded


class Speech:
    """One answer's voice: chunks of `source_rate` in, samples of `rate` out."""

    def __init__(self, source_rate: int, rate: int) -> None:
        self.queue = SampleQueue(SPEECH_MAX_S * rate)
        self._source_rate = source_rate
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)

    def feed(self, pcm: bytes) -> None:
        """Append PCM, 16 bit, little endian, mono."""
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2")
        if len(samples):
            frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = self._source_rate
            self._resample(frame)

    def finish(self) -> None:
        """That was all."""
        self._resample(None)
        self.queue.finish()

    def _resample(self, frame: av.AudioFrame | None) -> None:
        for resampled in self._resampler.resample(frame):
            self.queue.offer(samples_of(resampled))


class Sound:
    """The loudspeaker's source. `fill` is called by the device's thread, everything else by the conversation's.

    `notify` is called by the device's thread, and must return at once.
    """

    def __init__(self, rate: int, notify: Callable[[SoundEvent], None]) -> None:
        self.rate = rate
        self._notify = notify
        self._mixer = Mixer(rate)
        self._speech: Speech | None = None
        self._track: Track | None = None
        self._held = True
        self._begun = False
        self._lock = threading.Lock()

    def fill(self, frames: int) -> Samples:
        """The next `frames` frames."""
        with self._lock:
            voice = self._speech.queue.take(frames) if self._speech else np.zeros(0, dtype=np.int16)
            track = None if self._held else self._track
            sound = track.take(frames) if track else np.zeros(0, dtype=np.int16)
            if track and len(sound) and not self._begun:
                self._begun = True
                self._notify(TrackBegan(track))
            if track and track.drained:
                self._held = True
                self._notify(TrackEnded(track, track.problem))
            if self._speech and self._speech.queue.drained:
                self._notify(Spoken(self._speech))
                self._speech = None
            return self._mixer.mix(voice, sound, frames)

    def speak(self, speech: Speech | None) -> None:
        """Let this be heard, instead of what is being said; None is silence."""
        with self._lock:
            self._speech = speech

    def load(self, track: Track | None) -> None:
        """Let this sound, instead of the present track; None is silence."""
        with self._lock:
            before, self._track, self._held, self._begun = self._track, track, False, False
        if before:
            before.close()

    def hold(self, held: bool) -> None:
        """Pause the track, or let it go on."""
        with self._lock:
            self._held, self._begun = held, False

    def duck(self, ducked: bool) -> None:
        """Turn the player down while somebody speaks."""
        with self._lock:
            self._mixer.ducked = ducked

    def set_volume(self, volume: int) -> None:
        """The player's volume, in percent."""
        with self._lock:
            self._mixer.volume = volume
