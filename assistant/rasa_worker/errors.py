"""What can go wrong in the worker; each error has a code that the service understands."""

from __future__ import annotations


class WorkerError(Exception):
    """A turn or a request could not be served; `code` is stable and goes back in the frame."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
