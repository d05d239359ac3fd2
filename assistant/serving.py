"""Runs a house behind its web server until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
from collections.abc import Callable
from pathlib import Path

import structlog

from assistant.errors import StartError
from assistant.house import House
from assistant.satellites.server import SatelliteServer
from assistant.settings import Settings
from assistant.web.app import Application, create_app

log = structlog.get_logger(__name__)

PORT_ADVICE, WYOMING_ADVICE = "--port", "the setting wyoming_port"


def check_address(settings: Settings) -> None:
    """Fail at once, rather than after minutes of preparation.

    Raises:
        StartError: nobody can listen there.
    """
    _listen(settings.host, settings.port).close()
    if settings.wyoming_port is not None:
        _listen(settings.wyoming_host, settings.wyoming_port, WYOMING_ADVICE).close()


def serve(settings: Settings, model: Path, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` gets the address once every part is healthy.

    Raises:
        StartError: the port is busy, or a part could not start.
    """
    house = House(settings, model)
    listening = _listen(settings.host, settings.port)
    satellites = None
    if settings.wyoming_port is not None:
        at = _listen(settings.wyoming_host, settings.wyoming_port, WYOMING_ADVICE)
        satellites = SatelliteServer(house, at)
    url = _url(settings.host, listening.getsockname()[1])
    failures: list[BaseException] = []
    app = create_app(house)
    _start_with(app, house, satellites, failures, lambda: on_ready(url))
    app.run(sock=listening, single_process=True, motd=False, access_log=False, debug=False)
    if failures:
        raise StartError(f"the service could not start: {failures[0]}") from failures[0]


def _start_with(
    app: Application,
    house: House,
    satellites: SatelliteServer | None,
    failures: list[BaseException],
    ready: Callable[[], None],
) -> None:
    """Start the house once the server listens, so that /health can say "starting", and stop it with the server."""

    async def start(app: Application) -> None:
        try:
            await house.start()
            if satellites:
                await satellites.start()
        except Exception as error:
            log.debug("start failed", exc_info=error)
            failures.append(error)
            app.stop()
            return
        # What is there now stays: what pages and turns allocate is collected without looking through all of it.
        gc.collect()
        gc.freeze()
        ready()

    @app.after_server_start
    async def begin(app: Application) -> None:
        app.ctx.starting = asyncio.create_task(start(app))

    @app.before_server_stop
    async def end(app: Application) -> None:
        starting: asyncio.Task[None] = app.ctx.starting
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        if satellites:
            await satellites.stop()
        await house.stop()


def _listen(host: str, port: int, advice: str = PORT_ADVICE) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                f"port {port} on {host} is taken; {advice} takes another, and {advice} 0 a free one"
            ) from error
        if error.errno == errno.EACCES:
            raise StartError(f"port {port} needs more rights; choose one above 1023 with {advice}") from error
        raise StartError(f"{host} is not an address of this machine: {error.strerror or error}") from error
    return listening


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared
    return f"http://{shown}:{port}/"
