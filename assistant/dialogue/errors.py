"""What can go wrong between the service and the worker."""

from __future__ import annotations

from typing import Final

RETRYABLE: Final = frozenset({"dialogue_unavailable", "dialogue_timeout", "dialogue_busy"})


class DialogueError(Exception):
    """A turn could not be taken; `code` is stable.

    Retryable: `dialogue_unavailable` (the worker is away), `dialogue_timeout`, `dialogue_busy`.
    Final: `dialogue_bad_text` (empty, too long), `dialogue_action_failed`, `dialogue_refused` (token, protocol),
    `dialogue_failed` (the worker failed inside).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def retryable(self) -> bool:
        """Whether the same turn may succeed a little later."""
        return self.code in RETRYABLE


_WORKER_CODES: Final = {
    "empty_text": "dialogue_bad_text",
    "text_too_long": "dialogue_bad_text",
    "frame_too_large": "dialogue_bad_text",
    "turn_timeout": "dialogue_timeout",
    "busy": "dialogue_busy",
    "action_failed": "dialogue_action_failed",
    "bad_result": "dialogue_action_failed",
    "unauthorized": "dialogue_refused",
    "already_served": "dialogue_refused",
    "bad_request": "dialogue_refused",
    "too_many_texts": "dialogue_refused",
    "unknown_op": "dialogue_refused",
}


def from_worker(code: str, message: str) -> DialogueError:
    """The error that a worker's code stands for."""
    return DialogueError(_WORKER_CODES.get(code, "dialogue_failed"), f"{message} ({code})")
