"""What the skill has kept of listeners, and where it asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from skills.media.follows import Follows
from skills.media.places import Places
from skills.media.playlists import Playlists


@dataclass(frozen=True)
class Notes:
    """Where listeners are in items, whom they follow, and their playlists."""

    places: Places
    follows: Follows
    playlists: Playlists
