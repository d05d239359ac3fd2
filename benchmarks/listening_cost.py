"""What listening costs, and how many people it can listen to at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.crowd import Turn, together
from benchmarks.ears import PEER, Ear, our_ear, pocketsphinx_ear, product_vocabulary
from benchmarks.flite import VOICES, AtMicrophone, at_microphone, speak
from benchmarks.report import Cell, Findings, Table, aim, percentile, spread
from benchmarks.streams import FRAME_MS, Lag, Utterance, frames, in_real_time
from benchmarks.utterances import REQUESTS
from tests.service.running import running_service
from voice.activity import ActivityDetector
from voice.audio import RATE
from voice.recogniser import Recogniser

TEXTS = REQUESTS[:10]
STREAMS = 20
SENTENCES = 3
"""Turns that each of the crowd takes."""
BEFORE_S, AFTER_S = 0.3, 1.5
LOAD_AIM, FINAL_AIM_MS, LAG_AIM_MS = 0.05, 100.0, 200.0

ABOUT = f"""
{len(TEXTS)} requests in {len(VOICES)} voices of flite with the product's vocabulary, in frames of {FRAME_MS} ms, by
the recogniser alone with its partial results asked for after each frame as the product does. CPU is the process's own
time on all its threads. "At the end" is what it still takes to get the transcript once the last frame has been worked
off. Voice activity is what the product's listener needs beside it.
Then {STREAMS} people at once in real time on this machine's cores: straight at the recogniser, each stream in a thread
of its own, where the lag is the time from the moment a frame was due to the moment it had been worked off; and through
the voice sockets of the running service (`voice_sessions_max` raised to {STREAMS}), where everybody takes {SENTENCES}
turns, begun a tenth of a second apart, hears the answers, and the time is that from the end of speech to the
transcript, of which the end-of-turn silence is a part; one person alone is shown beside it. Who is refused because all
places are taken is counted apart. The clients share the machine's cores with the service.
"""

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Cost:
    """CPU of some utterances: per second of sound, and milliseconds at the end of each."""

    load: float
    final_ms: tuple[float, ...]


def run(place: Workplace) -> Findings:
    sounds = [at_microphone(said, BEFORE_S, AFTER_S) for said in speak(TEXTS)]
    pcm = [sound.pcm for sound in sounds]
    language = place.kept / "language"
    vocabulary = product_vocabulary()
    ears = (our_ear(vocabulary, language), pocketsphinx_ear(vocabulary, language, places=STREAMS))
    alone: dict[str, Cost] = {}
    lags: dict[str, list[Lag]] = {}
    for ear in ears:
        place.say(f"{ear.name}: one after the other")
        with closing(ear.open()) as recogniser:
            alone[ear.name] = _measure(pcm, lambda: _bare(recogniser))
        place.say(f"{ear.name}: {STREAMS} at once")
        lags[ear.name] = _crowd_at(ear, pcm)
    alone["voice activity (Silero), beside either"] = _measure(pcm, _activity)
    crowds = [_crowd_through(place, sounds, environment) for environment in ({}, {"SORI_RECOGNISER": PEER})]
    return Findings(
        (
            Table(
                ("one utterance after the other", "CPU s per s of sound", "CPU at the end, p50 ms", "p95 ms"),
                tuple((name, cost.load, *spread(cost.final_ms)[1:]) for name, cost in alone.items()),
            ),
            Table(
                (f"{STREAMS} streams at the recogniser", "p50 ms", "p95 ms", "worst stream's p95 ms", "most ms"),
                tuple((name, *_lag(lag)) for name, lag in lags.items()),
            ),
            Table(
                ("through the sockets, end of speech to transcript", "turns", "p50 ms", "p95 ms", "most", "refused"),
                tuple(row for crowd in crowds for row in _crowd_rows(*crowd)),
            ),
        ),
        tuple(_verdicts(alone[ears[0].name], lags[ears[0].name])),
    )


def _bare(recogniser: Recogniser) -> Utterance:
    """Recognition alone."""
    stream = recogniser.open()

    def feed(pcm: bytes) -> None:
        stream.feed(pcm)
        stream.partial()

    return Utterance(feed, stream.finish)


def _activity() -> Utterance:
    """Voice activity alone, which has nothing left to do at the end."""
    return Utterance(ActivityDetector().process, lambda: None)


def _measure(sounds: Sequence[Samples], open_one: Callable[[], Utterance]) -> Cost:
    """One after the other; the first one is heard before anything is measured."""
    used, finals = 0.0, []
    for number, sound in enumerate([sounds[0], *sounds]):
        utterance = open_one()
        began = time.process_time()
        for frame in frames(sound):
            utterance.feed(frame)
        fed = time.process_time()
        utterance.finish()
        done = time.process_time()
        if number:
            used += done - began
            finals.append((done - fed) * 1000)
    return Cost(used / (sum(map(len, sounds)) / RATE), tuple(finals))


def _crowd_at(ear: Ear, sounds: Sequence[Samples]) -> list[Lag]:
    """All streams at once; one utterance before, so that everything is loaded."""
    with closing(ear.open()) as recogniser:
        _measure(sounds[:1], lambda: _bare(recogniser))
        return in_real_time(lambda: _bare(recogniser), [sounds[number % len(sounds)] for number in range(STREAMS)])


def _crowd_through(
    place: Workplace, sounds: Sequence[AtMicrophone], environment: dict[str, str]
) -> tuple[str, list[Turn], list[Turn]]:
    """The service's recogniser, the turns of one person alone, and those of the crowd."""
    places = {"SORI_VOICE_SESSIONS_MAX": str(STREAMS)}
    people = [[sounds[(number + turn) % len(sounds)] for turn in range(SENTENCES)] for number in range(STREAMS)]
    with running_service(place.paths.root, environment={**environment, **places}) as service:
        engine = str(service.health()["parts"]["recogniser"])
        asyncio.run(together(service, people[:1]))  # nothing is loaded for the first time in what is measured
        place.say(f"{engine}: one person at the service")
        alone = asyncio.run(together(service, people[1:2]))
        place.say(f"{engine}: {STREAMS} people at the service")
        return engine, alone, asyncio.run(together(service, people))


def _lag(lags: Sequence[Lag]) -> tuple[Cell, ...]:
    """Over all frames: p50, p95; over the streams: the worst p95 and the longest wait."""
    every = [wait for lag in lags for wait in lag.frames_ms]
    return (*spread(every)[1:], _worst(lags), max(every))


def _worst(lags: Sequence[Lag]) -> float:
    return max(percentile(lag.frames_ms, 95) for lag in lags)


def _crowd_rows(name: str, alone: Sequence[Turn], crowd: Sequence[Turn]) -> Iterator[tuple[Cell, ...]]:
    for who, turns in (("one person", alone), (f"{STREAMS} people", crowd)):
        times = [turn.heard_ms for turn in turns if turn.heard_ms is not None]
        yield (f"{name}, {who}", *spread(times), max(times, default=None), len(turns) - len(times))


def _verdicts(cost: Cost, lags: Sequence[Lag]) -> Iterator[str]:
    """What the issue asks of our model."""
    yield aim("CPU of recognition per second of sound", cost.load, LOAD_AIM, "s")
    yield aim("CPU from the end of speech to the transcript, p95,", percentile(cost.final_ms, 95), FINAL_AIM_MS, "ms")
    yield aim(f"the worst of {STREAMS} streams, p95 of its lag,", _worst(lags), LAG_AIM_MS, "ms")


BENCHMARK = Benchmark("listening_cost", "What listening costs", ABOUT, run)
