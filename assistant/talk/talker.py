"""Carries out the conversation's effects: the service on one side, sound, player and screen on the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from assistant.talk.conversation import Conversation
from assistant.talk.cue import cue
from assistant.talk.deck import Deck
from assistant.talk.ear import Ear, Hearer
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
    WaitForWord,
)
from assistant.talk.errors import DeviceError, TalkError
from assistant.talk.link import Link
from assistant.talk.messages import Known, Ready
from assistant.talk.screen import Screen
from assistant.talk.sound import Sound, SoundEvent, Speech, Spoken
from skills.player import PlayerState
from voice.audio import RATE
from voice.wake.gate import Gate

REPORT_EVERY_S = 5.0
"""How often the service learns the position of what plays, and the microphone is looked after."""


DUCKED_AT_MOST_S = 4.0
"""No ducking lasts longer without a word from the service (docs/voice-protocol.md)."""


@dataclass(frozen=True)
class TalkOptions:
    """How to talk."""

    barge_in: bool = False
    """The user may speak into an answer: there are headphones, or the microphone hears no loudspeaker."""
    gate: Gate | None = None
    """Wait for a wake word; None listens all the time."""
    listener: str | None = None
    """Token of another device's listener: go on with what that has played."""


class Talker:
    """One hands-free conversation with the service at `url`, by a microphone of `rate` hertz.

    `from_microphone`, `from_sound` and `fail` are for the devices' threads; everything else runs in the event loop.
    """

    def __init__(self, url: str, rate: int, output_rate: int, screen: Screen, options: TalkOptions) -> None:
        self.sound = Sound(output_rate, self.from_sound)
        self.latency_s = 0.0
        """From the sound's leaving `sound` to its being heard."""
        self._link = Link(url, RATE, options.listener)
        self._ear = Ear(rate, self._link.send, options.gate, self._on_woken)
        self._screen = screen
        self._deck = Deck(url, self.sound, self._send_player, screen.player)
        self._loop = asyncio.get_running_loop()
        self._failure: asyncio.Future[None] = self._loop.create_future()
        self._conversation = Conversation(barge_in=options.barge_in, wake=options.gate is not None)
        self._speech: Speech | None = None
        self._blocks = 0
        self._listening_later: asyncio.TimerHandle | None = None
        self._duck_expiry: asyncio.TimerHandle | None = None

    def from_microphone(self, pcm: bytes) -> None:
        """A block of sound."""
        self._loop.call_soon_threadsafe(self._on_block, pcm)

    def from_sound(self, event: SoundEvent) -> None:
        """What became of the sound. What was just given away is heard only after the device's latency."""
        delay = self.latency_s if isinstance(event, Spoken) else 0.0
        self._loop.call_soon_threadsafe(self._loop.call_later, delay, self._on_sound, event)

    def fail(self, error: TalkError) -> None:
        """A device has gone."""
        self._loop.call_soon_threadsafe(self._on_failure, error)

    async def run(self) -> None:
        """Talk until cancelled.

        Raises:
            TalkError: a device has gone, or the service is lost.
        """
        self._screen.phase(Phase.CONNECTING)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._link.run(self))
                tasks.create_task(self._watch())
                await self._failure
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            self._deck.close()
            self._screen.end()

    def on_message(self, message: Known) -> None:
        """The service said this."""
        if isinstance(message, Ready):
            self._deck.report_again()
        self._carry_out(self._conversation.on_message(message))

    def on_audio(self, pcm: bytes) -> None:
        """The service sent speech."""
        self._carry_out(self._conversation.on_audio(pcm))

    def on_lost(self) -> None:
        """The connection was lost."""
        self._carry_out(self._conversation.on_lost())

    def _on_block(self, pcm: bytes) -> None:
        self._blocks += 1
        self._ear.hear(pcm)

    def _on_woken(self) -> None:
        self._carry_out(self._conversation.on_woken())

    def _on_sound(self, event: SoundEvent) -> None:
        if not isinstance(event, Spoken):
            self._deck.on_sound(event)
        elif event.speech is self._speech:
            self._speech = None
            self._carry_out(self._conversation.on_spoken())
            self.sound.speak(None)

    def _on_failure(self, error: TalkError) -> None:
        if not self._failure.done():
            self._failure.set_exception(error)

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Listen():
                    self._listen(effect)
                case WaitForWord():
                    self._turn_to(Hearer.DETECTOR)
                case CloseMicrophone():
                    self._turn_to(Hearer.NOBODY)
                case Direct(directives=directives, request=request):
                    self._deck.obey(directives, request)
                case BeginSpeech() | Speak() | FinishSpeech() | StopSpeech() | TellSpoken():
                    self._speak(effect)
                case _:
                    self._show(effect)
        self.sound.listen(self._conversation.attentive)
        self._watch_ducking()

    def _listen(self, listen: Listen) -> None:
        if listen.delay_s:
            later = Listen(listen.trigger, cue=listen.cue)
            self._listening_later = self._loop.call_later(listen.delay_s, self._listen, later)
            return
        if listen.cue:
            self.sound.sign(cue(self.sound.rate))
        self._link.send({"type": "listen", "trigger": listen.trigger.value})
        self._turn_to(Hearer.SERVICE)

    def _turn_to(self, hearer: Hearer) -> None:
        self._ear.turn_to(hearer)
        if self._listening_later:
            self._listening_later.cancel()

    def _watch_ducking(self) -> None:
        if self._conversation.ducked == (self._duck_expiry is not None):
            return
        if self._duck_expiry:
            self._duck_expiry.cancel()
            self._duck_expiry = None
        else:
            self._duck_expiry = self._loop.call_later(DUCKED_AT_MOST_S, self._on_duck_expired)

    def _on_duck_expired(self) -> None:
        self._carry_out(self._conversation.on_duck_expired())

    def _speak(self, effect: BeginSpeech | Speak | FinishSpeech | StopSpeech | TellSpoken) -> None:
        match effect:
            case TellSpoken(request=request, whole=whole):
                heard_ms = None if whole else self._heard_ms
                self._link.send({"type": "spoken", "dialog_request_id": request, "heard_ms": heard_ms})
            case BeginSpeech(rate=rate):
                self._speech = Speech(rate, self.sound.rate)
                self.sound.speak(self._speech)
            case Speak(pcm=pcm) if self._speech:
                self._speech.feed(pcm)
            case FinishSpeech() if self._speech:
                self._speech.finish()
            case StopSpeech():
                self._speech = None
                self.sound.speak(None)

    @property
    def _heard_ms(self) -> int:
        """How much of the present answer has come out of the loudspeaker."""
        return max(0, self._speech.taken_ms - round(self.latency_s * 1000)) if self._speech else 0

    def _show(self, effect: Effect) -> None:
        match effect:
            case ShowPhase(phase=phase):
                self._screen.phase(phase)
            case ShowPartial(text=text):
                self._screen.partial(text)
            case ShowHeard(text=text):
                self._screen.heard(text)
            case ShowAnswer(reply=reply):
                self._screen.answer(reply.text, reply.cards)
            case ShowProblem(message=message):
                self._screen.problem(message)

    def _send_player(self, state: PlayerState) -> None:
        self._link.send({"type": "player", "player": state.model_dump(mode="json")})

    async def _watch(self) -> None:
        """Report where the player is, let it sleep, and notice a microphone that delivers nothing."""
        while True:
            before = self._blocks
            await asyncio.sleep(REPORT_EVERY_S)
            if self._blocks == before:
                self._on_failure(DeviceError("the microphone delivers no sound; check it and start again"))
            self._deck.look_at_clock()
            if self._deck.playing:
                self._deck.report_again()
