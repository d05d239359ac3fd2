"""The list that a player goes through: nothing is lost, nothing is played that nobody asked for."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from skills.player import QUEUE_MAX, Play, Repeat
from skills.playlist import Playlist, sought


def a_play(number: int) -> Play:
    return Play(item=f"item-{number}", title=f"Item {number}", url=f"/media/{number}.mp3")


def never(_below: int) -> int:
    return 0


def numbers(playlist: Playlist) -> list[int]:
    return [int(entry.play.item.removeprefix("item-")) for entry in playlist.queue]


def heard(playlist: Playlist, items: int) -> list[int]:
    """The items that are heard one after the other, from the present one on."""
    order = []
    while playlist.current and len(order) < items:
        order.append(int(playlist.current.play.item.removeprefix("item-")))
        playlist = playlist.ended(never)
    return order


ALBUM = Playlist().start(a_play(0)).enqueue([a_play(1), a_play(2), a_play(3)], "last", never)


def test_next_goes_before_and_last_after_what_is_queued() -> None:
    assert numbers(ALBUM.enqueue([a_play(8), a_play(9)], "next", never)) == [8, 9, 1, 2, 3]
    assert numbers(ALBUM.enqueue([a_play(8)], "last", never)) == [1, 2, 3, 8]
    assert numbers(ALBUM.enqueue([], "only", never)) == []


def test_without_repeating_the_list_ends_and_with_it_it_goes_on() -> None:
    assert heard(ALBUM, 9) == [0, 1, 2, 3]
    assert heard(ALBUM.repeating(Repeat.ALL), 9) == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert heard(ALBUM.repeating(Repeat.ONE), 3) == [0, 0, 0]
    following = ALBUM.repeating(Repeat.ONE).next(never).current
    assert following
    assert following.play.item == "item-1"


def test_something_played_next_stays_where_it_was_played_when_all_is_repeated() -> None:
    playlist = ALBUM.enqueue([a_play(9)], "next", never).repeating(Repeat.ALL)
    assert heard(playlist, 10) == [0, 9, 1, 2, 3, 0, 9, 1, 2, 3]


@given(st.integers(0, 2**32), st.integers(0, 20))
def test_shuffling_loses_nothing_and_is_undone_by_switching_it_off(seed: int, count: int) -> None:
    chance = random.Random(seed)
    queued = Playlist().enqueue([a_play(number) for number in range(count)], "last", never)
    mixed = queued.shuffled(True, chance.randrange).enqueue([a_play(99)], "last", chance.randrange)
    assert sorted(numbers(mixed)) == [*range(count), 99]
    assert numbers(mixed.shuffled(False, chance.randrange)) == [*range(count), 99]


@pytest.mark.parametrize("position_ms", [1_999, 12_000, 50_000])
def test_who_leaves_the_part_that_was_asked_for_hears_the_rest(position_ms: int) -> None:
    part = a_play(1).model_copy(update={"begin_ms": 2_000, "duration_ms": 10_000})
    play, place = sought(part, position_ms, None)
    assert (play.end_ms, place) == (None, position_ms)
    assert sought(part, 11_999, None) == (part, 11_999)


@given(st.integers(-100_000, 200_000), st.none() | st.integers(0, 100_000))
def test_a_seek_stays_in_the_item(position_ms: int, length_ms: int | None) -> None:
    _, place = sought(a_play(1), position_ms, length_ms)
    assert 0 <= place <= (max(0, position_ms) if length_ms is None else length_ms)


class AnyOrder(RuleBasedStateMachine):
    """Whatever is asked in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.playlist = Playlist()
        self.chance = random.Random(1)
        self.asked: set[str] = set()

    @rule(numbers=st.lists(st.integers(0, 99), max_size=30), place=st.sampled_from(["next", "last", "only"]))
    def enqueue(self, numbers: list[int], place: str) -> None:
        plays = [a_play(number) for number in numbers]
        self.asked |= {play.item for play in plays}
        before = {entry.play.item for entry in self.playlist.queue}
        self.playlist = self.playlist.enqueue(plays, place, self.chance.randrange)  # type: ignore[arg-type]
        after = {entry.play.item for entry in self.playlist.queue}
        assert after <= {play.item for play in plays} | (set() if place == "only" else before)

    @rule(number=st.integers(0, 99))
    def start(self, number: int) -> None:
        self.asked.add(f"item-{number}")
        queue = self.playlist.queue
        self.playlist = self.playlist.start(a_play(number))
        assert self.playlist.queue == queue

    @rule(repeat=st.sampled_from(Repeat), shuffle=st.booleans())
    def switch(self, repeat: Repeat, shuffle: bool) -> None:
        before = sorted(entry.play.item for entry in self.playlist.queue)
        self.playlist = self.playlist.repeating(repeat).shuffled(shuffle, self.chance.randrange)
        assert sorted(entry.play.item for entry in self.playlist.queue) == before

    @rule()
    def go_on(self) -> None:
        before, self.playlist = self.playlist, self.playlist.ended(self.chance.randrange)
        if before.repeat is Repeat.ONE:
            assert self.playlist == before
        elif before.queue:
            assert self.playlist.current == before.queue[0]
        elif before.repeat is Repeat.ALL and before.current:
            assert self.playlist.current

    @invariant()
    def bounded_and_asked_for(self) -> None:
        assert len(self.playlist.queue) <= QUEUE_MAX
        current = [self.playlist.current] if self.playlist.current else []
        assert {entry.play.item for entry in (*self.playlist.queue, *current)} <= self.asked


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, deadline=None)
