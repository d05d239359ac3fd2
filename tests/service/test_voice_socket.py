"""The voice socket, by its protocol (docs/voice-protocol.md): turns, changes of mind, many listeners."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import numpy as np
import pytest

from tests.service.listener import Listener, Received, at_the_socket, listening, nobody_listens
from tests.service.running import Running
from tests.service.speech import FOUND, QUESTION, in_a_room, loudness, noise, say

HEARD = ["listening", "speech_started", "partial", "final"]
ANSWERED = ["thinking", "reply", "speaking", "audio_begin", "chunk", "audio_end", "idle"]
LISTENERS_MAX = 16
"""The default of `voice_sessions_max`."""


@asynccontextmanager
async def answering(service: Running) -> AsyncIterator[tuple[Listener, str]]:
    """A listener to whom an answer has been sent, as if it were still being played, and the answer's request."""
    async with listening(service) as listener:
        request = (await listener.ask(QUESTION))["dialog_request_id"]
        yield listener, request


def _spoken_ms(listener: Listener) -> int:
    """The speech that has come so far."""
    rate = next(message["rate"] for message in listener.received if message["type"] == "audio_begin")
    return sum(len(message["pcm"]) for message in listener.received if message["type"] == "chunk") // 2 * 1000 // rate


class TestTurns:
    async def test_a_spoken_turn(self, service: Running) -> None:
        """Each message in its place, and one request id from the transcript to the last sound."""
        async with listening(service) as listener:
            assert await listener.ask_aloud() == QUESTION
        assert listener.kinds == ["ready", "idle", *HEARD, *ANSWERED]
        by_kind = {message["type"]: message for message in listener.received}
        reply = by_kind["reply"]["reply"]
        request = by_kind["final"]["dialog_request_id"]
        assert reply["dialog_request_id"] == by_kind["audio_begin"]["dialog_request_id"] == request
        assert by_kind["audio_end"] == {"type": "audio_end", "dialog_request_id": request, "completed": True}
        assert by_kind["final"]["alternatives"][0]["text"] == QUESTION
        assert reply["cards"][0]["title"] == FOUND
        assert {"recognition", "end_of_turn", "understanding"} <= by_kind["reply"]["trace"]["stages_ms"].keys()
        speech = b"".join(message["pcm"] for message in listener.received if message["type"] == "chunk")
        spoken = np.frombuffer(speech, np.int16)
        assert loudness(spoken) > 300
        assert len(spoken) / by_kind["audio_begin"]["rate"] > 2

    @pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
    async def test_any_rate_is_heard(self, service: Running, rate: int) -> None:
        async with listening(service, rate) as listener:
            assert await listener.ask_aloud() == QUESTION

    async def test_the_button_let_go_ends_the_turn(self, service: Running) -> None:
        """No silence is waited for: `end` is enough."""
        async with listening(service) as listener:
            await listener.send("listen")
            await listener.speak(in_a_room(say(), before=0.3, after=0.1))
            await listener.send("end")
            assert (await listener.until("final"))["text"] == QUESTION
            await listener.until("state", state="idle")

    async def test_nothing_said_is_answered_without_a_turn(self, service: Running) -> None:
        async with listening(service) as listener:
            await listener.send("listen")
            await listener.speak(noise(9))
            assert (await listener.until("final"))["text"] == ""
            assert "did not hear" in (await listener.until("reply"))["reply"]["speech"]
            token = (await listener.until("state", state="idle")) and listener.received[0]["conversation"]
        async with at_the_socket(service) as again:
            assert (await again.hello(token))["history"] == []

    async def test_the_conversation_goes_on_after_a_reload(self, service: Running) -> None:
        async with listening(service) as listener:
            first = await listener.ask(QUESTION)
            token = listener.received[0]["conversation"]
        async with at_the_socket(service) as again:
            ready = await again.hello(token)
            assert ready["conversation"] == token
            assert ready["stores_audio"] is False
            assert [turn["said"] for turn in ready["history"]] == [QUESTION]
            assert ready["history"][0]["reply"] == first | {"directives": []}, "what was done is not done again"
            second = await again.ask("the second one")
        assert second["directives"][0]["item"] == first["cards"][1]["item"]

    async def test_only_the_player_says_what_is_playing(self, service: Running) -> None:
        async with listening(service) as listener:
            play = (await listener.ask(QUESTION))["directives"][0]
            assert FOUND not in (await listener.ask("what is playing"))["speech"]
            player = {"state": "playing", "item": play["item"], "position_ms": 2000, "volume": 50}
            await listener.send("player", player=player)
            assert FOUND in (await listener.ask("what is playing"))["speech"]


