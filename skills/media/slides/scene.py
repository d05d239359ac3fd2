"""A scene, and how scenes are kept: JSON, a list of objects with the fields of `Scene`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Scene:
    """A stretch of a video. `frame_ms` is when its picture is seen, `image` the SHA-256 of that picture as a JPEG."""

    start_ms: int
    end_ms: int
    frame_ms: int
    image: str
    text: str
    """What is said in it; empty where nobody knows."""


_SCENES: TypeAdapter[tuple[Scene, ...]] = TypeAdapter(tuple[Scene, ...])


def read_scenes(content: bytes) -> tuple[Scene, ...]:
    """What `write_scenes` made."""
    return _SCENES.validate_json(content)


def write_scenes(scenes: Sequence[Scene]) -> bytes:
    """The scenes as they are kept."""
    return _SCENES.dump_json(tuple(scenes))


def scene_at(scenes: Sequence[Scene], position_ms: int) -> int:
    """The place in a list, not empty, of the scene that is on at `position_ms`; past the last it is the last."""
    return max(0, bisect_right(scenes, position_ms, key=lambda scene: scene.start_ms) - 1)
