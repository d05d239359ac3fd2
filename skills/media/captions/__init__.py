"""Captions and transcripts in any of their written forms, as one timed transcript, and back."""

from skills.media.captions.reading import Captions, Format, read_captions
from skills.media.captions.repairs import Repair
from skills.media.captions.transcript import Segment, Transcript, Word
from skills.media.captions.writing import write_srt, write_vtt

__all__ = [
    "Captions",
    "Format",
    "Repair",
    "Segment",
    "Transcript",
    "Word",
    "read_captions",
    "write_srt",
    "write_vtt",
]
