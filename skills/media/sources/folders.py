"""A folder of recordings as a source: each file an item, with the captions and the picture that lie beside it."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from skills.media.captions.transcript import clean, language_tag
from skills.media.catalogue import Details
from skills.media.errors import SourceError
from skills.media.feeds import Problem
from skills.media.shelf import Found, Link, Links, Shelf
from skills.media.sources.reading import Reading, local_link, path_id, shortened
from skills.turn import MediaKind

# fmt: off
VIDEOS = frozenset((
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".wmv", ".3gp", ".ogv",
))
RECORDINGS = VIDEOS | {
    ".mp3", ".m4a", ".m4b", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav", ".aif", ".aiff", ".wma", ".amr", ".caf",
    ".mka",
}
# fmt: on
CAPTIONS = (".vtt", ".srt", ".json", ".html", ".txt")
"""The most wanted first."""
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
COVERS = ("cover", "folder", "front", "artwork")
"""Names of a picture that stands for every recording of its folder."""
_NUMBERED = re.compile(r"(\d{1,4})\s*[-_. ]\s*(?=\S)")
"""The number that many file names begin with: `03 - Glaciers.mp3`."""


def read_folder(folder: Path, shelf: Shelf) -> Reading:
    """Every recording below a folder; SourceError(`source_empty`, `source_unreadable`)."""
    paths = list(_below(folder))
    if not paths:
        raise SourceError("source_empty", f"There is no recording below {folder}")
    source = shelf.source(path_id(folder), "folder", str(folder))
    title = shortened(clean(folder.name)) or "Recordings"
    return Reading(replace(source, title=title), len(paths), functools.partial(_entries, folder, paths, title))


def read_recording(path: Path, shelf: Shelf) -> Reading:
    """A single recording."""
    source = shelf.source(path_id(path), "folder", str(path))
    title = shortened(clean(path.parent.name)) or "Recordings"
    reading = functools.partial(_entries, path.parent, [path], title)
    return Reading(replace(source, title=title), 1, reading)


def _below(folder: Path) -> Iterator[Path]:
    """Recordings by name, in the order of their paths; hidden files and folders are left alone."""

    def fail(error: OSError) -> None:
        raise SourceError("source_unreadable", f"{error.filename} cannot be read: {error.strerror}") from error

    for parent, folders, files in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if path.suffix.lower() in RECORDINGS and not name.startswith("."):
                yield path


def _entries(folder: Path, paths: Sequence[Path], title: str) -> Iterator[Found | Problem]:
    for path in paths:
        place = str(path.relative_to(folder))
        if path.is_symlink():
            yield Problem(place, "path_link", "It is a link to another place, and is left out", fatal=True)
            continue
        try:
            yield _found(folder, path, place, title)
        except OSError as error:
            yield Problem(place, "recording_missing", f"It cannot be read: {error.strerror}", fatal=True)
        except UnicodeEncodeError:
            yield Problem(ascii(place), "path_invalid", "Its name is no text", fatal=True)


def _found(folder: Path, path: Path, place: str, title: str) -> Found:
    numbered = _NUMBERED.match(path.stem)
    name = clean(path.stem[numbered.end() :] if numbered else path.stem).replace("_", " ").strip()
    place.encode()
    details = Details(
        id=path_id(folder, place),
        kind=MediaKind.TALK,
        medium="video" if path.suffix.lower() in VIDEOS else "audio",
        title=shortened(name or path.name),
        creator=title,
        series=shortened(clean(path.parent.name)) if path.parent != folder else title,
        episode=int(numbered[1]) if numbered else None,
        published=datetime.fromtimestamp(path.stat().st_mtime, UTC).date(),
    )
    return Found(details, _links(path), place)


def _links(path: Path) -> Links:
    beside = sorted(one for one in path.parent.glob(f"{_literal(path.stem)}.*") if one.is_file())
    captions = [_caption(path, one) for one in beside if one.suffix.lower() in CAPTIONS]
    captions.sort(key=lambda link: CAPTIONS.index(Path(link.address).suffix.lower()))
    return Links(tagged=True, recording=local_link(path), captions=tuple(captions), artwork=_artwork(path, beside))


def _caption(path: Path, caption: Path) -> Link:
    """`talk.en.vtt` beside `talk.mp3` is in English."""
    middle = caption.name[len(path.stem) + 1 :].removesuffix(caption.suffix).rstrip(".")
    return local_link(caption).model_copy(update={"language": language_tag(middle)})


def _artwork(path: Path, beside: Sequence[Path]) -> Link | None:
    own = [one for one in beside if one.suffix.lower() in PICTURES]
    shared = [one for name in COVERS for one in sorted(path.parent.glob(f"{name}.*")) if one.suffix.lower() in PICTURES]
    return next((local_link(one) for one in [*own, *shared] if one.is_file()), None)


def _literal(name: str) -> str:
    """A name for `glob` in which nothing is a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", name)
