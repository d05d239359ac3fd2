from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
import pyttsx3

from voice import espeak_driver
from voice.errors import BusyError, SynthesisError
from voice.synthesizer import PAUSE_MS, QUEUE_LIMIT, EspeakSynthesizer, SpeechChunk

_ROOT = Path(__file__).resolve().parents[2]
TEXT = "I found three talks about black holes. Shall I play the first?"


@pytest.fixture(scope="module")
def shared() -> Iterator[EspeakSynthesizer]:
    made = EspeakSynthesizer()
    yield made
    made.close()


@pytest.fixture
def own() -> Iterator[EspeakSynthesizer]:
    made = EspeakSynthesizer()
    yield made
    made.close()


async def gather(synthesizer: EspeakSynthesizer, text: str, **options: object) -> list[SpeechChunk]:
    return [chunk async for chunk in synthesizer.speak(text, **options)]  # type: ignore[arg-type]


async def test_speech_comes_in_small_chunks_with_the_time_of_every_word(shared: EspeakSynthesizer) -> None:
    chunks = await gather(shared, TEXT)
    words = [word for chunk in chunks for word in chunk.words]
    assert " ".join(word.text for word in words) == "I found three talks about black holes Shall I play the first"
    assert [word.start_ms for word in words] == sorted(word.start_ms for word in words)
    assert all(len(chunk.pcm) <= 2 * 22_050 * PAUSE_MS // 1000 and chunk.rate == 22_050 for chunk in chunks)
    pcm = b"".join(chunk.pcm for chunk in chunks)
    assert words[-1].start_ms < len(pcm) / 44.1


def sound(chunks: list[SpeechChunk]) -> bytes:
    return b"".join(chunk.pcm for chunk in chunks)


def same_length(one: bytes, other: bytes) -> bool:
    """eSpeak breathes at random: the same text differs by a few samples each time."""
    return abs(len(one) - len(other)) < 300


async def test_sound_begins_and_ends_without_a_wait(shared: EspeakSynthesizer) -> None:
    pcm = sound(await gather(shared, "Playing the night train to Lisbon."))
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2").astype(int)) > 200) / 22.05
    assert loud[0] < 80
    assert len(pcm) / 44.1 - loud[-1] < 80


async def test_rate_and_volume_do_what_they_say(shared: EspeakSynthesizer) -> None:
    usual = sound(await gather(shared, TEXT))
    fast = sound(await gather(shared, TEXT, rate=300))
    quiet = np.frombuffer(sound(await gather(shared, TEXT, volume=0.25)), "<i2")
    assert len(fast) < 0.75 * len(usual)
    assert 0 < np.abs(quiet.astype(int)).max() < 0.5 * np.abs(np.frombuffer(usual, "<i2").astype(int)).max()
    assert same_length(sound(await gather(shared, TEXT)), usual)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"voice": "xx-nowhere"}, "voice_unknown"),
        ({"voice": "../../../etc/passwd"}, "voice_unknown"),
        ({"rate": 10_000}, "speech_option"),
        ({"volume": float("nan")}, "speech_option"),
    ],
)
async def test_a_wrong_option_is_named_and_spoils_nothing(
    shared: EspeakSynthesizer, options: dict[str, object], code: str
) -> None:
    starts = shared.worker_starts
    with pytest.raises(SynthesisError) as caught:
        await gather(shared, TEXT, **options)
    assert (caught.value.code, caught.value.retryable) == (code, False)
    assert await gather(shared, "All is well.")
    assert shared.worker_starts == max(1, starts)


@pytest.mark.parametrize("text", ["", "   \n ", "<break/>", "\x00\x01"])
async def test_nothing_to_say_is_no_sound_and_no_error(shared: EspeakSynthesizer, text: str) -> None:
    assert await gather(shared, text) == []


@pytest.mark.parametrize("text", ["...", "😀", "서울의 밤", "a" * 6_000, "<<<[[[]]]>>>", "50 % & more"])
async def test_odd_texts_are_survived(shared: EspeakSynthesizer, text: str) -> None:
    await gather(shared, text)
    assert await gather(shared, "Still here.")


async def test_callers_take_turns_sentence_by_sentence(shared: EspeakSynthesizer) -> None:
    order: list[str] = []

    async def tell(name: str, text: str) -> None:
        async for _ in shared.speak(text):
            order.append(name)  # noqa: PERF401 - in the order of arrival

    await asyncio.gather(tell("long", "This story goes on and on. " * 40), tell("short", "Stop."))
    assert order.index("short") < len(order) / 10


