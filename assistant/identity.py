"""Conversation tokens: an id that only this service can have issued."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, Signer

from assistant.errors import ServiceError


class Conversations:
    """Issues and checks conversation tokens with a secret kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._signer = Signer(_secret(folder / "secret.key"), salt="conversation")

    def new(self) -> str:
        """A fresh conversation id, 128 random bits."""
        return secrets.token_hex(16)

    def token(self, conversation: str) -> str:
        """What a client holds to continue `conversation`."""
        return self._signer.sign(conversation).decode()

    def read(self, token: str) -> str:
        """The conversation id of a token.

        Raises:
            ServiceError: `conversation_invalid`, the token was not issued here or was changed.
        """
        try:
            return self._signer.unsign(token[:200]).decode()
        except (BadSignature, UnicodeError) as error:
            raise ServiceError(
                "conversation_invalid", "This conversation cannot be continued; start a new one.", 403
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
