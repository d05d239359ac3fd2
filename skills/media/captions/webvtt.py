"""Reads WebVTT (W3C, https://www.w3.org/TR/webvtt1/), more forgivingly than its grammar, as players do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from skills.media.captions.cue import NEW_LINE, TIMING, Cue, check_count, timed_cues
from skills.media.captions.repairs import Repairs

_NO_CUE = re.compile(r"(NOTE|STYLE|REGION)(?:\s|$)")
_LANGUAGE = re.compile(r"Language:\s*(\S{1,40})\s*")


def read_webvtt(text: str, repairs: Repairs) -> tuple[list[Cue], str]:
    """The cues, in the order of the file, and the language that the header names, or nothing.

    Identifiers, settings, comments, styles and regions are passed over. What is neither of these nor a cue is noted.
    Raises CaptionError(`captions_too_large`).
    """
    cues: list[Cue] = []
    language = ""
    for number, lines in _blocks(NEW_LINE.split(text)):
        if number == 1 and lines[0].startswith("WEBVTT"):
            found = (_LANGUAGE.fullmatch(line) for line in lines[1:])
            language = next((match[1] for match in found if match), "")
        elif not _NO_CUE.match(lines[0]):
            cues.extend(_cue(number, lines, repairs))
            check_count(len(cues))
    return cues, language


def _cue(number: int, lines: Sequence[str], repairs: Repairs) -> Iterator[Cue]:
    """A block's cue: its timing line stands first, or after an identifier."""
    for index, line in enumerate(lines[:2]):
        if timing := TIMING.fullmatch(line):
            read = list(timed_cues(f"line {number + index}", timing, lines[index + 1 :]))
            if not read:
                repairs.note(f"line {number + index}", "time_invalid", f"No such time: {line.strip()[:80]}")
            yield from read
            return
    repairs.note(f"line {number}", "not_a_cue", f"This is no cue: {lines[0].strip()[:80]}")


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines between blank ones, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
