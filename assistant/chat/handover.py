"""Who answers a shopper, the assistant or a person: a pure state machine, times passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

WAIT = timedelta(minutes=5)
"""Nobody has taken it by then: nobody will soon."""
SILENT = timedelta(minutes=30)
"""A conversation in which neither side writes has ended."""


class State(StrEnum):
    """Who answers."""

    BOT = "bot"
    WAITING = "waiting"
    """For a person."""
    AGENT = "agent"
    CLOSED = "closed"
    """A person has ended it; what is written next is the assistant's."""


class Outcome(StrEnum):
    """What has become of an event."""

    QUEUED = "queued"
    ALREADY_WAITING = "already_waiting"
    ALREADY_TAKEN = "already_taken"
    OFFLINE = "offline"
    """It is outside opening hours."""
    NOBODY_CAME = "nobody_came"
    TAKEN = "taken"
    CLOSED = "closed"
    HANDED_BACK = "handed_back"
    """The person who holds it gives it back to the assistant."""
    FELL_SILENT = "fell_silent"
    LEFT = "left"
    """The shopper is back with the assistant."""
    WITH_BOT = "with_bot"
    """Where they were anyway."""
    NOT_YOURS = "not_yours"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Thread:
    """`agent` is who holds it, `deadline` when it ends by itself."""

    state: State = State.BOT
    agent: str = ""
    asked_at: datetime | None = None
    deadline: datetime | None = None

    @property
    def with_people(self) -> bool:
        """Whether words go to people instead of the assistant."""
        return self.state in (State.WAITING, State.AGENT)

    def ask(self, now: datetime, *, is_open: bool) -> tuple[Thread, Outcome]:
        """A person is asked for."""
        if self.state is State.AGENT:
            return self, Outcome.ALREADY_TAKEN
        if self.state is State.WAITING:
            return self, Outcome.ALREADY_WAITING
        if not is_open:
            return Thread(), Outcome.OFFLINE
        return Thread(State.WAITING, asked_at=now, deadline=now + WAIT), Outcome.QUEUED

    def take(self, agent: str, now: datetime) -> tuple[Thread, Outcome]:
        """A person takes it, whoever answered before; not from another person."""
        if self.state is State.AGENT:
            return self, Outcome.ALREADY_TAKEN if self.agent == agent else Outcome.NOT_YOURS
        return Thread(State.AGENT, agent, self.asked_at or now, now + SILENT), Outcome.TAKEN

    def write(self, now: datetime) -> Thread:
        """Somebody has written: a shopper, or the person who holds it."""
        if self.state is State.CLOSED:
            return Thread()
        return replace(self, deadline=now + SILENT) if self.state is State.AGENT else self

    def close(self, agent: str) -> tuple[Thread, Outcome]:
        """The person who holds it ends it."""
        if self.state is not State.AGENT or self.agent != agent:
            return self, Outcome.NOT_YOURS
        return Thread(State.CLOSED), Outcome.CLOSED

    def hand_back(self, agent: str) -> tuple[Thread, Outcome]:
        """The person who holds it lets the assistant go on; one who waits in vain, anybody can."""
        if self.state is not State.WAITING and (self.state is not State.AGENT or self.agent != agent):
            return self, Outcome.NOT_YOURS
        return Thread(), Outcome.HANDED_BACK

    def leave(self) -> tuple[Thread, Outcome]:
        """The shopper wants the assistant again."""
        return Thread(), Outcome.LEFT if self.with_people else Outcome.WITH_BOT

    def pass_time(self, now: datetime) -> tuple[Thread, Outcome]:
        """Look at the clock."""
        if self.deadline is None or now < self.deadline:
            return self, Outcome.NOTHING
        if self.state is State.WAITING:
            return Thread(), Outcome.NOBODY_CAME
        return Thread(State.CLOSED), Outcome.FELL_SILENT
