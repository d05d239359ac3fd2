"""Who talks in a shop's chat: signed sessions, each of one shop, and customers whom the shop's own site vouches for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer
from pydantic import Field, ValidationError

from assistant.errors import ServiceError
from assistant.identity import secret_of
from skills.message import Message
from skills.shopping.product import ShopId

VOUCHED_AT_MOST_S = 31 * 86_400
"""An identity that is good for longer is a mistake of the shop's."""


@dataclass(frozen=True)
class Shopper:
    """Somebody in one shop: on all their devices the same `id`. A customer's session ends at `until` (Unix time, s)."""

    shop: ShopId
    id: str
    customer: str | None = None
    until: int | None = None


class Customer(Message):
    """Whom a shop's site vouches for, until `exp` (Unix time, s)."""

    id: str = Field(min_length=1, max_length=64, pattern=r"^[ -~]+$")
    exp: int = Field(strict=True, ge=0)


class _Claims(NamedTuple):
    shop: str
    shopper: str
    customer: str | None
    until: int | None


class Sessions:
    """Issues and reads sessions, and checks what shops' sites sign."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the service's secret."""
        self._secret = secret_of(folder)
        self._serializer = URLSafeSerializer(self._secret, salt="chat session")

    def new(self, shop: ShopId) -> Shopper:
        """Somebody whom nobody knows yet."""
        return Shopper(shop, secrets.token_hex(16))

    def token(self, shopper: Shopper) -> str:
        """What a client holds to be this shopper."""
        token: str | bytes = self._serializer.dumps([shopper.shop, shopper.id, shopper.customer, shopper.until])
        return token if isinstance(token, str) else token.decode()

    def read(self, token: str, shop: ShopId, now_s: float) -> Shopper:
        """The shopper of a session in this shop.

        Raises:
            ServiceError: `session_invalid`, it is not ours, is another shop's, or is over.
        """
        try:
            claims = _Claims(*self._serializer.loads(token))
        except (BadData, TypeError, UnicodeError) as error:
            raise _session_invalid() from error
        if claims.shop != shop or (claims.until is not None and claims.until <= now_s):
            raise _session_invalid()
        return Shopper(shop, claims.shopper, claims.customer, claims.until)

    def vouching_secret(self, shop: ShopId) -> str:
        """With which a shop's site signs who its customers are; ./sori shops secret prints it."""
        return hmac.new(self._secret, f"vouching {shop}".encode(), hashlib.sha256).hexdigest()

    def vouched(self, identity: str, shop: ShopId, now_s: float) -> Shopper:
        """The customer whom the shop's site vouches for with `v1.PAYLOAD.SIGNATURE`: base64url of {"id", "exp"}, and
        the HMAC-SHA256 of that text in hexadecimal.

        Raises:
            ServiceError: `identity_invalid`.
        """
        version, _, rest = identity.partition(".")
        payload, _, signature = rest.partition(".")
        expected = signed(payload, self.vouching_secret(shop))
        if version != "v1" or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise _identity_invalid("The shop's site has not signed this identity.")
        try:
            padded = payload + "=" * (-len(payload) % 4)
            customer = Customer.model_validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (binascii.Error, UnicodeError, ValidationError) as error:
            raise _identity_invalid("This identity cannot be read.") from error
        if not now_s < customer.exp <= now_s + VOUCHED_AT_MOST_S:
            raise _identity_invalid("This identity is over; the shop's site has to sign another.")
        known = hmac.new(self._secret, f"customer {shop} {customer.id}".encode(), hashlib.sha256).hexdigest()
        return Shopper(shop, known[:32], customer.id, customer.exp)


def signed(payload: str, secret: str) -> str:
    """The signature of a payload, as a shop's site makes it."""
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def _session_invalid() -> ServiceError:
    return ServiceError("session_invalid", "This chat cannot be continued here; a new one begins.", 403)


def _identity_invalid(why: str) -> ServiceError:
    return ServiceError("identity_invalid", why, 403)
