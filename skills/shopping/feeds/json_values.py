"""JSON of any size as a stream of values: lines, a long array, a @graph, or the JSON-LD scripts of a web page."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from skills.shopping.errors import FeedError
from skills.shopping.feeds.decoding import Kept
from skills.shopping.feeds.entries import Problem

PIECE = 1 << 16
VALUE_MAX = 4_000_000
"""Characters of one value: of a product with all that belongs to it."""
PAGE_MAX = 20_000_000
"""Characters of a web page."""

_SCRIPT = re.compile(r"<script\b[^<>]{0,500}application/ld\+json[^<>]{0,500}>", re.IGNORECASE)
_GRAPH = re.compile(r'^\s*\{[^\[\]]{0,20000}?"@graph"\s*:\s*\[')
_DECODER = json.JSONDecoder(parse_constant=lambda name: name)


def json_values(file: BinaryIO, encoding: str) -> Iterator[tuple[int, Any]]:
    """(number, value) of each, from 1; in place of one that cannot be read, a `Problem`, and the end of it all where
    nobody can know where the next one begins.

    Raises:
        FeedError: `feed_too_large`, `feed_empty`.
    """
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(Kept(file)), encoding=encoding, errors="replace", newline=None)
    start = text.read(PIECE).lstrip("\ufeff")
    if start.lstrip().startswith("<"):
        yield from _of_page(start + text.read(PAGE_MAX), bool(text.read(1)))
    else:
        yield from _Stream(text, start).values()


def _of_page(page: str, goes_on: bool) -> Iterator[tuple[int, Any]]:
    if goes_on:
        raise FeedError("feed_too_large", f"The page has more than {PAGE_MAX:,} characters")
    number, place = 0, 0
    while match := _SCRIPT.search(page, place):
        end = page.find("</script", match.end())
        place = len(page) if end < 0 else end
        number += 1
        script = page[match.end() : place].strip().removeprefix("<!--").removesuffix("-->")
        yield number, _loaded(script, number)
    if not number:
        raise FeedError("feed_empty", "The page has no JSON-LD")


def _loaded(script: str, number: int) -> Any:
    for text in (script, html.unescape(script)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            why = error
    return _broken(number, why)


class _Stream:
    def __init__(self, text: io.TextIOWrapper, start: str) -> None:
        self._text, self._buffer, self._ended = text, start, False

    def values(self) -> Iterator[tuple[int, Any]]:
        is_array = self._opens_array()
        number = 0
        while self._skip(", \t\r\n" if is_array else " \t\r\n"):
            if is_array and self._buffer.startswith("]"):
                return  # what follows a @graph are other properties of what holds it
            number += 1
            value = self._next(number)
            yield number, value
            if isinstance(value, Problem) and not self._resume(is_array):
                return
        if not number:
            raise FeedError("feed_empty", "The feed is empty")

    def _opens_array(self) -> bool:
        self._buffer = self._buffer.lstrip()
        graph = _GRAPH.match(self._buffer)
        if graph or self._buffer.startswith("["):
            self._buffer = self._buffer[graph.end() if graph else 1 :]
            return True
        return False

    def _skip(self, marks: str) -> bool:
        """Pass over what is between values; whether there is anything more."""
        self._buffer = self._buffer.lstrip(marks)
        while not self._buffer and self._more():
            self._buffer = self._buffer.lstrip(marks)
        return bool(self._buffer)

    def _next(self, number: int) -> Any:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer)
            except ValueError as error:
                # Where it breaks in the middle, more of it will not help.
                broken_at = error.pos if isinstance(error, json.JSONDecodeError) else 0
                if len(self._buffer) - broken_at > 1_000 and "Unterminated" not in str(error):
                    return _broken(number, error)
                if len(self._buffer) >= VALUE_MAX:
                    return Problem(number, "", "row_too_long", f"It has more than {VALUE_MAX:,} characters")
                if not self._more():
                    return _broken(number, error)
            except RecursionError as error:
                return _broken(number, error)
            else:
                if end == len(self._buffer) and self._more():  # a number may go on
                    continue
                self._buffer = self._buffer[end:]
                return value

    def _more(self) -> bool:
        """As much again as there is, so that a long value is not read over and over."""
        piece = "" if self._ended else self._text.read(max(PIECE, len(self._buffer)))
        self._ended = not piece
        self._buffer += piece
        return bool(piece)

    def _resume(self, is_array: bool) -> bool:
        """After a value that cannot be read, lines go on with the next one."""
        if is_array:
            return False
        while (end := self._buffer.find("\n")) < 0:
            self._buffer = ""
            if not self._more():
                return False
        self._buffer = self._buffer[end + 1 :]
        return True


def _broken(number: int, error: Exception) -> Problem:
    why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
    return Problem(number, "", "json_invalid", f"This is no JSON: {why}"[:200])
