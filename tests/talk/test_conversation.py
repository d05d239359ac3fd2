from __future__ import annotations

from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assistant.talk.conversation import PAUSE_AFTER_FAILURE_S, Conversation
from assistant.talk.effects import (
    BeginSpeech,
    CloseMicrophone,
    Direct,
    Effect,
    FinishSpeech,
    Listen,
    Phase,
    ShowAnswer,
    ShowHeard,
    ShowPhase,
    ShowProblem,
    Speak,
    StopSpeech,
    TellSpoken,
    Trigger,
    WaitForWord,
)
from assistant.talk.messages import (
    Answer,
    AudioBegin,
    AudioEnd,
    BargeIn,
    Final,
    Known,
    Problem,
    Ready,
    ServerState,
)
from skills.turn import Control, Directive, Play, Reply

TALK = Play(item="talk-1", title="Black holes", url="/media/talk.mp3")


def state(name: str) -> ServerState:
    return ServerState.model_validate({"type": "state", "state": name})


def final(text: str, request: str) -> Final:
    return Final(type="final", text=text, dialog_request_id=request)


def answer(request: str, *directives: Directive, asks: bool = False) -> Answer:
    reply = Reply(dialog_request_id=request, speech="Here.", text="Here.", directives=directives, expects_reply=asks)
    return Answer(type="reply", reply=reply)


def about(kind: Literal["duck", "interrupt", "restore"], request: str = "r1") -> BargeIn:
    return BargeIn(type=kind, dialog_request_id=request)


def listening(*, barge_in: bool = False) -> Conversation:
    conversation = Conversation(barge_in=barge_in)
    assert conversation.on_message(Ready(type="ready", conversation="token")) == (AGAIN,)
    conversation.on_message(state("idle"))  # said before the service had our listen
    assert conversation.on_message(state("listening")) == (ShowPhase(Phase.LISTENING),)
    return conversation


def speaking(*directives: Directive, asks: bool = False) -> Conversation:
    """In the middle of an answer that may be spoken into, all of which the service has sent."""
    conversation = listening(barge_in=True)
    take(conversation, final("play it", "r1"), state("thinking"), answer("r1", *directives, asks=asks))
    assert Listen(Trigger.BARGE_IN) in take(conversation, state("speaking"), begin("r1"), END, state("idle"))
    return conversation


def waiting() -> Conversation:
    conversation = Conversation(wake=True)
    effects = conversation.on_message(Ready(type="ready", conversation="token"))
    assert effects == (WaitForWord(), ShowPhase(Phase.WAITING))
    conversation.on_message(state("idle"))
    return conversation


def take(conversation: Conversation, *messages: Known) -> tuple[Effect, ...]:
    return tuple(effect for message in messages for effect in conversation.on_message(message))


def begin(request: str) -> AudioBegin:
    return AudioBegin(type="audio_begin", dialog_request_id=request, rate=22_050)


END = AudioEnd(type="audio_end")
AGAIN = Listen(Trigger.FOLLOW_UP)
TOLD = TellSpoken("r1", whole=True)


def test_it_listens_again_when_the_last_word_was_heard_not_when_it_was_sent() -> None:
    conversation = listening()
    effects = take(conversation, final("hello", "r1"), state("thinking"), answer("r1"), state("speaking"), begin("r1"))
    assert CloseMicrophone() in effects
    assert AGAIN not in take(conversation, END, state("idle"))
    assert conversation.on_spoken() == (TOLD, AGAIN)


def test_what_is_to_be_played_waits_for_the_end_of_the_answer() -> None:
    conversation = listening()
    effects = take(conversation, final("play it", "r1"), answer("r1", TALK), begin("r1"), END, state("idle"))
    assert not any(isinstance(effect, Direct) for effect in effects)
    assert conversation.on_spoken() == (TOLD, Direct((TALK,), "r1"), AGAIN)


def test_a_stop_does_not_wait_for_the_answer() -> None:
    conversation = listening()
    stop = Control(type="stop")
    assert Direct((stop,), "r1") in take(conversation, final("stop", "r1"), answer("r1", stop))


def test_an_answer_without_a_voice_is_followed_by_listening() -> None:
    conversation = listening()
    assert AGAIN in take(conversation, final("hello", "r1"), answer("r1"), state("speaking"), state("idle"))


def test_after_silence_it_listens_again_without_a_word() -> None:
    conversation = listening()
    assert take(conversation, final("", "r1"), state("idle")) == (CloseMicrophone(), AGAIN)
    assert conversation.phase is Phase.LISTENING


