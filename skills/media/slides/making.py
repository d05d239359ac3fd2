"""The scenes of a recording, from its pictures and from what is said in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from skills.media.content import ContentStore
from skills.media.slides.key_frames import beginnings, key_look
from skills.media.slides.looking import INTERVAL_MS, Look, look_through
from skills.media.slides.pictures import pictures
from skills.media.slides.scene import Scene
from skills.media.slides.segmenting import Spoken, Stretch, segment


def make_scenes(
    path: Path,
    duration_ms: int,
    spoken: Sequence[Spoken],
    store: ContentStore,
    on_seconds: Callable[[float], None] = lambda _seconds: None,
) -> list[Scene]:
    """The scenes of a video of that length, whose pictures go into the store; `on_seconds` tells how far it is.

    Raises RecordingError: `recording_unreadable`, `recording_pictures`; ContentError.
    """
    looks, changes = look_through(path, duration_ms, on_seconds)
    begins = beginnings(looks, changes)
    stretches = segment(spoken, begins, duration_ms)
    by_place = {change.at_ms: change for change in begins}
    spans = [_span(key_look(looks, stretch, by_place), stretch) for stretch in stretches]
    return [
        Scene(one.start_ms, one.end_ms, max(one.start_ms, key_ms), store.put(jpeg).sha256, _said(spoken, one))
        for one, (key_ms, jpeg) in zip(stretches, pictures(path, spans), strict=True)
    ]


def _span(key: Look, stretch: Stretch) -> tuple[int, int]:
    """From the look before the best one to the look after it, as far as they belong to the scene: among its neighbours
    there may be a sharper frame yet.
    """
    start_ms = max(key.frame_ms - INTERVAL_MS, min(key.frame_ms, stretch.start_ms))
    return start_ms, max(key.frame_ms, min(key.frame_ms + INTERVAL_MS, stretch.end_ms - 1))


def _said(spoken: Sequence[Spoken], stretch: Stretch) -> str:
    """What is said in a stretch, at least for the greater part."""
    middles = ((one, (one.start_ms + one.end_ms) // 2) for one in spoken)
    return " ".join(one.text for one, middle in middles if stretch.start_ms <= middle < stretch.end_ms)
