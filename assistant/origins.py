"""Web origins (RFC 6454): read strictly, and which of them may play what is here. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv6Address

ANY = "*"
"""In place of an origin: every site."""

_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::([1-9][0-9]{0,4}))?", re.I | re.A)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_DEFAULT_PORT = {"http": 80, "https": 443}


def read_origin(text: str) -> str:
    """An origin as browsers write it: `scheme://host[:port]`, in small letters, without the scheme's own port.

    Raises:
        ValueError: it is none, or more than one (a path, a user, a list), or `null`, which any page can have.
    """
    found = _ORIGIN.fullmatch(text)
    if not found:
        raise ValueError("an origin is written https://shop.example or http://10.0.0.5:8080, foreign letters as xn--")
    scheme, host, port = found[1].lower(), _host(found[2].lower()), int(found[3] or 0)
    if port > 65_535:
        raise ValueError("ports end at 65535")
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORT[scheme] else "")


def _host(host: str) -> str:
    try:
        if host.startswith("["):
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        labels = host.split(".")
        if labels[-1].isdigit():  # browsers take it for an IPv4 address, however it is written
            return str(IPv4Address(host))
    except AddressValueError as error:
        raise ValueError("this is no IP address") from error
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("this is no host name")
    return host


class Origins:
    """The sites whose pages may play what is here, beside our own."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """`allowed` are origins as `read_origin` writes them, or `ANY`."""
        self._allowed = frozenset(allowed)

    def allow(self, origin: str, host: str) -> bool:
        """Whether pages of `origin` may; `host` is what the request was sent to, the header's `host[:port]`."""
        return ANY in self._allowed or origin in self._allowed or is_own(origin, host)


def is_own(origin: str, host: str) -> bool:
    """Whether `origin` is the service's own; its scheme is not compared, since a proxy may have ended TLS."""
    scheme, _, own = origin.partition("://")
    return own == host.lower().removesuffix(f":{_DEFAULT_PORT[scheme]}")
