"""The Wyoming port from outside: what Home Assistant gets, and what those who break the rules get."""

from __future__ import annotations

import asyncio
import contextlib
import itertools

import httpx
import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.intent import Intent, Recognize
from wyoming.ping import Ping
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice
from wyoming.wake import Detect

from assistant.satellites.wire import encode
from tests.satellites.test_wire import EVENTS
from tests.service.running import Running
from tests.service.satellite import address, no_satellites, satellite
from tests.service.speech import FOUND, QUESTION, in_a_room, loudness, noise, say

ANSWER = "There is no recording of it yet. Say next to hear of another one."


class TestServices:
    async def test_describe(self, service: Running) -> None:
        async with satellite(service) as client:
            await client.send(Describe())
            info = Info.from_event(await client.until("info"))
        health = service.health()["parts"]
        assert [program.models[0].name for program in info.asr] == [health["recogniser"]]
        assert info.asr[0].supports_transcript_streaming
        assert not info.asr[0].requires_external_vad
        assert info.tts[0].supports_synthesize_streaming
        assert info.handle[0].installed
        assert info.intent[0].installed
        assert "hey sori" in [model.phrase for model in info.wake[0].models]

    async def test_a_voice_turn_as_home_assistant_takes_it(self, service: Running) -> None:
        """Three connections: one to hear, one to answer, one to speak."""
        async with satellite(service) as client:
            heard = await client.hear(in_a_room(say(), before=0.5, after=1.5))
        assert heard == QUESTION
        async with satellite(service) as client:
            answer = await client.ask(heard, conversation_id="one turn", satellite_id="assist_satellite.kitchen")
        assert FOUND in answer
        async with satellite(service) as client:
            speech = await client.say(answer)
            assert client.kinds[0] == "audio-start"
            assert client.kinds[-1] == "audio-stop"
        assert len(speech) / client.received[0].data["rate"] > 2
        assert loudness(speech) > 500

    async def test_one_connection_for_everything(self, service: Running) -> None:
        async with satellite(service) as client:
            for _ in range(2):
                heard = await client.hear(in_a_room(say(), before=0.2, after=0.2))
                assert FOUND in await client.ask(heard, conversation_id="on one line")
                assert len(await client.say("Yes."))
            await client.send(Ping("still there?"))
            assert (await client.until("pong")).data["text"] == "still there?"

    async def test_words_come_while_they_are_spoken(self, service: Running) -> None:
        """The chunks add up to the transcript, and it does not wait for the end of the sound."""
        async with satellite(service) as client:
            await client.speak(in_a_room(say(), before=0.3, after=2.0), end=False)
            transcript = Transcript.from_event(await client.until("transcript"))
            await client.until("transcript-stop")
        kinds = [kind for kind, _ in itertools.groupby(client.kinds)]
        assert kinds == ["transcript-start", "transcript-chunk", "transcript", "transcript-stop"]
        chunks = [event.data["text"] for event in client.received if event.type == "transcript-chunk"]
        assert len(chunks) > 1
        assert "".join(chunks) == transcript.text == QUESTION

    async def test_speech_begins_before_the_text_ends(self, service: Running) -> None:
        """Home Assistant sends the whole text once more at the end, which is not spoken again."""
        async with satellite(service) as client:
            whole = await client.say(ANSWER)
        async with satellite(service) as client:
            await client.send(SynthesizeStart())
            for word in ANSWER.split(" ")[:-2]:
                await client.send(SynthesizeChunk(f"{word} "))
            await client.until("audio-chunk")
            for word in ANSWER.split(" ")[-2:]:
                await client.send(SynthesizeChunk(f"{word} "))
            await client.send(Synthesize(ANSWER), SynthesizeStop())
            await client.until("synthesize-stopped")
        kinds = [kind for kind, _ in itertools.groupby(client.kinds)]
        assert kinds == ["audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"]
        assert len(client.sound()) == len(whole)

    async def test_intents(self, service: Running) -> None:
        async with satellite(service) as client:
            await client.send(Recognize("help", context={"conversation_id": "intents", "mine": 1}))
            intent = Intent.from_event(await client.until("intent"))
            assert (intent.name, intent.context) == ("help", {"conversation_id": "intents", "mine": 1})
            assert intent.text
            await client.send(Recognize("the purple number eats because"))
            assert (await client.until("not-recognized")).data["text"]

    async def test_wake_word(self, service: Running) -> None:
        async with satellite(service) as client:
            for spoken, kind in (
                (noise(1.0), "not-detected"),
                (in_a_room(say("okay nabu"), before=0.5, after=1.0), "detection"),
            ):
                await client.send(Detect(["okay nabu"]), AudioStart(16_000, 2, 1))
                for start in range(0, len(spoken), 1024):
                    await client.send(AudioChunk(16_000, 2, 1, spoken[start : start + 1024].tobytes()))
                await client.send(AudioStop(), Ping())
                await client.until("pong")
                assert client.kinds[-2] == kind

    @pytest.mark.parametrize(("rate", "width", "channels"), [(48_000, 2, 2), (44_100, 3, 1), (16_000, 4, 2)])
    async def test_sound_of_other_formats(self, service: Running, rate: int, width: int, channels: int) -> None:
        pcm = np.repeat(in_a_room(say(), before=0.3, after=1.0, rate=rate)[:, None], channels, axis=1)
        data = (pcm.astype("<i4") << 16).reshape(-1, 1).view(np.uint8)[:, 4 - width :].tobytes()
        async with satellite(service) as client:
            await client.send(Transcribe(), AudioStart(rate, width, channels))
            step = 100 * rate // 1000 * width * channels
            for start in range(0, len(data), step):
                await client.send(AudioChunk(rate, width, channels, data[start : start + step]))
            await client.send(AudioStop())
            assert (await client.until("transcript")).data["text"] == QUESTION


