"""The states of a voice session, pure: events in, effects out (docs/voice-protocol.md draws it)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a session is; the wire form."""

    OPENED = "opened"
    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


class Event(StrEnum):
    """What can happen: the first five come from the client, the others from the house."""

    HELLO = "hello"
    LISTEN = "listen"
    END = "end"
    CANCEL = "cancel"
    TEXT = "text"
    HEARD = "heard"
    REPLIED = "replied"
    SPOKEN = "spoken"


class Effect(StrEnum):
    """What the session's owner has to do, in this order."""

    DROP_LISTENER = "drop_listener"
    DISCARD_TURN = "discard_turn"
    STOP_SPEECH = "stop_speech"
    OPEN_LISTENER = "open_listener"
    FINISH_LISTENER = "finish_listener"
    START_TURN = "start_turn"
    START_SPEECH = "start_speech"


class NotNowError(Exception):
    """The event is not allowed in this state; nothing has changed."""

    def __init__(self, event: Event, state: State) -> None:
        super().__init__(f"{event.value} is not possible while {state.value}")


_LEAVING: dict[State, tuple[Effect, ...]] = {
    State.IDLE: (),
    State.LISTENING: (Effect.DROP_LISTENER,),
    State.THINKING: (Effect.DISCARD_TURN,),
    State.SPEAKING: (Effect.STOP_SPEECH,),
}
"""What it takes to give up a state for something new."""

_HOUSE: dict[tuple[State, Event], tuple[State, tuple[Effect, ...]]] = {
    (State.OPENED, Event.HELLO): (State.IDLE, ()),
    (State.LISTENING, Event.END): (State.LISTENING, (Effect.FINISH_LISTENER,)),
    (State.LISTENING, Event.HEARD): (State.THINKING, (Effect.START_TURN,)),
    (State.THINKING, Event.REPLIED): (State.SPEAKING, (Effect.START_SPEECH,)),
    (State.SPEAKING, Event.SPOKEN): (State.IDLE, ()),
}

_ANYTIME: dict[Event, tuple[State, tuple[Effect, ...]]] = {
    Event.LISTEN: (State.LISTENING, (Effect.OPEN_LISTENER,)),
    Event.TEXT: (State.THINKING, (Effect.START_TURN,)),
    Event.CANCEL: (State.IDLE, ()),
}
"""What a client may want at any time after hello, whatever it interrupts."""


@dataclass
class VoiceSession:
    """One session's state."""

    state: State = State.OPENED

    def on(self, event: Event) -> tuple[Effect, ...]:
        """Take `event`: change the state and return what is to be done.

        Raises:
            NotNowError: the state does not allow it, and is left as it was.
        """
        if (self.state, event) in _HOUSE:
            self.state, effects = _HOUSE[self.state, event]
            return effects
        if event in _ANYTIME and self.state in _LEAVING:
            leaving = _LEAVING[self.state]
            self.state, effects = _ANYTIME[event]
            return leaving + effects
        raise NotNowError(event, self.state)
