"""What can go wrong with what a shop's people edit."""

from __future__ import annotations

from skills.errors import SkillError


class StorefrontError(SkillError):
    """A shop's entries.

    Codes: `entries_failed` (the database; `retryable`), `entries_full`, `id_invalid`, `shop_unknown`,
    `version_unknown`, `answers_invalid` (a file).
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
