"""What comes out of the loudspeaker: the assistant's voice, the player's track and tones, joined by the mixer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np

from assistant.channels.audio_channels import AudioChannel, Mix, Playing
from assistant.talk.errors import MediaError
from assistant.talk.mixer import Mixer, Samples
from assistant.talk.sample_queue import SampleQueue
from assistant.talk.track import Track, samples_of

SPEECH_MAX_S = 300
"""An answer is seconds long; what goes beyond this is dropped."""


TRACK = Playing("track", AudioChannel.CONTENT)
VOICE = Playing("voice", AudioChannel.DIALOGUE)
NOTHING: Samples = np.zeros(0, dtype=np.int16)


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
        self._queue = SampleQueue(SPEECH_MAX_S * rate)
        self._rate = rate
        self._taken = 0
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
        self._queue.finish()

    def take(self, frames: int) -> Samples:
        """At most `frames` frames: all that is there."""
        samples = self._queue.take(frames)
        self._taken += len(samples)
        return samples

    @property
    def drained(self) -> bool:
        """Everything was taken."""
        return self._queue.drained

    @property
    def taken_ms(self) -> int:
        """How much was taken."""
        return self._taken * 1000 // self._rate

    def _resample(self, frame: av.AudioFrame | None) -> None:
        for resampled in self._resampler.resample(frame):
            self._queue.offer(samples_of(resampled))


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
        self._tones = NOTHING
        self._mix = Mix()
        self._listening = False
        self._lock = threading.Lock()

    def fill(self, frames: int) -> Samples:
        """The next `frames` frames."""
        with self._lock:
            voice = self._speech.take(frames) if self._speech else NOTHING
            sound = self._take_track(frames)
            tones, self._tones = self._tones[:frames], self._tones[frames:]
            if self._speech and self._speech.drained:
                self._notify(Spoken(self._speech))
                self._speech = None
            return self._mixer.mix(voice, sound, tones, frames)

    def speak(self, speech: Speech | None) -> None:
        """Let this be heard, instead of what is being said; None is silence.

        What was said keeps the player in the background until then, also when all of it was given to the loudspeaker:
        whether somebody is listened to next is not known here.
        """
        with self._lock:
            self._speech = speech
            self._end(VOICE)
            if speech:
                self._begin(VOICE)

    def sign(self, tones: Samples) -> None:
        """Let a short tone be heard over everything."""
        with self._lock:
            self._tones = tones

    def load(self, track: Track | None) -> None:
        """Let this sound, instead of the present track; None is silence."""
        with self._lock:
            before, self._track, self._held, self._begun = self._track, track, False, False
            self._end(TRACK)
            if track:
                self._begin(TRACK)
        if before:
            before.close()

    def hold(self, held: bool) -> None:
        """Pause the track, or let it go on."""
        with self._lock:
            self._held, self._begun = held, False
            self._end(TRACK)
            if not held:
                self._begin(TRACK)

    def listen(self, listening: bool) -> None:
        """Somebody is listened to, or no longer: meanwhile everything is in the background."""
        with self._lock:
            self._listening = listening
            self._level()

    def set_volume(self, volume: int) -> None:
        """The player's volume, in percent."""
        with self._lock:
            self._mixer.volume = volume

    def _take_track(self, frames: int) -> Samples:
        track = None if self._held else self._track
        if track is None:
            return NOTHING
        samples = track.take(frames)
        if len(samples) and not self._begun:
            self._begun = True
            self._notify(TrackBegan(track))
        if track.drained:
            self._held = True
            self._end(TRACK)
            self._notify(TrackEnded(track, track.problem))
        return samples

    def _begin(self, sound: Playing) -> None:
        self._mix = self._mix.begin(sound)
        self._level()

    def _end(self, sound: Playing) -> None:
        self._mix = self._mix.end(sound.sound)
        self._level()

    def _level(self) -> None:
        # A track that begins does not end the listening: it was asked for before, and waits in the background.
        mix = self._mix.listen(self._listening)
        self._mixer.sound_ducked = mix.is_ducked(TRACK.sound) if mix.playing else self._listening
        self._mixer.voice_ducked = VOICE in mix.playing and mix.is_ducked(VOICE.sound)
