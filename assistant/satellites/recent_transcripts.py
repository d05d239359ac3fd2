"""What was recognised in the last seconds: Home Assistant passes on only the best text, and the rest is needed too."""

from __future__ import annotations

from collections import OrderedDict

from voice.recogniser import Transcript

KEEP_S = 30.0
"""From a transcript to the moment it comes back to be answered; a pipeline takes well under a second."""

KEEP_MAX = 64


class RecentTranscripts:
    """Transcripts by who got them and what they say; pure, with the time in seconds passed in."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[float, Transcript]] = OrderedDict()

    def keep(self, peer: str, transcript: Transcript, now: float) -> None:
        """Remember what `peer` is about to be told; the oldest is forgotten where there are too many."""
        self._kept[peer, transcript.text] = now, transcript
        self._kept.move_to_end((peer, transcript.text))
        while len(self._kept) > KEEP_MAX:
            self._kept.popitem(last=False)

    def take(self, peer: str, text: str, now: float) -> Transcript | None:
        """What was heard when `peer` was told `text`, once; None if that was another's or is too long ago."""
        at, transcript = self._kept.pop((peer, text), (0.0, None))
        return transcript if transcript and now - at <= KEEP_S else None
