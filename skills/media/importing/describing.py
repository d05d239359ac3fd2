"""What the tags of a file say of an item that otherwise only has the file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from skills.media.catalogue import Details
from skills.media.sources.reading import MAX_WORD, shortened
from skills.turn import MediaKind

_KINDS = {
    "podcast": MediaKind.PODCAST, "audiobook": MediaKind.AUDIOBOOK, "speech": MediaKind.TALK,
    "lecture": MediaKind.LESSON, "lesson": MediaKind.LESSON, "concert": MediaKind.CONCERT, "live": MediaKind.CONCERT,
}  # fmt: skip
"""By words of a genre."""
_DATE = re.compile(r"(\d{4})(?:-(\d{2})-(\d{2}))?")
_LANGUAGES = {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "kor": "ko", "jpn": "ja"}
"""ISO 639-2 as it stands in files, of languages that are met often."""


def tagged_details(details: Details, tags: Mapping[str, str]) -> dict[str, Any]:
    """The fields that the tags, by their names in small letters, know better than the file's name."""
    genre = tags.get("genre", "")
    number = re.match(r"\d{1,5}", tags.get("episode_sort") or tags.get("track") or "")
    language = tags.get("language", "").lower()
    known = {
        "title": shortened(tags.get("title", "")),
        "creator": shortened(tags.get("artist") or tags.get("album_artist") or tags.get("author") or ""),
        "series": shortened(tags.get("show") or tags.get("album") or ""),
        "description": tags.get("description") or tags.get("synopsis") or tags.get("comment") or "",
        "published": _published(tags.get("date") or tags.get("creation_time") or ""),
        "episode": int(number[0]) if number else None,
        "tags": [shortened(genre.lower(), MAX_WORD)] if genre else [],
        "kind": next((kind.value for word, kind in _KINDS.items() if word in genre.lower()), ""),
        "language": _LANGUAGES.get(language, language if len(language) == 2 and language.isascii() else ""),
    }
    fields = {name: value for name, value in known.items() if value not in ("", None, [])}
    return Details.model_validate(details.model_dump() | fields).model_dump(mode="json", include=set(fields))


def _published(text: str) -> str:
    found = _DATE.match(text)
    if not found:
        return ""
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        return ""
