"""What is said of a hand-over is what has happened, and a long answer's pieces are the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.answering import LONG, pieces_of
from assistant.chat.handover import State, Thread
from assistant.chat.performing import Presence, failed, perform
from assistant.chat.records import Body
from skills.shop_view import Tap
from skills.shopping.shop import Opening, Shop
from skills.storefront.front import Storefront
from skills.turn import Reply

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday
WEEKDAYS = tuple(Opening(day=day, begin=540, end=1_020) for day in range(5))
ASKING = Reply(dialog_request_id="r", speech="One moment.", text="One moment.", action="hand_over")
QUESTION = Body(text="a person please")


def test_outside_hours_nobody_is_promised() -> None:
    presence = Presence.of(Shop(id="s", name="S", opening=WEEKDAYS, time_zone="Europe/Berlin"), Storefront(), NOW)
    done = perform(ASKING, QUESTION, Thread(), presence, NOW)
    assert done.move is None
    assert "on Monday at 9:00 am" in done.body.text
    assert done.body.shop is not None
    assert done.body.shop.form is not None


def test_within_hours_somebody_is_asked_and_a_second_time_nothing_changes() -> None:
    presence = Presence(open=True, opens="")
    done = perform(ASKING, QUESTION, Thread(), presence, NOW)
    assert done.move is not None
    assert done.move.after.state is State.WAITING
    again = perform(ASKING, QUESTION, done.move.after, presence, NOW)
    assert again.move is None
    assert "already" in again.body.text


def test_an_answer_that_failed_can_be_asked_for_again_but_a_secret_is_not_repeated() -> None:
    assert failed("Sorry.", QUESTION, private=False).quick_replies[0].utterance == QUESTION.text
    assert failed("Sorry.", Body(text="4711"), private=True) == Body(text="Sorry.", speech="Sorry.")
    tap = Tap(name="cart.add", values={"product": "boots"})
    view = failed("Sorry.", Body(text="Add", tap=tap), private=False).shop
    assert view is not None
    assert view.buttons[0].tap == tap
    pin = Body(text="Send", tap=Tap(name="checkout.pin", values={"pin": "4711"}))
    assert "4711" not in failed("Sorry.", pin, private=False).model_dump_json()


@given(st.text(alphabet="ab .!?\n", max_size=600))
def test_the_pieces_of_a_long_answer_are_the_answer(text: str) -> None:
    pieces = pieces_of(text)
    assert "".join(pieces) == (text if len(text) >= LONG else "")


@pytest.mark.parametrize("text", ["." * LONG, "a" * LONG, "\n" * LONG])
def test_nothing_is_lost_of_an_odd_answer(text: str) -> None:
    assert "".join(pieces_of(text)) == text
