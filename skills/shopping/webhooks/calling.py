"""One call: signed, to a public address only, never followed elsewhere, and over when its time is up."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpcore

from skills.media.errors import FetchError
from skills.media.fetching.addresses import Network, public_addresses
from skills.media.fetching.connection import Deadline, GuardedBackend
from skills.shopping.webhooks.endpoint import Refused

URL_MAX = 2_000
CALL_S, IDLE_S = 10.0, 5.0
LOOK_UP_S = 5.0


class UndeliveredError(Exception):
    """It has not arrived; the message is a sentence, `status` what was answered, if anything was."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def refusal(url: str, networks: Sequence[Network] = ()) -> Refused | None:
    """Why nothing can be sent to an address, as far as can be known now; looks its name up, and so blocks."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return Refused.INVALID
    if len(url) > URL_MAX or parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return Refused.INVALID
    if not (url.isascii() and url.isprintable()) or " " in url:
        return Refused.INVALID
    try:
        public_addresses(parts.hostname, port, networks, LOOK_UP_S)
    except FetchError as error:
        return Refused.PRIVATE if error.code == "fetch_address" else Refused.UNKNOWN
    return None


def send(
    url: str, secrets: Sequence[str], identity: str, body: str, now: datetime, networks: Sequence[Network] = ()
) -> int:
    """Make a call, signed with each of `secrets` (Base64); the status that was answered, from 200 to 299.

    Raises:
        UndeliveredError: it has not arrived.
    """
    content = body.encode()
    headers: dict[bytes | str, bytes | str] = {
        "Content-Type": "application/json",
        "User-Agent": "Sori/0.1 (webhooks)",
        **signed(secrets, identity, content, now),
    }
    backend = GuardedBackend(networks, Deadline(CALL_S, IDLE_S))
    try:
        with (
            httpcore.ConnectionPool(network_backend=backend) as pool,
            pool.stream("POST", url, headers=headers, content=content) as response,
        ):
            status = response.status
    except FetchError as error:
        raise UndeliveredError(f"{error}.") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise UndeliveredError("What answered there does not speak HTTP.") from error
    except httpcore.TimeoutException as error:
        raise UndeliveredError("Nothing answered in time.") from error
    except httpcore.NetworkError as error:
        raise UndeliveredError("Nothing answers at this address.") from error
    if 300 <= status < 400:
        raise UndeliveredError(
            "It was sent elsewhere, which is never followed. Please write the final address.", status
        )
    if not 200 <= status < 300:
        raise UndeliveredError(f"The address answered {status}.", status)
    return status


def signed(secrets: Sequence[str], identity: str, content: bytes, now: datetime) -> dict[bytes | str, bytes | str]:
    """The headers of Standard Webhooks, with a signature for each secret."""
    at = str(int(now.timestamp()))
    signing = b".".join((identity.encode(), at.encode(), content))
    macs = (hmac.digest(base64.b64decode(secret), signing, hashlib.sha256) for secret in secrets)
    signatures = " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
    return {"webhook-id": identity, "webhook-timestamp": at, "webhook-signature": signatures}
