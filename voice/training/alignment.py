"""When each phone is spoken: forced alignment with pocketsphinx and its English model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from voice.acoustic_model import SILENCE
from voice.recogniser import RATE

Samples = NDArray[np.int16]

_SEARCHES: tuple[dict[str, float], ...] = ({}, {"beam": 1e-120, "wbeam": 1e-90, "pbeam": 1e-120})
"""The usual search first; a wide one, twice as slow, for the clips that get lost in it."""


@dataclass(frozen=True)
class Segment:
    """A phone from frame `start` to before `end` (10 ms each).

    `previous` is the one before it in the same word, `word` the place of that word in the text; silence has neither.
    """

    phone: str
    previous: str | None
    word: int | None
    start: int
    end: int


class Aligner:
    """Knows the words of one dictionary. Not thread-safe."""

    def __init__(self, dictionary: Path) -> None:
        """Load the model with a Sphinx dictionary of all words that will be aligned."""
        self._decoders = [
            # The best path through the lattice often ends before the last word, the best state sequence does not.
            pocketsphinx.Decoder(
                samprate=RATE, loglevel="FATAL", lm=None, dict=str(dictionary), bestpath=False, **search
            )
            for search in _SEARCHES
        ]

    def align(self, samples: Samples, text: str) -> tuple[Segment, ...] | None:
        """The segments, in order and without gaps, of a clip that says `text`; None where it does not fit."""
        for decoder in self._decoders:
            try:
                return tuple(_segments(_aligned(decoder, samples.tobytes(), text)))
            except RuntimeError:
                # The search did not reach the last word.
                continue
        return None


def _aligned(decoder: Any, sound: bytes, text: str) -> Any:
    """Words by a search for the text with optional silences, then phones by a search inside the words found."""
    decoder.set_align_text(text)
    _decode(decoder, sound)
    if decoder.hyp() is None:
        raise RuntimeError
    decoder.set_alignment()
    _decode(decoder, sound)
    alignment = decoder.get_alignment()
    if alignment is None:
        raise RuntimeError
    return alignment


def _decode(decoder: Any, sound: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()


def _segments(alignment: Any) -> list[Segment]:
    segments: list[Segment] = []
    place = 0
    for word in alignment:
        previous: str | None = None
        spoken = word.name[0] not in "<["
        for phone in word:
            name = phone.name if spoken else SILENCE
            index = place if spoken else None
            segments.append(Segment(name, previous, index, phone.start, phone.start + phone.duration))
            previous = name if spoken else None
        place += spoken
    return segments
