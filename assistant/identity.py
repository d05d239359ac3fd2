"""Tokens of conversations and of listeners: ids that only this service can have issued."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, Signer

from assistant.errors import ServiceError


class Tokens:
    """Issues and checks tokens of one `kind` of id with a secret kept in `folder`."""

    def __init__(self, folder: Path, kind: str, refusal: str) -> None:
        """`refusal` is said about a token that is not ours."""
        self._signer = Signer(secret_of(folder), salt=kind)
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


def secret_of(folder: Path) -> bytes:
    """Read the key in `folder`, or make one that only the owner can read; two starts at once agree on the first."""
    path = folder / "secret.key"
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
