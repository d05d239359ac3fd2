"""How often people wake the assistant, and how often nobody did: every engine of voice/wake on one long stream."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from benchmarks.benchmark import Benchmark, Workplace, need_speech
from benchmarks.report import Findings, Table, rate
from voice.audio import RATE, decode
from voice.wake.detector import WakeDetector
from voice.wake.micro import MicroDetector
from voice.wake.phrase import find_phrase
from voice.wake.spotter import Spotter

SAID = ("alexa", "jarvis", "snowboy")
"""The words that people say in the recordings."""
PIECE = 40 * RATE // 1000
PAUSE_S = 0.5
SEED = 5
ENGINES: tuple[tuple[str, Callable[[str], WakeDetector], tuple[str, ...]], ...] = (
    ("microWakeWord", MicroDetector, ("alexa", "hey jarvis", "okay nabu")),
    ("phrase spotter", lambda text: Spotter(find_phrase(text)), (*SAID, "hey sori", "hey computer")),
)

ABOUT = """
One stream of all recordings in a fixed random order with half a second between them: 327 of people who say "alexa",
"jarvis" or "snowboy" once, and as speech that should not wake anything the other two words, 250 coffee orders,
sentences read aloud, and two minutes of a kitchen. Each engine listens as it does in use, without being told where a
recording begins. Woken: the share of a word's recordings in which it was found, in per cent, with its 95 % confidence
interval. False: how often the phrase was found where nobody said it, and that for an hour, with the exact Poisson
interval; it is an hour in which people speak all the time. No engine was trained on these words, and a phrase's
threshold comes from synthetic speech alone; but the spotter's scoring, its running mean and the threshold rule were
chosen among some dozen variants with a third of these recordings in view.
"""


@dataclass(frozen=True)
class Stream:
    """Samples of everything; recording i holds `words[i]` ("" for none of them) and ends at sample `ends[i]`."""

    samples: NDArray[np.int16]
    words: Sequence[str]
    ends: Sequence[int]

    def where(self, sample: int) -> int:
        """The recording in which a sample lies."""
        return min(bisect_left(self.ends, sample), len(self.ends) - 1)

    def seconds(self, without: str) -> float:
        """How long the recordings without a word are."""
        lengths = np.diff([0, *self.ends])
        return float(sum(length for length, word in zip(lengths, self.words, strict=True) if word != without)) / RATE


def run(place: Workplace) -> Findings:
    speech = need_speech()
    stream = _stream(speech)
    rows = []
    for engine, make, phrases in ENGINES:
        for phrase in phrases:
            place.say(f"{engine}: {phrase}")
            started = time.process_time()
            found = {stream.where(end) for end in _wakes(make(phrase), stream.samples)}
            cost = (time.process_time() - started) / (len(stream.samples) / RATE)
            positives = {index for index, word in enumerate(stream.words) if word == phrase}
            hours = stream.seconds(phrase) / 3600
            woken = rate(len(found & positives), len(positives)) if positives else None
            rows.append(
                (f"{engine}, {phrase}", woken, len(found - positives), per_hour(len(found - positives), hours), cost)
            )
    columns = ("engine, phrase", "woken, %", "false", "false an hour", "CPU s per s")
    return Findings(
        (Table(columns, tuple(rows)),),
        (
            "`voice.wake.opening.open_detector` takes microWakeWord for the phrases that it knows and the "
            "phrase spotter for all others; the page has the phrase spotter for all.",
            "Nobody in the recordings says the phrases without a figure under woken.",
        ),
    )


def per_hour(count: int, hours: float) -> str:
    """Events an hour with the exact 95 % interval of a Poisson rate (Garwood, 1936)."""
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = chi2.ppf(0.975, 2 * count + 2) / 2
    return f"{count / hours:.1f} ({low / hours:.1f}-{high / hours:.1f})"


def _wakes(detector: WakeDetector, samples: NDArray[np.int16]) -> Iterator[int]:
    """The ends of the wake words."""
    for start in range(0, len(samples), PIECE):
        if wake := detector.process(samples[start : start + PIECE].tobytes()):
            yield wake.end
    detector.close()


def _stream(speech: Path) -> Stream:
    folders = ("unlabelled/words", "unlabelled/orders", "commands", "read", "noise")
    files = sorted(file for name in folders for file in (speech / name).iterdir() if file.suffix in (".wav", ".flac"))
    dice = np.random.default_rng(SEED)
    parts, words, ends, length = [], [], [], 0
    for index in dice.permutation(len(files)):
        sound = decode(files[index], max_seconds=600).samples
        room = dice.normal(0, 8, int(PAUSE_S * RATE)).astype(np.int16)
        parts += [sound, room]
        length += len(sound) + len(room)
        words.append(next((word for word in SAID if files[index].name.startswith(f"{word}_")), ""))
        ends.append(length)
    return Stream(np.concatenate(parts), words, ends)


BENCHMARK = Benchmark("waking", "Wake words", ABOUT, run)
