"""Connections that go to the very address that was checked, and that end when their time is up."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from skills.media.errors import FetchError
from skills.media.fetching.addresses import Network, public_addresses


class Deadline:
    """A point in time until which everything has to be done, and the longest that any one wait may take, in seconds."""

    def __init__(self, total_s: float, idle_s: float) -> None:
        self._ends = time.monotonic() + total_s
        self._total_s, self._idle_s = total_s, idle_s

    def wait_s(self) -> float:
        """How long the next wait may take; FetchError(`fetch_timeout`) when the time is up."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise FetchError("fetch_timeout", f"It took longer than {self._total_s:g} seconds", retryable=True)
        return min(left, self._idle_s)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects httpcore to public addresses only.

    Names are resolved here, once, so that what was checked is used; TLS verifies the host's name all the same.
    """

    def __init__(self, allowed: Sequence[Network], deadline: Deadline) -> None:
        self._allowed, self._deadline = allowed, deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's own; the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = public_addresses(host, port, self._allowed, self._deadline.wait_s())
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, local_address, socket_options)

    def _connect(
        self, address: str, port: int, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        wait_s = self._deadline.wait_s()
        return _TimedStream(self._sockets.connect_tcp(address, port, wait_s, local_address, options), self._deadline)


class _TimedStream(httpcore.NetworkStream):
    """A connection of which no read, write or handshake lasts longer than the deadline lets it.

    httpcore's own timeouts start anew with each byte: a server that drips out its headers would never be left.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.wait_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.wait_s())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._deadline.wait_s())
        return _TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
