"""Fetches one address into the store: sizes and times bounded, types checked, and the rest of what broke off."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpcore

from skills.media.content import ContentStore, Stored
from skills.media.errors import FetchError, MediaError
from skills.media.fetching.addresses import Network
from skills.media.fetching.connection import Deadline, GuardedBackend
from skills.media.fetching.decompression import unpacked
from skills.media.fetching.partial import Partial, Validators
from skills.media.fetching.purposes import ACCEPTED, LIMITS, SNIFFED, Limits, Purpose, family
from skills.media.fetching.requests import Response, request, shown

MAX_RESUMES = 5
"""How often a download that breaks off is gone on with in one call, as long as each time brings something."""
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(?:\d{1,18}|\*)")
_PACKED = {Purpose.FEED, Purpose.CAPTIONS, Purpose.CHAPTERS, Purpose.PRODUCTS}
"""What is asked for compressed; recordings and pictures are compressed already."""
_CUT = (httpcore.ReadError, httpcore.ReadTimeout, httpcore.RemoteProtocolError)
OnBytes = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Fetched:
    """What was fetched: `claimed_type` is the server's; `moved_to` is set if it says that it has moved for good."""

    stored: Stored
    url: str
    claimed_type: str
    validators: Validators
    moved_to: str = ""


@dataclass(frozen=True)
class NotModified:
    """It is still what it was."""


class Fetcher:
    """Fetches into a store. Thread-safe; every call blocks, and is over in the time that its limits name."""

    def __init__(
        self, store: ContentStore, allowed: Sequence[Network] = (), limits: Mapping[Purpose, Limits] | None = None
    ) -> None:
        """`allowed` are networks that may be reached though they are not public; `limits` replace the usual ones."""
        self._store, self._allowed = store, tuple(allowed)
        self._limits = {**LIMITS, **(limits or {})}
        self._tls = httpcore.default_ssl_context()

    def fetch(
        self,
        url: str,
        purpose: Purpose,
        known: Validators | None = None,
        on_bytes: OnBytes = lambda _done, _of: None,
    ) -> Fetched | NotModified:
        """Fetch an address, unless it is still what it was when it had the `known` validators.

        `on_bytes` is told how many bytes there are so far, and of how many if the server says so. What breaks off is
        kept and gone on with, by a later call too. Raises FetchError and ContentError; see there for the codes.
        """
        limits = self._limits[purpose]
        deadline = Deadline(limits.total_s, limits.idle_s)
        with Partial(self._store, url) as partial:
            download = _Download(url, purpose, known, limits, partial, on_bytes)
            try:
                return download.run(GuardedBackend(self._allowed, deadline), self._tls)
            except MediaError as error:
                if not error.retryable:
                    partial.discard()
                raise


class _RangeRefusedError(Exception):
    """The server does not give the rest of what it gave before."""


