"""XML of unknown origin as a stream of small trees, in bounded memory.

On top of what defusedxml refuses (entities, external references), depth, tags and the size of an item are bounded,
since expat reads a tag that is not closed yet from its beginning again with every piece (CVE-2023-52425).
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from skills.media.errors import FeedError

MAX_BYTES = 100_000_000
MAX_DEPTH = 30
MAX_TAG = 1_000_000
"""Characters from a tag's beginning to its end, and of a comment."""
MAX_ITEM = 2_000_000
"""Characters of text and attributes in one item; of more than that the item is left out."""
_PIECE = 1 << 16
_DECLARATION = re.compile(rb"^<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]|cp949|euc_kr|cp932|shift_jis|euc_jp|gb2312|gbk|gb18030|big5"
)
"""Those that pages and feeds are written in. Python has others, of which some take quadratic time."""
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML does not allow, and that feeds hold nevertheless."""
_HTML_NAMES = {name.removesuffix(";"): text for name, text in html5.items() if name.endswith(";")}
_PREFIXES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://search.yahoo.com/mrss/": "media",
    "http://base.google.com/ns/1.0": "g",
    "http://base.google.com/cns/1.0": "c",
}


@dataclass
class Element:
    """A part of a feed: `name` is like "title" or "podcast:person"; text of children is not in `text`."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    too_large: bool = False

    @property
    def text(self) -> str:
        """Its text without white space around it."""
        return "".join(self.pieces).strip()

    @property
    def whole_text(self) -> str:
        """Its text with that of its children: XHTML in Atom is written so."""
        return " ".join([self.text, *(child.whole_text for child in self.children)]).strip()

    def all(self, name: str) -> Iterator[Element]:
        """Its children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, *names: str) -> Element | None:
        """The first child of the first name that has one with text or attributes."""
        for name in names:
            for child in self.all(name):
                if child.text or child.attributes or child.children:
                    return child
        return None

    def first_text(self, *names: str) -> str:
        """The text of the first child of the first name that has one with text."""
        return next((child.text for name in names for child in self.all(name) if child.text), "")


def read_elements(file: BinaryIO, parts: frozenset[str], max_bytes: int = MAX_BYTES) -> Iterator[Element]:
    """Each element called one of `parts`, complete, as it ends, and the root last, without them.

    Raises FeedError: `feed_too_large`, `feed_too_deep`, `feed_entities`, `feed_broken` with line and column.
    """
    gathering = _Gathering(parts)
    parser: Any = DefusedXMLParser(target=gathering, encoding="utf-8")
    # As if there were a DTD elsewhere: names of HTML such as &nbsp; are then looked up rather than fatal.
    parser.parser.UseForeignDTD(True)
    parser.entity.update(_HTML_NAMES)
    gathering.expat = parser.parser
    try:
        for piece, consumed in _pieces(file, max_bytes):
            parser.feed(piece)
            if consumed - parser.parser.CurrentByteIndex > MAX_TAG:
                raise FeedError("feed_broken", f"line {parser.parser.CurrentLineNumber}: a tag that does not end")
            yield from gathering.take()
        parser.close()
    except ParseError as error:
        raise FeedError("feed_broken", f"This is no well-formed XML: {error}") from error
    except DefusedXmlException as error:
        raise FeedError("feed_entities", "The feed defines entities, and no feed needs any") from error
    yield from gathering.take()


def _pieces(file: BinaryIO, max_bytes: int) -> Iterator[tuple[bytes, int]]:
    """The file as UTF-8 in pieces, with the bytes so far; whatever encoding it is in, without what XML forbids."""
    head = file.read(4096)
    content = io.BufferedReader(_Rest(head, file))
    reader = io.TextIOWrapper(content, encoding=_encoding(head), errors="replace", newline="")
    consumed = 0
    while text := reader.read(_PIECE):
        piece = _NOT_XML.sub(" ", text if consumed else text.lstrip("\ufeff \t\r\n")).encode("utf-8", "replace")
        consumed += len(piece)
        if consumed > max_bytes:
            raise FeedError("feed_too_large", f"The feed has more than {max_bytes // 1_000_000} MB")
        yield piece, consumed


def _encoding(head: bytes) -> str:
    """By byte order mark, then by declaration; UTF-8 where neither names one that there is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    declared = _DECLARATION.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        return "utf-8"
    return name if _ENCODINGS.fullmatch(name) else "utf-8"


class _Rest(io.RawIOBase):
    """A file of which the beginning has been read already."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head, self._file = head, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._head[: len(buffer)] or self._file.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(content)] = content
        return len(content)


class _Gathering:
    """The parser's target: builds the trees of parts, and lets go of each as it has been taken."""

    expat: Any

    def __init__(self, parts: frozenset[str]) -> None:
        self._parts = parts
        self._open: list[Element] = []
        self._sizes: list[int] = []
        """Of the root, and of each part that is open in it."""
        self._done: list[Element] = []

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise FeedError("feed_too_deep", f"line {self.expat.CurrentLineNumber}: nested more than {MAX_DEPTH} deep")
        element = Element(_name(tag), {}, self.expat.CurrentLineNumber)
        if self._is_whole(element):
            self._sizes.append(0)
        if self._fits(len(tag) + sum(len(name) + len(value) for name, value in attributes.items())):
            element.attributes = {_name(name): value for name, value in attributes.items()}
        self._open.append(element)

    def data(self, text: str) -> None:
        is_between_items = len(self._open) <= 2 and text.isspace()
        if not is_between_items and self._fits(len(text)):
            self._open[-1].pieces.append(text)

    def end(self, _tag: str) -> None:
        element = self._open.pop()
        if self._is_whole(element):
            element.too_large = self._sizes.pop() > MAX_ITEM
            self._done.append(element)
        elif self._fits(0):
            self._open[-1].children.append(element)

    def close(self) -> None:
        """Everything was taken as it ended."""

    def _is_whole(self, element: Element) -> bool:
        return element.name in self._parts or not self._open

    def _fits(self, size: int) -> bool:
        """Count what is to be kept for the innermost part; whether it may still be."""
        self._sizes[-1] += size
        return self._sizes[-1] <= MAX_ITEM


def _name(tag: str) -> str:
    """`{namespace}name` with its usual prefix, "other" if it is none of those; a name without a namespace as it is."""
    if not tag.startswith("{"):
        return tag
    namespace, _, name = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace.lower(), "other")
    return f"{prefix}:{name}" if prefix else name
