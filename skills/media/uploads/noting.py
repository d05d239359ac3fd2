"""An upload that is whole becomes an item of its creator's: a draft, until it is published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from skills.media.captions.transcript import clean
from skills.media.catalogue import Details
from skills.media.content import Stored
from skills.media.errors import UploadError
from skills.media.shelf import Found, Link, Links, Shelf
from skills.media.shelf.records import CONTENT
from skills.media.sources.folders import VIDEOS
from skills.media.sources.reading import shortened
from skills.media.uploads.arriving import Upload
from skills.turn import MediaKind

KIND = "upload"
"""Of the source of everything that one creator has uploaded."""
_GIVEN = ("title", "creator", "series", "kind", "language", "description", "published")
"""Details that may stand in an upload's metadata."""


def source_id(owner: str) -> str:
    """The source of a creator's uploads."""
    return hashlib.sha256(f"{KIND}\0{owner}".encode()).hexdigest()[:32]


def note(upload: Upload, stored: Stored, shelf: Shelf, today: date) -> str:
    """Put it on the shelf, where it has the upload's id, and give that back. Done twice it comes to the same."""
    source = shelf.source(source_id(upload.owner), KIND, upload.owner)
    details = described(upload.id, upload.owner, upload.metadata, today)
    links = Links(
        tagged="title" not in upload.metadata,
        recording=Link(address=CONTENT + stored.sha256, media_type=upload.metadata.get("filetype", "")[:100]),
    )
    shelf.take(source.id, [Found(details, links, upload.metadata.get("filename", "")[:200])], draft=True)
    return upload.id


def described(identity: str, owner: str, metadata: Mapping[str, str], today: date) -> Details:
    """What an upload's metadata say; UploadError(`upload_invalid`), naming the one that cannot be used."""
    given: dict[str, Any] = {name: metadata[name] for name in _GIVEN if metadata.get(name)}
    name = PurePath(metadata.get("filename", "").replace("\\", "/")).name
    is_video = PurePath(name).suffix.lower() in VIDEOS or metadata.get("filetype", "").startswith("video/")
    defaults = {
        "title": shortened(clean(PurePath(name).stem.replace("_", " "))) or "Untitled",
        "creator": shortened(owner),
        "kind": MediaKind.TALK,
        "published": today,
    }
    try:
        return Details.model_validate({**defaults, **given, "id": identity, "medium": "video" if is_video else "audio"})
    except ValidationError as error:
        problem = error.errors()[0]
        raise UploadError("upload_invalid", f"Upload-Metadata: {problem['loc'][0]}: {problem['msg']}") from error