class TestConversations:
    async def test_reconnecting_keeps_the_conversation(self, service: Running) -> None:
        context = {"conversation_id": "kept", "device_id": "d1"}
        async with satellite(service) as client:
            first = await client.ask(QUESTION, **context)
            assert client.client._writer
            client.client._writer.transport.abort()
        async with satellite(service) as client:
            second = await client.ask("the second one", **context)
        assert "How to Weigh a Galaxy" in second
        assert second != first

    async def test_another_conversation_knows_nothing_of_it(self, service: Running) -> None:
        async with satellite(service) as client:
            await client.ask(QUESTION, conversation_id="mine")
            await client.send(Transcript("the second one", {"conversation_id": "yours"}))
            while (event := await client.next()) and event.type not in ("handled", "not-handled"):
                pass
            assert event
            assert "How to Weigh a Galaxy" not in event.data["text"]

    async def test_without_names_it_is_the_host_that_counts(self, service: Running) -> None:
        async with satellite(service) as client:
            await client.ask(QUESTION)
        async with satellite(service) as client:
            assert "How to Weigh a Galaxy" in await client.ask("the second one")


SOUND = (16_000, 2, 1)

WRONG: list[tuple[str, list[Event], str, str]] = [
    ("sound without a start", [AudioChunk(*SOUND, bytes(64)).event()], "audio_not_started", "transcript"),
    ("an end without a start", [AudioStop().event()], "audio_not_started", "transcript"),
    ("no speech's format", [AudioStart(4_000, 2, 1).event()], "audio_format", "transcript"),
    ("six microphones", [AudioStart(16_000, 2, 6).event()], "audio_format", "transcript"),
    (
        "numbers as words",
        [Event("audio-start", {"rate": "16000", "width": 2, "channels": 1})],
        "event_invalid",
        "transcript",
    ),
    (
        "another rate half-way",
        [AudioStart(*SOUND).event(), AudioChunk(8_000, 2, 1, bytes(64)).event()],
        "audio_format_changed",
        "transcript",
    ),
    (
        "half a sample",
        [AudioStart(*SOUND).event(), AudioChunk(*SOUND, bytes(63)).event()],
        "audio_invalid",
        "transcript",
    ),
    (
        "two minutes at once",
        [AudioStart(*SOUND).event(), *[AudioChunk(*SOUND, bytes(1_000_000)).event()] * 4],
        "audio_too_fast",
        "transcript",
    ),
    ("no text", [Event("transcript", {})], "event_invalid", "not-handled"),
    ("a long text", [Transcript("a" * 1001).event()], "event_invalid", "not-handled"),
    ("half a surrogate", [Event("transcript", {"text": "\ud800"})], "event_invalid", "not-handled"),
    ("a list as context", [Event("recognize", {"text": "help", "context": []})], "event_invalid", "not-recognized"),
    ("a voice that is not there", [Synthesize("a", SynthesizeVoice("nobody")).event()], "voice_unknown", "audio-stop"),
    ("pieces of no text", [SynthesizeChunk("a").event()], "text_not_started", ""),
    ("the end of no text", [SynthesizeStop().event()], "text_not_started", "synthesize-stopped"),
    ("an unknown wake word", [Detect(["open sesame"]).event()], "wake_unknown", "not-detected"),
]


