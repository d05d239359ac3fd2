"""Reads transcripts that were written for the eye: HTML as Podcasting 2.0 has it, and plain text.

Times are taken where they stand. Where there are none, they are guessed from the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skills.media.captions.cue import NEW_LINE, TIMESTAMP, Cue, check_count, milliseconds, plain_tokens
from skills.media.captions.repairs import Repairs
from skills.media.captions.srt import is_name, speaker_prefix
from skills.media.captions.transcript import clean, share_out
from skills.media.hypertext import Tag, tokens
from voice.sentences import sentences

CHARACTERS_A_SECOND = 15
"""Of English read aloud at 160 words a minute, blanks included."""
_STRUCTURE = {"cite", "time", "p", "br", "div", "li", "h1", "h2", "h3", "h4", "section", "article", "body", "html"}
_STAMP = re.compile(rf"\s*[\[(]?({TIMESTAMP})[\])]?(?:\s*[-\u2013\u2014|]\s+|\s+|$)")
_NAMED_STAMP = re.compile(rf"\s*([^\[\]()\d]{{1,60}}?)\s*[\[(]?({TIMESTAMP})[\])]?:?\s*")
"""A line of its own, as many transcription services write it: `Ann Lee (12:05):`, or without the brackets."""


@dataclass(frozen=True)
class _Passage:
    """A stretch of text, who says it, and when, if the source says so."""

    where: str
    start_ms: int | None
    speaker: str
    text: str


def read_html(text: str, duration_ms: int | None, repairs: Repairs) -> tuple[list[Cue], bool]:
    """The passages of an HTML transcript: `<cite>Ann:</cite><time>0:15</time><p>Hello.</p>`.

    Returns:
        The cues, and whether their times are estimated.
    Raises CaptionError(`captions_too_large`).
    """
    return _cues(list(_html_passages(text, repairs)), duration_ms)


def read_plain(text: str, duration_ms: int | None) -> tuple[list[Cue], bool]:
    """The lines of a plain text, which may begin with a time or a speaker, or both; else like `read_html`."""
    return _cues(list(_plain_passages(text)), duration_ms)


def _html_passages(text: str, repairs: Repairs) -> Iterator[_Passage]:
    start_ms: int | None = None
    speaker = inside = ""
    gathered: list[str] = []
    count = 0
    for token in [*tokens(text), Tag("p")]:
        if isinstance(token, str):
            gathered.append(token)
            continue
        if token.name.strip("/") not in _STRUCTURE:
            continue  # a mark inside a sentence
        said = clean("".join(gathered))
        if inside == "cite":
            speaker = said.rstrip(":").strip()
        elif inside == "time":
            start_ms = milliseconds(said) if re.fullmatch(TIMESTAMP, said) else None
            if start_ms is None:
                repairs.note(f"passage {count + 1}", "time_invalid", f"No such time: {said[:80]}")
        elif said:
            count += 1
            yield _Passage(f"passage {count}", start_ms, speaker, said)
            start_ms = None
        inside, gathered = token.name, []


def _plain_passages(text: str) -> Iterator[_Passage]:
    start_ms: int | None = None
    speaker = ""
    for number, line in enumerate(NEW_LINE.split(text), start=1):
        if (named := _NAMED_STAMP.fullmatch(line)) and is_name(clean(named[1])):
            speaker, start_ms = clean(named[1]), milliseconds(named[2])
            continue
        if stamp := _STAMP.match(line):
            start_ms = milliseconds(stamp[1])
            line = line[stamp.end() :]
        said = clean(line)
        if prefix := speaker_prefix(said):
            speaker, said = prefix[1], said[prefix.end() :]
        if said:
            yield _Passage(f"line {number}", start_ms, speaker, said)
            start_ms = None


def _cues(passages: list[_Passage], duration_ms: int | None) -> tuple[list[Cue], bool]:
    """A cue for each sentence; those between two times share what lies between by their length."""
    stretches: list[tuple[int, list[_Passage]]] = []
    for passage in passages:
        if passage.start_ms is not None or not stretches:
            stretches.append((passage.start_ms or 0, []))
        stretches[-1][1].append(passage)
    ends = [start_ms for start_ms, _ in stretches[1:]] + [duration_ms or 0]
    cues: list[Cue] = []
    for (start_ms, stretch), end_ms in zip(stretches, ends, strict=False):
        cues.extend(_shared(start_ms, end_ms, stretch))
        check_count(len(cues))
    return cues, all(passage.start_ms is None for passage in passages)


def _shared(start_ms: int, end_ms: int, passages: list[_Passage]) -> Iterator[Cue]:
    spoken = [(passage, sentence) for passage in passages for sentence in sentences(passage.text)]
    lengths = [len(sentence) for _, sentence in spoken]
    if end_ms <= start_ms:
        end_ms = start_ms + sum(lengths) * 1000 // CHARACTERS_A_SECOND
    for (passage, sentence), (begin, end) in zip(spoken, share_out(start_ms, end_ms, lengths), strict=True):
        yield Cue(passage.where, begin, end, plain_tokens(sentence), passage.speaker)
