"""Writes transcripts as WebVTT and SRT that read back as they were, times to the millisecond."""

from __future__ import annotations

import re

from skills.media.captions.srt import is_name
from skills.media.captions.transcript import Segment, Transcript

_MISREAD = re.compile(r"&(?=#?\w{1,31};)|<(?=[A-Za-z/\d])|\{(?=\\)|(?<=--)>")
_REFERENCES = {"&": "&amp;", "<": "&lt;", "{": "&#123;", ">": "&gt;"}


def write_vtt(transcript: Transcript) -> str:
    """The transcript as WebVTT, with speakers and language; times of words are left out."""
    header = "WEBVTT\n" + (f"Language: {transcript.language}\n" if transcript.language else "")
    return header + "".join(f"\n{_vtt_cue(segment)}" for segment in transcript.segments)


def write_srt(transcript: Transcript) -> str:
    """The transcript as SRT; a speaker stands before the text, for want of another place: `Ann Lee: Hello.`"""
    return "\n".join(_srt_cue(number, segment) for number, segment in enumerate(transcript.segments, start=1))


def _vtt_cue(segment: Segment) -> str:
    voice = f"<v {_escaped(segment.speaker)}>" if segment.speaker else ""
    begin, end = _timestamp(segment.start_ms, "."), _timestamp(segment.end_ms, ".")
    return f"{begin} --> {end}\n{voice}{_escaped(segment.text)}\n"


def _srt_cue(number: int, segment: Segment) -> str:
    # Players show character references in SRT as they are, so there is one only where a mark would be misread.
    text = _MISREAD.sub(lambda match: _REFERENCES[match[0]], segment.text)
    speaker = f"{segment.speaker}: " if is_name(segment.speaker) else ""
    begin, end = _timestamp(segment.start_ms, ","), _timestamp(segment.end_ms, ",")
    return f"{number}\n{begin} --> {end}\n{speaker}{text}\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("{\\", "&#123;\\")


def _timestamp(ms: int, point: str) -> str:
    seconds, fraction = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{fraction:03}"
