"""Reads transcripts in JSON: Podcasting 2.0's (https://github.com/Podcastindex-org/podcast-namespace) and Whisper's."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from skills.media.captions.cue import Cue, Token, check_count, plain_tokens
from skills.media.captions.repairs import Repairs
from skills.media.captions.transcript import clean
from skills.media.errors import CaptionError

_CLOSING = "\"')\u201d\u2019"
MAX_TIME_S = 1_000 * 3600
MAX_PAUSE_MS = 1_000
MAX_JOINED_MS = 12_000
MAX_JOINED_TEXT = 240
"""Where words are joined: a pause, a time and a length (characters) at which a new segment begins."""


def read_json(text: str, repairs: Repairs) -> tuple[list[Cue], str]:
    """The segments, in the order of the file, and the language.

    Some hosts write a segment for each word; these are joined into sentences.
    Raises CaptionError: `captions_invalid`, `captions_too_large`.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise CaptionError("captions_invalid", f"This is no JSON: {where}") from error
    rows = data.get("segments") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise CaptionError("captions_invalid", "segments: a list of segments is expected")
    check_count(len(rows))
    cues = [cue for number, row in enumerate(rows, start=1) if (cue := _cue(number, row, repairs))]
    language = data.get("language") if isinstance(data, dict) else None
    return _joined(cues), language if isinstance(language, str) else ""


def _cue(number: int, row: Any, repairs: Repairs) -> Cue | None:
    where = f"segment {number}"
    if not isinstance(row, dict):
        repairs.note(where, "not_a_cue", "A segment is an object")
        return None
    start_ms = _milliseconds(row.get("startTime", row.get("start")))
    body = row.get("body", row.get("text"))
    if start_ms is None or not isinstance(body, str):
        field = "startTime" if start_ms is None else "body"
        repairs.note(where, "not_a_cue", f"{field}: missing, or not what it should be")
        return None
    speaker = row.get("speaker")
    return Cue(
        where,
        start_ms,
        _milliseconds(row.get("endTime", row.get("end"))),
        _timed_tokens(row.get("words"), body) or plain_tokens(body),
        clean(speaker) if isinstance(speaker, str) else "",
    )


def _timed_tokens(words: Any, body: str) -> tuple[Token, ...]:
    """Whisper's words with their times, if they are the whole text."""
    if not isinstance(words, list) or not all(isinstance(word, dict) for word in words):
        return ()
    tokens = tuple(
        Token(part, _milliseconds(word.get("start"))) for word in words for part in clean(str(word.get("word"))).split()
    )
    return tokens if [token.text for token in tokens] == clean(body).split() else ()


def _milliseconds(seconds: Any) -> int | None:
    """A number of seconds, or one in quotation marks."""
    try:
        value = math.nan if isinstance(seconds, bool) else float(seconds)
    except (TypeError, ValueError, OverflowError):
        return None
    return round(value * 1000) if 0 <= value <= MAX_TIME_S else None


def _joined(cues: Sequence[Cue]) -> list[Cue]:
    """Cues of single words as sentences; others as they are."""
    if sum(len(cue.tokens) <= 1 for cue in cues) * 2 <= len(cues):
        return list(cues)
    return [_sentence(group) for group in _groups(cues)]


def _groups(cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    group: list[Cue] = []
    for cue in cues:
        if group and _begins(cue, group):
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def _begins(cue: Cue, group: Sequence[Cue]) -> bool:
    """Whether the word begins a new segment."""
    last, first = group[-1], group[0]
    return (
        cue.speaker != last.speaker
        or last.text.rstrip(_CLOSING).endswith((".", "?", "!"))
        or not last.start_ms <= cue.start_ms <= (last.end_ms or last.start_ms) + MAX_PAUSE_MS
        or cue.start_ms - first.start_ms > MAX_JOINED_MS
        or sum(len(word.text) + 1 for word in group) > MAX_JOINED_TEXT
    )


def _sentence(words: Sequence[Cue]) -> Cue:
    tokens = tuple(replace(token, start_ms=word.start_ms) for word in words for token in word.tokens)
    return replace(words[0], end_ms=words[-1].end_ms, tokens=tokens)
