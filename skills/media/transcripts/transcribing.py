"""What is said in a recording of any length, by a recogniser that takes one utterance at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.activity import ActivityDetector
from voice.audio import RATE
from voice.recogniser import Recogniser, Word

SPEECH = 0.5
"""Probability from which a frame is speech."""
PAUSE_MS = 300
"""Silence at which a stretch may end; shorter ones are within a phrase."""
MARGIN_MS = 200
"""Silence that is kept on both sides: first and last consonants are quiet."""
ENOUGH_MS, MAX_MS = 4_000, 20_000
"""A stretch goes on over pauses until it is long enough to be understood by itself, and is cut when it is too long."""
_BYTES_PER_MS = 2 * RATE // 1000


@dataclass(frozen=True)
class Stretch:
    """16 kHz mono 16-bit sound in which somebody speaks, and when it begins in the recording."""

    start_ms: int
    pcm: bytes


def transcribe(
    pieces: Iterable[NDArray[np.int16]], recogniser: Recogniser, on_ms: Callable[[int], None] = lambda _done: None
) -> list[Word]:
    """The words of a recording, given as 16 kHz mono samples in pieces of any length, with their times in it.

    Blocking CPU work for a tenth to all of its length; `on_ms` is told how far it has come. Raises RecognitionError.
    """
    words: list[Word] = []
    for stretch in stretches(pieces, on_ms):
        stream = recogniser.open()
        try:
            stream.feed(stretch.pcm)
            words += stream.finish().shifted(stretch.start_ms).words
        finally:
            stream.close()
    return words


def stretches(
    pieces: Iterable[NDArray[np.int16]], on_ms: Callable[[int], None] = lambda _done: None
) -> Iterator[Stretch]:
    """Speech cut at pauses; silence and music without voices are left out."""
    detector, cutter = ActivityDetector(), _Cutter()
    for piece in pieces:
        pcm = piece.astype("<i2", copy=False).tobytes()
        cutter.sound += pcm
        for frame in detector.process(pcm):
            if stretch := cutter.frame(frame.probability >= SPEECH, frame.frame_ms):
                yield stretch
        on_ms(cutter.now_ms)
    if stretch := cutter.end():
        yield stretch


class _Cutter:
    """Decides frame by frame where stretches begin and end; keeps only the sound that may still be needed."""

    def __init__(self) -> None:
        self.sound = bytearray()
        self.now_ms = 0
        self._kept_from_ms = 0
        self._began_ms: int | None = None
        self._spoke_ms = 0
        """When the last speech ended."""

    def frame(self, is_speech: bool, frame_ms: int) -> Stretch | None:
        """A frame has come; the stretch that is over with it, if one is."""
        started_ms, self.now_ms = self.now_ms, self.now_ms + frame_ms
        if is_speech:
            self._spoke_ms = self.now_ms
            if self._began_ms is None:
                self._began_ms = max(self._kept_from_ms, started_ms - MARGIN_MS)
        if self._began_ms is None:
            self._forget(self.now_ms - MARGIN_MS)
            return None
        length, pause = self.now_ms - self._began_ms, self.now_ms - self._spoke_ms
        is_over = pause >= PAUSE_MS and (length >= ENOUGH_MS or pause >= 3 * PAUSE_MS)
        return (
            self._take(self._spoke_ms + MARGIN_MS if is_over else self.now_ms) if is_over or length >= MAX_MS else None
        )

    def end(self) -> Stretch | None:
        """The recording is over."""
        return self._take(self.now_ms) if self._began_ms is not None else None

    def _take(self, until_ms: int) -> Stretch:
        assert self._began_ms is not None
        began, self._began_ms = self._began_ms, None
        self._forget(began)
        count = (until_ms - began) * _BYTES_PER_MS
        stretch = Stretch(began, bytes(self.sound[:count]))
        self._forget(until_ms)
        return stretch

    def _forget(self, before_ms: int) -> None:
        count = (before_ms - self._kept_from_ms) * _BYTES_PER_MS
        if count > 0:
            del self.sound[:count]
            self._kept_from_ms = before_ms
