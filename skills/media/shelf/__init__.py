"""Imported media in the database: sources, items, their files and transcripts, and what has been done to each."""

from skills.media.shelf.records import (
    Found,
    Held,
    Link,
    Links,
    Origin,
    Role,
    Source,
    Step,
    StoredFile,
    fingerprint,
)
from skills.media.shelf.shelf import Shelf

__all__ = [
    "Found",
    "Held",
    "Link",
    "Links",
    "Origin",
    "Role",
    "Shelf",
    "Source",
    "Step",
    "StoredFile",
    "fingerprint",
]