def test_after_silence_that_was_to_be_an_answer_the_service_asks_again() -> None:
    """Only the service knows that a question is open."""
    conversation = listening()
    effects = take(conversation, final("", "r1"), state("thinking"), answer("r1", asks=True), state("speaking"))
    assert not any(isinstance(effect, ShowHeard) for effect in effects)
    assert BeginSpeech(22_050) in take(conversation, begin("r1"), END, state("idle"))
    assert conversation.on_spoken() == (TOLD, Listen(Trigger.FOLLOW_UP, cue=True))


def test_when_listening_fails_it_waits_before_it_tries_again() -> None:
    conversation = listening()
    effects = take(conversation, state("idle"))
    assert effects == (CloseMicrophone(), Listen(Trigger.FOLLOW_UP, PAUSE_AFTER_FAILURE_S))
    problem = Problem(type="error", code="recogniser_busy", message="All places are taken.")
    assert conversation.on_message(problem) == (
        ShowProblem("All places are taken."),
        CloseMicrophone(),
        Listen(Trigger.FOLLOW_UP, PAUSE_AFTER_FAILURE_S),
    )


def test_what_was_promised_plays_although_the_connection_breaks() -> None:
    conversation = listening()
    take(conversation, final("play it", "r1"), answer("r1", TALK), begin("r1"))
    effects = conversation.on_lost()
    assert effects == (CloseMicrophone(), StopSpeech(), Direct((TALK,), "r1"), ShowPhase(Phase.CONNECTING))
    assert conversation.token == "token"
    assert conversation.on_message(Ready(type="ready", conversation="token")) == (AGAIN,)


def test_an_answer_can_be_spoken_into() -> None:
    """It is turned down at the first sound and stops at the first word; the same listener hears the rest."""
    conversation = speaking(TALK)
    assert take(conversation, about("duck")) == ()
    assert (conversation.ducked, conversation.attentive) == (True, True)
    effects = take(conversation, about("interrupt"), END, state("listening"))
    assert effects == (TellSpoken("r1", whole=False), StopSpeech(), ShowPhase(Phase.LISTENING))
    assert conversation.ducked is False
    effects = take(conversation, final("stop", "r2"), state("thinking"), answer("r2", Control(type="stop")))
    assert ShowHeard("stop") in effects
    assert [effect.request for effect in effects if isinstance(effect, Direct)] == ["r2"]


def test_a_false_alarm_loses_nothing() -> None:
    conversation = speaking(TALK)
    assert take(conversation, about("duck"), about("restore"), about("duck")) == ()
    assert conversation.on_duck_expired() == ()
    assert (conversation.ducked, conversation.attentive) == (False, False)
    assert conversation.on_spoken() == (TOLD, Direct((TALK,), "r1"), AGAIN)


def test_words_begun_on_the_last_syllable_are_still_decided_upon() -> None:
    conversation = speaking(TALK)
    take(conversation, about("duck"))
    assert conversation.on_spoken() == ()
    assert take(conversation, about("restore")) == (TOLD, Direct((TALK,), "r1"), AGAIN)
    conversation = speaking(TALK)
    take(conversation, about("duck"))
    conversation.on_spoken()
    assert take(conversation, about("interrupt")) == (StopSpeech(), ShowPhase(Phase.LISTENING))


def test_alarms_about_an_older_answer_are_passed_over() -> None:
    conversation = speaking()
    assert take(conversation, about("duck", "r0"), about("interrupt", "r0")) == ()
    assert conversation.ducked is False


def test_until_the_word_it_does_not_listen() -> None:
    conversation = waiting()
    assert conversation.phase is Phase.WAITING
    assert conversation.on_woken() == (StopSpeech(), Listen(Trigger.WAKE, cue=True))
    assert conversation.on_woken() == ()
    effects = take(conversation, state("listening"), final("play it", "r1"), state("thinking"), answer("r1"))
    assert WaitForWord() in effects
    take(conversation, state("speaking"), begin("r1"), END, state("idle"))
    assert conversation.on_spoken() == (TOLD, WaitForWord(), ShowPhase(Phase.WAITING))
    assert conversation.attentive is False


def test_a_question_is_answered_without_the_word() -> None:
    conversation = waiting()
    conversation.on_woken()
    take(
        conversation, state("listening"), final("hello", "r1"), answer("r1", asks=True), begin("r1"), END, state("idle")
    )
    assert conversation.on_spoken() == (TOLD, Listen(Trigger.FOLLOW_UP, cue=True))
    effects = take(conversation, state("listening"), final("", "r2"), state("idle"))
    assert effects[-2:] == (WaitForWord(), ShowPhase(Phase.WAITING))


