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
    """What can happen: the first seven come from the client, the others from the house."""

    HELLO = "hello"
    LISTEN = "listen"
    BARGE_IN = "barge_in"
    END = "end"
    CANCEL = "cancel"
    TEXT = "text"
    PLAYED = "played"
    """The client has played the answer."""
    HEARD = "heard"
    REPLIED = "replied"
    NOTHING_TO_SAY = "nothing_to_say"
    SPOKEN = "spoken"
    """The answer has been sent."""
    INTERRUPTED = "interrupted"
    """Words were confirmed beside the answer."""
    BARGE_IN_OVER = "barge_in_over"
    """The listener beside the answer has closed."""


class Effect(StrEnum):
    """What the session's owner has to do, in this order."""

    DROP_BARGE_IN = "drop_barge_in"
    DROP_LISTENER = "drop_listener"
    DISCARD_TURN = "discard_turn"
    STOP_SPEECH = "stop_speech"
    OPEN_LISTENER = "open_listener"
    OPEN_BARGE_IN = "open_barge_in"
    TAKE_OVER = "take_over"
    """The listener beside the answer becomes the listener."""
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
    (State.THINKING, Event.NOTHING_TO_SAY): (State.IDLE, ()),
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
    playing: bool = False
    """The client may still be playing the last answer: it is sent much faster than it is played."""
    barge_in: bool = False
    """A listener is open beside the answer."""

    def on(self, event: Event) -> tuple[Effect, ...]:
        """Take `event`: change the state and return what is to be done.

        Raises:
            NotNowError: the state does not allow it, and is left as it was.
        """
        if (self.state, event) in _HOUSE:
            self.state, effects = _HOUSE[self.state, event]
            self.playing = self.playing or event is Event.REPLIED
            return effects
        if event in _ANYTIME and self.state in _LEAVING:
            beside = (Effect.DROP_BARGE_IN,) if self.barge_in else ()
            state, effects = _ANYTIME[event]
            return beside + self._leave_for(state) + effects
        if event in (Event.BARGE_IN, Event.PLAYED, Event.INTERRUPTED, Event.BARGE_IN_OVER):
            return self._beside(event)
        raise NotNowError(event, self.state)

    def _beside(self, event: Event) -> tuple[Effect, ...]:
        """What concerns the listener beside the answer, or how long there is an answer to listen beside."""
        match event:
            case Event.BARGE_IN if self._is_answering:
                opened, self.barge_in = self.barge_in, True
                return () if opened else (Effect.OPEN_BARGE_IN,)
            case Event.INTERRUPTED if self.barge_in:
                return (*self._leave_for(State.LISTENING), Effect.TAKE_OVER)
            case Event.BARGE_IN_OVER if self.barge_in:
                self.barge_in = False
                return ()
            case Event.PLAYED if self.state is not State.OPENED:
                self.playing = False
                return ()
        raise NotNowError(event, self.state)

    @property
    def _is_answering(self) -> bool:
        return self.state in (State.THINKING, State.SPEAKING) or (self.state is State.IDLE and self.playing)

    def _leave_for(self, state: State) -> tuple[Effect, ...]:
        leaving = _LEAVING[self.state]
        self.state, self.playing, self.barge_in = state, False, False
        return leaving
