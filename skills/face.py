"""Which of the assistant's faces somebody talks to: it decides what can be meant, and by which skill it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from skills.turn import Channel, Utterance


class Face(StrEnum):
    """`nlu_data/faces.yml` lists the intents of each."""

    MEDIA = "media"
    """The speaker and its pages."""
    SHOP = "shop"
    """A shop's chat."""
    COUNTER = "counter"
    """A shop that was opened at the speaker: the shop's intents, those that steer the player, and leaving."""
    SELLER = "seller"
    """The console, where a seller asks what customers wanted and changes what the shop answers."""

    @property
    def skill(self) -> str:
        """Whose answers come first where several skills have one."""
        return _SKILLS[self]


_SKILLS = {Face.MEDIA: "media", Face.SHOP: "shopping", Face.COUNTER: "shopping", Face.SELLER: "seller"}


def face_of(utterance: Utterance, memory: Mapping[str, Any]) -> Face:
    """The face of a turn; `memory` is the conversation's, by skill."""
    if utterance.channel is Channel.CONSOLE:
        return Face.SELLER
    if utterance.store:
        return Face.SHOP
    shopping = memory.get("shopping")
    return Face.COUNTER if isinstance(shopping, Mapping) and shopping.get("shop") else Face.MEDIA