async def test_too_many_callers_are_told_so(shared: EspeakSynthesizer) -> None:
    speeches = [shared.speak("Wait for me. I am coming.") for _ in range(QUEUE_LIMIT)]
    for speech in speeches:
        await anext(speech)
    with pytest.raises(BusyError) as caught:
        await gather(shared, "Me too.")
    assert caught.value.code == "synthesis_busy"
    for speech in speeches:
        await speech.aclose()
    assert await gather(shared, "Me too.")


async def test_leaving_stops_the_speech_and_the_next_one_is_clean(shared: EspeakSynthesizer) -> None:
    expected = await gather(shared, "A clean sentence.")
    async with aclosing(shared.speak("A very long tale, told without a breath, " * 100)) as chunks:
        await anext(chunks)
    begin = time.perf_counter()
    again = await gather(shared, "A clean sentence.")
    assert time.perf_counter() - begin < 0.4
    assert same_length(sound(again), sound(expected))


async def test_stop_ends_every_speech_under_way(own: EspeakSynthesizer) -> None:
    speech = own.speak("And so on, and so forth. " * 200)
    heard = [await anext(speech)]
    begin = time.perf_counter()
    own.stop()
    heard += [chunk async for chunk in speech]
    assert time.perf_counter() - begin < 0.4
    assert sum(len(chunk.pcm) for chunk in heard) < 10 * 44_100


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_crash_in_mid_sentence_is_not_heard(own: EspeakSynthesizer, how: signal.Signals) -> None:
    text = "Once upon a time, in a land far away, there lived a very old and very wise owl, " * 3
    expected = sound(await gather(own, text))
    speech = own.speak(text)
    heard = [await anext(speech)]
    assert own.worker_pid
    os.kill(own.worker_pid, how)
    heard += [chunk async for chunk in speech]
    assert same_length(sound(heard), expected)


def test_a_hanging_worker_is_replaced(own: EspeakSynthesizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.synthesis_process.SILENCE_TIMEOUT_S", 0.2)
    expected = own.speak_all("Hello again.")
    assert own.worker_pid
    os.kill(own.worker_pid, signal.SIGSTOP)
    assert same_length(own.speak_all("Hello again."), expected)
    assert own.worker_starts == 2


def test_closing_is_quick_and_final(own: EspeakSynthesizer) -> None:
    own.start()
    pid = own.worker_pid
    assert pid
    begin = time.perf_counter()
    own.close()
    own.close()
    assert time.perf_counter() - begin < 0.4
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(SynthesisError) as caught:
        own.speak_all("Too late.")
    assert caught.value.code == "synthesis_closed"


def test_no_worker_outlives_a_parent_that_is_killed() -> None:
    code = """
import sys, time
from voice.synthesizer import EspeakSynthesizer
voice = EspeakSynthesizer(); voice.start(); print(voice.worker_pid, flush=True); time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=_ROOT, text=True, env={**os.environ}
    )
    assert parent.stdout
    with parent.stdout:
        worker = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        assert select.select([worker], [], [], 5)[0], "the worker is still alive"
        os.close(worker)


def test_the_worker_stays_light() -> None:
    code = "import sys, voice.synthesis_worker; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert not {"numpy", "torch", "av", "asyncio"} & set(found.stdout.split())


def test_the_driver_keeps_pyttsx3s_promises(tmp_path: Path) -> None:
    """In one process: properties and texts in the order they were queued, every file written, errors reported."""
    engine = pyttsx3.init(espeak_driver.register())
    errors: list[Exception] = []
    words: list[str] = []
    engine.connect("error", lambda name, exception: errors.append(exception))
    engine.connect("started-word", lambda name, location, length: words.append(name))
    engine.save_to_file("one two three", str(tmp_path / "a.wav"))
    engine.setProperty("rate", 300)
    engine.save_to_file("four five six", str(tmp_path / "b.wav"))
    engine.runAndWait()
    assert words == ["one", "two", "three", "four", "five", "six"]
    for name in ("a.wav", "b.wav"):
        with wave.open(str(tmp_path / name)) as reader:
            assert reader.getnframes() > 5_000
    assert errors == []
    engine.save_to_file("lost", str(tmp_path / "no" / "where.wav"))
    engine.runAndWait()
    assert isinstance(errors.pop(), FileNotFoundError)
    engine.setProperty("voice", "xx-nowhere")
    engine.say("never in the wrong voice")
    engine.runAndWait()
    assert [type(error) for error in errors] == [SynthesisError]
    assert "never" not in words
