"""A web server on loopback that misbehaves in every way that a test asks for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Handler = Callable[["Request"], None]


@dataclass
class Request:
    """A request to answer: headers have names in small letters; `stop` is set when the test is over."""

    path: str
    headers: dict[str, str]
    connection: socket.socket
    stop: threading.Event

    def send(self, content: bytes) -> None:
        self.connection.sendall(content)

    def respond(self, body: bytes = b"", status: str = "200 OK", **headers: str) -> None:
        """A sound response; underscores in the headers' names are hyphens."""
        lines = {"Content_Length": str(len(body))} | headers
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
        self.send(f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode() + body)


@dataclass
class Server:
    """Where it is, and what it was asked, in order."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[Server]:
    """A server on loopback that gives each request to `handler`, each in a thread of its own."""
    stop = threading.Event()

    class Once(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, self.connection, stop)
            server.requests.append(request)
            with contextlib.suppress(OSError):
                handler(request)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Tests say themselves what went wrong."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Once)
    listening.daemon_threads = True
    server = Server(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        listening.shutdown()
        thread.join()
        listening.server_close()
