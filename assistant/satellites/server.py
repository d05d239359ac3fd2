"""The Wyoming server: who may connect, how many at once, and that nothing of them stays behind."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import structlog
from wyoming.error import Error

from assistant.house import House
from assistant.satellites.connection import SatelliteConnection
from assistant.satellites.link import Link, LinkGoneError
from assistant.satellites.recent_transcripts import RecentTranscripts

log = structlog.get_logger(__name__)

REFUSALS_MAX = 20
"""Connections over the limit that are told so; any more are closed without a word."""


class SatelliteServer:
    """Accepts satellites at a listening socket. The protocol knows no passwords, so addresses decide."""

    def __init__(self, house: House, listening: socket.socket) -> None:
        self._house = house
        self._listening = listening
        host, port = listening.getsockname()[:2]
        self._uri = f"tcp://{f'[{host}]' if ':' in host else host}:{port}"
        self._recent = RecentTranscripts()
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to accept; the house has to be ready."""
        self._server = await asyncio.start_server(self._accept, sock=self._listening)
        self._report()

    async def stop(self) -> None:
        """End every connection and accept no more."""
        if self._server is None:
            self._listening.close()
            return
        self._server.close()
        for connection in tuple(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Runs as the connection's own task."""
        peer, most = _address(writer), self._house.settings.wyoming_connections_max
        if peer is None or not self._may_connect(peer):
            log.warning("satellite from outside wyoming_networks refused", peer=str(peer))
            writer.transport.abort()
            return
        if len(self._connections) >= most + REFUSALS_MAX:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task
        full = len(self._connections) >= most
        self._connections.add(task)
        self._report()
        link = Link(reader, writer)
        try:
            if full:
                await self._refuse(link)
            else:
                await SatelliteConnection(self._house, link, str(peer), self._recent).run()
        except Exception:
            log.exception("satellite's connection failed", peer=str(peer))
        finally:
            try:
                await link.close()
            finally:
                self._connections.discard(task)
                self._report()

    async def _refuse(self, link: Link) -> None:
        with contextlib.suppress(LinkGoneError):
            await link.send(Error("Too many satellites are connected right now.", "full"))

    def _may_connect(self, peer: IPv4Address | IPv6Address) -> bool:
        return any(peer in network for network in self._house.settings.wyoming_networks)

    def _report(self) -> None:
        self._house.satellites = f"{self._uri}, {len(self._connections)} connected"
        self._house.metrics.satellites.set(len(self._connections))


def _address(writer: asyncio.StreamWriter) -> IPv4Address | IPv6Address | None:
    """Where a connection comes from; an IPv4 address that an IPv6 socket wraps is unwrapped. None if it is gone."""
    name = writer.get_extra_info("peername")
    if not name:
        return None
    address = ip_address(name[0].partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