class TestChangesOfMind:
    async def test_cancel_while_listening(self, service: Running) -> None:
        async with listening(service) as listener:
            await listener.send("listen")
            await listener.speak(in_a_room(say(), before=0.2, after=0))
            await listener.until("speech_started")
            await listener.send("cancel")
            await listener.until("state", state="idle")
            assert await listener.ask_aloud() == QUESTION
        assert listener.kinds.count("final") == 1

    async def test_cancel_while_thinking(self, service: Running) -> None:
        """The reply is dropped, and does not turn up in the next turn."""
        async with listening(service) as listener:
            await listener.send("text", text=QUESTION)
            await listener.send("cancel")
            await listener.until("state", state="idle")
            assert not (await listener.ask("help"))["cards"]
        assert listener.kinds.count("reply") == 1

    async def test_cancel_while_speaking(self, service: Running) -> None:
        """Either it came in time, or the answer had been sent; the session is idle and goes on."""
        async with listening(service) as listener:
            await listener.send("text", text=QUESTION)
            await listener.until("audio_begin")
            await listener.send("cancel")
            await listener.until("audio_end")
            await listener.until("state", state="idle")
            assert (await listener.ask("help"))["speech"]

    async def test_speaking_is_interrupted_by_listening(self, service: Running) -> None:
        async with listening(service) as listener:
            await listener.send("text", text=QUESTION)
            await listener.until("audio_begin")
            await listener.send("listen")
            await listener.until("audio_end")
            await listener.until("state", state="listening")
            await listener.speak(in_a_room(say(), before=0.5, after=1.5))
            assert (await listener.until("final"))["text"] == QUESTION
            await listener.until("audio_end", completed=True)

    async def test_one_text_after_another(self, service: Running) -> None:
        """Whatever is interrupted, the session ends idle, with the last answer spoken to its end."""
        async with listening(service) as listener:
            for text in ("help", QUESTION, "thanks", "help", QUESTION):
                await listener.send("text", text=text)
            await listener.until("state", state="idle")
            replies = [message["reply"] for message in listener.received if message["type"] == "reply"]
            ends = [message for message in listener.received if message["type"] == "audio_end"]
            assert replies[-1]["cards"][0]["title"] == FOUND
            assert ends[-1]["dialog_request_id"] == replies[-1]["dialog_request_id"]
            assert ends[-1]["completed"] is True

    async def test_a_listener_who_reads_late_gets_everything(self, service: Running) -> None:
        """More speech than the sockets hold waits at the service; the session is as it should be afterwards."""
        async with listening(service) as listener:
            listener.socket.transport.pause_reading()
            for _ in range(3):
                await listener.send("text", text=QUESTION)
            async with listening(service) as other:
                await other.ask(QUESTION)
            listener.socket.transport.resume_reading()
            await listener.until("audio_end", completed=True)
            await listener.until("state", state="idle")
            assert (await listener.ask("help"))["speech"]


class TestBargeIn:
    """Speaking into an answer; `duck`, `interrupt` and `restore` name the answer that is played."""

    async def test_words_stop_the_answer_and_are_the_next_utterance(self, service: Running) -> None:
        async with answering(service) as (listener, request):
            await listener.send("listen", trigger="barge_in")
            await listener.speak(in_a_room(say("what is playing"), before=0.5, after=1.5))
            for kind in ("duck", "interrupt"):
                assert (await listener.until(kind))["dialog_request_id"] == request
            await listener.until("state", state="listening")
            await listener.send("spoken", dialog_request_id=request, heard_ms=1_200)
            final = await listener.until("final")
            assert final["text"] == "what is playing"
            assert final["dialog_request_id"] != request
            assert final["interrupted"]["dialog_request_id"] == request
            await listener.until("audio_end", completed=True)
        assert "restore" not in listener.kinds

    async def test_an_answer_stopped_by_words_not_meant_for_it_goes_on_where_it_was(self, service: Running) -> None:
        """However often: what was heard is not said again, and what the answer is about to do is still done."""
        async with listening(service) as listener:
            answer = await listener.ask(QUESTION)
            request, whole, heard_ms = answer["dialog_request_id"], _spoken_ms(listener), 0
            for _ in range(2):
                await listener.send("listen", trigger="barge_in")
                await listener.speak(in_a_room(say("tell me a joke"), before=0.5, after=1.5))
                await listener.until("interrupt")
                await listener.send("spoken", dialog_request_id=request, heard_ms=700)
                heard_ms += 700
                request = (await listener.until("final"))["dialog_request_id"]
                listener.received.clear()
                reply = (await listener.until("reply"))["reply"]
                await listener.until("audio_end", dialog_request_id=request, completed=True)
                assert reply["dialog_request_id"] == request
                assert (reply["speech"], reply["cards"]) == (answer["speech"], answer["cards"])
                assert reply["directives"] == answer["directives"]
                assert _spoken_ms(listener) == pytest.approx(whole - heard_ms, abs=2)  # milliseconds are rounded
                await listener.until("state", state="idle")

    async def test_noise_turns_the_answer_down_at_most_for_a_moment(self, service: Running) -> None:
        """A ducking always ends, even where no more frames come."""
        async with answering(service) as (listener, request):
            await listener.send("listen", trigger="barge_in")
            await listener.speak(in_a_room(say(), before=0.5, after=0)[:16_000])
            assert (await listener.until("duck"))["dialog_request_id"] == request
            while (message := await listener.next())["type"] not in ("restore", "interrupt"):
                pass
            assert message["dialog_request_id"] == request

    async def test_a_quiet_room_changes_nothing(self, service: Running) -> None:
        async with answering(service) as (listener, request):
            await listener.send("listen", trigger="barge_in")
            await listener.speak(noise(9))
            await listener.send("spoken", dialog_request_id=request)
            assert (await listener.ask("help"))["speech"]
        assert not {"duck", "interrupt", "restore", "final", "error"} & set(listener.kinds)

    async def test_nothing_can_be_broken_into_once_the_answer_was_played(self, service: Running) -> None:
        async with answering(service) as (listener, request):
            await listener.send("spoken", dialog_request_id=request)
            await listener.send("listen", trigger="barge_in")
            assert (await listener.error())["code"] == "not_now"

    async def test_what_is_begun_on_the_last_syllable_goes_on(self, service: Running) -> None:
        async with answering(service) as (listener, request):
            await listener.send("listen", trigger="barge_in")
            sound = in_a_room(say(), before=0.5, after=1.5)
            await listener.speak(sound[:16_000])
            await listener.until("duck")
            await listener.send("spoken", dialog_request_id=request)
            await listener.send("listen", trigger="follow_up")
            await listener.speak(sound[16_000:])
            assert (await listener.until("final"))["text"] == QUESTION

    async def test_whoever_leaves_while_it_is_turned_down_leaves_nothing(self, service: Running) -> None:
        for _ in range(5):
            async with answering(service) as (listener, _request):
                await listener.send("listen", trigger="barge_in")
                await listener.speak(in_a_room(say(), before=0.2, after=0))
                await listener.until("duck")
                listener.socket.transport.abort()
        nobody_listens(service)


