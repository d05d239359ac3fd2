"""Text of a file whose encoding nobody has said: by byte order mark, else as UTF-8, else as Korean or western."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from skills.shopping.errors import FeedError

PIECE = 1 << 18
LINE_MAX = 1 << 20
"""Characters of one line; the rest of a longer one is passed over without being kept."""
BROKEN_SHARE = 0.01
"""UTF-8 of which less is broken is UTF-8 that somebody has cut or pasted into, not another encoding."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Line:
    """A line without its end; `cut` where it was too long and only its beginning is here."""

    number: int
    text: str
    cut: bool = False


def encoding_of(file: BinaryIO) -> str:
    """Look through a file and go back to its beginning.

    Raises:
        FeedError: `feed_encoding`, it is no text; `feed_empty`.
    """
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        raise FeedError("feed_empty", "The feed is empty")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\x00" in head:
        return _without_mark(head)
    if _fits(file, "utf-8", BROKEN_SHARE):
        return "utf-8"
    # Western text is hardly ever valid Korean: a letter with an accent swallows what follows it, and often cannot;
    # where it can, what comes out are Chinese characters, which Korean text has few of.
    return "cp949" if _fits(file, "cp949", 0.0) and _is_hangul(file) else "cp1252"


def lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    """Lines of a file in an encoding, from its beginning; what cannot be decoded becomes U+FFFD."""
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(Kept(file)), encoding=encoding, errors="replace", newline=None)
    number = 0
    while start := text.readline(LINE_MAX):
        number += 1
        cut, piece = False, start
        while not piece.endswith("\n") and (piece := text.readline(LINE_MAX)):
            cut = True
        yield Line(number, start.rstrip("\n"), cut)


def _without_mark(head: bytes) -> str:
    """UTF-16 without its mark, told by which of two bytes are zero in what is mostly Latin."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 8 or min(even, odd) > len(head) // 64:
        raise FeedError("feed_encoding", "This is no text")
    return "utf-16-le" if odd > even else "utf-16-be"


def _fits(file: BinaryIO, encoding: str, broken_share: float) -> bool:
    """Whether a file can be read in an encoding, but for a share of what is not ASCII."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    broken = foreign = 0
    while True:
        piece = file.read(PIECE)
        text = decoder.decode(piece, final=not piece)
        broken += text.count("\ufffd")
        foreign += len(text) - len(text.encode("ascii", "ignore"))
        if not piece:
            break
    file.seek(0)
    return broken <= foreign * broken_share


def _is_hangul(file: BinaryIO) -> bool:
    """Whether most of what is not ASCII at the beginning of a file in CP949 are Korean letters."""
    text = codecs.getincrementaldecoder("cp949")(errors="replace").decode(file.read(PIECE))
    file.seek(0)
    foreign = [letter for letter in text if letter > "\x7f"]
    return 2 * sum("\uac00" <= letter <= "\ud7a3" for letter in foreign) >= len(foreign)


class Kept(io.RawIOBase):
    """A file that is not closed when its reader goes away."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
