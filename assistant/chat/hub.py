"""Who is connected: every message of a conversation goes to all that show it, in the order in which it was kept."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from assistant.chat.server_messages import ServerMessage, encode

OUTBOX_MAX = 200
"""Messages that a client may lag behind; who does so for longer comes again and catches up from the log."""


class Outbox:
    """What one client has still to be sent. One reader."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self._news = asyncio.Event()
        self.overflowed = False
        """Once it is, nothing more is put in, and the client is to be let go."""

    def put(self, text: str) -> None:
        """Add a message; never waits."""
        if len(self._texts) >= OUTBOX_MAX:
            self.overflowed = True
        else:
            self._texts.append(text)
        self._news.set()

    def say(self, message: ServerMessage) -> None:
        """Add a message of the protocol."""
        self.put(encode(message))

    async def get(self) -> str | None:
        """The next message, None once the outbox has overflowed."""
        while not self._texts and not self.overflowed:
            self._news.clear()
            await self._news.wait()
        return None if self.overflowed else self._texts.popleft()


@dataclass(eq=False)
class Member:
    """A connection, and what it shows."""

    shop: str
    shopper: str
    conversation: str
    outbox: Outbox = field(default_factory=Outbox)


class Hub:
    """The connections of all shops; of one event loop."""

    def __init__(self) -> None:
        self._of_shopper: dict[tuple[str, str], set[Member]] = {}
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    def join(self, member: Member) -> None:
        """A connection is there."""
        self._of_shopper.setdefault((member.shop, member.shopper), set()).add(member)

    def leave(self, member: Member) -> None:
        """A connection is gone."""
        members = self._of_shopper.get((member.shop, member.shopper))
        if members:
            members.discard(member)
            if not members:
                del self._of_shopper[member.shop, member.shopper]

    def showing(self, shop: str, shopper: str, conversation: str) -> list[Member]:
        """The connections that show this conversation of this shopper."""
        return [one for one in self.of(shop, shopper) if one.conversation == conversation]

    def of(self, shop: str, shopper: str) -> list[Member]:
        """All connections of a shopper in a shop."""
        return list(self._of_shopper.get((shop, shopper), ()))

    @asynccontextmanager
    async def order(self, conversation: str) -> AsyncIterator[None]:
        """While inside, nobody else keeps or tells anything of this conversation: all hear it in the log's order, and
        who joins misses nothing between what they read and what they are told.
        """
        lock, users = self._locks.get(conversation) or (asyncio.Lock(), 0)
        self._locks[conversation] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[conversation]
            if users == 1:
                del self._locks[conversation]
            else:
                self._locks[conversation] = lock, users - 1


def tell(members: Iterable[Member], message: ServerMessage, but: Member | None = None) -> None:
    """Say the same to several."""
    text = ""
    for member in members:
        if member is not but:
            text = text or encode(message)
            member.outbox.put(text)
