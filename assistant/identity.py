"""Tokens of conversations and of listeners: ids that only this service can have issued."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, Signer, TimestampSigner

from assistant.errors import ServiceError


class Tokens:
    """Issues and checks tokens of one `kind` of id with a secret kept in `folder`."""

    def __init__(self, folder: Path, kind: str, refusal: str) -> None:
        """`refusal` is said about a token that is not ours."""
        self._signer = Signer(_secret(folder / "secret.key"), salt=kind)
        self._kind = kind
        self._refusal = refusal

    def new(self) -> str:
        """A fresh id, 128 random bits."""
        return secrets.token_hex(16)

    def token(self, known: str) -> str:
        """What a client holds to be known by this id."""
        return self._signer.sign(known).decode()

    def read(self, token: str) -> str:
        """The id of a token.

        Raises:
            ServiceError: `KIND_invalid`, the token was not issued here or was changed.
        """
        try:
            return self._signer.unsign(token[:200]).decode()
        except (BadSignature, UnicodeError) as error:
            raise ServiceError(f"{self._kind}_invalid", self._refusal, 403) from error


class Conversations(Tokens):
    """Tokens that continue a conversation."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "conversation", "This conversation cannot be continued; start a new one.")


class Listeners(Tokens):
    """Tokens by which several conversations, on several devices, are one listener's.

    A conversation without one is a listener of its own: its id is the listener's.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "listener", "This key to what you have listened to is not one of mine.")

    def of(self, token: str | None, conversation: str) -> str:
        """The listener of a conversation whose client holds this token, or none.

        Raises:
            ServiceError: `listener_invalid`.
        """
        return self.read(token) if token else conversation


class Tickets:
    """Tickets to one item's files for a while: players cannot send a key with what they fetch."""

    LAST_S = 12 * 3_600

    def __init__(self, folder: Path) -> None:
        self._signer = TimestampSigner(_secret(folder / "secret.key"), salt="ticket")

    def issue(self, item: str) -> str:
        """A ticket for this item."""
        return self._signer.sign(item).decode().removeprefix(f"{item}.")

    def check(self, item: str, ticket: str) -> None:
        """Raise ServiceError(`ticket_invalid`) unless it was issued for this item, not long ago."""
        try:
            self._signer.unsign(f"{item}.{ticket[:200]}", max_age=self.LAST_S)
        except (BadSignature, UnicodeError) as error:
            raise ServiceError(
                "ticket_invalid", "This address is not valid any more; open the item again.", 403
            ) from error


def _secret(path: Path) -> bytes:
    """Read the key, or make one that only the owner can read; two starts at once agree on the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(secrets.token_bytes(32))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return path.read_bytes()
