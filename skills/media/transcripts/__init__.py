"""Recognised words as a transcript that is good to read: sentences, capitals, digits."""

from skills.media.transcripts.names import Names
from skills.media.transcripts.segmenting import readable

__all__ = ["Names", "readable"]
