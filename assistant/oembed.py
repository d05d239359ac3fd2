"""oEmbed 1.0 (oembed.com): what another site needs to show a link to an item as a player. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from skills.media.catalogue import Item

ALLOW = "autoplay; clipboard-write; fullscreen"
SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""Without an origin of its own the frame could not play: every page may say that its origin is `null`."""

SIZES = {"audio": (640, 420), "video": (640, 640)}
"""Width and height of the frame, in pixels, with room for what is said beside the picture."""

_PAGE = re.compile(r"/(?:watch|embed)/([^/]{1,1000})")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Answer = Mapping[str, str | int]


@dataclass(frozen=True)
class Picture:
    """An address and its size in pixels."""

    url: str
    width: int
    height: int


def page_of(url: str) -> tuple[str, str, str]:
    """The origin, item and query of the address of an item's page.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(url)
    found = _PAGE.fullmatch(parts.path)
    if not found:
        raise ValueError("this is no item's page")
    return f"{parts.scheme}://{parts.netloc}", unquote(found[1]), parts.query


def embed_url(base: str, item: str, start_s: int) -> str:
    """The frame's address: the item from a second on."""
    return f"{base}/embed/{quote(item)}" + (f"?t={start_s}" if start_s else "")


def watch_url(base: str, item: str, start_s: int) -> str:
    """The page's address: the item from a second on."""
    return f"{base}/watch/{quote(item)}" + (f"?t={start_s}" if start_s else "")


def oembed(
    item: Item, base: str, start_s: int, picture: Picture | None, max_width: int | None, max_height: int | None
) -> Answer:
    """The answer for an item, no larger than asked for; `base` is where the service is."""
    width, height = SIZES[item.medium]
    width, height = min(width, max_width or width), min(height, max_height or height)
    source = escape(embed_url(base, item.id, start_s))
    answer: dict[str, str | int] = {
        "version": "1.0",
        "type": "video" if item.medium == "video" else "rich",
        "title": item.title,
        "author_name": item.creator,
        "provider_name": "Sori",
        "provider_url": f"{base}/",
        "html": (
            f'<iframe src="{source}" title="{escape(item.title)}" width="{width}" height="{height}" '
            f'allow="{ALLOW}" sandbox="{SANDBOX}" loading="lazy" style="border: 0"></iframe>'
        ),
        "width": width,
        "height": height,
    }
    if picture and picture.width <= (max_width or picture.width) and picture.height <= (max_height or picture.height):
        answer |= {
            "thumbnail_url": picture.url,
            "thumbnail_width": picture.width,
            "thumbnail_height": picture.height,
        }
    return answer


def as_xml(answer: Answer) -> bytes:
    """The same as XML; characters that XML has no place for are left out."""
    root = Element("oembed")
    for name, value in answer.items():
        SubElement(root, name).text = _NOT_IN_XML.sub("", str(value))
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n{text}'.encode()
