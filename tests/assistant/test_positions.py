"""Where listeners are in items: kept without waiting, found at once, and no client can fill the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.positions import Positions
from assistant.storage.store import Store
from skills.media.places import Place
from skills.player import Playback, PlayerState


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    yield store
    store.close()


def at(item: str, position_ms: int, state: Playback = Playback.PLAYING) -> PlayerState:
    return PlayerState(state=state, item=item, position_ms=position_ms)


async def test_the_newest_report_is_found_at_once_and_is_the_listeners_own(sqlite: Store) -> None:
    positions = Positions(sqlite, lambda _item: True)
    positions.report("me", at("talk", 5_000))
    positions.report("me", at("talk", 10_000))
    positions.report("you", at("book", 1_000))
    assert await positions.latest("me") == Place("talk", 10_000)
    assert await positions.latest("nobody") is None
    await positions.stop()


async def test_what_was_heard_to_its_end_is_not_gone_on_with_but_what_was_before_it_is(sqlite: Store) -> None:
    positions = Positions(sqlite, lambda _item: True)
    positions.report("me", at("book", 90_000))
    await positions.latest("me")
    positions.report("me", at("talk", 60_000))
    positions.report("me", at("talk", 61_000, Playback.ENDED))
    assert await positions.latest("me") == Place("book", 90_000)
    await positions.stop()


async def test_what_was_queued_goes_with_the_place(sqlite: Store) -> None:
    positions = Positions(sqlite, lambda _item: True)
    for queue in (("b", "c"), ("c",), ()):
        positions.report("me", PlayerState(state=Playback.PLAYING, item="a", position_ms=7, queue=queue))
        assert await positions.latest("me") == Place("a", 7, queue)
    await positions.stop()


async def test_a_device_that_only_connects_again_does_not_become_the_last_one_listened_to(sqlite: Store) -> None:
    positions = Positions(sqlite, lambda _item: True)
    positions.report("me", at("book", 90_000, Playback.PAUSED))
    await positions.latest("me")
    positions.report("me", at("talk", 5_000))
    await positions.latest("me")
    positions.report("me", at("book", 90_000, Playback.PAUSED))
    assert await positions.latest("me") == Place("talk", 5_000)
    await positions.stop()


async def test_what_a_client_makes_up_or_could_not_play_is_not_kept(sqlite: Store) -> None:
    positions = Positions(sqlite, lambda item: item == "talk")
    for state in (at("made-up", 1), at("talk", 7, Playback.FAILED), PlayerState()):
        positions.report("me", state)
    assert await positions.latest("me") is None
    await positions.stop()


async def test_many_reports_are_one_write_and_stopping_writes_the_last(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sori.db'}"
    store = Store(url)
    positions = Positions(store, lambda _item: True)
    for position_ms in range(1_000):
        positions.report("me", at("talk", position_ms))
    await positions.stop()
    store.close()
    again = Store(url)
    found = await asyncio.to_thread(again.last_position, "me")
    again.close()
    assert found
    assert found.position_ms == 999
