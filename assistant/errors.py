"""What the service can answer instead of a result: stable codes, sentences fit for users, HTTP statuses."""

from __future__ import annotations


class ServiceError(Exception):
    """Base; `code` never changes, the message is fit to be shown, `status` is its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class StartError(Exception):
    """The service cannot start; the message says why and how to mend it."""
