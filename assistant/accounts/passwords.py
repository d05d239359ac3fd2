"""Passwords: kept as argon2id (RFC 9106)."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TIME_COST, MEMORY_KIB, LANES = 3, 65_536, 1
"""RFC 9106's second recommended choice (3 passes over 64 MiB), with one lane: every core serves somebody else."""
AT_ONCE = 2
"""More at a time would only take memory."""


class Passwords:
    """Hashes and compares. Thread-safe; every method blocks for a tenth of a second or so."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(TIME_COST, MEMORY_KIB, LANES)
        self._turn = threading.Semaphore(AT_ONCE)
        self._nobodys = ""

    def prepare(self) -> None:
        """Make what is compared for accounts that there are not, so that the first one takes no longer than others."""
        self._nobodys = self._nobodys or self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is kept: the hash with its salt and parameters."""
        with self._turn:
            return self._hasher.hash(_normal(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether this is the password; with None, of an account that there is not, it takes as long and is not."""
        self.prepare()
        with self._turn:
            try:
                self._hasher.verify(kept or self._nobodys, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)


def _normal(password: str) -> str:
    """The same letters, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)
