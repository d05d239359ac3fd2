"""The hands-free conversation, pure: what the service says in, what is to be done out.

Nothing here cancels the echo, so the microphone hears the loudspeaker. Without a wake word it listens again after each
answer; with one it waits for that, and only answers a question without. While an answer is spoken, the service gets the
microphone's sound only with `barge_in`, which wants headphones. What the player plays goes on meanwhile, turned down.
"""

from __future__ import annotations

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
    ShowPartial,
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
    Partial,
    Problem,
    Ready,
    ServerState,
)
from skills.turn import Control, Directive, Play, Reply

PAUSE_AFTER_FAILURE_S = 2.0
"""Before listening again when listening itself failed, so that a broken recogniser is not asked without end."""


class Conversation:
    """Where the conversation is. Everything that belongs to an utterance that was given up is dropped."""

    def __init__(self, *, barge_in: bool = False, wake: bool = False) -> None:
        self.token: str | None = None
        self.phase = Phase.CONNECTING
        self.ducked = False
        """Somebody may be speaking into the answer: everything is turned down until that is known."""
        self._barge_in = barge_in
        self._wake = wake
        self._request: str | None = None
        self._answered = False
        self._asks = False
        """The answer expects one."""
        self._awaiting = False
        """`listen` was asked for; until the service confirms it, what comes belongs to what was before."""
        self._receiving = False
        self._talking = False
        self._played = False
        """The answer was heard to its end, and the service was not told yet."""
        self._idle = False
        self._held: Direct | None = None

    @property
    def attentive(self) -> bool:
        """Somebody is listened to: from the first sign of an utterance until its answer begins or is given up."""
        answering = self.phase in (Phase.THINKING, Phase.SPEAKING) and not self._talking
        return self.phase is Phase.LISTENING or answering or self.ducked

    def on_message(self, message: Known) -> tuple[Effect, ...]:
        """Take what the service said; a fatal `Problem` is the caller's."""
        match message:
            case Ready(conversation=token):
                self.token = token
                return self._wait_or_listen()
            case ServerState():
                return self._on_state(message)
            case Problem(code="not_now"):
                return ()  # A message crossed a change of state on the wire.
            case Problem(message=text):
                return ShowProblem(text), *(self._wait_or_listen(PAUSE_AFTER_FAILURE_S) if self._awaiting else ())
            case _ if not self._awaiting:
                return self._on_utterance(message)
        return ()

    def on_audio(self, pcm: bytes) -> tuple[Effect, ...]:
        """Take a chunk of speech."""
        return (Speak(pcm),) if self._receiving else ()

    def on_spoken(self) -> tuple[Effect, ...]:
        """The last of the answer was heard; should more of it come, it comes too late."""
        self._played = self._talking
        self._talking = self._receiving = False
        return self._tell_spoken()

    def on_woken(self) -> tuple[Effect, ...]:
        """The wake word was said: it interrupts whatever is thought about or spoken."""
        if not self._wake or self._awaiting or self.phase in (Phase.CONNECTING, Phase.LISTENING):
            return ()
        return *self._silence(), *self._listen(Trigger.WAKE, cue=True)

    def on_duck_expired(self) -> tuple[Effect, ...]:
        """The service has not said in time whether somebody speaks; so nobody does."""
        self.ducked = False
        return self._tell_spoken()

    def on_lost(self) -> tuple[Effect, ...]:
        """The connection was lost; `Ready` goes on from here. What the last answer promised to play still plays."""
        held = (self._held,) if self._held else ()
        self._receiving = self._talking = self._played = self.ducked = self._awaiting = self._idle = False
        self._request, self._held = None, None
        return CloseMicrophone(), StopSpeech(), *held, *self._show(Phase.CONNECTING)

    def _on_state(self, message: ServerState) -> tuple[Effect, ...]:
        if message.state == "listening" and self._awaiting:
            self._awaiting = False
            return self._show(Phase.LISTENING)
        if message.state == "listening" or self._awaiting:
            return ()
        if message.state == "idle":
            self._idle = True
            unfinished = self.on_message(AudioEnd(type="audio_end"))
            return *unfinished, *self._next_turn()
        return self._show(Phase(message.state)) if self._request else ()

    def _on_utterance(self, message: Known) -> tuple[Effect, ...]:
        """What belongs to an utterance: passed over when that is not the present one."""
        match message:
            case Partial(text=text) if self.phase is Phase.LISTENING:
                return (ShowPartial(text),)
            case Final() if self.phase is Phase.LISTENING:
                return self._on_final(message)
            case Answer(reply=reply) if reply.dialog_request_id == self._request and not self._answered:
                return self._on_reply(reply)
            case AudioBegin(dialog_request_id=request, rate=rate) if request == self._request:
                self._receiving = self._talking = True
                return BeginSpeech(rate), *((Listen(Trigger.BARGE_IN),) if self._barge_in else ())
            case AudioEnd() if self._receiving:
                self._receiving = False
                return (FinishSpeech(),)
            case BargeIn(dialog_request_id=request) if request == self._request and self._barge_in:
                return self._on_barge_in(message)
        return ()

    def _on_barge_in(self, message: BargeIn) -> tuple[Effect, ...]:
        if message.type == "duck":
            self.ducked = self._talking or self.ducked
            return ()
        if message.type == "restore":
            return self.on_duck_expired()
        if not self._talking and not self._played:
            return ()
        silence = self._silence()
        self._request, self._held, self._idle = None, None, False
        return *silence, *self._show(Phase.LISTENING)  # The same listener goes on.

    def _on_final(self, message: Final) -> tuple[Effect, ...]:
        """The end of an utterance; of one in which nothing was said, either a reply or just `idle` follows."""
        self._request, self._answered, self._asks = message.dialog_request_id, False, False
        heard = (ShowHeard(message.text), *self._show(Phase.THINKING)) if message.text else ()
        return WaitForWord() if self._wake else CloseMicrophone(), *heard

    def _on_reply(self, reply: Reply) -> tuple[Effect, ...]:
        self._answered, self._asks = True, reply.expects_reply
        if not reply.directives:
            return (ShowAnswer(reply),)
        direct = Direct(reply.directives, reply.dialog_request_id)
        if any(_begins(directive) for directive in reply.directives):
            self._held = direct  # What it announces begins when it has been announced.
            return (ShowAnswer(reply),)
        return ShowAnswer(reply), direct

    def _tell_spoken(self) -> tuple[Effect, ...]:
        """Held back while somebody may be speaking: words begun on the last syllable are still decided upon."""
        if self.ducked:
            return ()
        told = (TellSpoken(self._request, whole=True),) if self._played and self._request else ()
        self._played = False
        return *told, *self._next_turn()

    def _silence(self) -> tuple[Effect, ...]:
        cut = (TellSpoken(self._request, whole=False),) if self._talking and self._request else ()
        self._receiving = self._talking = self._played = self.ducked = False
        return *cut, StopSpeech()

    def _next_turn(self) -> tuple[Effect, ...]:
        if not self._idle or self._talking or self._played or self._awaiting:
            return ()
        held = (self._held,) if self._held else ()
        return *held, *self._wait_or_listen(PAUSE_AFTER_FAILURE_S if self._request is None else 0.0)

    def _wait_or_listen(self, delay_s: float = 0.0) -> tuple[Effect, ...]:
        asked, self._asks = self._asks, False
        if not self._wake or (asked and not delay_s):
            return self._listen(Trigger.FOLLOW_UP, delay_s, cue=asked)
        self._awaiting, self._idle = False, False
        self._request, self._held = None, None
        return WaitForWord(), *self._show(Phase.WAITING)

    def _listen(self, trigger: Trigger, delay_s: float = 0.0, *, cue: bool = False) -> tuple[Effect, ...]:
        self._awaiting, self._idle = True, False
        self._request, self._held = None, None
        listen = Listen(trigger, delay_s, cue)
        return (listen,) if delay_s == 0 else (CloseMicrophone(), listen)

    def _show(self, phase: Phase) -> tuple[Effect, ...]:
        if phase is self.phase:
            return ()
        self.phase = phase
        return (ShowPhase(phase),)


def _begins(directive: Directive) -> bool:
    return isinstance(directive, Play) or (isinstance(directive, Control) and directive.type in ("resume", "next"))
