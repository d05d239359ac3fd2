"""Rasa's memory of conversations, bounded: a worker that runs for weeks does not grow."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

MAX_EVENTS = 60
"""Events kept of a conversation, about ten turns: more than any policy looks back."""


class BoundedTrackerStore(TrackerStore):
    """Keeps the live trackers of the conversations used last; the one unused longest is forgotten first.

    The worker serves one turn of a conversation at a time, so a tracker needs no copy and no serialization. Rasa's own
    bound, `max_event_history`, does not get through: the agent makes trackers by a wrapper of the store that has none.
    """

    def __init__(self, max_conversations: int, max_events: int = MAX_EVENTS) -> None:
        super().__init__(Domain.empty())
        self._max_events = max_events
        self._trackers: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._max_conversations = max_conversations

    def __len__(self) -> int:
        return len(self._trackers)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Remember the tracker without its oldest events, and forget the conversation unused longest.

        Every turn goes through all events, so without a bound each would take longer than the one before.
        """
        if tracker.events.maxlen != self._max_events:
            tracker.events = deque(tracker.events, self._max_events)
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        while len(self._trackers) > self._max_conversations:
            self._trackers.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker, or None."""
        return self._trackers.get(sender_id)

    async def keys(self) -> Iterable[str]:
        """The conversations remembered, the one unused longest first."""
        return list(self._trackers)

    def forget(self, sender_id: str) -> None:
        """Drop a conversation, as after a turn that broke off in the middle."""
        self._trackers.pop(sender_id, None)
