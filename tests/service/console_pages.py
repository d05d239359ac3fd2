"""The console's pages as a browser gets them: all of them, and what each weighs."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin, urlsplit

import httpx

from assistant.web.console import blueprints
from assistant.web.console.frame import ROUTES

MOST = 100_000
"""Bytes of a page with all of its own styles and scripts, as they come compressed at a browser's first visit."""
GZIP = {"accept-encoding": "gzip", "accept": "text/html"}
STREAMS = "/events"
KINDS = ("greeting", "menu", "keyword", "card", "proactive", "hours", "away", "handover", "wording")
NAMED = (
    "answers/new",
    *(f"behaviour/{kind}" for kind in KINDS),
    *(f"behaviour/{kind}/new" for kind in ("greeting", "keyword", "card", "proactive", "away")),
    "behaviour/wording/utter_greet",
)
"""Pages of every shop whose address names something besides it."""


def pages(shop: str) -> list[str]:
    """The addresses of all pages that name nothing but the shop, and of `NAMED`."""
    assert blueprints.BLUEPRINTS  # whose modules have filled ROUTES
    found = {route.path.replace("<shop:str>", shop) for route in ROUTES if route.method == "GET"}
    plain = {path for path in found if "<" not in path and not path.endswith(STREAMS)}
    return sorted(plain | {f"/console/{shop}/{path}" for path in NAMED})


def over_the_wire(http: httpx.Client, address: str) -> tuple[int, str] | None:
    """The size of a page, style or script as it comes, and its text; None for what is none of these."""
    with http.stream("GET", address, headers=GZIP) as response:
        kind = response.headers.get("content-type", "")
        assert response.status_code < 500, address
        if response.status_code != 200 or not kind.startswith(("text/html", "text/css", "text/javascript")):
            return None
        raw = b"".join(response.iter_raw())
        compressed = response.headers.get("content-encoding") == "gzip"
        assert compressed or len(raw) < 1_024, f"{address} is not compressed"
        return len(raw), (gzip.decompress(raw) if compressed else raw).decode()


class Scales:
    """Weighs pages; each style and script is asked for once."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._known: dict[str, tuple[int, str]] = {}

    def weight(self, address: str) -> int | None:
        """Bytes of a page with all that it loads; None for what is no page."""
        found = over_the_wire(self._http, address)
        if found is None:
            return None
        total, page = found
        seen, waiting = set[str](), _parts(page, address)
        while waiting:
            part = waiting.pop()
            seen.add(part)
            size, text = self._part(part)
            total += size
            waiting |= _parts(text, part) - seen
        return total

    def page(self, address: str) -> None:
        """Only the page itself."""
        over_the_wire(self._http, address)

    def _part(self, address: str) -> tuple[int, str]:
        if address not in self._known:
            fetched = over_the_wire(self._http, address)
            assert fetched, f"a page names {address}, which is not there"
            self._known[address] = fetched
        return self._known[address]


def _parts(text: str, base: str) -> set[str]:
    """The styles and scripts that a page, or a module, names."""
    named = re.findall(r'<(?:link rel="stylesheet" href|script[^>]* src)="([^"#]+)', text)
    imported = re.findall(r'^import (?:[^;"]* from )?"([^"]+)";', text, re.MULTILINE)
    return {urlsplit(urljoin(base, one)).path for one in [*named, *imported]}