class TestRules:
    @pytest.mark.parametrize(
        ("sent", "code", "closing"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG]
    )
    async def test_a_broken_rule_is_named_and_forgiven(
        self, service: Running, sent: list[Event], code: str, closing: str
    ) -> None:
        """The request ends as if it had gone well, for clients that know no errors, and the connection goes on."""
        async with satellite(service) as client:
            await client.send_bytes(b"".join(encode(event) for event in sent))
            assert Error.from_event(await client.until("error")).code == code
            if closing:
                await client.until(closing)
            assert await client.hear(in_a_room(say(), before=0.2, after=0.2)) == QUESTION
            assert client.kinds.count("error") == 1

    @pytest.mark.parametrize(
        ("sent", "code"),
        [
            (b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "event_unreadable"),
            (b'{"type":"audio-chunk","payload_length":4000000000}\n', "event_too_large"),
            (b'{"type":"' + b"a" * 70_000, "event_too_large"),
            (b"[" * 100_000, "event_too_large"),
        ],
    )
    async def test_what_is_no_event_ends_the_connection(self, service: Running, sent: bytes, code: str) -> None:
        async with satellite(service) as client:
            await client.send_bytes(sent)
            assert Error.from_event(await client.until("error")).code == code
            assert await client.closed()

    async def test_a_client_that_never_learns(self, service: Running) -> None:
        async with satellite(service) as client:
            await client.send_bytes(b'{"type":"transcript"}\n' * 1000)
            assert await client.closed()
        assert client.received[-1].data["code"] == "too_many_errors"
        assert client.kinds.count("error") == 21

    async def test_a_second_start_begins_again(self, service: Running) -> None:
        """Two utterances are never mixed."""
        async with satellite(service) as client:
            await client.speak(in_a_room(say("open the second one"), before=0.2, after=0), end=False)
            assert await client.hear(in_a_room(say(), before=0.2, after=0.2)) == QUESTION

    async def test_unknown_events_are_passed_over(self, service: Running) -> None:
        async with satellite(service) as client:
            await client.send(Event("select-program", {"name": "x"}), Event("run-satellite"), Event("\x00", {"": None}))
            assert await client.ask("help")
        assert client.kinds == ["handled"]

    async def test_silence_is_no_words(self, service: Running) -> None:
        async with satellite(service) as client:
            assert await client.hear(noise(1.0)) == ""

    async def test_who_hangs_up_after_the_question_is_answered(self, service: Running) -> None:
        """A client may close its sending side and still read."""
        async with satellite(service) as client:
            await client.send(Transcript("help"), Describe())
            assert client.client._writer
            client.client._writer.write_eof()
            await client.until("handled")
            await client.until("info")
            assert await client.closed()

    async def test_strangers_are_not_let_in(self, service: Running) -> None:
        host, port = address(service)
        reader, writer = await asyncio.open_connection(host, port, local_addr=("127.0.0.2", 0))
        writer.write(encode(Describe().event()))
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()

    async def test_there_are_twenty_places(self, service: Running) -> None:
        no_satellites(service)
        clients = [await asyncio.open_connection(*address(service)) for _ in range(20)]
        async with satellite(service) as late:
            assert Error.from_event(await late.until("error")).code == "full"
            assert await late.closed()
        for _, writer in clients:
            writer.close()
            await writer.wait_closed()
        no_satellites(service)
        async with satellite(service) as client:
            assert await client.ask("help")


SENSIBLE = [
    *(encode(event) for _, sent, _, _ in WRONG for event in sent[:2]),
    *(
        encode(event.event())
        for event in (
            Transcribe(),
            Detect(),
            AudioStart(*SOUND),
            AudioChunk(*SOUND, bytes(640)),
            Transcript("help"),
            SynthesizeStart(),
            SynthesizeChunk("Yes. No. "),
        )
    ),
]


class TestStorms:
    @settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(st.binary(max_size=300) | EVENTS.map(encode) | st.sampled_from(SENSIBLE), max_size=12))
    def test_anything_at_all(self, service: Running, pieces: list[bytes]) -> None:
        """Every answer is an event, and every connection ends once nothing more is sent."""

        async def storm() -> None:
            async with satellite(service) as client:
                assert client.client._writer
                client.client._writer.write(b"".join(pieces))
                client.client._writer.write_eof()
                assert await client.closed()

        asyncio.run(storm())

    async def test_reconnecting_leaves_nothing_behind(self, service: Running) -> None:
        """Two hundred satellites come, at each moment of a turn, and vanish."""
        process = psutil.Process(service.process.pid)
        sound = in_a_room(say(), before=0.1, after=0)[:16_000]

        async def come_and_go(number: int) -> None:
            async with satellite(service) as client:
                match number % 20:
                    case 1:
                        await client.speak(sound, end=False)
                    case 2:
                        await client.send(Transcript("help"))
                    case 3:
                        await client.send(Synthesize(ANSWER))
                        await client.until("audio-chunk")
                    case _:
                        await client.send(Ping())
                        await client.until("pong")
                assert client.client._writer
                client.client._writer.transport.abort()

        async def storm(count: int) -> tuple[int, int]:
            for start in range(0, count, 10):
                await asyncio.gather(*(come_and_go(number) for number in range(start, start + 10)))
            no_satellites(service)
            return process.num_fds(), process.memory_info().rss

        await storm(20)
        files, memory = await storm(20)
        files_after, memory_after = await storm(200)
        assert files_after <= files + 2
        assert memory_after - memory < 30e6
        async with satellite(service) as client:
            assert await client.hear(in_a_room(say(), before=0.2, after=0.2)) == QUESTION

    def test_health_tells_of_them(self, service: Running, http: httpx.Client) -> None:
        no_satellites(service)
        assert http.get("/health").json()["parts"]["satellites"].endswith(", 0 connected")
