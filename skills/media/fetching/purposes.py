"""What something is fetched for: what it may be, how large, and how long it may take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

SNIFFED = 1024
"""Bytes from which a type is told."""


class Family(StrEnum):
    """What kind of thing a file is, as far as its first bytes tell."""

    RECORDING = "a recording"
    IMAGE = "a picture"
    XML = "XML"
    PAGE = "a web page"
    JSON = "JSON"
    TEXT = "text"
    UNKNOWN = "of an unknown type"


class Purpose(StrEnum):
    """What something is fetched for."""

    FEED = "feed"
    RECORDING = "recording"
    CAPTIONS = "captions"
    CHAPTERS = "chapters"
    IMAGE = "image"
    PRODUCTS = "feed of products"


@dataclass(frozen=True)
class Limits:
    """The most that is taken: bytes, after decompression, and seconds, in all and in any one wait."""

    max_bytes: int
    total_s: float
    idle_s: float = 20.0


ACCEPTED = {
    Purpose.FEED: {Family.XML},
    Purpose.RECORDING: {Family.RECORDING},
    Purpose.CAPTIONS: {Family.TEXT, Family.PAGE, Family.JSON, Family.XML},
    Purpose.CHAPTERS: {Family.JSON},
    Purpose.IMAGE: {Family.IMAGE},
    Purpose.PRODUCTS: {Family.TEXT, Family.XML, Family.JSON, Family.PAGE},
}
LIMITS = {
    Purpose.FEED: Limits(100_000_000, 300),
    Purpose.RECORDING: Limits(8_000_000_000, 4 * 3600),
    Purpose.CAPTIONS: Limits(20_000_000, 120),
    Purpose.CHAPTERS: Limits(5_000_000, 60),
    Purpose.IMAGE: Limits(20_000_000, 60),
    Purpose.PRODUCTS: Limits(2_000_000_000, 1800),
}

_MAGIC = (
    (re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP", re.DOTALL), Family.IMAGE),
    (
        re.compile(
            rb"ID3|\xff[\xe2-\xe7\xf0-\xfd]|OggS|fLaC|RIFF....WAVE|RF64....WAVE|FORM....AIF[FC]|\x1aE\xdf\xa3|....ftyp"
            rb"|FLV\x01|caff|#!AMR|\x30\x26\xb2\x75\x8e\x66\xcf\x11|RIFF....AVI |G.{187}G|\x00\x00\x01[\xb3\xba]|\.snd",
            re.DOTALL,
        ),
        Family.RECORDING,
    ),
)
_PAGE = re.compile(rb"<!doctype\s+html|<html|<head|<body|<cite|<time|<p\b|<div", re.IGNORECASE)


def family(head: bytes) -> Family:
    """What a file is that begins with these bytes, whatever its sender calls it."""
    head = head[:SNIFFED]
    for pattern, found in _MAGIC:
        if pattern.match(head):
            return found
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\x00" in text:
        return Family.UNKNOWN
    if text.startswith((b"{", b"[{")):
        return Family.JSON
    if text.startswith(b"<"):
        page = _PAGE.match(re.sub(rb"^(?:<\?[^>]*>|<!--.*?-->|\s)+", b"", text, flags=re.DOTALL))
        return Family.PAGE if page else Family.XML
    return Family.TEXT if text else Family.UNKNOWN
