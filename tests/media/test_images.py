"""A picture from outside is shown small, and a huge one is refused before any memory is spent on it."""

from __future__ import annotations

import io
import tracemalloc
import zlib
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.media.errors import ImageError
from skills.media.images import MAX_BYTES, ImageInfo, read_info, thumbnail


def picture(codec: str, pixels: str, width: int, height: int) -> bytes:
    """A red picture with a blue right half."""
    colours = np.zeros((height, width, 3), np.uint8)
    colours[:, : width // 2, 0] = colours[:, width // 2 :, 2] = 255
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, pixels, Fraction(1, 1)
    frame = av.VideoFrame.from_ndarray(colours, format="rgb24").reformat(format=pixels)
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


JPEG, PNG = picture("mjpeg", "yuvj420p", 1_001, 700), picture("png", "rgb24", 30, 200)
WEBP, LOSSLESS = picture("libwebp", "yuv420p", 64, 64), picture("libwebp", "bgra", 2_000, 100)


def png_of(width: int, height: int) -> bytes:
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return PNG[:8] + b"\x00\x00\x00\x0d" + header + zlib.crc32(header).to_bytes(4, "big") + PNG[33:]


@pytest.mark.parametrize(
    ("content", "info", "small"),
    [
        (JPEG, ImageInfo("jpeg", 1_001, 700), (600, 420)),
        (PNG, ImageInfo("png", 30, 200), (30, 200)),
        (WEBP, ImageInfo("webp", 64, 64), (64, 64)),
        (LOSSLESS, ImageInfo("webp", 2_000, 100), (600, 30)),
    ],
    ids=["jpeg", "png", "webp", "lossless webp"],
)
def test_a_picture_is_made_small_in_its_own_proportions_and_colours(
    content: bytes, info: ImageInfo, small: tuple[int, int]
) -> None:
    assert read_info(content) == info
    made = thumbnail(content)
    assert read_info(made) == ImageInfo("jpeg", *small)
    with av.open(io.BytesIO(made), "r", format="jpeg_pipe") as container:
        colours = next(container.decode(video=0)).to_ndarray(format="rgb24")
    left, right = colours[:, : small[0] // 4].mean((0, 1)), colours[:, -small[0] // 4 :].mean((0, 1))
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_what_can_be_seen_through_lies_on_white() -> None:
    clear = np.zeros((40, 40, 4), np.uint8)
    clear[:20] = (255, 0, 0, 255)
    encoder: Any = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 40, 40, "rgba", Fraction(1, 1)
    packets = [*encoder.encode(av.VideoFrame.from_ndarray(clear, format="rgba")), *encoder.encode(None)]
    made = thumbnail(b"".join(bytes(packet) for packet in packets))
    with av.open(io.BytesIO(made), "r", format="jpeg_pipe") as container:
        colours = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert colours[5, 5, 0] > 200 > 60 > colours[5, 5, 2]
    assert colours[35, 35].min() > 240


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "image_unknown"),
        (b"GIF89a", "image_unknown"),
        (b"<svg/>", "image_unknown"),
        (JPEG[:100], "image_damaged"),
        (b"\xff\xd8\xff" + b"\xff" * 50, "image_damaged"),
        (PNG[:20], "image_damaged"),
        (PNG[:8] + b"\x00" * 50, "image_damaged"),
        (png_of(0, 5), "image_damaged"),
        (WEBP[:12] + b"ABCD" + b"\x00" * 50, "image_damaged"),
        (png_of(9_000, 9_000), "image_too_large"),
        (png_of(2**31, 1), "image_too_large"),
        (JPEG + b"\x00" * MAX_BYTES, "image_too_large"),
    ],
    ids=range(12),
)
def test_what_is_no_usable_picture_is_refused_by_name_and_costs_nothing(content: bytes, code: str) -> None:
    tracemalloc.start()
    with pytest.raises(ImageError) as refused:
        thumbnail(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == code
    assert peak < 5_000_000


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([JPEG, PNG, WEBP, LOSSLESS]), st.integers(0, 300), st.binary(min_size=1, max_size=20))
def test_a_damaged_picture_becomes_a_thumbnail_or_a_named_error(content: bytes, at: int, junk: bytes) -> None:
    damaged = content[:at] + junk + content[at + len(junk) :]
    try:
        assert max(read_info(thumbnail(damaged)).width, read_info(thumbnail(damaged)).height) <= 600
    except ImageError:
        return
