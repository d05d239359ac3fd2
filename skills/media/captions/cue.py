"""A cue as it stands in a caption file, before anything is put right, and the marks inside its text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skills.media.captions.transcript import clean
from skills.media.errors import CaptionError

MAX_CUES = 100_000
"""Cues of one file; ten hours at three words a cue."""
MAX_CUE_TEXT = 10_000
"""Characters of one cue; the rest is left out."""

TIMESTAMP = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?"
"""Hours may be left out; the fraction follows a dot (WebVTT) or a comma (SRT)."""
TIMING = re.compile(rf"\s*({TIMESTAMP})\s*-->\s*({TIMESTAMP})(?:\s.*)?", re.DOTALL)
"""A cue's timing line, and its settings, which say where on a picture the text stands and are passed over."""
NEW_LINE = re.compile(r"\r\n|\n|\r")
_TAG = re.compile(r"<([^<>]*)>")
_REFERENCE = re.compile(r"&#?\w{1,31};")
_STYLE = re.compile(r"\{\\[^{}]*\}")
"""Position and colour in the manner of SubStation Alpha, found in SRT files: {\\an8}."""
_VOICE = re.compile(r"v(?:\.\S*)?\s+(.+)", re.DOTALL)
_KNOWN_TAG = re.compile(
    r"/?(?:[bciu]|v|ruby|rt|lang|font|s|span|p|em|strong|br)(?:[\s./].*)?", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True)
class Token:
    """A word of a cue and, where a timestamp stands before it, when it begins."""

    text: str
    start_ms: int | None = None


@dataclass(frozen=True)
class Cue:
    """What one voice says in a cue; `end_ms` is None where the source does not say."""

    where: str
    start_ms: int
    end_ms: int | None
    tokens: tuple[Token, ...]
    speaker: str = ""
    last_line: int = 0
    """How many of the tokens stand in its last line: what a caption that rolls up shows again in the next cue."""

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join(token.text for token in self.tokens)


def milliseconds(timestamp: str) -> int | None:
    """The time that matches `TIMESTAMP`; None where minutes or seconds are 60 or more."""
    whole, _, fraction = timestamp.replace(",", ".").partition(".")
    hours, minutes, seconds = ["0", *whole.split(":")][-3:]
    if int(minutes) > 59 or int(seconds) > 59:
        return None
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds) * 1_000 + int(fraction.ljust(3, "0")[:3])


def plain_tokens(text: str) -> tuple[Token, ...]:
    """The words of a text without marks."""
    return tuple(Token(word) for word in clean(text[:MAX_CUE_TEXT]).split())


def timed_cues(where: str, timing: re.Match[str], lines: Sequence[str]) -> Iterator[Cue]:
    """The cue with this timing line and text, once for each voice in it; nothing where a time is impossible."""
    start_ms, end_ms = milliseconds(timing[1]), milliseconds(timing[2])
    if start_ms is None or end_ms is None:
        return
    for speaker, spoken in _voices(lines):
        filled = [line for line in spoken if line]
        tokens = tuple(token for line in filled for token in line)
        yield Cue(where, start_ms, end_ms, tokens, speaker, len(filled[-1]) if filled else 0)


def check_count(cues: int) -> None:
    """Raise CaptionError(`captions_too_large`) if there are more cues than can be true."""
    if cues > MAX_CUES:
        raise CaptionError("captions_too_large", f"There are more than {MAX_CUES:,} cues")


def _voices(lines: Sequence[str]) -> Iterator[tuple[str, list[list[Token]]]]:
    """Who speaks, and the words of each line; a `<v Name>` holds until the next one."""
    speaker, spoken = "", _Line()
    done: list[list[Token]] = []
    for line in NEW_LINE.split("\n".join(lines)[:MAX_CUE_TEXT]):
        for text, tag in _pieces(_STYLE.sub("", line)):
            spoken.write(text)
            if voice := _VOICE.fullmatch(tag):
                done.append(spoken.take())
                if any(done):
                    yield speaker, done
                speaker, done = clean(unescape(voice[1])), []
            elif re.fullmatch(TIMESTAMP, tag):
                spoken.at(milliseconds(tag))
        done.append(spoken.take())
    yield speaker, done


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Text and the tag that follows it; what only looks like a tag is text."""
    text, start = "", 0
    for match in _TAG.finditer(line):
        text += unescape(line[start : match.start()])
        start = match.end()
        if _KNOWN_TAG.fullmatch(match[1]) or re.fullmatch(TIMESTAMP, match[1]):
            yield text, match[1]
            text = ""
        else:
            text += match[0]
    yield text + unescape(line[start:]), ""


def unescape(text: str) -> str:
    """Character references as characters, but only whole ones: `AT&T` and `&notin` stay as they are."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


class _Line:
    """Gathers the words of a line: a tag inside a word does not cut it, and a timestamp is that of its first letter."""

    def __init__(self) -> None:
        self._words: list[Token] = []
        self._word = ""
        self._began: int | None = None
        self._now: int | None = None

    def at(self, ms: int | None) -> None:
        self._now = ms if ms is not None else self._now

    def write(self, text: str) -> None:
        for part in re.split(r"(\s+)", text):
            if not part or part.isspace():
                self._end_word(bool(part))
            else:
                self._began = self._began if self._word else self._now
                self._word += part

    def take(self) -> list[Token]:
        self._end_word(True)
        words, self._words = self._words, []
        return words

    def _end_word(self, ended: bool) -> None:
        if ended:
            self._words.extend(Token(word, self._began) for word in clean(self._word).split())
            self._word = ""
