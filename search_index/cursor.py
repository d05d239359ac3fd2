"""Cursors: where a page ended, signed, so that the next one begins right after it (search-after).

A cursor holds the sort key of the last hit, not a number of hits: what is written between two pages moves nobody else
from one page to the other. It is bound to its query and to the collection.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass, replace
from hashlib import blake2b

from search_index.errors import ErrorCode, SearchError
from search_index.query import Query

MAC_BYTES = 16


@dataclass(frozen=True)
class Place:
    """The last hit of a page, and the moment (seconds since 1970) from which ages are counted on all pages.

    Hits are in order of `tier` (1 for those without the value sorted by), `value` (of that field, or the score),
    `id` and `passage`.
    """

    tier: int
    value: float | str | None
    id: str
    passage: int
    asked_at: float


def write_cursor(place: Place, query: Query, secret: str) -> str:
    """A text of letters, digits, - and _."""
    body = json.dumps([place.tier, place.value, place.id, place.passage, place.asked_at], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_mac(body, query, secret) + body).decode().rstrip("=")


def read_cursor(query: Query, secret: str) -> Place | None:
    """Where the page before `query` ended, None for the first page.

    Raises `SearchError` (bad_cursor) for what is no cursor, or one of another query or collection.
    """
    if not query.after:
        return None
    try:
        signed = base64.b64decode(query.after + "=" * (-len(query.after) % 4), altchars=b"-_", validate=True)
        mac, body = signed[:MAC_BYTES], signed[MAC_BYTES:]
        if hmac.compare_digest(mac, _mac(body, query, secret)):
            return Place(*json.loads(body))
    except (ValueError, binascii.Error):
        pass
    raise SearchError(ErrorCode.BAD_CURSOR, "this is no cursor of this query in this collection", field="after")


def _mac(body: bytes, query: Query, secret: str) -> bytes:
    same = repr(replace(query, after="", limit=1, facets=(), highlight=False)).encode("utf-8", "surrogatepass")
    return blake2b(blake2b(same).digest() + body, key=secret.encode()[:64], digest_size=MAC_BYTES).digest()
