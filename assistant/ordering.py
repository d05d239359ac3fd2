"""Keeps one conversation's turns in order while others go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.errors import ServiceError

WAITING_MAX = 8
"""Turns of one conversation that may wait; a person never has this many."""


class Place:
    """A turn's place in its conversation."""

    def __init__(self, newest: dict[str, Place], conversation: str) -> None:
        self._newest = newest
        self._conversation = conversation
        newest[conversation] = self

    @property
    def superseded(self) -> bool:
        """Whether a newer utterance has been accepted: what this turn would still do, nobody wants any more."""
        return self._newest[self._conversation] is not self


class TurnOrder:
    """First come, first served within a conversation; asyncio locks are fair."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}
        self._newest: dict[str, Place] = {}

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[Place]:
        """Take a place and wait for this conversation's earlier turns; the place is good while inside.

        Raises:
            ServiceError: `conversation_busy`, too many are waiting already.
        """
        if self._users.get(conversation, 0) > WAITING_MAX:
            raise ServiceError("conversation_busy", "One thing at a time, please: I am still answering.", 429)
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._users[conversation] = self._users.get(conversation, 0) + 1
        place = Place(self._newest, conversation)
        try:
            async with lock:
                yield place
        finally:
            self._users[conversation] -= 1
            if self._users[conversation] == 0:
                del self._users[conversation], self._locks[conversation], self._newest[conversation]
