"""What the voice socket does with those who break its rules: an answer, an end where it has to be, and no harm."""

from __future__ import annotations

import numpy as np
import pytest

from tests.service.listener import at_the_socket, listening, nobody_listens
from tests.service.running import Running
from tests.service.speech import QUESTION, in_a_room, noise, say


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"type":"listen"}', "hello_expected"),
        ("hello", "message_invalid"),
        ('{"type":"hello","version":2}', "message_invalid"),
        ('{"type":"hello","version":1,"rate":7999}', "message_invalid"),
        ('{"type":"hello","version":1,"conversation":"made-up.token"}', "conversation_invalid"),
        (b"\x00" * 640, "hello_expected"),
    ],
)
async def test_a_wrong_first_message(service: Running, first: str | bytes, code: str) -> None:
    async with at_the_socket(service) as listener:
        await listener.socket.send(first)
        error = await listener.error()
        assert (error["code"], error["fatal"]) == (code, True)
        assert await listener.closed() == 1008


async def test_nothing_at_all(service: Running) -> None:
    async with at_the_socket(service) as listener:
        error = await listener.error()
        assert (error["code"], error["fatal"]) == ("hello_expected", True)
        assert await listener.closed() == 1008


async def test_text_as_audio(service: Running) -> None:
    """Answered, and the utterance that is under way goes on."""
    async with listening(service) as listener:
        await listener.send("listen")
        await listener.socket.send("0.1 0.2 0.3")
        assert (await listener.error())["fatal"] is False
        await listener.speak(in_a_room(say(), before=0.5, after=1.5))
        assert (await listener.until("final"))["text"] == QUESTION


async def test_half_a_sample(service: Running) -> None:
    async with listening(service) as listener:
        await listener.send("listen")
        await listener.until("state", state="listening")
        await listener.socket.send(b"\x00" * 641)
        assert (await listener.error())["code"] == "audio_invalid"
        assert await listener.ask_aloud() == QUESTION


async def test_sound_that_nobody_asked_for_is_dropped(service: Running) -> None:
    async with listening(service) as listener:
        await listener.speak(noise(3))
        assert await listener.ask_aloud() == QUESTION
    assert "error" not in listener.kinds


async def test_what_the_state_does_not_allow_changes_nothing(service: Running) -> None:
    async with listening(service) as listener:
        for kind in ("end", "hello"):
            await listener.send(kind, **({"version": 1} if kind == "hello" else {}))
            error = await listener.error()
            assert (error["code"], error["fatal"]) == ("not_now", False)
        assert await listener.ask_aloud() == QUESTION


async def test_a_message_over_the_limit(service: Running) -> None:
    async with listening(service) as listener:
        await listener.send("listen")
        await listener.socket.send(b"\x00" * 70 * 1024)
        assert await listener.closed() == 1009
    nobody_listens(service)


async def test_a_flood_of_sound(service: Running) -> None:
    """Six minutes of speech in a second: cut off somewhere, and the session lives."""
    async with listening(service) as listener:
        await listener.send("listen")
        block = np.resize(in_a_room(say(), before=0, after=0), 32_000).tobytes()
        for _ in range(180):
            await listener.socket.send(block)
        while (message := await listener.next())["type"] not in ("final", "error"):
            pass
        assert message["type"] == "final" or message["code"] == "audio_too_fast"
        await listener.send("cancel")
        assert (await listener.ask("help"))["speech"]


async def test_garbage_without_end(service: Running) -> None:
    async with listening(service) as listener:
        for _ in range(25):
            await listener.socket.send('{"type":')
        errors = [await listener.error() for _ in range(21)]
        assert [error["fatal"] for error in errors] == [False] * 20 + [True]
        assert errors[-1]["code"] == "too_many_errors"
        assert await listener.closed() == 1008


async def test_a_page_of_another_site(service: Running) -> None:
    async with at_the_socket(service, origin="https://elsewhere.example") as listener:
        assert (await listener.error())["code"] == "origin_refused"
        assert await listener.closed() == 1008
    async with at_the_socket(service, origin=service.url.rstrip("/")) as listener:
        assert await listener.hello()
