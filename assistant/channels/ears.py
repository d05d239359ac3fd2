"""The microphones of one client: the one that is listened to, and the one beside an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, Protocol

from assistant.channels.barge_in import Decision
from assistant.channels.interruption import Interruption
from assistant.channels.microphone import Microphone
from assistant.channels.said_next import said_next
from assistant.errors import ServiceError
from assistant.house import House
from skills.turn import Reply
from voice.end_of_turn import EndOfTurnOptions
from voice.errors import VoiceError
from voice.listener import Final, ListenEvent

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Hearer(Protocol):
    """Whom the ears tell what they hear."""

    async def on_heard(self, event: ListenEvent, microphone: Microphone) -> None:
        """Of the utterance that is listened to."""

    async def on_all_heard(self) -> None:
        """The microphone has been closed after the utterance's `Final`; not called where something newer came."""

    async def on_not_heard(self, error: VoiceError | ServiceError) -> None:
        """The utterance that is listened to cannot be recognised."""

    async def on_decision(self, decision: Decision) -> None:
        """About the answer that is listened beside."""

    def on_beside_closed(self) -> None:
        """The microphone beside the answer has closed by itself."""


class Ears:
    """At most one microphone of each kind; what a closed one still hears is told to nobody."""

    def __init__(self, house: House, hearer: Hearer, spawn: Spawn) -> None:
        """`spawn` runs a coroutine beside the others."""
        self._house = house
        self._hearer = hearer
        self._spawn = spawn
        self._microphone: Microphone | None = None
        self._beside: Interruption | None = None
        self.rate = 0
        """Of the frames to come, in hertz."""

    @property
    def undecided(self) -> bool:
        """Whether somebody speaks beside the answer, and nobody knows yet if they mean it."""
        return self._beside is not None and self._beside.undecided

    def put(self, pcm: bytes) -> None:
        """Take frames; those that come while nothing is open are dropped.

        Raises:
            ServiceError: as `Microphone.put`.
        """
        if self._microphone:
            self._microphone.put(pcm)
        elif self._beside:
            self._beside.microphone.put(pcm)

    def open(self, options: EndOfTurnOptions | None, after: Reply | None) -> None:
        """Listen to a new utterance, after this reply."""
        microphone = self._microphone = self._make(options, after)
        self._spawn(self._listen(microphone, microphone.events()))

    def finish(self) -> None:
        """The utterance is over."""
        if self._microphone:
            self._microphone.finish()

    def drop(self) -> None:
        """Forget the utterance."""
        if self._microphone:
            self._microphone.drop()
            self._microphone = None

    def open_beside(self, answer: Reply | None) -> None:
        """Listen beside an answer; None where it is not known yet."""
        beside = self._beside = Interruption(
            self._make(None, answer),
            question=answer is not None and answer.expects_reply,
            decide=lambda decision: self._decide(beside, decision),
        )
        self._spawn(self._listen_beside(beside))

    def drop_beside(self) -> None:
        """Something newer has come: close it at once."""
        if self._beside:
            self._beside.microphone.drop()
            self._beside = None

    def finish_beside(self) -> None:
        """The answer is over: close it, but not in mid-sentence."""
        if self._beside:
            self._beside.finish()

    def take_over(self) -> None:
        """What is said beside the answer is the utterance now."""
        if self._beside:
            self._beside.take_over()
            self._microphone, self._beside = self._beside.microphone, None

    def _make(self, options: EndOfTurnOptions | None, after: Reply | None) -> Microphone:
        return Microphone(self._house, self.rate, options, said_next(after))

    async def _listen(self, microphone: Microphone, events: AsyncGenerator[ListenEvent, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    if self._microphone is not microphone:
                        return
                    await self._hearer.on_heard(event, microphone)
                    if isinstance(event, Final) and self._microphone is microphone:
                        self._microphone = None
                        await self._hearer.on_all_heard()
        except (VoiceError, ServiceError) as error:
            if self._microphone is microphone:
                self._microphone = None
                await self._hearer.on_not_heard(error)

    async def _listen_beside(self, beside: Interruption) -> None:
        await self._listen(beside.microphone, beside.events())
        if self._beside is beside:
            self._beside = None
            self._hearer.on_beside_closed()

    async def _decide(self, beside: Interruption, decision: Decision) -> None:
        """A decision about an answer that something newer has made void is none."""
        if self._beside is beside:
            await self._hearer.on_decision(decision)
