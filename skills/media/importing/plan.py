"""What has to be done to an item next, and whether listeners can find it: pure decisions over what is known of it.

Each step is done from certain inputs. Their fingerprint is kept with what came of it, so that it is done again when
they, or the way it is done, have changed, and never otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

from skills.media.importing.options import Options
from skills.media.loudness.encoding import MEDIA_TYPES
from skills.media.shelf import Held, Link, Origin, Role, Step, fingerprint


class StepName(StrEnum):
    """The steps, in the order in which they are taken: first what makes an item playable."""

    FETCH = "fetch"
    PROBE = "probe"
    LOUDNESS = "loudness"
    ARTWORK = "artwork"
    CHAPTERS = "chapters"
    PEAKS = "peaks"
    CAPTIONS = "captions"
    SLIDES = "slides"


VERSIONS = dict.fromkeys(StepName, 1)
"""Of the way each step is done; raised when it should be done again to everything."""

SOUNDS = {
    "mp3": "audio/mpeg", "flac": "audio/flac", "ogg": "audio/ogg", "wav": "audio/wav",
    "mov,mp4,m4a,3gp,3g2,mj2": "audio/mp4", "aac": "audio/aac", "matroska,webm": "audio/webm",
}  # fmt: skip
"""Media types by FFmpeg's names of containers."""
_PLAYED = {"mp3", "aac", "opus", "vorbis", "flac", "pcm_s16le"}
"""Codecs of sound that browsers play."""
_SEEN = {"mov,mp4,m4a,3gp,3g2,mj2": {"h264", "av1"}, "matroska,webm": {"vp8", "vp9", "av1"}}
"""Codecs of video that browsers play, by containers."""


def next_step(held: Held, options: Options, tried: Collection[StepName] = ()) -> tuple[StepName, str] | None:
    """The first step that is due, and the fingerprint of its inputs; None where nothing is to be done.

    What failed and may succeed the next time is due again unless it has been `tried` just now.
    """
    for name in StepName:
        now, done = expected(name, held, options), held.steps.get(name)
        if now and (done is None or done.fingerprint != now or (done.retryable and name not in tried)):
            return name, now
    return None


def expected(name: StepName, held: Held, options: Options) -> str:
    """The fingerprint of what a step is to be done from as things are; empty where it is not to be done."""
    inputs = _INPUTS[name](held, options)
    return "" if inputs is None else fingerprint(VERSIONS[name], inputs)


def is_visible(held: Held, options: Options) -> bool:
    """Whether listeners can find it: as soon as it can be played, and at once where there is nothing to play."""
    if held.item is None or held.draft:
        return False
    if held.found.links.recording is None:
        return True
    probe = held.steps.get(StepName.PROBE)
    if Role.ORIGINAL in held.files and probe is not None:
        return not probe.code and is_playable(held)
    return held.visible or not options.download


def is_playable(held: Held) -> bool:
    """Whether there is a file that browsers play."""
    return Role.PLAYABLE in held.files or browser_type(held.steps.get(StepName.PROBE)) != ""


def browser_type(probe: Step | None) -> str:
    """The media type of an original that browsers play as it is; empty where they do not."""
    if probe is None or probe.code:
        return ""
    known = probe.result
    if known["video_codec"]:
        plays = known["video_codec"] in _SEEN.get(known["container"], ()) and known["audio_codec"] in _PLAYED
        return _video_type(known["container"]) if plays else ""
    return SOUNDS.get(known["container"], "") if known["audio_codec"] in _PLAYED else ""


def _video_type(container: str) -> str:
    return MEDIA_TYPES["webm" if container.startswith("matroska") else "mp4"]


def _reachable(link: Link | None, options: Options) -> bool:
    return link is not None and (options.download or not link.is_web)


def _stamp(link: Link) -> list[str]:
    return [link.address, link.stamp]


def _fetch(held: Held, options: Options) -> Any:
    link = held.found.links.recording
    return _stamp(link) if link is not None and _reachable(link, options) else None


def _probe(held: Held, _options: Options) -> Any:
    original = held.files.get(Role.ORIGINAL)
    return [original.sha256, held.found.links.tagged] if original else None


def _sound(held: Held, _options: Options) -> Any:
    """What is done to a recording that was found sound."""
    probe = held.steps.get(StepName.PROBE)
    return [held.files[Role.ORIGINAL].sha256] if Role.ORIGINAL in held.files and probe and not probe.code else None


def _loudness(held: Held, options: Options) -> Any:
    inputs = _sound(held, options)
    return inputs and [*inputs, options.aim.integrated, options.aim.true_peak]


def _artwork(held: Held, options: Options) -> Any:
    link = held.found.links.artwork
    if link is not None:
        return _stamp(link) if _reachable(link, options) else None
    inputs = _sound(held, options)
    return inputs if inputs and held.steps[StepName.PROBE].result["has_artwork"] else None


def _chapters(held: Held, options: Options) -> Any:
    link = held.found.links.chapters
    return _stamp(link) if link is not None and _reachable(link, options) else None


def _captions(held: Held, options: Options) -> Any:
    if held.origin is Origin.CORRECTED:
        return None
    given = [_stamp(link) for link in held.found.links.captions if _reachable(link, options)]
    sound = _sound(held, options)
    if sound:
        return [given, sound, options.recogniser, held.found.details.language]
    waits_for_recording = _fetch(held, options) is not None
    return [given] if given and not waits_for_recording else None


def _slides(held: Held, options: Options) -> Any:
    """Of videos, once what is said in them has been written down, and again when that was corrected."""
    inputs = _sound(held, options)
    if not inputs or not held.steps[StepName.PROBE].result["video_codec"]:
        return None
    captions = held.steps.get(StepName.CAPTIONS)
    return [*inputs, captions.fingerprint if captions and not captions.code else ""]


_INPUTS: dict[StepName, Callable[[Held, Options], Any]] = {
    StepName.FETCH: _fetch,
    StepName.PROBE: _probe,
    StepName.LOUDNESS: _loudness,
    StepName.ARTWORK: _artwork,
    StepName.CHAPTERS: _chapters,
    StepName.PEAKS: _sound,
    StepName.CAPTIONS: _captions,
    StepName.SLIDES: _slides,
}
