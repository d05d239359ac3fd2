"""What can be meant by what is said to each face of the assistant: the intents that `nlu_data/faces.yml` lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FACE = "face"
"""Under this name the face goes with a message, in its metadata."""

MEDIA = "media"
"""The face of a text that comes without one, as from Rasa's own commands."""


@dataclass(frozen=True)
class Faces:
    """The intents of each face."""

    intents: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, root: Path) -> Faces:
        """Read `root/faces.yml`."""
        listed = yaml.safe_load((root / "faces.yml").read_text(encoding="utf-8"))
        groups: dict[str, list[str]] = listed["groups"]
        faces: dict[str, list[str]] = listed["faces"]
        return cls({face: frozenset(one for name in names for one in groups[name]) for face, names in faces.items()})

    @property
    def learnt(self) -> frozenset[str]:
        """The faces of which something is learnt: those that are not a part of another."""
        return frozenset(self.whole(face) for face in self.intents)

    def whole(self, face: str) -> str:
        """The widest face that has all intents of this one."""
        wider = [other for other in self.intents if self.intents[face] <= self.intents[other]]
        return max(wider, key=lambda other: len(self.intents[other]))


def face_of(metadata: Mapping[str, Any] | None) -> str:
    """The face in the metadata of a message."""
    return str((metadata or {}).get(FACE, MEDIA))
