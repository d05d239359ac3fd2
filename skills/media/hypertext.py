"""HTML from outside as plain text: a small tokenizer that never fails and takes time in proportion to its input."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]{0,15})\b[^<>]*>|<[!?][^<>]*>")
_HIDDEN = {"script", "style", "head", "template"}
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "blockquote", "br", "cite", "dd", "div", "dl", "dt", "figure", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "time", "tr",
    "ul",
))
# fmt: on


@dataclass(frozen=True)
class Tag:
    """A tag's name in small letters, with a slash before it if it closes; attributes are left out."""

    name: str


def tokens(source: str) -> Iterator[Tag | str]:
    """Tags, and the text between them with its character references resolved; comments and scripts are left out."""
    start, hidden = 0, ""
    source = _without_comments(source)
    for match in _TAG.finditer(source):
        text = source[start : match.start()]
        start = match.end()
        name = (match[1] or "").lower()
        if hidden:
            hidden = "" if name == f"/{hidden}" else hidden
            continue
        if text:
            yield html.unescape(text)
        if name in _HIDDEN:
            hidden = name
        elif name:
            yield Tag(name)
    if not hidden and start < len(source):
        yield html.unescape(source[start:])


def plain_text(source: str, limit: int) -> str:
    """The text as paragraphs, one a line, at most `limit` characters, cut at a blank where there is one."""
    lines: list[list[str]] = [[]]
    for token in tokens(source[: 20 * limit]):
        if isinstance(token, str):
            lines[-1].append(token)
        elif token.name.strip("/") in _BLOCKS:
            lines.append([])
    text = "\n".join(filter(None, (" ".join("".join(line).split()) for line in lines)))
    return text if len(text) <= limit else text[:limit].rsplit(None, 1)[0]


def _without_comments(source: str) -> str:
    """An unclosed comment hides the rest, as in a browser."""
    parts, start = [], 0
    while (opened := source.find("<!--", start)) >= 0:
        parts.append(source[start:opened])
        closed = source.find("-->", opened + 4)
        if closed < 0:
            return "".join(parts)
        start = closed + 3
    return "".join([*parts, source[start:]])
