"""`./sori talk` as a user runs it: the real command, the real PortAudio, a sound card made of pipes."""

from __future__ import annotations

import asyncio
import ctypes.util
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from assistant.running import ServiceLock
from skills.turn import Control, Play
from tests.service.speech import samples, say
from tests.talk.recording import recording
from tests.talk.scripted_service import Caller, scripted_service
from tests.talk.soundcard import SoundCard, loudness, sound_card, tone

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 60.0

RUN = """
import sys
from assistant.cli import talk
from assistant.cli.parser import build_parser
from assistant.setup.environments import SetupError
try:
    sys.exit(talk.run(build_parser().parse_args(["talk", "--data-dir", *sys.argv[1:]])))
except SetupError as error:
    sys.exit(f"sori: {error}")
"""

needs_pipes = pytest.mark.skipif(
    not sys.platform.startswith("linux") or ctypes.util.find_library("portaudio") is None,
    reason="needs PortAudio over ALSA (Debian and Ubuntu: sudo apt install libportaudio2)",
)


async def start(data_dir: Path, *options: str, **environment: str) -> Process:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, str(data_dir), *options, stdout=PIPE, stderr=PIPE, env=variables
    )


async def end_of(process: Process) -> tuple[int, str, str]:
    try:
        out, problems = await asyncio.wait_for(process.communicate(), WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    return process.returncode, out.decode(), problems.decode()


@asynccontextmanager
async def announced(data_dir: Path, url: str) -> AsyncIterator[None]:
    """Make the scripted service the one that runs on this data directory."""
    (data_dir / "run").mkdir()
    with ServiceLock(data_dir / "run") as lock:
        lock.announce(url)
        yield


@needs_pipes
async def test_a_conversation_by_microphone_and_loudspeaker(tmp_path: Path) -> None:
    """Ask aloud, hear the answer, then the item; say nothing; stop it; lose the connection; end with Ctrl-C."""
    (tmp_path / "card").mkdir()
    voice = tone(440, 0.5, 22_050, 10_000).tobytes()
    play = Play(item="talk-1", title="Black holes", creator="A. Star", url="/media/talk.wav")

    with sound_card(tmp_path / "card") as card:

        async def first(caller: Caller) -> None:
            hello = await caller.expect("hello")
            assert (hello["rate"], hello["conversation"]) == (16_000, None)
            await caller.say(type="ready", conversation="token", history=[], stores_audio=False)
            await caller.state("idle")

            await caller.listens("follow_up")
            card.say(tone(300, 0.5, 16_000, 8_000))
            await caller.hear_blocks(loud=3)
            card.say(np.zeros(0, dtype=np.int16))
            await caller.answer("r1", "black holes", voice, play)
            assert (await caller.expect("spoken"))["heard_ms"] is None
            loading = await caller.expect_player("paused")
            assert loading["item"] == "talk-1"

            await caller.listens("follow_up")
            playing = await caller.expect_player("playing")
            assert (playing["item"], playing["dialog_request_id"], playing["volume"]) == ("talk-1", "r1", 60)

            # Nothing is said, and no question is open: it listens again, without a word.
            await caller.say(type="final", text="", alternatives=[], dialog_request_id="r2")
            await caller.state("idle", "r2")
            await caller.listens("follow_up")

            await caller.hear_blocks(of_any=25)
            await caller.answer("r3", "stop", voice, Control(type="stop"))
            stopped = await caller.expect_player("stopped")
            assert stopped["dialog_request_id"] == "r3"
            assert 0 < stopped["position_ms"] < 30_000
            await caller.expect("spoken")
            await caller.expect("listen")

        async def second(caller: Caller) -> None:
            hello = await caller.expect("hello")
            assert hello["conversation"] == "token"
            await caller.say(type="ready", conversation="token", history=[], stores_audio=False)
            await caller.expect_player("stopped")
            await caller.expect("listen")

        media = {"/media/talk.wav": recording(30)}
        async with scripted_service(first, second, media=media) as service, announced(tmp_path, service.url):
            process = await start(tmp_path, ALSA_CONFIG_PATH=str(card.configuration))
            try:
                await service.finished()
            finally:
                process.send_signal(signal.SIGINT)
                status, shown, problems = await end_of(process)
        played = card.played

    assert status == 0, problems
    assert [line for line in shown.splitlines() if line[:1] not in ("[", "M")] == [
        "you:  black holes",
        "sori: About black holes.",
        "      playing: Black holes by A. Star",
        "you:  stop",
        "sori: About stop.",
        "      stopped: Black holes by A. Star",
    ]
    assert loudness(played, 44_100, 440) == pytest.approx(10_000, rel=0.1)
    # 60 percent of the recording's 20000, turned down to 18 percent while somebody may speak
    assert loudness(played, 44_100, 880) == pytest.approx(20_000 * 0.6 * 0.18, rel=0.25)


async def plays(caller: Caller, card: SoundCard, amplitude: float) -> None:
    """Wait until the tone of 440 Hz comes out of the loudspeaker at this amplitude; meanwhile the service listens."""
    async with asyncio.timeout(WITHIN_S):
        while loudness(card.played[-4410:], 44_100, 440) != pytest.approx(amplitude, rel=0.1, abs=1):
            await caller.hear_blocks(of_any=5)


@needs_pipes
async def test_an_answer_is_spoken_into(tmp_path: Path) -> None:
    """With headphones: turned down at once, stopped at the first word, and the same sound goes on as an utterance."""
    (tmp_path / "card").mkdir()
    voice = tone(440, 60, 22_050, 10_000).tobytes()

    with sound_card(tmp_path / "card") as card:

        async def script(caller: Caller) -> None:
            await caller.expect("hello")
            await caller.say(type="ready", conversation="token", history=[], stores_audio=False)
            await caller.listens("follow_up")
            await caller.answer("r1", "tell me more", voice)
            await caller.listens("barge_in")
            await plays(caller, card, 10_000)
            await caller.say(type="duck", dialog_request_id="r1")
            await plays(caller, card, 10_000 * 0.18)
            await caller.say(type="interrupt", dialog_request_id="r1")
            spoken = await caller.expect("spoken")
            assert spoken["dialog_request_id"] == "r1"
            assert 0 < spoken["heard_ms"] < 60_000
            await caller.state("listening", "r1")
            await plays(caller, card, 0)
            await caller.answer("r2", "stop", tone(440, 0.1, 22_050, 100).tobytes())
            await caller.listens("barge_in")
            assert (await caller.expect("spoken"))["dialog_request_id"] == "r2"
            await caller.expect("listen")

        async with scripted_service(script) as service, announced(tmp_path, service.url):
            process = await start(tmp_path, "--barge-in", ALSA_CONFIG_PATH=str(card.configuration))
            try:
                await service.finished()
            finally:
                process.send_signal(signal.SIGINT)
                status, shown, problems = await end_of(process)
    assert status == 0, problems
    assert [line for line in shown.splitlines() if line[:3] == "you"] == ["you:  tell me more", "you:  stop"]


@needs_pipes
async def test_before_the_wake_word_nothing_leaves_this_machine(tmp_path: Path) -> None:
    """Not a sample of what is said up to its end; of what is said in one breath with it, everything."""
    (tmp_path / "card").mkdir()
    pause = np.zeros(8_000, dtype=np.int16)
    before, word, after = (samples(say(text)) for text in ("find me a talk", "alexa", "about black holes"))
    breath = np.concatenate([before, pause, word, after, pause, pause, pause, pause])
    until_its_end = 2 * (len(before) + len(pause) + len(word))

    with sound_card(tmp_path / "card") as card:

        async def script(caller: Caller) -> None:
            await caller.expect("hello")
            await caller.say(type="ready", conversation="token", history=[], stores_audio=False)
            await caller.state("idle")
            card.say(np.concatenate([before, after, pause]))
            async with asyncio.timeout(WITHIN_S):
                while card.recorded < 20 * 32_000:
                    await asyncio.sleep(0.01)
            card.say(breath)
            message = await caller.expect("listen")
            assert (message["trigger"], bytes(caller.heard)) == ("wake", b"")
            await caller.state("listening")
            await caller.hear_blocks(of_any=25)
            sent_from = breath.tobytes().find(caller.heard[:6_400])
            assert until_its_end <= sent_from < until_its_end + 16_000
            assert (2 * breath.tobytes())[sent_from:].startswith(caller.heard)
            await caller.answer("r1", "hello", tone(440, 0.1, 22_050, 10_000).tobytes())
            await caller.expect("spoken")
            card.say(np.zeros(0, dtype=np.int16))

        async with scripted_service(script) as service, announced(tmp_path, service.url):
            process = await start(tmp_path, "--wake", "Alexa", ALSA_CONFIG_PATH=str(card.configuration))
            try:
                await service.finished()
            finally:
                process.send_signal(signal.SIGINT)
                status, shown, problems = await end_of(process)
    assert status == 0, problems
    waiting = '[waiting for "alexa" ...]'
    assert [line for line in shown.splitlines() if line[:1] == "["] == [
        "[connecting ...]",
        waiting,
        "[listening ...]",
        "[thinking ...]",
        "[speaking ...]",
        waiting,
    ]


async def test_a_wake_word_that_cannot_be_one_is_refused_with_its_reason(tmp_path: Path) -> None:
    status, _, problems = await end_of(await start(tmp_path, "--wake", "a"))
    assert status == 1
    assert problems.startswith("sori: ")
    assert "too short" in problems


@needs_pipes
async def test_a_device_that_goes_away_ends_it_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    with sound_card(tmp_path / "card") as card:

        async def script(caller: Caller) -> None:
            await caller.expect("hello")
            await caller.say(type="ready", conversation="token", history=[], stores_audio=False)
            await caller.expect("listen")
            await caller.state("listening")
            await caller.hear_blocks(of_any=5)

        async with scripted_service(script) as service, announced(tmp_path, service.url):
            process = await start(tmp_path, ALSA_CONFIG_PATH=str(card.configuration))
            try:
                await service.finished()
            finally:
                card.turn_off()
                status, _, problems = await end_of(process)
    assert status == 1
    assert "sori: the loudspeaker (default) has gone; plug it in and start again" in problems


@needs_pipes
async def test_without_a_microphone_it_says_what_else_to_do(tmp_path: Path) -> None:
    unplugged = tmp_path / "asound.conf"
    unplugged.write_text("pcm.unplugged { type hw card 99 }")
    status, _, problems = await end_of(await start(tmp_path, ALSA_CONFIG_PATH=str(unplugged)))
    assert status == 1
    assert "there is no microphone on this machine; use ./sori ask, or ./sori hear FILE, or open the page" in problems


async def test_without_portaudio_it_says_how_to_install_it(tmp_path: Path) -> None:
    """What `sounddevice` does on import where the library is missing."""
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    status, _, problems = await end_of(await start(tmp_path, PYTHONPATH=path))
    assert status == 1
    assert "sudo apt install libportaudio2" in problems
