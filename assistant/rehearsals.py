"""Conversations that a shop's people try out: remembered for a while, and never kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any, Protocol

from assistant.storage.store import Conversation, StoredTurn

HELD = 2_000
"""Conversations; the one that was used longest ago is forgotten first."""


class Keeps(Protocol):
    """What the turn engine needs of whatever remembers conversations; methods block."""

    def conversation(self, conversation: str) -> Conversation:
        """What is known of one, or a new one."""
        ...

    def remember(self, conversation: str, memory: Mapping[str, Any]) -> None:
        """Replace its memory."""
        ...

    def save(self, turn: StoredTurn, memory: Mapping[str, Any]) -> None:
        """Keep one turn, and replace the memory."""
        ...


class Rehearsals:
    """Thread-safe."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = Lock()

    def conversation(self, conversation: str) -> Conversation:
        """See `Keeps`."""
        with self._lock:
            return self._held.get(conversation) or Conversation(conversation, 0, {})

    def remember(self, conversation: str, memory: Mapping[str, Any]) -> None:
        """See `Keeps`."""
        self._put(conversation, memory, 0)

    def save(self, turn: StoredTurn, memory: Mapping[str, Any]) -> None:
        """See `Keeps`; the turn itself is not kept."""
        self._put(turn.conversation, memory, 1)

    def _put(self, conversation: str, memory: Mapping[str, Any], turns: int) -> None:
        with self._lock:
            before = self._held.pop(conversation, None)
            self._held[conversation] = Conversation(conversation, (before.turns if before else 0) + turns, dict(memory))
            while len(self._held) > HELD:
                self._held.popitem(last=False)
