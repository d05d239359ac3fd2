"""Somebody listens, everything dies, and they go on where they were: on the same device or on another."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.service.listener import Listener, at_the_socket
from tests.service.running import Running, eventually, running_service
from tests.service.speech import QUESTION

pytestmark = pytest.mark.asyncio(loop_scope="function")

CONTINUE = "continue where i left off"
REPORT_EVERY_MS = 5_000
LOST_AT_MOST_MS = 10_000
WRITTEN_WITHIN_S = 5
QUEUED = ["tin-observatory-01", "tin-observatory-03"]


@pytest.fixture
def data_dir(service: Running, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(service.data_dir, copy, ignore=shutil.ignore_patterns("run", "sori.db*", "secret.key"))
    return copy


def written_ms(data_dir: Path) -> int:
    """The furthest position on the disk."""
    with closing(sqlite3.connect(data_dir / "sori.db")) as database:
        return database.execute("SELECT max(position_ms) FROM positions").fetchone()[0] or 0


async def report(listener: Listener, item: str, position_ms: int, state: str = "playing") -> None:
    player = {"state": state, "item": item, "position_ms": position_ms, "volume": 60, "queue": QUEUED, "can": ["queue"]}
    await listener.send("player", player=player)


def played(reply: dict[str, Any]) -> dict[str, Any]:
    (play,) = [one for one in reply["directives"] if one["type"] == "play"]
    return dict(play)


async def test_a_listener_goes_on_after_kill_9_on_any_device(data_dir: Path) -> None:
    with running_service(data_dir) as service:
        async with at_the_socket(service) as phone:
            ready = await phone.hello()
            item = played(await phone.ask(QUESTION))["item"]
            for position_ms in range(0, 40_000, REPORT_EVERY_MS):
                await report(phone, item, position_ms)
            eventually(lambda: written_ms(data_dir) == 35_000, WRITTEN_WITHIN_S, "the position is kept")
            await report(phone, item, 40_000)
            os.killpg(service.process.pid, signal.SIGKILL)
            service.process.wait()

    with running_service(data_dir) as service:
        async with at_the_socket(service) as phone:
            await phone.hello(ready["conversation"])
            play = played(await phone.ask(CONTINUE))
            assert play["item"] == item
            assert 40_000 - LOST_AT_MOST_MS <= play["begin_ms"] <= 40_000
        async with at_the_socket(service) as kitchen:
            await kitchen.send("hello", version=1, rate=kitchen.rate, listener=ready["listener"])
            assert (await kitchen.until("ready"))["conversation"] != ready["conversation"]
            await kitchen.send("player", player={"state": "stopped", "can": ["queue"]})
            reply = await kitchen.ask(CONTINUE)
            assert (played(reply)["item"], played(reply)["begin_ms"] >= 30_000) == (item, True)
            (queue,) = [one for one in reply["directives"] if one["type"] == "queue"]
            assert ([one["item"] for one in queue["items"]], queue["place"]) == (QUEUED, "only")

            await report(kitchen, item, 60_000, state="ended")
            reply = await kitchen.ask(CONTINUE)
            assert all(one["begin_ms"] == 0 for one in reply["directives"])
        async with at_the_socket(service) as stranger:
            await stranger.hello()
            assert (await stranger.ask(CONTINUE))["directives"] == []
