"""Tells the people of a shop which conversation has changed; what has changed in it they read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.chat.hub import Outbox


class AgentFeed:
    """The people who look on, by shop; of one event loop."""

    def __init__(self) -> None:
        self._of_shop: dict[str, set[Outbox]] = {}

    @contextmanager
    def watching(self, shop: str) -> Iterator[Outbox]:
        """Look on while inside."""
        outbox = Outbox()
        self._of_shop.setdefault(shop, set()).add(outbox)
        try:
            yield outbox
        finally:
            watchers = self._of_shop[shop]
            watchers.discard(outbox)
            if not watchers:
                del self._of_shop[shop]

    def changed(self, shop: str, conversation: str) -> None:
        """Something is new in a conversation."""
        for outbox in self._of_shop.get(shop, ()):
            outbox.put(json.dumps({"conversation": conversation}))
