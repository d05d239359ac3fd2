"""Many people speaking at once, in real time: how late each one's sound is worked off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.audio import RATE

FRAME_MS = 40
_FRAME = RATE * FRAME_MS // 1000


@dataclass(frozen=True)
class Lag:
    """Of one stream: milliseconds from the moment a frame was due to the moment it had been worked off."""

    frames_ms: tuple[float, ...]
    final_ms: float
    """From the last frame's due time to the transcript."""


@dataclass(frozen=True)
class Utterance:
    """What a stream has to do with its sound."""

    feed: Callable[[bytes], object]
    finish: Callable[[], object]


def frames(samples: NDArray[np.int16]) -> list[bytes]:
    """Sound in the pieces in which a microphone gives it; the last one may be shorter."""
    return [samples[start : start + _FRAME].astype("<i2").tobytes() for start in range(0, len(samples), _FRAME)]


def in_real_time(open_one: Callable[[], Utterance], sounds: Sequence[NDArray[np.int16]]) -> list[Lag]:
    """Feed every sound into an utterance of its own, all at once, each frame when it would have been spoken.

    Each stream has a thread; they begin one after the other within one frame's length, as people do not speak in step.
    """
    lags: list[Lag | None] = [None] * len(sounds)
    begin = time.perf_counter() + 0.2

    def speak(number: int) -> None:
        utterance = open_one()
        started = begin + number * FRAME_MS / 1000 / len(sounds)
        waited = []
        due = started
        for count, frame in enumerate(frames(sounds[number]), start=1):
            due = started + count * FRAME_MS / 1000
            time.sleep(max(0.0, due - time.perf_counter()))
            utterance.feed(frame)
            waited.append((time.perf_counter() - due) * 1000)
        utterance.finish()
        lags[number] = Lag(tuple(waited), (time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=speak, args=(number,)) for number in range(len(sounds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [lag for lag in lags if lag is not None]
    if len(done) != len(sounds):
        raise RuntimeError(f"{len(sounds) - len(done)} of {len(sounds)} streams failed")
    return done
