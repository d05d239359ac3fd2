"""One listener at the voice socket: carries out the effects of the session's states."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from pydantic import ValidationError

from assistant.channels.acknowledgements import Acknowledgements
from assistant.channels.barge_in import Decision
from assistant.channels.ears import Ears
from assistant.channels.microphone import Microphone
from assistant.channels.voice_messages import (
    Cancel,
    End,
    Hello,
    Interrupted,
    Listen,
    Player,
    Spoken,
    Text,
    error_message,
    read_message,
)
from assistant.channels.voice_session import Effect, Event, NotNowError, State, VoiceSession
from assistant.errors import ServiceError
from assistant.house import House
from assistant.storage.store import StoredTurn
from assistant.trace import Trace
from assistant.turn_report import TurnReport
from skills.turn import Channel, Hypothesis, PlayerState, Reply, Trigger, Utterance
from voice.end_of_turn import EndOfTurnOptions, SpeechStarted
from voice.errors import VoiceError
from voice.listener import Final, ListenEvent, Partial
from voice.synthesizer import SpeechChunk

log = structlog.get_logger(__name__)

HISTORY = 20
"""Turns that a returning client is shown."""

ERRORS_MAX = 20
"""A client that keeps sending what it must not is broken or hostile."""

FOLLOW_UP = EndOfTurnOptions(no_speech_ms=5_000)
"""The microphone opened by itself: who has something to add begins within a few seconds."""

Send = Callable[[str | bytes], Awaitable[None]]
"""Raises ListenerGoneError once there is nobody to send to."""


class ListenerGoneError(Exception):
    """The client has left; whatever was under way for it ends."""


@dataclass
class _Turn:
    """The turn that the session is in: what was said, and when the speaker fell silent."""

    request: str
    alternatives: tuple[Hypothesis, ...]
    trace: Trace
    spoken: bool = False
    unknown: float = 0.0
    report: TurnReport | None = None
    from_ms: int = 0
    """Where its spoken answer begins: the sound before that had been heard when somebody broke into it."""


class VoiceConnection:
    """Everything between one client's messages and the house."""

    def __init__(self, house: House, send: Send, page: str | None = None) -> None:
        """`page` is the origin of the page that the client is, None where it is none."""
        self._house = house
        self._send = send
        self._page = page
        self._session = VoiceSession()
        self._conversation = self._listener = ""
        self._channel = Channel.PAGE
        self._player = PlayerState()  # until it reports itself: a client here has a player
        self._acknowledgements = Acknowledgements()
        self._trigger = Trigger.BUTTON
        self._ears = Ears(house, self, self._spawn)
        self._interrupted: Interrupted | None = None
        self._broken: _Turn | None = None
        """The turn whose answer was interrupted."""
        self._turn: _Turn | None = None
        self._last_reply: Reply | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._speech: asyncio.Task[None] | None = None
        self._errors = 0

    async def hello(self, data: str) -> None:
        """Begin, or continue the conversation whose token the client holds.

        Raises:
            ServiceError: the message is no hello, or the token is not ours.
        """
        message = read_message(data)
        if not isinstance(message, Hello):
            raise ServiceError("hello_expected", "The first message has to be hello, within 5 seconds.")
        house = self._house
        known = message.conversation
        self._conversation = house.conversations.read(known) if known else house.conversations.new()
        self._listener = house.listeners.of(message.listener, self._conversation)
        self._ears.rate, self._channel = message.rate, message.channel
        self._session.on(Event.HELLO)
        turns = await asyncio.to_thread(house.store.history, self._conversation, HISTORY)
        self._last_reply = _last_reply(turns)
        await self._say(
            type="ready",
            conversation=house.conversations.token(self._conversation),
            listener=house.listeners.token(self._listener),
            # To be shown: what the replies had the player do has been done.
            history=[{"said": turn.said, "reply": {**turn.reply, "directives": []}} for turn in turns],
            stores_audio=house.settings.store_audio,
        )
        await self._say_state()

    async def on_text(self, data: str) -> None:
        """Take a text message; one that cannot be taken is answered by an error and changes nothing."""
        try:
            match read_message(data):
                case Listen(trigger=trigger):
                    await self._on_listen(trigger)
                case End():
                    await self._on(Event.END)
                case Cancel():
                    await self._on(Event.CANCEL)
                case Spoken() as spoken:
                    await self._on_spoken(spoken)
                case Text(text=text):
                    self._note_interruption()
                    self._turn = _Turn(secrets.token_hex(8), (Hypothesis(text=text),), Trace())
                    await self._on(Event.TEXT)
                case Player(player=player):
                    self._on_player(player)
                case Hello():
                    raise ServiceError("not_now", "hello was said already.")
        except NotNowError as error:
            await self._complain(ServiceError("not_now", f"{error}."))
        except ServiceError as error:
            await self._complain(error)

    async def on_audio(self, pcm: bytes) -> None:
        """Take microphone frames; those that come too late are dropped."""
        try:
            self._ears.put(pcm)
        except ServiceError as error:
            await self._on(Event.CANCEL)
            await self._complain(error)

    async def close(self) -> None:
        """Stop whatever is under way."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def on_heard(self, event: ListenEvent, microphone: Microphone) -> None:
        """Something was heard of the utterance."""
        match event:
            case SpeechStarted():
                await self._say(type="speech_started")
            case Partial(text=text):
                await self._say(type="partial", text=text)
            case Final():
                turn = self._turn = _turn_of(event, microphone)
                await self._say(
                    type="final",
                    text=event.transcript.text,
                    alternatives=[one.model_dump() for one in turn.alternatives if one.text],
                    dialog_request_id=turn.request,
                    interrupted=self._interrupted.model_dump() if self._interrupted else None,
                )

    async def on_all_heard(self) -> None:
        """The utterance has been told, and the client has not changed its mind meanwhile."""
        await self._on(Event.HEARD)

    async def on_not_heard(self, error: VoiceError | ServiceError) -> None:
        """The utterance cannot be recognised."""
        await self._on(Event.CANCEL)
        await self._say_error(error)

    async def on_decision(self, decision: Decision) -> None:
        """Somebody who speaks beside the answer means it, or does not."""
        if not self._turn:
            return
        request = self._turn.request
        if decision is Decision.INTERRUPT:
            self._note_interruption()
            self._trigger = Trigger.BARGE_IN
        await self._say(type=decision.value, dialog_request_id=request)
        if decision is Decision.INTERRUPT and self._session.barge_in:
            await self._on(Event.INTERRUPTED)

    def on_beside_closed(self) -> None:
        """Nobody listens beside the answer any more."""
        self._session.on(Event.BARGE_IN_OVER)

    async def _on_listen(self, trigger: Trigger) -> None:
        if trigger is Trigger.BARGE_IN:
            await self._on(Event.BARGE_IN)
        elif trigger is Trigger.FOLLOW_UP and self._ears.undecided:
            await self.on_decision(Decision.INTERRUPT)  # what was begun on the answer's last syllable goes on
        else:
            self._note_interruption()
            self._trigger = trigger
            await self._on(Event.LISTEN)

    async def _on_spoken(self, message: Spoken) -> None:
        """An older answer's end is of no interest any more."""
        if self._interrupted and self._interrupted.dialog_request_id == message.dialog_request_id:
            self._interrupted = Interrupted(dialog_request_id=message.dialog_request_id, heard_ms=message.heard_ms)
        elif self._turn and self._turn.request == message.dialog_request_id:
            await self._on(Event.PLAYED)
            self._acknowledgements.spoken(message.dialog_request_id, time.monotonic())
            self._ears.finish_beside()

    def _note_interruption(self) -> None:
        """Remember which answer the new utterance breaks into, if any."""
        playing = self._broken = self._turn if self._session.playing else None
        if playing:
            self._acknowledgements.interrupted()
        self._interrupted = Interrupted(dialog_request_id=playing.request) if playing else None

    def _on_player(self, player: PlayerState) -> None:
        self._player = player
        self._acknowledgements.reported(player)
        self._house.positions.report(self._listener, player)

    async def _on(self, event: Event) -> None:
        before = self._session.state
        for effect in self._session.on(event):
            await self._carry_out(effect)
        if self._session.state is not before or event is Event.LISTEN:
            await self._say_state()

    async def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Effect.OPEN_LISTENER:
                self._ears.open(FOLLOW_UP if self._trigger is Trigger.FOLLOW_UP else None, self._last_reply)
            case Effect.FINISH_LISTENER:
                self._ears.finish()
            case Effect.DROP_LISTENER:
                self._ears.drop()
            case Effect.OPEN_BARGE_IN:
                self._ears.open_beside(self._last_reply if self._session.state is not State.THINKING else None)
            case Effect.DROP_BARGE_IN:
                self._ears.drop_beside()
            case Effect.TAKE_OVER:
                self._ears.take_over()
            case _:
                await self._carry_out_answer(effect)

    async def _carry_out_answer(self, effect: Effect) -> None:
        match effect:
            case Effect.START_TURN if self._turn:
                self._spawn(self._take_turn(self._turn))
            case Effect.DISCARD_TURN:
                pass  # it goes on, since its action may have begun; nobody awaits its reply any more
            case Effect.START_SPEECH if self._turn:
                self._speech = self._spawn(self._speak(self._turn))
            case Effect.STOP_SPEECH if self._speech:
                self._speech.cancel()
                await asyncio.wait([self._speech])

    async def _take_turn(self, turn: _Turn) -> None:
        utterance = Utterance(
            conversation=self._conversation,
            dialog_request_id=turn.request,
            channel=self._channel,
            alternatives=turn.alternatives,
            spoken=turn.spoken,
            unknown=turn.unknown,
            trigger=self._trigger if turn.spoken else Trigger.BUTTON,
            player=self._player,
            ignored=self._acknowledgements.overdue(time.monotonic()),
            listener=self._listener,
        )
        # Shielded: who leaves in mid-turn finds the answer on coming back, and no action is cut off half-way.
        report = await asyncio.shield(self._house.turn(utterance, turn.trace, self._page))
        if not self._awaits(turn):
            return
        if _is_silent(report.reply):
            report = report.model_copy(update={"reply": self._rest_of_broken(turn) or report.reply})
        turn.report = report
        if _is_silent(report.reply):
            await self._on(Event.NOTHING_TO_SAY)
            self._ears.finish_beside()
            return
        self._last_reply = report.reply
        if utterance.ignored:
            self._acknowledgements.told()
        if report.reply.directives:
            self._acknowledgements.directed(turn.request, time.monotonic())
        await self._say(
            type="reply", reply=report.reply.model_dump(mode="json"), trace=report.trace.model_dump(mode="json")
        )
        if self._awaits(turn):  # else the client changed its mind before it could read this
            await self._on(Event.REPLIED)

    def _rest_of_broken(self, turn: _Turn) -> Reply | None:
        """What goes on where words that were not meant for us have stopped an answer; sets where its sound begins.

        Of its directives those are left that wait for the end of its speech: the others have been carried out.
        """
        broken, interrupted = self._broken, self._interrupted
        if self._trigger is not Trigger.BARGE_IN or not turn.spoken or not (broken and broken.report and interrupted):
            return None
        if interrupted.heard_ms is None:  # the client has not said that it stopped it
            return None
        turn.from_ms = broken.from_ms + interrupted.heard_ms
        reply = broken.report.reply
        waiting = tuple(one for one in reply.directives if one.type in ("play", "resume", "next"))
        return reply.model_copy(update={"dialog_request_id": turn.request, "directives": waiting})

    def _awaits(self, turn: _Turn) -> bool:
        return self._turn is turn and self._session.state is State.THINKING

    async def _speak(self, turn: _Turn) -> None:
        """Send the reply's speech as it is made, and say how it ended."""
        assert turn.report
        settings, synthesizer, completed, begun = self._house.settings, self._house.synthesizer, False, False
        started, heard_by = time.perf_counter(), time.monotonic()
        try:
            speech = synthesizer.speak(turn.report.reply.speech, voice=settings.voice, rate=settings.voice_rate_wpm)
            async for chunk in _after(turn.from_ms, speech):
                if not begun:
                    begun = True
                    await self._say(type="audio_begin", dialog_request_id=turn.request, rate=chunk.rate)
                    self._house.metrics.began_speaking(time.perf_counter() - started, turn.trace.total_ms / 1000)
                await self._send(chunk.pcm)
                heard_by += len(chunk.pcm) / 2 / chunk.rate
                self._acknowledgements.spoken(turn.request, heard_by)
            completed = True
        except VoiceError as error:
            await self._say_error(error)
        finally:
            if begun:
                await self._say(type="audio_end", dialog_request_id=turn.request, completed=completed)
        if self._turn is turn and self._session.state is State.SPEAKING:
            await self._on(Event.SPOKEN)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, ListenerGoneError):
            log.error("voice task failed", conversation=self._conversation, exc_info=error)

    async def _complain(self, error: ServiceError) -> None:
        """Say what the client did wrong, as long as it does not go on and on."""
        self._errors += 1
        if self._errors > ERRORS_MAX:
            raise ServiceError("too_many_errors", "Too many messages could not be understood.")
        await self._say_error(error)

    async def _say_error(self, error: ServiceError | VoiceError) -> None:
        await self._say(**error_message(error, fatal=False))

    async def _say_state(self) -> None:
        request = self._turn.request if self._turn else None
        await self._say(type="state", state=self._session.state.value, dialog_request_id=request)

    async def _say(self, **message: Any) -> None:
        await self._send(json.dumps(message))


