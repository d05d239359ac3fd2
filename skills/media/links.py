"""Where the media of an item are, as paths of the service; whoever hands them to a player makes links of them."""

from __future__ import annotations

from skills.media.recordings import Recording
from skills.message import ItemId


def recording_path(recording: Recording) -> str:
    """Its sound or film."""
    return f"/media/recordings/{recording.name}"


def captions_path(item: ItemId) -> str:
    """What is said in it, as WebVTT."""
    return f"/media/captions/{item}.vtt"


def slide_path(item: ItemId, image: str) -> str:
    """The picture of one of its scenes, by its SHA-256."""
    return f"/media/slides/{item}/{image}.jpg"
