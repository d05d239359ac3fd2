"""What recordings were heard as, kept until their transcript is sent: widgets never carry a recogniser's doubts."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from assistant.chat.sessions import Shopper
from voice.recogniser import Transcript

KEPT = 1_000
KEPT_FOR_S = 600.0


@dataclass(frozen=True)
class _Heard:
    shopper: Shopper
    transcript: Transcript
    until_s: float


class Voices:
    """Transcripts of the last recordings; times in seconds, passed in."""

    def __init__(self) -> None:
        self._heard: OrderedDict[str, _Heard] = OrderedDict()

    def keep(self, shopper: Shopper, transcript: Transcript, now_s: float) -> str:
        """Keep a transcript; returns its id."""
        identity = secrets.token_hex(8)
        self._heard[identity] = _Heard(shopper, transcript, now_s + KEPT_FOR_S)
        while len(self._heard) > KEPT:
            self._heard.popitem(last=False)
        return identity

    def take(self, identity: str, shopper: Shopper, now_s: float) -> Transcript | None:
        """The transcript of this shopper's recording, once; None where it is not theirs or too old."""
        heard = self._heard.get(identity)
        if (
            heard is None
            or (heard.shopper.shop, heard.shopper.id) != (shopper.shop, shopper.id)
            or heard.until_s <= now_s
        ):
            return None
        return self._heard.pop(identity).transcript
