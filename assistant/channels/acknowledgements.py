"""Whether the player does in time what it was told; pure: times are seconds of any clock that never goes back."""

from __future__ import annotations

from skills.message import RequestId
from skills.player import PlayerState

WITHIN_S = 5.0
"""From when a directive can be carried out to the player's report of it."""


class Acknowledgements:
    """What is still to be acknowledged of the newest reply that told the player something."""

    def __init__(self) -> None:
        self._awaited: RequestId | None = None
        self._due_s = 0.0

    def directed(self, request: RequestId, now_s: float) -> None:
        """The reply to `request` tells the player something."""
        self._awaited, self._due_s = request, now_s + WITHIN_S

    def spoken(self, request: RequestId, at_s: float) -> None:
        """That reply has been heard by then: what waited for its end is carried out."""
        if request == self._awaited:
            self._due_s = at_s + WITHIN_S

    def interrupted(self) -> None:
        """Somebody broke into the answer, which makes what waited for its end void."""
        self._awaited = None

    def reported(self, state: PlayerState) -> None:
        """The player says what it does, and on whose behalf."""
        if state.dialog_request_id == self._awaited:
            self._awaited = None

    def overdue(self, now_s: float) -> RequestId | None:
        """The request that the player should have acknowledged by now."""
        return self._awaited if self._awaited and now_s >= self._due_s else None

    def told(self) -> None:
        """The listener knows."""
        self._awaited = None
