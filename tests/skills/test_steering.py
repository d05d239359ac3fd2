"""What listeners ask of the player, read from their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media import steering
from skills.media.steering import Length, Move
from skills.player import DAY_MS, SPEED_MAX, SPEED_MIN, Repeat, Sleep


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("skip forward thirty seconds", Move(by_ms=30_000)),
        ("go back a bit", Move(by_ms=-15_000)),
        ("rewind a minute and a half", Move(by_ms=-90_000)),
        ("skip ahead a lot", Move(by_ms=60_000)),
        ("go to minute five", Move(to_ms=300_000)),
        ("go back to minute three", Move(to_ms=180_000)),
        ("jump to one hour ten", Move(to_ms=4_200_000)),
        ("hour one minute ten", Move(to_ms=4_200_000)),
        ("go to the ten minute mark", Move(to_ms=600_000)),
        ("skip to 12:30", Move(to_ms=750_000)),
        ("from the beginning", Move(to_ms=0)),
        ("start over", Move(to_ms=0)),
    ],
)
def test_where_to_go_on(said: str, move: Move) -> None:
    assert steering.move(said) == move


@given(st.text(max_size=80), st.integers(0, DAY_MS), st.none() | st.integers(0, DAY_MS))
def test_no_words_lead_out_of_the_item(said: str, position_ms: int, ends_at_ms: int | None) -> None:
    target = steering.move(said).target_ms(position_ms, ends_at_ms)
    assert 0 <= target <= (DAY_MS if ends_at_ms is None else ends_at_ms)


@pytest.mark.parametrize(
    ("said", "speed"),
    [
        ("faster", 1.25),
        ("a bit slower please", 0.75),
        ("at one and a half speed", 1.5),
        ("one point two five times", 1.25),
        ("double speed", 2.0),
        ("half speed", 0.5),
        ("play it at half the speed", 0.5),
        ("back to normal speed", 1.0),
        ("ninety percent", 0.9),
        ("speed seventeen", 2.0),
    ],
)
def test_how_fast(said: str, speed: float) -> None:
    assert steering.speed(said, 1.0) == speed


@given(st.text(max_size=80), st.floats(SPEED_MIN, SPEED_MAX))
def test_no_words_lead_to_a_speed_that_there_is_not(said: str, present: float) -> None:
    assert SPEED_MIN <= steering.speed(said, present) <= SPEED_MAX


@pytest.mark.parametrize(
    ("said", "repeat"),
    [
        ("repeat this song", Repeat.ONE),
        ("loop it", Repeat.ONE),
        ("repeat all", Repeat.ALL),
        ("loop the queue", Repeat.ALL),
        ("stop repeating", Repeat.OFF),
        ("turn repeat off", Repeat.OFF),
        ("don't repeat all", Repeat.OFF),
    ],
)
def test_what_to_repeat(said: str, repeat: Repeat) -> None:
    assert steering.repeat(said) is repeat


@pytest.mark.parametrize(
    ("said", "shuffle"), [("shuffle", True), ("shuffle off", False), ("play in order", False), ("mix them up", True)]
)
def test_whether_to_shuffle(said: str, shuffle: bool) -> None:
    assert steering.shuffle(said) is shuffle


@pytest.mark.parametrize(
    ("said", "sleep"),
    [
        ("stop in twenty minutes", Sleep(in_ms=1_200_000)),
        ("sleep timer for half an hour", Sleep(in_ms=1_800_000)),
        ("sleep timer twenty", Sleep(in_ms=1_200_000)),
        ("stop at the end of this", Sleep()),
        ("stop when this is over", Sleep()),
        ("set a sleep timer", None),
    ],
)
def test_when_to_sleep(said: str, sleep: Sleep | None) -> None:
    assert steering.sleep(said) == sleep


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("under twenty minutes", Length(at_most_s=1200)),
        ("no longer than half an hour", Length(at_most_s=1800)),
        ("at least an hour", Length(at_least_s=3600)),
        ("longer than 10 minutes", Length(at_least_s=600)),
        ("twenty minutes long", Length(900, 1500)),
        ("as long as it likes", Length()),
    ],
)
def test_how_long_an_item_may_be(said: str, length: Length) -> None:
    assert steering.length(said) == length
