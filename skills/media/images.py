"""Pictures from outside: their size is read from the header before anything is decoded, and a small one is made.

Sources: ITU T.81 (JPEG), W3C PNG, RFC 9649 (WebP).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO, Literal

import av
import numpy as np

from skills.media.errors import ImageError

MAX_BYTES = 20_000_000
MAX_SIDE = 10_000
MAX_PIXELS = 50_000_000
"""150 MB decoded; iTunes asks for 3000 x 3000."""
THUMBNAIL_SIDE = 600
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that begin a frame and name its size."""
_BARE = frozenset((0x01, *range(0xD0, 0xDA)))
"""JPEG markers that nothing belongs to."""


@dataclass(frozen=True)
class ImageInfo:
    """A picture's format and its size in pixels."""

    format: Literal["jpeg", "png", "webp"]
    width: int
    height: int


def read_info(content: bytes) -> ImageInfo:
    """What the header says. Raises ImageError: `image_unknown`, `image_damaged`, `image_too_large`."""
    if len(content) > MAX_BYTES:
        raise ImageError("image_too_large", f"The picture has more than {MAX_BYTES // 1_000_000} MB")
    try:
        info = _info(io.BytesIO(content), content[:16])
    except (IndexError, EOFError) as error:
        raise ImageError("image_damaged", "The picture breaks off before it says how large it is") from error
    if info.width < 1 or info.height < 1:
        raise ImageError("image_damaged", "The picture has no size")
    if max(info.width, info.height) > MAX_SIDE or info.width * info.height > MAX_PIXELS:
        raise ImageError("image_too_large", f"The picture has {info.width} x {info.height} pixels")
    return info


def thumbnail(content: bytes, side: int = THUMBNAIL_SIDE) -> bytes:
    """The picture as a JPEG that fits into a square of `side` pixels, never larger than it is.

    Blocking CPU work; raises ImageError like `read_info`, also for what cannot be decoded.
    """
    info = read_info(content)
    scale = min(1.0, side / max(info.width, info.height))
    width, height = (max(2, round(length * scale / 2) * 2) for length in (info.width, info.height))
    try:
        frame = _decoded(content, info.format)
        # The header is the attacker's; what the decoder found is what the memory holds.
        if frame.width * frame.height > MAX_PIXELS:
            raise ImageError("image_too_large", f"The picture has {frame.width} x {frame.height} pixels")
        return as_jpeg(_on_white(frame, width, height), width, height)
    except (av.FFmpegError, ValueError, StopIteration) as error:
        raise ImageError("image_damaged", "The picture cannot be decoded") from error


def _decoded(content: bytes, kind: str) -> Any:
    demuxer = {"jpeg": "jpeg_pipe", "png": "png_pipe", "webp": "webp_pipe"}[kind]
    options = {"max_pixels": str(MAX_PIXELS)}
    with av.open(io.BytesIO(content), "r", format=demuxer, options=options) as container:
        return next(container.decode(video=0))


def _on_white(frame: Any, width: int, height: int) -> Any:
    """The frame on white paper where it can be seen through, which a JPEG cannot."""
    if not (frame.format.has_palette or any(part.is_alpha for part in frame.format.components)):
        return frame
    small = frame.reformat(width=width, height=height, format="rgba").to_ndarray().astype(np.uint16)
    colours, cover = small[..., :3], small[..., 3:]
    seen = (colours * cover + 255 * (255 - cover) + 127) // 255
    return av.VideoFrame.from_ndarray(seen.astype(np.uint8), format="rgb24")


def as_jpeg(frame: Any, width: int, height: int) -> bytes:
    """A decoded frame as a JPEG of that size, in pixels; av.FFmpegError and ValueError where it cannot be made."""
    frame = frame.reformat(width=width, height=height, format="yuvj420p")
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"q:v": "4"}
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


def _info(file: BinaryIO, head: bytes) -> ImageInfo:
    if head.startswith(_PNG):
        return _png(file)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg_info(file)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(file)
    raise ImageError("image_unknown", "This is no JPEG, PNG or WebP picture")


def _png(file: BinaryIO) -> ImageInfo:
    file.seek(len(_PNG))
    header = _take(file, 16)
    if header[4:8] != b"IHDR":
        raise ImageError("image_damaged", "The PNG does not begin with its header")
    return ImageInfo("png", int.from_bytes(header[8:12], "big"), int.from_bytes(header[12:16], "big"))


def _jpeg_info(file: BinaryIO) -> ImageInfo:
    file.seek(2)
    while True:
        while _take(file, 1) != b"\xff":
            pass
        marker = 0xFF
        while marker == 0xFF:
            marker = _take(file, 1)[0]
        if marker in _BARE or marker == 0:
            continue
        length = int.from_bytes(_take(file, 2), "big")
        if marker in _FRAMES:
            frame = _take(file, 5)
            return ImageInfo("jpeg", int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
        file.seek(max(0, length - 2), io.SEEK_CUR)


def _webp(file: BinaryIO) -> ImageInfo:
    file.seek(12)
    chunk = _take(file, 8)[:4]
    body = _take(file, 10)
    match chunk:
        case b"VP8X":
            width, height = int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(body[1:5], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
        case _:
            raise ImageError("image_damaged", "The WebP does not begin with a picture")
    return ImageInfo("webp", width, height)


def _take(file: BinaryIO, count: int) -> bytes:
    content = file.read(count)
    if len(content) < count:
        raise EOFError
    return content
