"""What a source is, by its looks: an address is a feed; a file may be a feed, a catalogue or a single recording."""

from __future__ import annotations

from pathlib import Path

from skills.media.content import ContentStore
from skills.media.errors import SourceError
from skills.media.fetching import Fetcher
from skills.media.fetching.purposes import SNIFFED, Family, family
from skills.media.shelf import Shelf, Source
from skills.media.sources.catalogue_files import ENDINGS, read_catalogue
from skills.media.sources.feeds import read_feed_at, read_feed_file
from skills.media.sources.folders import read_folder, read_recording
from skills.media.sources.reading import Reading


def open_source(address: str, shelf: Shelf, store: ContentStore, fetcher: Fetcher) -> Reading | Source:
    """Open what an address or a path names; just its Source where it is what it was when it was last taken in.

    Raises SourceError, FeedError, FetchError, ContentError, ShelfError.
    """
    if address.startswith(("http://", "https://")):
        return read_feed_at(address, shelf, fetcher)
    path = Path(address).expanduser().absolute()
    if path.is_dir():
        return read_folder(path, shelf)
    if not path.is_file():
        raise SourceError("source_missing", f"{path} is neither a file nor a folder, and no address of the web")
    if path.suffix.lower() in ENDINGS:
        return read_catalogue(path, shelf)
    match _family(path):
        case Family.XML | Family.PAGE:
            return read_feed_file(path, shelf, store)
        case Family.RECORDING:
            return read_recording(path, shelf)
        case other:
            raise SourceError(
                "source_unreadable",
                f"{path} is {other}: a feed, a recording or a catalogue ({', '.join(ENDINGS)}) will do",
            )


def _family(path: Path) -> Family:
    try:
        with path.open("rb") as file:
            return family(file.read(SNIFFED))
    except OSError as error:
        raise SourceError("source_unreadable", f"{path} cannot be read: {error.strerror}") from error
