"""The voice session's states: whatever comes in whatever order, it stays in a known state and owes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.voice_session import Effect, Event, NotNowError, State, VoiceSession

EVENTS = st.lists(st.sampled_from(list(Event)), max_size=40)


def after(*events: Event) -> VoiceSession:
    session = VoiceSession()
    for event in events:
        session.on(event)
    return session


def test_a_spoken_turn_goes_through_every_state() -> None:
    session = VoiceSession()
    states = []
    for event in (Event.HELLO, Event.LISTEN, Event.HEARD, Event.REPLIED, Event.SPOKEN):
        session.on(event)
        states.append(session.state)
    assert states == [State.IDLE, State.LISTENING, State.THINKING, State.SPEAKING, State.IDLE]


def test_listening_again_interrupts_speech_before_it_opens_the_microphone() -> None:
    session = after(Event.HELLO, Event.TEXT, Event.REPLIED)
    assert session.on(Event.LISTEN) == (Effect.STOP_SPEECH, Effect.OPEN_LISTENER)


@pytest.mark.parametrize("event", [event for event in Event if event is not Event.HELLO])
def test_nothing_happens_before_hello(event: Event) -> None:
    session = VoiceSession()
    with pytest.raises(NotNowError):
        session.on(event)
    assert session.state is State.OPENED


@given(EVENTS)
def test_a_refused_event_changes_nothing(events: list[Event]) -> None:
    session = VoiceSession()
    for event in events:
        before = session.state
        try:
            session.on(event)
        except NotNowError:
            assert session.state is before


@given(EVENTS)
def test_cancel_always_leads_to_idle_and_leaves_nothing_open(events: list[Event]) -> None:
    session = after(Event.HELLO)
    open_listeners = turns = speeches = 0
    for event in [*events, Event.CANCEL]:
        try:
            effects = session.on(event)
        except NotNowError:
            continue
        if event is Event.HEARD:
            open_listeners -= 1
        if event is Event.REPLIED:
            turns -= 1
        if event is Event.SPOKEN:
            speeches -= 1
        open_listeners += effects.count(Effect.OPEN_LISTENER) - effects.count(Effect.DROP_LISTENER)
        turns += effects.count(Effect.START_TURN) - effects.count(Effect.DISCARD_TURN)
        speeches += effects.count(Effect.START_SPEECH) - effects.count(Effect.STOP_SPEECH)
        assert (open_listeners, turns, speeches) == (
            int(session.state is State.LISTENING),
            int(session.state is State.THINKING),
            int(session.state is State.SPEAKING),
        )
    assert session.state is State.IDLE
