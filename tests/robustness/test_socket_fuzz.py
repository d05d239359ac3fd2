"""The voice socket under random messages, storms of connections and a hundred turns: it answers, and nothing leaks."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import psutil
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from benchmarks.soak import soak
from tests.service.listener import Listener, at_the_socket, listening, nobody_listens
from tests.service.running import Running
from tests.service.speech import QUESTION, in_a_room, say

EXAMPLES = 40
STORM = 80
STORMS = 3
QUIET_S = 0.3

KINDS = ("hello", "listen", "end", "cancel", "text", "player", "spoken", "nonsense", "", "reply", "state")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    "hello": {"version": st.just(1) | JSON, "rate": st.sampled_from([16_000, 48_000, 7_999, -1, 2**70]) | JSON},
    "listen": {"trigger": st.sampled_from(["button", "wake", "follow_up", "barge_in", "sneeze"]) | JSON},
    "text": {"text": st.sampled_from(["help", QUESTION, "", " ", "x" * 1_001, "\x00", "\ud83d\ude00"]) | JSON},
    "player": {
        "player": st.fixed_dictionaries(
            {"state": st.sampled_from(["playing", "broken"]), "volume": st.integers(-5, 200)}
        )
        | JSON
    },
    "spoken": {"dialog_request_id": st.sampled_from(["", "made-up", "x" * 65]) | JSON, "heard_ms": JSON},
}


@st.composite
def messages(draw: st.DrawFn) -> str | bytes:
    """Something that a client, good or bad, may send."""
    shape = draw(st.sampled_from(["message"] * 6 + ["sound"] * 3 + ["json", "text", "bytes"]))
    if shape == "message":
        kind = draw(st.sampled_from(KINDS))
        fields = draw(st.fixed_dictionaries({}, optional=FIELDS.get(kind, {"extra": JSON})))
        return json.dumps({"type": kind, **fields})
    if shape == "sound":
        start = draw(st.integers(0, len(SPEECH) // 2)) * 2
        return SPEECH[start : start + 2 * draw(st.integers(0, 16_000))]
    if shape == "json":
        return json.dumps(draw(JSON))
    return draw(st.text(max_size=40)) if shape == "text" else draw(st.binary(max_size=200))


SPEECH = in_a_room(say(), before=0.1, after=0.8).tobytes()


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.booleans(), st.lists(messages(), min_size=1, max_size=25), st.booleans())
def test_whatever_is_sent_the_next_one_is_served(
    rough: Running, politely: bool, sent: list[str | bytes], cut: bool
) -> None:
    """Every answer is a message of the protocol; a connection ends with a code of the protocol or lives on."""
    asyncio.run(_disturb(rough, politely, sent, cut))


async def _disturb(rough: Running, politely: bool, sent: list[str | bytes], cut: bool) -> None:
    async with at_the_socket(rough) as listener:
        with contextlib.suppress(ConnectionClosed):
            if politely:
                await listener.hello()
            for message in sent:
                await listener.socket.send(message)
            await _read(listener)
        if cut:
            listener.socket.transport.abort()
    assert listener.socket.close_code in (None, 1000, 1001, 1003, 1006, 1007, 1008, 1009)
    assert all({"type"} <= message.keys() for message in listener.received)
    async with listening(rough) as other:
        assert (await other.ask("help"))["speech"]


async def _read(listener: Listener) -> None:
    """What comes until nothing has come for a moment."""
    with contextlib.suppress(TimeoutError):
        while True:
            async with asyncio.timeout(QUIET_S):
                await listener.next()


def test_a_storm_of_reconnects_leaves_nothing_behind(rough: Running) -> None:
    """Connections that come and go at every stage, many at once; then there are as many descriptors as before.

    Pools of database connections grow with the crowd and then stay; a leak would grow with every storm.
    """
    process = psutil.Process(rough.process.pid)
    growth = [_descriptors_left(rough, process) for _ in range(STORMS)]
    assert min(growth) <= 3, growth

    async def afterwards() -> Any:
        async with listening(rough) as listener:
            return await listener.ask_aloud()

    assert asyncio.run(afterwards()) == QUESTION


def _descriptors_left(rough: Running, process: psutil.Process) -> int:
    before = process.num_fds()
    asyncio.run(_storm(rough, STORM))
    nobody_listens(rough)
    return int(process.num_fds() - before)


async def _storm(rough: Running, count: int) -> None:
    places = asyncio.Semaphore(12)

    async def come_and_go(stage: int) -> None:
        async with places, at_the_socket(rough) as listener:
            with contextlib.suppress(ConnectionClosed, AssertionError):
                if stage >= 1:
                    await listener.hello()
                if stage >= 2:
                    await listener.send("listen")
                if stage >= 3:
                    await listener.socket.send(SPEECH[:32_000])
                if stage >= 4:
                    await listener.send("text", text=QUESTION)
            listener.socket.transport.abort()

    await asyncio.gather(*(come_and_go(number % 5) for number in range(count)))


def test_memory_and_descriptors_stay_flat(rough: Running) -> None:
    """A hundred turns, spoken, given up and cut off among them; the benchmark `soak` takes a thousand."""
    looks = soak(rough, turns=100, looks=4, say_progress=lambda text: None)
    settled, last = looks[1], looks[-1]
    assert last.descriptors <= settled.descriptors + 3
    assert last.megabytes - settled.megabytes < 40
