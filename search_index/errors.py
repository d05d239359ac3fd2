"""What can go wrong in the index, each with a code a caller may rely on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable names of failures; the message says what exactly was wrong."""

    BAD_SCHEMA = "bad_schema"
    UNKNOWN_FIELD = "unknown_field"
    BAD_VALUE = "bad_value"
    BAD_FILTER = "bad_filter"
    BAD_QUERY = "bad_query"
    BAD_CURSOR = "bad_cursor"
    BAD_JUDGMENTS = "bad_judgments"
    ENCODER = "encoder"
    LOCKED = "locked"
    CLOSED = "closed"
    STORAGE = "storage"


class SearchError(Exception):
    """The only exception this package raises on purpose.

    `code` is stable, `field` names the schema field concerned where there is one.
    """

    def __init__(self, code: ErrorCode, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


@contextmanager
def wrapped(code: ErrorCode, doing: str, *foreign: type[Exception]) -> Iterator[None]:
    """Turn the `foreign` exceptions of the block into a `SearchError` that says what was being done."""
    try:
        yield
    except foreign as error:
        raise SearchError(code, f"{doing}: {error}") from error
