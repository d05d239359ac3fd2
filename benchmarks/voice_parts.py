"""What the parts of speech in and out cost on this machine: `python -m benchmarks.voice_parts`.

Prints one line per figure. Speech is made by the product's own voice: the figures are of time, not of accuracy.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from pathlib import Path

import av
import numpy as np

from voice.activity import ActivityDetector
from voice.listener import Final, Listener, Partial
from voice.pocketsphinx_engine import PocketsphinxRecogniser
from voice.recogniser import RATE, Vocabulary
from voice.synthesizer import EspeakSynthesizer

FRAME_BYTES = 640
VERBS = ("play", "find", "find me a talk about", "put on", "search for", "I want to hear")
FIRST = ("black", "silent", "northern", "golden", "broken", "hidden", "early", "distant", "little", "modern")
SECOND = ("holes", "rivers", "gardens", "engines", "letters", "islands", "markets", "voices", "winters", "roads")
THIRD = ("of Lisbon", "in history", "at night", "for beginners", "by the sea", "and music", "of tomorrow", "in winter")
FOURTH = ("part one", "part two", "explained", "revisited", "live", "again", "today")


def sentences(count: int) -> Vocabulary:
    """`count` different sentences of five to nine words."""
    parts = itertools.product(THIRD, FOURTH, FIRST, SECOND, VERBS)
    made = (f"{verb} {first} {second} {third} {fourth}" for third, fourth, first, second, verb in parts)
    return Vocabulary.of(*itertools.islice(made, count))


def spoken(synthesizer: EspeakSynthesizer, text: str) -> bytes:
    """`text` at 16 kHz, between silences."""
    samples = np.frombuffer(synthesizer.speak_all(text), np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate = synthesizer.rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    pcm = b"".join(part.to_ndarray().tobytes() for part in [*resampler.resample(frame), *resampler.resample(None)])
    return bytes(RATE) + pcm + bytes(3 * RATE)


def report(name: str, values: list[float], unit: str) -> None:
    """The median and the 95th percentile of `values`."""
    print(f"{name}: p50 {np.percentile(values, 50):.4g} {unit}, p95 {np.percentile(values, 95):.4g} {unit}")


def measure_vocabularies(folder: Path) -> PocketsphinxRecogniser:
    """Build times, cold and from the cache; returns the recogniser of 3,000 sentences."""
    made: list[PocketsphinxRecogniser] = []
    for count in (5_000, 30_000, 3_000):
        for state in ("built", "from the cache"):
            begin = time.perf_counter()
            made.append(PocketsphinxRecogniser(folder, sentences(count)))
            print(f"vocabulary of {count} sentences, {state}: {time.perf_counter() - begin:.2f} s")
    return made[-1]


def measure_listening(recogniser: PocketsphinxRecogniser, synthesizer: EspeakSynthesizer) -> None:
    """Cost of hearing, per stage."""
    opening, first, finals, waits, factors, activity = [], [], [], [], [], []
    detector = ActivityDetector()
    for text, _ in sentences(3_000).sentences[::100]:
        pcm = spoken(synthesizer, text)
        begin = time.perf_counter()
        recogniser.open().close()
        opening.append(1_000 * (time.perf_counter() - begin))
        begin = time.process_time()
        detector.process(pcm)
        activity.append(1_000 * (time.process_time() - begin) / (len(pcm) / 2 / RATE))
        listener = Listener(recogniser, detector)
        started, partial_ms = time.process_time(), None
        for start in range(0, len(pcm), FRAME_BYTES):
            begin = time.process_time()
            events = listener.feed(pcm[start : start + FRAME_BYTES])
            if partial_ms is None and any(isinstance(event, Partial) for event in events):
                partial_ms = start / FRAME_BYTES * 20 - 500
            if events and isinstance(events[-1], Final):
                finals.append(1_000 * (time.process_time() - begin))
                waits.append(float(events[-1].heard_ms - (events[-1].speech_end_ms or 0)))
                factors.append((time.process_time() - started) / (events[-1].heard_ms / 1_000))
                break
        first.append(partial_ms or 0.0)
    report("voice activity, CPU per second of sound", activity, "ms")
    report("opening a stream", opening, "ms")
    report("first partial result after speech begins (sound time)", first, "ms")
    report("listening, CPU seconds per second of sound", factors, "")
    report("end of speech to end of turn (sound time)", waits, "ms")
    report("end of turn to transcript (CPU)", finals, "ms")


async def measure_speaking(synthesizer: EspeakSynthesizer) -> None:
    """Time to the first sound of an answer, through the worker."""
    firsts = []
    for number in range(200):
        speech = synthesizer.speak(f"I found {number} talks about black holes. Shall I play the first?")
        begin = time.perf_counter()
        await anext(speech)
        firsts.append(1_000 * (time.perf_counter() - begin))
        await speech.aclose()
    report("text to first sound", firsts, "ms")


def main() -> None:
    """Measure everything."""
    synthesizer = EspeakSynthesizer()
    begin = time.perf_counter()
    synthesizer.start()
    print(f"speech process started: {time.perf_counter() - begin:.2f} s")
    asyncio.run(measure_speaking(synthesizer))
    with tempfile.TemporaryDirectory() as folder:
        measure_listening(measure_vocabularies(Path(folder)), synthesizer)
    synthesizer.close()


if __name__ == "__main__":
    main()
