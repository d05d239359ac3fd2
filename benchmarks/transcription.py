"""How well recordings are written down, and when each segment begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.benchmark import Benchmark, Workplace, need_speech
from benchmarks.flite import speak
from benchmarks.people import MAX_SECONDS, with_transcripts
from benchmarks.report import Cell, Findings, Table, aim_at_least
from skills.media.catalogue import demo_items
from skills.media.transcripts import Names, readable
from skills.media.transcripts.transcribing import transcribe
from voice.audio import RATE, Audio, decode
from voice.pocketsphinx_engine import PocketsphinxDictation
from voice.spoken_form import spoken_words
from voice.synthesizer import EspeakSynthesizer
from voice.training.evaluation import edits

CLOSE_MS = 300
GAP_MS = 1_200
"""Silence between two recordings that are joined to one."""
QUIET = 0.02
"""Share of the loudest sample below which a recording has not begun; the first tenth of a second above it is speech."""
SENTENCES = 60
RECORDED = ("slt", "rms", "awb")
AIM_PERCENT = 95.0


def run(place: Workplace) -> Findings:
    rows: list[tuple[Cell, ...]] = []
    starts: list[tuple[Cell, ...]] = []
    close = spoken = 0
    with closing(PocketsphinxDictation()) as recogniser:
        for name, clips_of in (
            ("people reading aloud", _people),
            ("flite, voices recorded from three people", _flite),
            ("eSpeak, which is made of formants", _espeak),
        ):
            place.say(name)
            clips = list(clips_of())
            sound, began = _joined([audio for audio, _ in clips])
            words = transcribe([sound], recogniser)
            said = [word for _, text in clips for word in text]
            heard = spoken_words(" ".join(word.text for word in words))
            rows.append((name, len(clips), len(said), edits(said, heard) / len(said)))
            segments = readable(words, Names([], []), "en").segments
            off = [min(abs(segment.start_ms - start) for segment in segments) for start in began]
            near = sum(one <= CLOSE_MS for one in off)
            starts.append((name, len(began), near / len(began), float(np.median(off)), float(np.percentile(off, 95))))
            close, spoken = close + near, spoken + len(began)
    return Findings(
        (
            Table(("sound", "recordings", "words", "word error rate"), tuple(rows)),
            Table(
                ("sound", "spoken starts", "a segment within 0.3 s, share", "median ms off", "p95 ms off"),
                tuple(starts),
            ),
        ),
        (aim_at_least("spoken starts with a segment that begins within 0.3 s", close, spoken, AIM_PERCENT),),
    )


def _people() -> Iterator[tuple[Audio, list[str]]]:
    yield from with_transcripts(need_speech() / "read")


def _texts() -> list[str]:
    return [said.text for item in demo_items() for said in item.transcript]


def _flite() -> Iterator[tuple[Audio, list[str]]]:
    for said in speak(tuple(_texts()[: SENTENCES // len(RECORDED)])):
        if said.voice in RECORDED:
            yield decode(said.sound, max_seconds=MAX_SECONDS), spoken_words(said.text)


def _espeak() -> Iterator[tuple[Audio, list[str]]]:
    synthesizer = EspeakSynthesizer()
    synthesizer.start()
    try:
        for text in _texts()[:SENTENCES]:
            pcm = np.frombuffer(synthesizer.speak_all(text), "<i2")
            yield Audio(_resampled(pcm, synthesizer.rate)), spoken_words(text)
    finally:
        synthesizer.close()


def _resampled(pcm: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    count = len(pcm) * RATE // rate
    return np.interp(np.arange(count) * rate / RATE, np.arange(len(pcm)), pcm).astype(np.int16)


def _joined(clips: Sequence[Audio]) -> tuple[NDArray[np.int16], list[int]]:
    """One recording of all, with silence between them, and when (ms) speech begins in each."""
    gap = np.zeros(GAP_MS * RATE // 1000, np.int16)
    parts = [part for clip in clips for part in (gap, clip.samples)]
    places = np.cumsum([0, *(len(part) for part in parts)])
    begins = [int(start) for (start, _), part in zip(pairwise(places), parts, strict=True) if part is not gap]
    return np.concatenate(parts), [
        (start + _onset(clip.samples)) * 1000 // RATE for start, clip in zip(begins, clips, strict=True)
    ]


def _onset(samples: NDArray[np.int16]) -> int:
    loud = np.abs(samples.astype(np.int32)) > QUIET * np.abs(samples.astype(np.int32)).max()
    return int(np.argmax(loud))


BENCHMARK = Benchmark(
    "transcription",
    "Writing down what is said",
    """The recogniser that needs no download (pocketsphinx with its own general English) on people reading aloud
(speech/read) and on the demo's transcripts, read out by two speech engines; the recordings of each are joined to one,
with 1.2 s of silence between. A spoken start is where a recording first gets louder than a fiftieth of its loudest
sample; the nearest segment's start is held against it.""",
    run,
)