@dataclass(frozen=True)
class _Download:
    """One call of `fetch`."""

    url: str
    purpose: Purpose
    known: Validators | None
    limits: Limits
    partial: Partial
    on_bytes: OnBytes

    def run(self, backend: GuardedBackend, tls: ssl.SSLContext) -> Fetched | NotModified:
        """Try, and go on where it broke off; httpcore's errors become FetchError here."""
        resumes = 0
        while True:
            before = self.partial.size
            try:
                with httpcore.ConnectionPool(tls, network_backend=backend) as pool:
                    return self._attempt(pool)
            except _RangeRefusedError:
                self.partial.restart(Validators())
            except _CUT as error:
                resumes += 1
                can_go_on = self.partial.validators.if_range and self.partial.size > before and resumes <= MAX_RESUMES
                if not can_go_on:
                    raise self._failed(error) from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
                raise self._failed(error) from error

    def _attempt(self, pool: httpcore.ConnectionPool) -> Fetched | NotModified:
        response = request(pool, self.url, self._headers())
        validators = Validators.of(response.headers)
        if response.status == 304 and self.known:
            self.partial.discard()
            return NotModified()
        if not self._goes_on(response):
            self._check_status(response)
            is_packed = "content-encoding" in response.headers
            self.partial.restart(Validators() if is_packed else validators)
        self._receive(response)
        claimed = response.headers.get("content-type", "")[:200]
        return Fetched(self.partial.complete(), response.url, claimed, validators, response.moved_to)

    def _headers(self) -> dict[str, str]:
        """What is asked for: the rest, or whatever is not known yet, or all."""
        if self.partial.size >= SNIFFED and self.partial.validators.if_range:
            rest = {"Range": f"bytes={self.partial.size}-", "If-Range": self.partial.validators.if_range}
            return {"Accept-Encoding": "identity", **rest}
        headers = {"Accept-Encoding": "gzip" if self.purpose in _PACKED else "identity"}
        if self.known and self.known.etag:
            headers["If-None-Match"] = self.known.etag
        if self.known and self.known.last_modified:
            headers["If-Modified-Since"] = self.known.last_modified
        return headers

    def _goes_on(self, response: Response) -> bool:
        """Whether this is the rest of what there is."""
        if self.partial.size < SNIFFED or response.status not in (206, 416):
            return False
        begins = _RANGE.fullmatch(response.headers.get("content-range", ""))
        is_same = Validators.of(response.headers).etag in ("", self.partial.validators.etag)
        if response.status == 416 or not begins or int(begins[1]) != self.partial.size or not is_same:
            raise _RangeRefusedError
        return True

    def _check_status(self, response: Response) -> None:
        status = response.status
        if status in (404, 410):
            raise FetchError("fetch_missing", f"{shown(response.url)} is not there ({status})")
        if status == 429 or status >= 500:
            raise FetchError("fetch_failed", f"{shown(response.url)} cannot be had just now ({status})", retryable=True)
        if status != 200:
            raise FetchError("fetch_refused", f"{shown(response.url)} is not given out ({status})")

    def _receive(self, response: Response) -> None:
        """Take the body, and look at what it is before much of it is there."""
        whole = self._length(response)
        head = b"" if self.partial.size == 0 else None
        for piece in unpacked(response.body, response.headers.get("content-encoding", "")):
            if self.partial.size + len(piece) > self.limits.max_bytes:
                raise self._too_large()
            self.partial.write(piece)
            if head is not None:
                head += piece
                if len(head) >= SNIFFED:
                    self._check_family(head)
                    head = None
            self.on_bytes(self.partial.size, whole)
        if head is not None:
            self._check_family(head)

    def _length(self, response: Response) -> int | None:
        """How long the whole will be, if the server says so and it is not packed."""
        length = response.headers.get("content-length", "")
        if "content-encoding" in response.headers or not re.fullmatch(r"\d{1,18}", length, re.ASCII):
            return None
        whole = self.partial.size + int(length)
        if whole > self.limits.max_bytes:
            raise self._too_large()
        return whole

    def _check_family(self, head: bytes) -> None:
        found = family(head)
        if found not in ACCEPTED[self.purpose]:
            what = f"it is {found}" if head else "it is empty"
            raise FetchError("fetch_type", f"{shown(self.url)} is no {self.purpose}: {what}")

    def _too_large(self) -> FetchError:
        return FetchError("fetch_too_large", f"{shown(self.url)} has more than {self.limits.max_bytes:,} bytes")

    def _failed(self, error: Exception) -> FetchError:
        if isinstance(error, httpcore.TimeoutException):
            return FetchError("fetch_timeout", f"{shown(self.url)} did not answer in time", retryable=True)
        if isinstance(error, _CUT):
            return FetchError("fetch_cut", f"{shown(self.url)} broke off: {error}", retryable=True)
        return FetchError("fetch_failed", f"{shown(self.url)} cannot be reached: {error}", retryable=True)
