"""The hands-free conversation, pure: what the service says in, what is to be done out.

Half duplex: nothing here cancels the echo, so the microphone would hear the loudspeaker. It is open only between
`listen` and the end of the turn, and a turn begins only when the last answer has been spoken. What the player plays
goes on meanwhile, turned down; a loud player beside the microphone can still be taken for speech, headphones cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.talk.messages import (
    Answer,
    AudioBegin,
    AudioEnd,
    Final,
    Known,
    Partial,
    Problem,
    Ready,
    ServerState,
)
from skills.turn import Directive, Play, Reply

PAUSE_AFTER_FAILURE_S = 2.0
"""Before listening again when listening itself failed, so that a broken recogniser is not asked without end."""


class Phase(StrEnum):
    """What the user sees."""

    CONNECTING = "connecting"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


@dataclass(frozen=True)
class Listen:
    """Open the microphone and ask the service to listen, after `delay_s` seconds."""

    delay_s: float = 0.0


@dataclass(frozen=True)
class CloseMicrophone:
    """Send no more sound."""


@dataclass(frozen=True)
class BeginSpeech:
    """Speech at `rate` hertz follows."""

    rate: int


@dataclass(frozen=True)
class Speak:
    """Say this chunk."""

    pcm: bytes


@dataclass(frozen=True)
class FinishSpeech:
    """That was all; `Conversation.on_spoken` is to follow the last sound."""


@dataclass(frozen=True)
class StopSpeech:
    """Be silent at once."""


@dataclass(frozen=True)
class Direct:
    """Hand these to the player."""

    directives: tuple[Directive, ...]
    request: str


@dataclass(frozen=True)
class ShowPhase:
    """A new phase."""

    phase: Phase


@dataclass(frozen=True)
class ShowPartial:
    """What was heard so far."""

    text: str


@dataclass(frozen=True)
class ShowHeard:
    """What was heard."""

    text: str


@dataclass(frozen=True)
class ShowAnswer:
    """The answer."""

    reply: Reply


@dataclass(frozen=True)
class ShowProblem:
    """Something went wrong that does not end the conversation."""

    message: str


Effect = (
    Listen
    | CloseMicrophone
    | BeginSpeech
    | Speak
    | FinishSpeech
    | StopSpeech
    | Direct
    | ShowPhase
    | ShowPartial
    | ShowHeard
    | ShowAnswer
    | ShowProblem
)


class Conversation:
    """Where the conversation is. Everything that belongs to an utterance that was given up is dropped."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.phase = Phase.CONNECTING
        self._request: str | None = None
        self._answered = False
        self._awaiting = False
        """`listen` was asked for; until the service confirms it, what comes belongs to what was before."""
        self._receiving = False
        self._talking = False
        self._idle = False
        self._held: Direct | None = None

    def on_message(self, message: Known) -> tuple[Effect, ...]:
        """Take what the service said; a fatal `Problem` is the caller's."""
        match message:
            case Ready(conversation=token):
                self.token = token
                return self._listen()
            case ServerState():
                return self._on_state(message)
            case Problem(code="not_now"):
                return ()  # A message crossed a change of state on the wire.
            case Problem(message=text):
                return ShowProblem(text), *(self._listen(PAUSE_AFTER_FAILURE_S) if self._awaiting else ())
            case _ if not self._awaiting:
                return self._on_utterance(message)
        return ()

    def on_audio(self, pcm: bytes) -> tuple[Effect, ...]:
        """Take a chunk of speech."""
        return (Speak(pcm),) if self._receiving else ()

    def on_spoken(self) -> tuple[Effect, ...]:
        """The last of the answer was heard; should more of it come, it comes too late."""
        self._talking = self._receiving = False
        return self._next_turn()

    def on_lost(self) -> tuple[Effect, ...]:
        """The connection was lost; `Ready` goes on from here. What the last answer promised to play still plays."""
        held = (self._held,) if self._held else ()
        self._receiving = self._talking = self._awaiting = self._idle = False
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
        # After an empty final the service thinks about nothing; that was given up already.
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
                return (BeginSpeech(rate),)
            case AudioEnd() if self._receiving:
                self._receiving = False
                return (FinishSpeech(),)
        return ()

    def _on_final(self, message: Final) -> tuple[Effect, ...]:
        if not message.text:
            return self._listen()  # Nothing was said: no answer is wanted, and `listen` gives up the one under way.
        self._request, self._answered = message.dialog_request_id, False
        return CloseMicrophone(), ShowHeard(message.text), *self._show(Phase.THINKING)

    def _on_reply(self, reply: Reply) -> tuple[Effect, ...]:
        self._answered = True
        if not reply.directives:
            return (ShowAnswer(reply),)
        direct = Direct(reply.directives, reply.dialog_request_id)
        if any(isinstance(directive, Play) for directive in reply.directives):
            self._held = direct  # What it announces begins when it has been announced.
            return (ShowAnswer(reply),)
        return ShowAnswer(reply), direct

    def _next_turn(self) -> tuple[Effect, ...]:
        if not self._idle or self._talking or self._awaiting:
            return ()
        held = (self._held,) if self._held else ()
        return *held, *self._listen(PAUSE_AFTER_FAILURE_S if self._request is None else 0.0)

    def _listen(self, delay_s: float = 0.0) -> tuple[Effect, ...]:
        self._awaiting, self._idle = True, False
        self._request, self._held = None, None
        return (Listen(delay_s),) if delay_s == 0 else (CloseMicrophone(), Listen(delay_s))

    def _show(self, phase: Phase) -> tuple[Effect, ...]:
        if phase is self.phase:
            return ()
        self.phase = phase
        return (ShowPhase(phase),)