def test_the_word_interrupts_an_answer() -> None:
    conversation = waiting()
    conversation.on_woken()
    take(conversation, state("listening"), final("hello", "r1"), answer("r1", TALK), begin("r1"))
    assert conversation.on_woken() == (TellSpoken("r1", whole=False), StopSpeech(), Listen(Trigger.WAKE, cue=True))
    assert conversation.on_audio(b"\0\0") == ()


REQUESTS = ("r1", "r2", "r3")


class AnyOrder(RuleBasedStateMachine):
    """A service that says anything in any order, and a user who says nothing or something."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation()
        self.hearer = "nobody"
        self.may_interrupt = self.wake = self.asked = False
        self.talking = False
        self.heard: str | None = None
        self.directed: list[str] = []

    @initialize(barge_in=st.booleans(), wake=st.booleans())
    def begin_with(self, barge_in: bool, wake: bool) -> None:
        self.may_interrupt, self.wake = barge_in, wake
        self.conversation = Conversation(barge_in=barge_in, wake=wake)

    def carry_out(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Listen():
                    self.listen(effect)
                case WaitForWord():
                    self.hearer = "detector"
                case CloseMicrophone():
                    self.hearer = "nobody"
                case BeginSpeech():
                    self.talking = True
                case StopSpeech():
                    self.talking = False
                case Speak() | FinishSpeech():
                    assert self.talking
                case ShowAnswer(reply=reply):
                    assert reply.dialog_request_id == self.heard, "an answer to something that was given up"
                    self.asked = reply.expects_reply
                case Direct(request=request):
                    assert request not in self.directed, "obeyed twice"
                    self.directed.append(request)
                case _:
                    pass

    def listen(self, effect: Listen) -> None:
        if effect.trigger is Trigger.BARGE_IN:
            assert self.talking
        else:
            assert not self.talking, "it would hear itself"
            assert not self.wake or self.asked or effect.trigger is Trigger.WAKE
            self.asked = False
        self.hearer = "nobody" if effect.delay_s else "service"

    @rule(name=st.sampled_from(["idle", "listening", "thinking", "speaking"]))
    def state(self, name: str) -> None:
        self.carry_out(self.conversation.on_message(state(name)))

    @rule()
    def ready(self) -> None:
        self.carry_out(self.conversation.on_lost())
        self.carry_out(self.conversation.on_message(Ready(type="ready", conversation="token")))

    @rule(text=st.sampled_from(["", "play it"]), request=st.sampled_from(REQUESTS))
    def final(self, text: str, request: str) -> None:
        before = self.conversation.phase
        effects = self.conversation.on_message(final(text, request))
        if before is Phase.LISTENING and effects:
            self.heard = request
            self.directed.clear()
        self.carry_out(effects)

    @rule(request=st.sampled_from(REQUESTS), asks=st.booleans())
    def answer(self, request: str, asks: bool) -> None:
        self.carry_out(self.conversation.on_message(answer(request, TALK, asks=asks)))

    @rule(request=st.sampled_from(REQUESTS))
    def begin(self, request: str) -> None:
        self.carry_out(self.conversation.on_message(begin(request)))

    @rule()
    def end(self) -> None:
        self.carry_out(self.conversation.on_message(END))

    @rule(kind=st.sampled_from(["duck", "interrupt", "restore"]), request=st.sampled_from(REQUESTS))
    def barge_in(self, kind: Literal["duck", "interrupt", "restore"], request: str) -> None:
        self.carry_out(self.conversation.on_message(about(kind, request)))

    @rule(pcm=st.binary(max_size=4))
    def audio(self, pcm: bytes) -> None:
        self.carry_out(self.conversation.on_audio(pcm))

    @rule()
    def woken(self) -> None:
        self.carry_out(self.conversation.on_woken())

    @rule()
    def spoken(self) -> None:
        if self.talking:
            self.talking = False
            self.carry_out(self.conversation.on_spoken())

    @rule()
    def duck_expired(self) -> None:
        if self.conversation.ducked:
            self.carry_out(self.conversation.on_duck_expired())

    @invariant()
    def the_service_hears_what_is_spoken_only_where_that_is_wanted(self) -> None:
        assert self.may_interrupt or not (self.hearer == "service" and self.talking)

    @invariant()
    def only_who_may_be_speaking_turns_anything_down(self) -> None:
        assert self.may_interrupt or not self.conversation.ducked
        if self.conversation.phase in (Phase.CONNECTING, Phase.WAITING):
            assert not self.conversation.attentive


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=80, deadline=None)
