"""What can go wrong with a shop's answers."""

from __future__ import annotations

from skills.errors import SkillError


class StorefrontError(SkillError):
    """A shop's answers.

    Codes: `answers_failed` (the database; `retryable`), `answers_full`, `shop_unknown`, `answers_invalid` (a file).
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
