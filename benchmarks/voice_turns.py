"""How long a spoken question waits for its answer: speech at its own pace into the voice socket."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from benchmarks import barging_in
from benchmarks.barging_in import barge_in
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.flite import VOICES, AtMicrophone, Said, at_microphone, speak
from benchmarks.report import Cell, Findings, Table, aim, percentile, spread
from tests.service.listener import Listener, listening
from tests.service.running import Running, running_service
from tests.service.speech import RATE

FRAME_MS = 20
BEFORE_S, AFTER_S = 0.5, 3.0
AIM_MS = 400.0

TEXTS = (
    "find me a talk about black holes", "what do you have on sourdough", "find a podcast about saving money",
    "is there a talk about batteries", "play something calm for the evening", "something about volcanoes and lava",
    "show me a live show about cooking", "find me lessons on watercolour", "find talks about robots",
    "do you have anything on sleep",
)  # fmt: skip

ABOUT = f"""
{len(TEXTS)} questions in {len(VOICES)} voices of flite, each with {BEFORE_S:g} s of a quiet room before it and
{AFTER_S:g} s after, sent to the voice socket as a microphone would: every {FRAME_MS} ms the {FRAME_MS} ms of sound that
have just passed, until the service says what it heard. Times count from the end of speech, which is where the
recording's last 10 ms window lies whose energy is within 40 dB of the loudest window's; the client takes them when a
message has arrived. "Heard" is the `final` message, which follows at once when the turn is found to be over; "first
sound" is the first binary message. A turn found to be over before the speech was is counted as cut off and left out of
the times. CPU is the service's process from `listen` to `final`, in shares of one core: it holds voice activity,
recognition and the socket.
{barging_in.ABOUT}"""


@dataclass(frozen=True)
class Spoken:
    """One spoken turn; milliseconds from the end of speech, `cpu` in seconds per second of listening."""

    said: Said
    heard: str
    heard_ms: float
    reply_ms: float
    first_sound_ms: float
    stages_ms: dict[str, float]
    cpu: float


def run(place: Workplace) -> Findings:
    recordings = speak(TEXTS)
    with running_service(place.paths.root) as service:
        recogniser = service.health()["parts"]["recogniser"]
        turns = asyncio.run(_converse(service, recordings, place.say))
        barges = barge_in(service, place.say)
    whole = [turn for turn in turns if turn.heard_ms >= 0]
    exact = sum(turn.heard == turn.said.text for turn in turns)
    rows = (
        ("heard", *_spread(whole, lambda turn: turn.heard_ms)),
        ("reply", *_spread(whole, lambda turn: turn.reply_ms)),
        ("first sound of the answer", *_spread(whole, lambda turn: turn.first_sound_ms)),
    )
    cpu = [turn.cpu for turn in turns]
    return Findings(
        (
            Table(("from the end of speech to", "turns", "p50 ms", "p95 ms"), rows),
            Table(("stage", "turns", "p50 ms", "p95 ms"), _stages(whole)),
            barges,
        ),
        (
            aim("p95 from the end of speech to the first sound", _p95_first_sound(whole), AIM_MS, "ms"),
            f"Recogniser: {recogniser}. Heard word for word: {exact} of {len(turns)}. Cut off: "
            f"{len(turns) - len(whole)}. CPU of the service while it listens: {statistics.mean(cpu):.2f} of a core on "
            f"average, {percentile(cpu, 95):.2f} at p95.",
        ),
    )


async def _converse(service: Running, recordings: list[Said], say: Callable[[str], None]) -> list[Spoken]:
    """Ask everything in one conversation after the other; the first question is asked twice, to warm up."""
    process = psutil.Process(service.process.pid)
    turns = []
    for number, said in enumerate([recordings[0], *recordings]):
        async with listening(service, RATE) as listener:
            turns.append(await _ask(listener, said, process))
        if number % len(VOICES) == 0:
            say(f"{number} of {len(recordings)}")
    return turns[1:]


async def _ask(listener: Listener, said: Said, process: psutil.Process) -> Spoken:
    sound = at_microphone(said, BEFORE_S, AFTER_S)
    await listener.send("listen")
    cpu, began = _cpu_seconds(process), time.perf_counter()
    silent_at = began + sound.speech_end_s
    sending = asyncio.create_task(_stream(listener, sound, began))
    final = await listener.until("final")
    heard_at = time.perf_counter()
    cpu = (_cpu_seconds(process) - cpu) / (heard_at - began)
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    reply = await listener.until("reply")
    replied_at = time.perf_counter()
    await listener.until("chunk")
    sounded_at = time.perf_counter()
    await listener.until("state", state="idle")
    heard_ms, reply_ms, first_sound_ms = ((at - silent_at) * 1000 for at in (heard_at, replied_at, sounded_at))
    return Spoken(said, final["text"], heard_ms, reply_ms, first_sound_ms, reply["trace"]["stages_ms"], cpu)


async def _stream(listener: Listener, sound: AtMicrophone, began: float) -> None:
    """Send each frame when its last sample has been spoken."""
    step = RATE * FRAME_MS // 1000
    for number, start in enumerate(range(0, len(sound.pcm), step), start=1):
        await asyncio.sleep(max(0.0, began + number * FRAME_MS / 1000 - time.perf_counter()))
        await listener.socket.send(sound.pcm[start : start + step].tobytes())


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _spread(turns: Iterable[Spoken], of: Callable[[Spoken], float]) -> tuple[Cell, Cell, Cell]:
    return spread([of(turn) for turn in turns])


def _stages(turns: Iterable[Spoken]) -> tuple[tuple[Cell, ...], ...]:
    stages: dict[str, list[float]] = defaultdict(list)
    for turn in turns:
        for stage, milliseconds in turn.stages_ms.items():
            stages[stage].append(milliseconds)
        stages["speech (reply to first sound)"].append(turn.first_sound_ms - turn.reply_ms)
    return tuple((stage, *spread(values)) for stage, values in stages.items())


def _p95_first_sound(turns: Iterable[Spoken]) -> float:
    return percentile([turn.first_sound_ms for turn in turns], 95)


BENCHMARK = Benchmark("voice_turns", "A spoken turn", ABOUT, run)
