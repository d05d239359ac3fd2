"""Who answers: whatever happens in whatever order, a shopper is never left with nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.chat.handover import SILENT, WAIT, Outcome, State, Thread

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
AGENTS = st.sampled_from(["Mia", "Noor"])


class AnyOrder(RuleBasedStateMachine):
    """Shoppers, agents and the clock do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = Thread()
        self.now = START

    @rule(is_open=st.booleans())
    def ask(self, is_open: bool) -> None:
        before = self.thread
        self.thread, outcome = before.ask(self.now, is_open=is_open)
        expected = {
            State.AGENT: Outcome.ALREADY_TAKEN,
            State.WAITING: Outcome.ALREADY_WAITING,
        }.get(before.state, Outcome.QUEUED if is_open else Outcome.OFFLINE)
        assert outcome is expected
        assert self.thread == before or not before.with_people

    @rule(agent=AGENTS)
    def take(self, agent: str) -> None:
        before = self.thread
        self.thread, outcome = before.take(agent, self.now)
        assert (outcome is Outcome.NOT_YOURS) == (before.state is State.AGENT and before.agent != agent)
        assert self.thread.agent == (before.agent or agent), "nobody takes what another holds"

    @rule()
    def write(self) -> None:
        with_people = self.thread.with_people
        self.thread = self.thread.write(self.now)
        assert self.thread.with_people == with_people
        assert self.thread.state is not State.CLOSED, "who writes is answered again"

    @rule(agent=AGENTS)
    def close(self, agent: str) -> None:
        before = self.thread
        self.thread, outcome = before.close(agent)
        may = before.state is State.AGENT and before.agent == agent
        assert (outcome is Outcome.CLOSED) == may
        assert self.thread == (Thread(State.CLOSED) if may else before)

    @rule(agent=AGENTS)
    def hand_back(self, agent: str) -> None:
        before = self.thread
        self.thread, outcome = before.hand_back(agent)
        may = before.state is State.WAITING or (before.state is State.AGENT and before.agent == agent)
        assert (outcome is Outcome.HANDED_BACK) == may
        assert self.thread == (Thread() if may else before)

    @rule()
    def leave(self) -> None:
        with_people = self.thread.with_people
        self.thread, outcome = self.thread.leave()
        assert self.thread.state is State.BOT
        assert (outcome is Outcome.LEFT) == with_people

    @rule(minutes=st.integers(0, 40))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        before = self.thread
        self.thread, outcome = before.pass_time(self.now)
        assert (outcome is Outcome.NOTHING) == (before.deadline is None or self.now < before.deadline)

    @invariant()
    def people_always_have_a_deadline(self) -> None:
        assert (self.thread.deadline is not None) == self.thread.with_people
        assert (self.thread.agent != "") == (self.thread.state is State.AGENT)


TestAnyOrder = AnyOrder.TestCase


def test_nobody_comes_in_time() -> None:
    waiting, _ = Thread().ask(START, is_open=True)
    assert waiting.pass_time(START + WAIT - timedelta(seconds=1)) == (waiting, Outcome.NOTHING)
    assert waiting.pass_time(START + WAIT) == (Thread(), Outcome.NOBODY_CAME)


def test_a_conversation_in_which_nobody_writes_ends_by_itself() -> None:
    held, _ = Thread().take("Mia", START)
    later = START + SILENT - timedelta(minutes=1)
    assert held.write(later).pass_time(START + SILENT)[1] is Outcome.NOTHING
    assert held.pass_time(START + SILENT) == (Thread(State.CLOSED), Outcome.FELL_SILENT)
