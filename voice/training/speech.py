"""The two stages that make training data: speech with the time of each phone, and its features in many surroundings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.acoustic_model import SILENCE
from voice.features import frame_count, log_mels
from voice.recogniser import RATE
from voice.training.alignment import Aligner, Segment
from voice.training.augmentation import FULL_SCALE, at_level, spoil
from voice.training.noises import not_speech
from voice.training.shards import Arrays, read_arrays
from voice.training.synthesis import Line, Sound, speak
from voice.training.voices import Voice, draw

# fmt: off
PHONES = (
    SILENCE, "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY",
    "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)
# fmt: on
"""Silence and the phones of the CMU dictionary, whose places here are the labels of frames."""
SpokenClip = tuple[NDArray[np.int16], NDArray[np.uint8], NDArray[np.uint8]]
"""Samples, and for each frame the phone and the phone before it in the same word."""
NO_PHONE = 255
"""Label of the phone before, at the start of a word."""
NO_TEXT = -1
"""The text of a clip in which nobody says anything."""
UNSURE = 254
"""Label of frames in which nobody knows what is said: nothing is learnt from them."""
NOT_SPEECH_SHARE = 0.05
"""Clips without words for each with words."""

_INDEX = {phone: index for index, phone in enumerate(PHONES)}
_QUIET_S = 0.3
"""Silence around a clip: aligners give a word's first phone whatever stands before it."""
_LEAD_S = 0.8


@dataclass(frozen=True)
class Speech:
    """A piece of the first stage: texts, each spoken by a voice drawn for it, aligned.

    A clip that cannot be aligned is left out. Arrays: `samples` (int16) and, for each 10 ms frame, `phone` and
    `previous`; `lengths` [clips, 2] in samples and frames; `text` [clips], the place in `texts` or NO_TEXT.
    """

    texts: tuple[str, ...]
    voices: tuple[Voice, ...]
    dictionary: Path
    seed: tuple[int, ...]

    def __call__(self) -> Arrays:
        """Speak and align."""
        dice = np.random.default_rng(self.seed)
        lines = [Line.draw(text, draw(self.voices, dice), dice) for text in self.texts]
        aligner = _aligner(self.dictionary)
        clips: list[SpokenClip] = []
        text: list[int] = []
        for index, (line, sound) in enumerate(zip(lines, speak(lines), strict=True)):
            samples = _quietly_framed(sound, dice)
            segments = aligner.align(samples, line.text)
            if segments is not None:
                clips.append((samples, *labels(segments, frame_count(len(samples)))))
                text.append(index)
        for _ in range(round(len(self.texts) * NOT_SPEECH_SHARE)):
            sound = not_speech(int(RATE * dice.uniform(1, 4)), dice)
            samples = _quietly_framed(sound, dice)
            clips.append((samples, *labels((), frame_count(len(samples)))))
            text.append(NO_TEXT)
        samples_, phone, previous = (np.concatenate(parts) for parts in zip(*clips, strict=True))
        lengths = np.array([(len(samples), len(phone)) for samples, phone, _ in clips])
        return {"samples": samples_, "phone": phone, "previous": previous, "lengths": lengths, "text": np.array(text)}


@dataclass(frozen=True)
class Surroundings:
    """A piece of the second stage: the features of a shard of speech, once nearly clean and in `copies` surroundings.

    Arrays: `features` [frames, 40] in 16 bits, `phone`, `previous` [frames], `lengths` [clips] in frames.
    """

    speech: Path
    copies: int
    seed: tuple[int, ...]

    def __call__(self) -> Arrays:
        """Spoil and analyse."""
        return surrounded(list(clips_of(read_arrays(self.speech))), self.copies, np.random.default_rng(self.seed))


def surrounded(clips: Sequence[SpokenClip], copies: int, dice: np.random.Generator) -> Arrays:
    """The arrays of `Surroundings` for some clips; each may be heard in the background of the others."""
    sounds = [np.asarray(samples / FULL_SCALE, np.float32) for samples, _, _ in clips]
    features, phones, befores = [], [], []
    for copy in range(copies + 1):
        for sound, (_, phone, previous) in zip(sounds, clips, strict=True):
            lead = int(dice.uniform(0, _LEAD_S) * 100) if copy else 0
            longer = np.concatenate([np.zeros(lead * RATE // 100, np.float32), sound])
            heard = spoil(longer, sounds, dice) if copy else longer
            found = log_mels(at_level(heard, dice))
            features.append(found.astype(np.float16))
            phones.append(np.concatenate([np.zeros(lead, np.uint8), phone])[: len(found)])
            befores.append(np.concatenate([np.full(lead, NO_PHONE, np.uint8), previous])[: len(found)])
    return {
        "features": np.concatenate(features),
        "phone": np.concatenate(phones),
        "previous": np.concatenate(befores),
        "lengths": np.array([len(found) for found in features]),
    }


@lru_cache(maxsize=1)
def _aligner(dictionary: Path) -> Aligner:
    """One a process: it takes a second to load."""
    return Aligner(dictionary)


def _quietly_framed(sound: Sound, dice: np.random.Generator) -> NDArray[np.int16]:
    """Between two stretches of near silence, with the noise of one bit all over: synthesizers give digital zeros."""
    quiet = np.zeros(int(RATE * _QUIET_S), np.float32)
    framed = np.concatenate([quiet, sound, quiet]) * np.float32(0.7 * FULL_SCALE)
    return np.clip(np.round(framed + dice.normal(0, 2, len(framed))), -FULL_SCALE, FULL_SCALE).astype(np.int16)


def labels(segments: Sequence[Segment], frames: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The phone and the phone before of each frame; silence where there are no segments."""
    phone = np.zeros(frames, np.uint8)
    previous = np.full(frames, NO_PHONE, np.uint8)
    for segment in segments:
        phone[segment.start : segment.end] = _INDEX[segment.phone]
        if segment.previous is not None:
            previous[segment.start : segment.end] = _INDEX[segment.previous]
    return phone, previous


def clips_of(shard: dict[str, NDArray[Any]]) -> Iterator[SpokenClip]:
    """The clips of a shard of speech."""
    at_sample = at_frame = 0
    for samples, frames in shard["lengths"]:
        yield (
            shard["samples"][at_sample : at_sample + samples],
            shard["phone"][at_frame : at_frame + frames],
            shard["previous"][at_frame : at_frame + frames],
        )
        at_sample += samples
        at_frame += frames
