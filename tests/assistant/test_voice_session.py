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


def test_the_answer_can_be_broken_into_until_it_has_been_played() -> None:
    """It is sent long before it has been played: idle does not mean silent."""
    session = after(Event.HELLO, Event.TEXT, Event.REPLIED, Event.SPOKEN)
    assert session.on(Event.BARGE_IN) == (Effect.OPEN_BARGE_IN,)
    assert session.on(Event.BARGE_IN) == ()
    assert session.on(Event.INTERRUPTED) == (Effect.TAKE_OVER,)
    assert (session.state, session.barge_in) == (State.LISTENING, False)


def test_a_confirmed_barge_in_stops_the_speech_before_it_takes_over() -> None:
    session = after(Event.HELLO, Event.TEXT, Event.REPLIED, Event.BARGE_IN)
    assert session.on(Event.INTERRUPTED) == (Effect.STOP_SPEECH, Effect.TAKE_OVER)


@pytest.mark.parametrize(
    "events",
    [
        (Event.HELLO,),
        (Event.HELLO, Event.LISTEN),
        (Event.HELLO, Event.TEXT, Event.REPLIED, Event.SPOKEN, Event.PLAYED),
        (Event.HELLO, Event.TEXT, Event.NOTHING_TO_SAY),
    ],
)
def test_there_is_no_barge_in_without_an_answer(events: tuple[Event, ...]) -> None:
    session = after(*events)
    with pytest.raises(NotNowError):
        session.on(Event.BARGE_IN)


@pytest.mark.parametrize("event", [Event.LISTEN, Event.TEXT, Event.CANCEL])
def test_whatever_is_new_drops_the_listener_beside_the_answer_first(event: Event) -> None:
    session = after(Event.HELLO, Event.TEXT, Event.REPLIED, Event.BARGE_IN)
    assert session.on(event)[0] is Effect.DROP_BARGE_IN
    assert not session.barge_in


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
    beside = open_listeners = turns = speeches = 0
    for event in [*events, Event.CANCEL]:
        try:
            effects = session.on(event)
        except NotNowError:
            continue
        if event is Event.HEARD:
            open_listeners -= 1
        if event in (Event.REPLIED, Event.NOTHING_TO_SAY):
            turns -= 1
        if event is Event.SPOKEN:
            speeches -= 1
        if event is Event.BARGE_IN_OVER:
            beside -= 1
        taken_over = effects.count(Effect.TAKE_OVER)
        beside += effects.count(Effect.OPEN_BARGE_IN) - effects.count(Effect.DROP_BARGE_IN) - taken_over
        open_listeners += effects.count(Effect.OPEN_LISTENER) - effects.count(Effect.DROP_LISTENER) + taken_over
        turns += effects.count(Effect.START_TURN) - effects.count(Effect.DISCARD_TURN)
        speeches += effects.count(Effect.START_SPEECH) - effects.count(Effect.STOP_SPEECH)
        assert (beside, open_listeners, turns, speeches) == (
            int(session.barge_in),
            int(session.state is State.LISTENING),
            int(session.state is State.THINKING),
            int(session.state is State.SPEAKING),
        )
    assert session.state is State.IDLE
    assert not session.barge_in
