"""How loud recordings come out, by a second meter, and beside FFmpeg's own normaliser."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.benchmark import SPEECH, Benchmark, Workplace
from benchmarks.people import read_aloud
from benchmarks.report import Cell, Findings, Table, aim
from skills.media.loudness import Aim, measure, normalise
from skills.media.loudness.encoding import Encoder
from skills.media.loudness.graph import Chain, sound
from tests.media.loud import RATE, SOUNDS, bs1770, true_peak
from tests.media.recordings import samples_of, write_sound
from voice.audio import RATE as SPEECH_RATE

TARGET = Aim()
LOUDNORM = (
    ("loudnorm", f"I={TARGET.integrated}:TP={TARGET.true_peak}:LRA=11"),
    ("aresample", str(RATE)),
    ("aformat", f"sample_fmts=fltp:sample_rates={RATE}:channel_layouts=stereo"),
)
"""FFmpeg's normaliser in one pass, as most people use it."""


def run(place: Workplace) -> Findings:
    rows: list[tuple[Cell, ...]] = []
    with tempfile.TemporaryDirectory(prefix="sori-loudness-") as scratch:
        folder = Path(scratch)
        sources = list(_sources(folder))
        started = time.monotonic()
        seconds = 0.0
        for name, source in sources:
            place.say(name)
            target, theirs = folder / "ours.m4a", folder / "theirs.m4a"
            before = measure(source)
            normalise(source, target, TARGET, before)
            _loudnorm(source, theirs)
            heard, peer = samples_of(target, RATE), samples_of(theirs, RATE)
            seconds += heard.shape[1] / RATE
            rows.append(
                (name, before.integrated, before.true_peak, *map(float, (bs1770(heard), true_peak(heard))),
                 *map(float, (bs1770(peer), true_peak(peer))))
            )  # fmt: skip
        spent = time.monotonic() - started
    off = [abs(float(str(row[3])) - TARGET.integrated) for row in rows]
    peaks = [float(str(row[4])) for row in rows]
    theirs_off = [abs(float(str(row[5])) - TARGET.integrated) for row in rows]
    return Findings(
        (
            Table(
                (
                    "sound",
                    "before, LUFS",
                    "before, dBTP",
                    "ours, LUFS",
                    "ours, dBTP",
                    "loudnorm, LUFS",
                    "loudnorm, dBTP",
                ),
                tuple(rows),
            ),
        ),
        (
            aim("the farthest from the target", max(off), 0.5, "LU"),
            aim("the highest true peak", max(peaks), TARGET.true_peak, "dBTP"),
            f"FFmpeg's loudnorm in one pass is up to {max(theirs_off):.1f} LU off in the same run.",
            f"Measuring and both normalisers took {spent / seconds:.2f} s for each second of sound.",
        ),
    )


def _sources(folder: Path) -> list[tuple[str, Path]]:
    """Generated sounds, and people reading where there are recordings of them."""
    sources: list[tuple[str, Path]] = []
    for name, make in SOUNDS.items():
        for channels, kind in ((1, "mono"), (2, "stereo")):
            path = folder / f"{len(sources)}.wav"
            write_sound(path, make(), RATE, channels=channels)
            sources.append((f"{name}, {kind}", path))
    if SPEECH.is_dir():
        for number, audio in enumerate(read_aloud(SPEECH / "read")[:6], start=1):
            path = folder / f"{len(sources)}.wav"
            write_sound(path, audio.samples / 32768.0, SPEECH_RATE)
            sources.append((f"a person reading, {number}", path))
    return sources


def _loudnorm(source: Path, target: Path) -> None:
    with Encoder(source, target, RATE) as encoder:
        chain = None
        for frame in sound(source):
            chain = chain or Chain(frame, LOUDNORM)
            for out in chain.push(frame):
                encoder.add(out)
        if chain is not None:
            for out in chain.push(None):
                encoder.add(out)


BENCHMARK = Benchmark(
    "loudness",
    "Loudness of what is played",
    """Tones, speech-like and music-like sounds and peaks between the samples, in mono and stereo, and people reading,
made -16 LUFS loud and at most -1 dBTP as an import does it. What comes out, encoded and decoded again, is measured by a
second meter, which was written for the tests from ITU-R BS.1770-4 (true peaks at eight times the sample rate). The peer
is FFmpeg's loudnorm in one pass, through the same encoder.""",
    run,
)