def _turn_of(final: Final, microphone: Microphone) -> _Turn:
    transcript = final.transcript
    alternatives = tuple(Hypothesis(text=one.text, confidence=one.confidence) for one in transcript.alternatives)
    return _Turn(
        request=secrets.token_hex(8),
        alternatives=alternatives or (Hypothesis(text="", confidence=0.0),),
        trace=microphone.trace(final),
        spoken=True,
        unknown=transcript.unknown,
    )


async def _after(begin_ms: int, speech: AsyncIterator[SpeechChunk]) -> AsyncIterator[SpeechChunk]:
    """The speech from there on."""
    done = 0
    async for chunk in speech:
        skipped = max(0, 2 * (begin_ms * chunk.rate // 1000) - done)
        done += len(chunk.pcm)
        if skipped < len(chunk.pcm):
            yield replace(chunk, pcm=chunk.pcm[skipped:])


def _is_silent(reply: Reply) -> bool:
    """Whether there is nothing to say, to show or to do."""
    return not (reply.speech or reply.text or reply.cards or reply.directives)


def _last_reply(turns: Sequence[StoredTurn]) -> Reply | None:
    """The reply of the last turn; None too where an older version of the house made it."""
    try:
        return Reply.model_validate(turns[-1].reply) if turns else None
    except ValidationError:
        return None
