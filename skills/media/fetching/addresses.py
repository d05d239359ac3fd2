"""Which hosts may be connected to: those whose every address is public, and those that the operator allows."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from skills.media.errors import FetchError

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_MAX_ADDRESSES = 8


def public_addresses(host: str, port: int, allowed: Sequence[Network], timeout_s: float) -> list[str]:
    """The addresses of a host, each safe to connect to, in the order of the resolver.

    A name with one address that is not public is refused altogether: it has no honest reason to be there.
    Raises FetchError: `fetch_address`; `fetch_failed` for an unknown host; `fetch_timeout`.
    """
    found = _resolved(host, port, timeout_s)
    for address in found:
        if not is_public(address) and not any(address in network for network in allowed):
            raise FetchError("fetch_address", f"{host} is at {address}, which is not a public address")
    return [str(address) for address in found]


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet, and so is every IPv4 address that it stands for."""
    inner = _embedded(address) if isinstance(address, IPv6Address) else []
    is_site_local = isinstance(address, IPv6Address) and address.is_site_local
    special = (
        address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
        or address.is_reserved or address.is_unspecified or is_site_local or not address.is_global
    )  # fmt: skip
    return all(map(is_public, inner)) if inner else not special


def _embedded(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that a mapped, 6to4, Teredo or NAT64 address leads to."""
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    return [IPv4Address(int(address) & 0xFFFFFFFF)] if address in _NAT64 else []


def _resolved(host: str, port: int, timeout_s: float) -> list[Address]:
    """Asks in a thread, since the resolver knows no timeout."""
    answers: queue.SimpleQueue[list[Address] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([ip_address(str(row[4][0]).partition("%")[0]) for row in rows])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"resolve {host[:60]}", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, timeout_s))
    except queue.Empty as error:
        raise FetchError("fetch_timeout", f"The address of {host} was not found in time", retryable=True) from error
    if not isinstance(answer, list):
        raise FetchError("fetch_failed", f"The host {host} is not known", retryable=True) from answer
    return list(dict.fromkeys(answer))[:_MAX_ADDRESSES]
