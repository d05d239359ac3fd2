"""Sound as it really arrives: bad microphones, telephones, broken files. An answer or a clear error, never a crash."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.service.listener import listening
from tests.service.running import SORI, Running
from tests.service.speech import FOUND, QUESTION, RATE, encoded, full_scale, in_a_room, noise, samples, say, wav

NOTHING_DONE = {"no_input", "no_match", "out_of_scope"}
WITHIN_S = 60

Samples = NDArray[np.int16]


def spoken(rate: int = RATE) -> Samples:
    return full_scale(in_a_room(say(), before=0.4, after=0.4, rate=rate))


def clipped() -> Samples:
    """Four times too loud for its microphone."""
    return np.clip(spoken().astype(np.int32) * 4, -32_768, 32_767).astype(np.int16)


def whispered() -> Samples:
    """Without a voice: noise with the loudness of each hundredth of a second of the speech."""
    pcm = spoken().astype(np.float64)
    loud = np.repeat(np.sqrt((pcm[: len(pcm) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1)), 160)
    return (loud * np.random.default_rng(5).normal(0, 0.5, len(loud))).clip(-32_768, 32_767).astype(np.int16)


def tone() -> Samples:
    return (8_000 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)).astype(np.int16)


def floats(values: NDArray[np.float32], rate: int = RATE) -> bytes:
    """A WAV file of 32-bit floating point samples."""
    data = values.astype("<f4").tobytes()
    head = b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    form = (3).to_bytes(2, "little") + (1).to_bytes(2, "little") + rate.to_bytes(4, "little")
    form += (4 * rate).to_bytes(4, "little") + (4).to_bytes(2, "little") + (32).to_bytes(2, "little")
    return head + form + b"data" + len(data).to_bytes(4, "little") + data


def stereo(rate: int = 48_000) -> bytes:
    """Speech on the left, a quiet room on the right."""
    left = spoken(rate)
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as out:
        stream: Any = out.add_stream("pcm_s16le", rate=rate, layout="stereo")
        both = np.stack([left, noise(len(left) / rate, rate)[: len(left)]], axis=1)
        frame = av.AudioFrame.from_ndarray(both.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = rate
        for part in (frame, None):
            out.mux(stream.encode(part))
    return file.getvalue()


def with_nan() -> NDArray[np.float32]:
    """Speech in which a tenth of the samples are no numbers."""
    values = spoken().astype(np.float32) / 32_768
    values[np.random.default_rng(3).random(len(values)) < 0.1] = np.nan
    return values


def hear(http: httpx.Client, recording: bytes) -> httpx.Response:
    return http.post("/api/v1/turns", content=recording, headers={"content-type": "application/octet-stream"})


def still_well(http: httpx.Client) -> None:
    """The next speaker is heard as if nothing had happened."""
    turn = hear(http, wav(spoken())).json()
    assert turn["transcript"] == QUESTION
    assert turn["reply"]["cards"][0]["title"] == FOUND


@pytest.mark.parametrize(
    "recording",
    [
        lambda: encoded(spoken(8_000), "wav", "pcm_mulaw", 8_000),
        stereo,
        lambda: wav(clipped()),
        lambda: floats(spoken().astype(np.float32) / 32_768),
    ],
    ids=["telephone", "48 kHz stereo", "clipped", "floats"],
)
def test_bad_channels_are_understood(http: httpx.Client, recording: Callable[[], bytes]) -> None:
    """The words may suffer; what was asked for is found."""
    turn = hear(http, recording()).json()
    assert turn["failure"] is None
    assert turn["reply"]["cards"][0]["title"] == FOUND


@pytest.mark.parametrize(
    "recording",
    [
        lambda: wav(tone()),
        lambda: wav(np.full(4 * RATE, 20_000, np.int16)),
        lambda: wav(np.zeros(4 * RATE, np.int16)),
        lambda: floats(np.zeros(4 * RATE, np.float32)),
        lambda: floats(np.full(4 * RATE, np.nan, np.float32)),
        lambda: floats(np.full(4 * RATE, np.inf, np.float32)),
        lambda: wav(whispered()),
        lambda: wav((np.random.default_rng(1).normal(0, 8_000, 4 * RATE)).clip(-32_768, 32_767).astype(np.int16)),
        lambda: wav(np.where(np.arange(4 * RATE) % 160 < 80, 30_000, -30_000).astype(np.int16)),
    ],
    ids=["tone", "constant", "zeros", "float zeros", "not a number", "infinite", "whisper", "noise", "square wave"],
)
def test_what_is_no_speech_does_nothing(http: httpx.Client, recording: Callable[[], bytes]) -> None:
    """No command is read into it: a polite reprompt, and the next speaker is heard."""
    turn = hear(http, recording()).json()
    assert turn["failure"] is None
    assert turn["outcome"] in NOTHING_DONE
    assert not turn["reply"]["directives"]
    still_well(http)


@pytest.mark.parametrize(
    "values", [with_nan, lambda: spoken().astype(np.float32)], ids=["not all numbers", "far beyond full scale"]
)
def test_speech_that_is_hardly_left_harms_nobody(http: httpx.Client, values: Callable[[], NDArray[np.float32]]) -> None:
    """An answer of some kind for this one, the right one for the next."""
    turn = hear(http, floats(values()))
    assert turn.status_code == 200, turn.text
    still_well(http)


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("webm", "libopus"), ("mp3", "libmp3lame")])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.98])
def test_a_container_that_breaks_off(http: httpx.Client, container: str, codec: str, part: float) -> None:
    """Heard as far as it goes, or refused with a code; nothing of an earlier recording is in it."""
    whole = encoded(spoken(48_000), container, codec, 48_000)
    answer = hear(http, whole[: int(len(whole) * part)])
    if answer.status_code == 200:
        turn = answer.json()
        assert turn["failure"] is None
        assert len(turn["transcript"].split()) <= len(QUESTION.split())
    else:
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] in {"audio_unreadable", "audio_truncated", "audio_no_stream"}


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"", "empty"), (b"RIFF\x00\x00", "no sound file"), (np.random.default_rng(9).bytes(50_000), "no sound file")],
)
def test_hear_says_what_is_wrong_with_a_file(rough: Running, tmp_path: Path, content: bytes, named: str) -> None:
    """Exit status 1 and one sentence that names the file."""
    file = tmp_path / "question.wav"
    file.write_bytes(content)
    done = subprocess.run(
        [SORI, "hear", file, "--data-dir", rough.data_dir], capture_output=True, timeout=WITHIN_S, check=False
    )
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert str(file) in said
    assert named in said
    assert "Traceback" not in said


def test_hear_takes_a_file_of_nan(rough: Running, tmp_path: Path) -> None:
    file = tmp_path / "nan.wav"
    file.write_bytes(floats(np.full(2 * RATE, np.nan, np.float32)))
    done = subprocess.run(
        [SORI, "hear", file, "--json", "--data-dir", rough.data_dir], capture_output=True, timeout=WITHIN_S, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["outcome"] in NOTHING_DONE


class TestStreams:
    async def test_a_stream_that_stalls_holds_nobody_up(self, rough: Running) -> None:
        """Its own turn ends by itself; meanwhile others are heard, and it can go on afterwards."""
        async with listening(rough) as stalled, listening(rough) as other:
            await stalled.send("listen")
            await stalled.speak(in_a_room(say(), before=0.2, after=0)[:RATE])
            await stalled.until("speech_started")
            assert await other.ask_aloud() == QUESTION
            ended = await stalled.until("state", state="idle")
            assert ended
            assert await stalled.ask_aloud() == QUESTION

    @pytest.mark.parametrize("really", [8_000, 48_000])
    async def test_a_rate_that_is_not_the_one_announced(self, rough: Running, really: int) -> None:
        """Speech at a third or twice its pace: a reprompt or a wrong guess, and then all is well again."""
        async with listening(rough, 16_000) as listener:
            await listener.send("listen")
            await listener.speak(samples(say(), really))
            await listener.send("end")
            await listener.until("final")
            await listener.until("state", state="idle")
            assert await listener.ask_aloud() == QUESTION

    async def test_a_rate_cannot_be_changed_in_mid_stream(self, rough: Running) -> None:
        """A second hello is refused, and the utterance under way goes on at the first one's rate."""
        async with listening(rough, 16_000) as listener:
            await listener.send("listen")
            await listener.send("hello", version=1, rate=48_000)
            assert (await listener.error())["code"] == "not_now"
            await listener.speak(in_a_room(say(), before=0.3, after=1.5))
            assert (await listener.until("final"))["text"] == QUESTION

    async def test_frames_of_every_size(self, rough: Running) -> None:
        """From one sample to the most that is allowed, empty ones between."""
        async with listening(rough) as listener:
            await listener.send("listen")
            pcm = in_a_room(say(), before=0.3, after=1.5).tobytes()
            dice = np.random.default_rng(2)
            start = 0
            while start < len(pcm):
                size = 2 * int(2 ** dice.uniform(0, 14))
                await listener.socket.send(pcm[start : start + size])
                if dice.random() < 0.05:
                    await listener.socket.send(b"")
                start += size
            assert (await listener.until("final"))["text"] == QUESTION


async def test_two_speakers_never_get_each_others_words(rough: Running) -> None:
    """Many turns side by side: each hears back its own sentence and is shown what it asked for."""
    texts = (QUESTION, "find me lessons on watercolour", "what is playing", "find a podcast about saving money")
    expected = {}
    for text in texts:
        async with listening(rough) as alone:
            expected[text] = await alone.ask_aloud(text)
    assert len(set(expected.values())) == len(texts)

    async def speaker(number: int) -> None:
        for turn in range(4):
            async with listening(rough) as listener:
                text = texts[(number + turn) % len(texts)]
                assert await listener.ask_aloud(text) == expected[text]
                partials = [message["text"] for message in listener.received if message["type"] == "partial"]
                assert partials

    await asyncio.gather(*(speaker(number) for number in range(2)))
