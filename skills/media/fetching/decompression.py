"""Bodies that arrive compressed, unpacked in small pieces: a bomb is noticed before it takes any memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from skills.media.errors import FetchError

_PIECE = 1 << 16
_GZIP = 16 + zlib.MAX_WBITS


def unpacked(body: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body as it was before `encoding`, a Content-Encoding header, in pieces of at most 64 KiB.

    Raises FetchError: `fetch_invalid` for other encodings than gzip and for what is none; `fetch_cut`.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return iter(body)
        case "gzip" | "x-gzip":
            return _gunzipped(body)
        case other:
            raise FetchError("fetch_invalid", f"It is encoded as {other[:40]!r}, which was not asked for")


def _gunzipped(body: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for piece in body:
            rest = piece
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise FetchError("fetch_invalid", "It is said to be compressed, but is not") from error
    if not unpacker.eof:
        raise FetchError("fetch_cut", "It broke off", retryable=True)
