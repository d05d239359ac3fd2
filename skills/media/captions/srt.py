"""Reads SRT (SubRip), which nobody ever specified: what counts is the timing line."""

from __future__ import annotations

import re
from dataclasses import replace

from skills.media.captions.cue import NEW_LINE, TIMING, Cue, check_count, timed_cues
from skills.media.captions.repairs import Repairs

_PREFIX = re.compile(r"(?:>>\s*|-\s*)?([^:<>]{1,60}):\s+(?=\S)")
MAX_NAME_WORDS = 4


def read_srt(text: str, repairs: Repairs) -> list[Cue]:
    """The cues, in the order of the file.

    Numbers may be wrong or missing, and so may blank lines. A cue that begins like `Ann Lee: ` is spoken by Ann Lee.
    Raises CaptionError(`captions_too_large`).
    """
    lines = NEW_LINE.split(text)
    timings = [(index, match) for index, line in enumerate(lines) if (match := TIMING.fullmatch(line))]
    check_count(len(timings))
    ends = [index for index, _ in timings[1:]] + [len(lines)]
    cues = []
    for expected, ((index, timing), end) in enumerate(zip(timings, ends, strict=True), start=1):
        where = f"line {index + 1}"
        number = lines[index - 1].strip() if index else ""
        if number.isascii() and number.isdigit() and number.lstrip("0") != str(expected):
            repairs.note(where, "number_wrong", f"Cue {expected} bears the number {number[:20]}")
        own = lines[index + 1 : end]
        if end < len(lines) and own and re.fullmatch(r"\s*\d+\s*", own[-1], re.ASCII):
            own.pop()  # the next cue's number
        read = [_with_speaker(cue) for cue in timed_cues(where, timing, own)]
        if not read:
            repairs.note(where, "time_invalid", f"No such time: {timing[0].strip()[:80]}")
        cues.extend(read)
    return cues


def speaker_prefix(text: str) -> re.Match[str] | None:
    """The name that a text begins with, as its first group: up to four words, each like a name or a number."""
    match = _PREFIX.match(text)
    return match if match and is_name(match[1]) else None


def is_name(text: str) -> bool:
    """Whether this looks like somebody's name: words that begin with a capital, or in a script that has none."""
    words = text.split(" ")
    return (
        len(words) <= MAX_NAME_WORDS
        and words[0][:1].isalpha()
        and all(word[:1].isalnum() and not word[0].islower() for word in words)
    )


def _with_speaker(cue: Cue) -> Cue:
    prefix = None if cue.speaker else speaker_prefix(cue.text)
    if not prefix:
        return cue
    tokens = cue.tokens[len(prefix[0].split()) :]
    return replace(cue, speaker=prefix[1], tokens=tokens, last_line=min(cue.last_line, len(tokens)))