class TestFollowUp:
    @pytest.mark.parametrize("trigger", ["follow_up", "wake"])
    async def test_silence_ends_without_a_word_where_nothing_was_asked(self, service: Running, trigger: str) -> None:
        async with listening(service) as listener:
            await listener.send("listen", trigger=trigger)
            await listener.speak(noise(5.5 if trigger == "follow_up" else 8.5))
            assert (await listener.until("final"))["text"] == ""
            await listener.until("state", state="idle")
        assert not {"reply", "speaking"} & set(listener.kinds)


class TestManyListeners:
    async def test_vanishing(self, service: Running) -> None:
        """More listeners than there are recognisers vanish in mid-sentence; nothing of them stays behind."""
        for moment in ("speech_started", "speaking"):
            for _ in range(5):
                async with listening(service) as listener:
                    if moment == "speaking":
                        await listener.send("text", text=QUESTION)
                        await listener.until("audio_begin")
                    else:
                        await listener.send("listen")
                        await listener.speak(in_a_room(say(), before=0.2, after=0))
                        await listener.until("speech_started")
                    listener.socket.transport.abort()
        nobody_listens(service)
        async with listening(service) as listener:
            assert await listener.ask_aloud() == QUESTION

    async def test_who_leaves_in_mid_turn_finds_the_answer(self, service: Running) -> None:
        async with listening(service) as listener:
            token = listener.received[0]["conversation"]
            await listener.send("text", text=QUESTION)
            await listener.until("state", state="thinking")
            listener.socket.transport.abort()
        history: list[Received] = []
        async with asyncio.timeout(10):
            while not history:
                async with at_the_socket(service) as again:
                    history = (await again.hello(token))["history"]
        assert [turn["said"] for turn in history] == [QUESTION]
        async with listening(service, conversation=token) as once_more:
            second = await once_more.ask("the second one")
        assert second["directives"][0]["item"] == history[0]["reply"]["cards"][1]["item"]

    async def test_all_at_once(self, service: Running) -> None:
        """Everybody who speaks is answered, or told to try again and then answered."""

        async def speak_until_heard() -> int:
            async with listening(service) as listener:
                for attempt in range(20):
                    await listener.send("listen")
                    await listener.speak(in_a_room(say(), before=0.3, after=1.5))
                    while (message := await listener.next())["type"] not in ("final", "error"):
                        pass
                    if message["type"] == "final":
                        assert message["text"] == QUESTION
                        await listener.until("state", state="idle")
                        return attempt
                    assert message["code"] == "recogniser_busy"
                    assert not message["fatal"]
                raise AssertionError("never heard")

        await asyncio.gather(*(speak_until_heard() for _ in range(6)))

    async def test_one_too_many(self, service: Running) -> None:
        nobody_listens(service)
        async with AsyncExitStack() as stack:
            for _ in range(LISTENERS_MAX):
                await stack.enter_async_context(listening(service))
            assert service.metric("sori_listeners") == LISTENERS_MAX
            async with at_the_socket(service) as refused:
                error = await refused.error()
                assert (error["code"], error["fatal"]) == ("full", True)
                assert await refused.closed() == 1013
        nobody_listens(service)
        async with listening(service) as listener:
            assert (await listener.ask("help"))["speech"]
