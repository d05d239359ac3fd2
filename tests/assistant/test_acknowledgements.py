"""Nothing is held against a player that did what it was told, or was never to do it."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.channels.acknowledgements import WITHIN_S, Acknowledgements
from skills.player import PlayerState


def test_what_waits_for_the_end_of_the_speech_has_its_time_from_then() -> None:
    awaited = Acknowledgements()
    awaited.directed("r1", 0.0)
    awaited.spoken("r1", 12.0)
    assert awaited.overdue(12.0 + WITHIN_S - 0.1) is None
    assert awaited.overdue(12.0 + WITHIN_S) == "r1"
    awaited.told()
    assert awaited.overdue(99.0) is None


class AnyOrder(RuleBasedStateMachine):
    """Replies, reports and interruptions in any order, as time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = Acknowledgements()
        self.now_s = 0.0
        self.requests = 0
        self.open: tuple[str, float] | None = None
        """The newest request that is to be acknowledged, and from when."""

    @rule(speech_s=st.floats(0, 15))
    def reply(self, speech_s: float) -> None:
        self.requests += 1
        request = f"r{self.requests}"
        self.awaited.directed(request, self.now_s)
        self.awaited.spoken(request, self.now_s + speech_s)
        self.open = (request, self.now_s + speech_s)

    @rule(late=st.integers(0, 3))
    def report(self, late: int) -> None:
        request = f"r{self.requests - late}" if self.requests > late else None
        self.awaited.reported(PlayerState(dialog_request_id=request))
        if self.open and request == self.open[0]:
            self.open = None

    @rule()
    def interrupt(self) -> None:
        self.awaited.interrupted()
        self.open = None

    @rule(seconds=st.floats(0, 20))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    @invariant()
    def only_what_is_open_for_long_enough_is_overdue(self) -> None:
        due = self.open is not None and self.now_s >= self.open[1] + WITHIN_S
        assert self.awaited.overdue(self.now_s) == (self.open[0] if due and self.open else None)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=80, deadline=None)
