from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.talk.conversation import (
    PAUSE_AFTER_FAILURE_S,
    BeginSpeech,
    CloseMicrophone,
    Conversation,
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
)
from assistant.talk.messages import Answer, AudioBegin, AudioEnd, Final, Known, Partial, Problem, Ready, ServerState
from skills.turn import Control, Directive, Play, Reply

TALK = Play(item="talk-1", title="Black holes", url="/media/talk.mp3")


def state(name: str) -> ServerState:
    return ServerState.model_validate({"type": "state", "state": name})


def final(text: str, request: str) -> Final:
    return Final(type="final", text=text, dialog_request_id=request)


def answer(request: str, *directives: Directive) -> Answer:
    reply = Reply(dialog_request_id=request, speech="Here.", text="Here.", directives=directives)
    return Answer(type="reply", reply=reply)


def listening() -> Conversation:
    conversation = Conversation()
    assert conversation.on_message(Ready(type="ready", conversation="token")) == (Listen(),)
    conversation.on_message(state("idle"))  # said before the service had our listen
    assert conversation.on_message(state("listening")) == (ShowPhase(Phase.LISTENING),)
    return conversation


def take(conversation: Conversation, *messages: Known) -> tuple[Effect, ...]:
    return tuple(effect for message in messages for effect in conversation.on_message(message))


def begin(request: str) -> AudioBegin:
    return AudioBegin(type="audio_begin", dialog_request_id=request, rate=22_050)


END = AudioEnd(type="audio_end")


def test_it_listens_again_when_the_last_word_was_heard_not_when_it_was_sent() -> None:
    conversation = listening()
    effects = take(conversation, final("hello", "r1"), state("thinking"), answer("r1"), state("speaking"), begin("r1"))
    assert CloseMicrophone() in effects
    assert Listen() not in take(conversation, END, state("idle"))
    assert conversation.on_spoken() == (Listen(),)


def test_what_is_to_be_played_waits_for_the_end_of_the_answer() -> None:
    conversation = listening()
    effects = take(conversation, final("play it", "r1"), answer("r1", TALK), begin("r1"), END, state("idle"))
    assert not any(isinstance(effect, Direct) for effect in effects)
    assert conversation.on_spoken() == (Direct((TALK,), "r1"), Listen())


def test_a_stop_does_not_wait_for_the_answer() -> None:
    conversation = listening()
    stop = Control(type="stop")
    assert Direct((stop,), "r1") in take(conversation, final("stop", "r1"), answer("r1", stop))


def test_an_answer_without_a_voice_is_followed_by_listening() -> None:
    conversation = listening()
    assert Listen() in take(conversation, final("hello", "r1"), answer("r1"), state("speaking"), state("idle"))


def test_silence_is_not_answered() -> None:
    """The apology for an empty utterance is given up before it can be said, and nothing of it is shown."""
    conversation = listening()
    assert conversation.on_message(final("", "r1")) == (Listen(),)
    assert take(conversation, state("thinking"), answer("r1"), state("speaking"), begin("r1"), END) == ()
    assert conversation.on_audio(b"\0\0") == ()
    assert take(conversation, state("listening"), Partial(type="partial", text="")) != ()


def test_when_listening_fails_it_waits_before_it_tries_again() -> None:
    conversation = listening()
    effects = take(conversation, state("idle"))
    assert effects == (CloseMicrophone(), Listen(PAUSE_AFTER_FAILURE_S))
    problem = Problem(type="error", code="recogniser_busy", message="All places are taken.")
    assert conversation.on_message(problem) == (
        ShowProblem("All places are taken."),
        CloseMicrophone(),
        Listen(PAUSE_AFTER_FAILURE_S),
    )


def test_what_was_promised_plays_although_the_connection_breaks() -> None:
    conversation = listening()
    take(conversation, final("play it", "r1"), answer("r1", TALK), begin("r1"))
    effects = conversation.on_lost()
    assert effects == (CloseMicrophone(), StopSpeech(), Direct((TALK,), "r1"), ShowPhase(Phase.CONNECTING))
    assert conversation.token == "token"
    assert conversation.on_message(Ready(type="ready", conversation="token")) == (Listen(),)


REQUESTS = ("r1", "r2", "r3")


class AnyOrder(RuleBasedStateMachine):
    """A service that says anything in any order, and a user who says nothing or something."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation()
        self.open = False
        self.talking = False
        self.heard: str | None = None
        self.directed: list[str] = []

    def carry_out(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Listen(delay_s=delay):
                    assert not self.talking, "it would hear itself"
                    self.open = not delay
                case CloseMicrophone():
                    self.open = False
                case BeginSpeech():
                    self.talking = True
                case StopSpeech():
                    self.talking = False
                case Speak() | FinishSpeech():
                    assert self.talking
                case ShowAnswer(reply=reply):
                    assert reply.dialog_request_id == self.heard, "an answer to something that was given up"
                case Direct(request=request):
                    assert request not in self.directed, "obeyed twice"
                    self.directed.append(request)
                case _:
                    pass

    @rule(name=st.sampled_from(["idle", "listening", "thinking", "speaking"]))
    def state(self, name: str) -> None:
        self.carry_out(self.conversation.on_message(state(name)))

    @rule()
    def ready(self) -> None:
        self.carry_out(self.conversation.on_lost())
        self.carry_out(self.conversation.on_message(Ready(type="ready", conversation="token")))

    @rule(text=st.sampled_from(["", "play it"]), request=st.sampled_from(REQUESTS))
    def final(self, text: str, request: str) -> None:
        effects = self.conversation.on_message(final(text, request))
        if any(isinstance(effect, ShowHeard) for effect in effects):
            self.heard = request
            self.directed.clear()
        self.carry_out(effects)

    @rule(request=st.sampled_from(REQUESTS))
    def answer(self, request: str) -> None:
        self.carry_out(self.conversation.on_message(answer(request, TALK)))

    @rule(request=st.sampled_from(REQUESTS))
    def begin(self, request: str) -> None:
        self.carry_out(self.conversation.on_message(begin(request)))

    @rule()
    def end(self) -> None:
        self.carry_out(self.conversation.on_message(END))

    @rule(pcm=st.binary(max_size=4))
    def audio(self, pcm: bytes) -> None:
        self.carry_out(self.conversation.on_audio(pcm))

    @rule()
    def spoken(self) -> None:
        if self.talking:
            self.talking = False
            self.carry_out(self.conversation.on_spoken())

    @invariant()
    def the_microphone_is_closed_while_it_speaks(self) -> None:
        assert not (self.open and self.talking)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=80, deadline=None)
