"""A site that is not ours, for tests of what its pages may do here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """A web server with nothing but the pages that a test puts there: path to HTML."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)

    def put(self, html: str) -> str:
        """Have a page, and give its address."""
        path = f"/{len(self.pages)}"
        self.pages[path] = f"<!doctype html><html lang='en'><title>Another site</title><body>{html}</body>"
        return self.origin + path


@contextmanager
def serving(host: str) -> Iterator[Site]:
    """Serve a site at `host`, a loopback address other than the service's: another origin, and another site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((host, 0), Handler) as server:
        site = Site(f"http://{host}:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield site
        finally:
            server.shutdown()
