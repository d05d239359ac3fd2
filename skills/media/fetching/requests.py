"""Requests for addresses that strangers wrote, and redirects followed by hand, each step checked like the first."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import httpcore

from skills.media.errors import FetchError

MAX_REDIRECTS = 5
MAX_URL = 2_000
AGENT = "Sori/0.1 (podcast and media import)"
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_SAFE = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True)
class Response:
    """The last response of a chain: `headers` have names in small letters; `body` may be read once.

    `moved_to` is where it was, if every redirect on the way was for good, else nothing.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: Iterator[bytes]
    moved_to: str


def request(pool: httpcore.ConnectionPool, url: str, headers: Mapping[str, str]) -> Response:
    """Ask for an address and go where it sends on to; to whom is connected is the pool's to check.

    Raises FetchError: `fetch_invalid`, `fetch_redirects` and whatever the pool's backend raises; httpcore's own errors.
    """
    moved_to, is_permanent = "", True
    for _ in range(MAX_REDIRECTS + 1):
        response = pool.handle_request(_build(_checked(url), headers))
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status not in _REDIRECTS or "location" not in found:
            return Response(url, response.status, found, response.iter_stream(), moved_to if is_permanent else "")
        response.close()
        is_permanent = is_permanent and response.status in _PERMANENT
        url = moved_to = _onward(url, found["location"])
    raise FetchError("fetch_redirects", f"{shown(url)}: it was sent on more than {MAX_REDIRECTS} times")


def shown(url: str) -> str:
    """An address as it may be written into messages and logs: without a name and a password."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"[:300]


def _onward(url: str, location: str) -> str:
    """Where a Location header leads; many are UTF-8, whatever the standard says."""
    target = location.encode("latin-1").decode("utf-8", "replace").strip().replace(" ", "%20")
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FetchError("fetch_invalid", f"{shown(url)} sends on to no address") from error


def _checked(url: str) -> SplitResult:
    """The address in its parts; FetchError(`fetch_invalid`) unless it is one of the web."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and len(url) <= MAX_URL
    except ValueError as error:
        raise FetchError("fetch_invalid", f"This is no address: {shown(url)!r}") from error
    if not is_web or any(ord(mark) <= ord(" ") for mark in url):
        raise FetchError("fetch_invalid", f"This is no http or https address: {shown(url)!r}")
    return parts


def _build(parts: SplitResult, headers: Mapping[str, str]) -> httpcore.Request:
    name = parts.hostname or ""
    try:
        host = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise FetchError("fetch_invalid", f"This is no host: {name[:200]!r}") from error
    authority = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    target = urlunsplit((parts.scheme, authority, quote(parts.path, _SAFE) or "/", quote(parts.query, _SAFE), ""))
    sent = {"Host": authority, "User-Agent": AGENT, **headers}
    if parts.username:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        sent["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return httpcore.Request("GET", target, headers=list(sent.items()))
