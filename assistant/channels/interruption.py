"""Listening beside an answer: utterance by utterance, until somebody means to interrupt it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

import structlog

from assistant.channels.barge_in import BargeIn, Decision, Phase
from assistant.channels.microphone import Microphone, Pulse
from voice.errors import VoiceError
from voice.listener import Final, ListenEvent, Partial

log = structlog.get_logger(__name__)

FAILURES_MAX = 5
"""Recognition that fails again and again is left alone: the answer matters more than what is said into it."""


class Interruption:
    """The listener beside one answer. `decide` is told of every decision when it is made."""

    def __init__(self, microphone: Microphone, question: bool, decide: Callable[[Decision], Awaitable[None]]) -> None:
        """`question` says that the answer asks for something."""
        self.microphone = microphone
        self._barge_in = BargeIn(question)
        self._decide = decide
        self._last = False

    @property
    def undecided(self) -> bool:
        """Whether somebody is speaking, and nobody knows yet if they mean it."""
        return self._barge_in.phase in (Phase.DUCKED, Phase.RESTORED)

    def take_over(self) -> None:
        """What is being said is to be listened to in any case."""
        self._barge_in.interrupt()

    def finish(self) -> None:
        """The answer is over: stay only until what is being said has been decided on."""
        self._last = True
        if not self.undecided:
            self.microphone.drop()

    async def events(self) -> AsyncGenerator[ListenEvent, None]:
        """All that is heard of the utterance that interrupts; ends without anything where none does."""
        failures = 0
        while not self.microphone.over and failures < FAILURES_MAX:
            try:
                async with aclosing(self._utterance()) as events:
                    async for event in events:
                        yield event
            except VoiceError as error:
                if self._barge_in.phase is Phase.INTERRUPTED:
                    raise
                failures += 1
                log.debug("not heard beside an answer", error=str(error))
            if self._barge_in.phase is Phase.INTERRUPTED:
                return
            await self._tell(self._barge_in.give_up())
            if self._last:
                return

    async def _utterance(self) -> AsyncGenerator[ListenEvent, None]:
        """The next utterance; its events come late, all at once, when it is found to interrupt."""
        now_ms = 0
        held: list[ListenEvent] = []
        async with aclosing(self.microphone.pulsing_events()) as events:
            async for event in events:
                if isinstance(event, Pulse):
                    now_ms = event.at_ms
                    decision = self._barge_in.on_time(now_ms)
                else:
                    held = [
                        *(one for one in held if not isinstance(event, Partial) or not isinstance(one, Partial)),
                        event,
                    ]
                    decision = self._judge(event, now_ms)
                await self._tell(decision)
                if self._barge_in.phase is Phase.INTERRUPTED:
                    for one in held:
                        yield one
                    held = []

    def _judge(self, event: ListenEvent, now_ms: int) -> Decision | None:
        match event:
            case Partial(text=text):
                return self._barge_in.on_words(text, now_ms)
            case Final(transcript=transcript):
                return self._barge_in.on_end(transcript.text, transcript.unknown)
            case _:
                return self._barge_in.on_speech(now_ms)

    async def _tell(self, decision: Decision | None) -> None:
        if decision:
            await self._decide(decision)
