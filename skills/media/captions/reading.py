"""Captions of any format, as bytes from a file or the network, read into one transcript."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum

from skills.media.captions.cue import NEW_LINE, TIMING, Cue
from skills.media.captions.podcast_json import read_json
from skills.media.captions.prose import read_html, read_plain
from skills.media.captions.repairs import Repair, Repairs
from skills.media.captions.srt import read_srt
from skills.media.captions.timeline import segments
from skills.media.captions.transcript import Transcript, language_tag
from skills.media.captions.webvtt import read_webvtt
from skills.media.errors import CaptionError

MAX_BYTES = 20_000_000
_LOOKED_AT = 20_000
"""Characters of a file from which its format is told."""
_HTML = re.compile(r"<(?:!doctype html|html|body|cite|time|p|div|br)\b", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Format(StrEnum):
    """The written forms of captions, by the endings of their files' names."""

    VTT = "vtt"
    SRT = "srt"
    JSON = "json"
    HTML = "html"
    TEXT = "txt"


@dataclass(frozen=True)
class Captions:
    """What was read: `repairs` are the first of `repairs_total` things that were put right."""

    transcript: Transcript
    format: Format
    repairs: tuple[Repair, ...]
    repairs_total: int


def read_captions(content: bytes, *, claimed: str = "", language: str = "", duration_ms: int | None = None) -> Captions:
    """Read captions.

    `claimed` is a media type or a file name; it only counts where the content leaves the format open. `language` is
    what the source says of it, if the file does not. With `duration_ms`, that of the recording, nothing reaches past
    its end.

    Raises CaptionError: `captions_too_large`, `captions_not_text`, `captions_invalid`, `captions_empty`.
    """
    if len(content) > MAX_BYTES:
        raise CaptionError("captions_too_large", f"The captions have more than {MAX_BYTES // 1_000_000} MB")
    repairs = Repairs()
    text = _decoded(content, repairs)
    kind = _format(text, claimed)
    cues, named, estimated = _cues(kind, text, duration_ms, repairs)
    spoken = segments(cues, duration_ms, repairs)
    if not spoken:
        why = f"; {repairs.kept[0].where}: {repairs.kept[0].message}" if repairs.kept else ""
        raise CaptionError("captions_empty", f"There is nothing in these captions that could be used{why}")
    transcript = Transcript(spoken, language_tag(named) or language_tag(language), estimated)
    return Captions(transcript, kind, tuple(repairs.kept), repairs.total)


def _cues(kind: Format, text: str, duration_ms: int | None, repairs: Repairs) -> tuple[list[Cue], str, bool]:
    """The cues, the language that the file names, and whether the times are estimated."""
    match kind:
        case Format.VTT:
            return *read_webvtt(text, repairs), False
        case Format.SRT:
            return read_srt(text, repairs), "", False
        case Format.JSON:
            return *read_json(text, repairs), False
        case Format.HTML:
            cues, estimated = read_html(text, duration_ms, repairs)
        case Format.TEXT:
            cues, estimated = read_plain(text, duration_ms)
    return cues, "", estimated


def _decoded(content: bytes, repairs: Repairs) -> str:
    bom, encoding = next((entry for entry in _BOMS if content.startswith(entry[0])), (b"", "utf-8"))
    body = content[len(bom) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        encoding = encoding if bom else "cp1252"
        text = body.decode(encoding, errors="replace")
        line = body[: error.start].count(b"\n") + 1
        repairs.note(f"line {line}", "encoding", f"This is not {error.encoding}; it is read as {encoding}")
    if "\x00" in text:
        raise CaptionError("captions_not_text", "This is no text")
    return text


def _format(text: str, claimed: str) -> Format:
    """What the text looks like, whatever it is claimed to be; only HTML without a mark is known by its name alone."""
    start = text[:_LOOKED_AT].lstrip()
    if start.startswith("WEBVTT"):
        return Format.VTT
    if start.startswith("{") or re.match(r"\[\s*[{\]]", start):
        return Format.JSON
    if any(TIMING.fullmatch(line) for line in NEW_LINE.split(start)):
        return Format.SRT
    if _HTML.search(start):
        return Format.HTML
    name = claimed.partition(";")[0].strip().lower()
    return Format.HTML if name == "text/html" or name.endswith((".html", ".htm")) else Format.TEXT
