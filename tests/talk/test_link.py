"""The link to the service: what ends it, what it survives, and that it says why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.talk import link
from assistant.talk.errors import ServiceLostError
from assistant.talk.link import TRIES, Link, pause_s
from assistant.talk.messages import Known, Ready
from tests.talk.scripted_service import Caller, scripted_service


class Listener:
    """Notes what came."""

    def __init__(self) -> None:
        self.messages: list[Known] = []
        self.lost = 0

    def on_message(self, message: Known) -> None:
        self.messages.append(message)

    def on_audio(self, pcm: bytes) -> None:
        raise AssertionError("no sound was sent")

    def on_lost(self) -> None:
        self.lost += 1


@pytest.fixture(autouse=True, scope="module")
def _short_pauses() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link, "FIRST_PAUSE_S", 0.001)
        yield


@given(failures=st.integers(1, TRIES), chance=st.floats(0, 1))
def test_pauses_grow_and_are_spread(failures: int, chance: float) -> None:
    assert link.FIRST_PAUSE_S / 2 <= pause_s(failures, chance) <= link.FIRST_PAUSE_S * 2 ** (TRIES - 1)
    assert pause_s(failures + 1, 0.0) >= pause_s(failures, 1.0)


async def test_after_five_attempts_it_gives_up_and_says_what_was_tried() -> None:
    async with scripted_service() as service:
        url = service.url
    listener = Listener()
    with pytest.raises(ServiceLostError, match=f"{url.removeprefix('http://')}.*cannot be reached.*still running"):
        await asyncio.wait_for(Link(url, 16_000).run(listener), 10)
    assert (listener.lost, listener.messages) == (1 + TRIES, [])


async def test_a_service_that_comes_back_finds_the_same_conversation() -> None:
    tokens = []

    async def script(caller: Caller) -> None:
        tokens.append((await caller.expect("hello"))["conversation"])
        await caller.say(type="ready", conversation="token", history=[], stores_audio=False)

    listener = Listener()
    async with scripted_service(*[script] * (2 * TRIES)) as service:
        running = asyncio.create_task(Link(service.url, 16_000).run(listener))
        await service.finished()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert tokens == [None] + ["token"] * (2 * TRIES - 1)


async def test_a_conversation_that_the_service_has_forgotten_is_begun_anew() -> None:
    async def first(caller: Caller) -> None:
        await caller.expect("hello")
        await caller.say(type="ready", conversation="old", history=[], stores_audio=False)

    async def forgetful(caller: Caller) -> None:
        assert (await caller.expect("hello"))["conversation"] == "old"
        await caller.say(type="error", code="conversation_invalid", message="Start a new one.", fatal=True)

    async def again(caller: Caller) -> None:
        assert (await caller.expect("hello"))["conversation"] is None

    async with scripted_service(first, forgetful, again) as service:
        running = asyncio.create_task(Link(service.url, 16_000).run(Listener()))
        await service.finished()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"type": "error", "code": "origin_refused", "message": "Not from here.", "fatal": True}, "Not from here."),
        ({"type": "riddle"}, "not understood"),
        ({"type": "audio_begin", "dialog_request_id": "r1", "rate": 1}, "rate"),
    ],
)
async def test_what_cannot_be_mended_by_trying_again_ends_it_at_once(said: dict[str, object], reason: str) -> None:
    async def script(caller: Caller) -> None:
        await caller.expect("hello")
        await caller.say(**said)
        await caller.socket.wait_closed()

    listener = Listener()
    async with scripted_service(script) as service:
        with pytest.raises(ServiceLostError, match=reason):
            await asyncio.wait_for(Link(service.url, 16_000).run(listener), 10)
    assert not any(isinstance(message, Ready) for message in listener.messages)
