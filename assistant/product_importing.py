"""One import of a feed of products on a data directory: by the command line, or by the service's worker."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import Engine

from assistant.errors import StartError
from assistant.paths import DataPaths
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.fetching import Fetched, Fetcher, Network, Purpose
from skills.shopping.catalogue import Catalogues
from skills.shopping.errors import FeedError
from skills.shopping.importing import Choices, FeedImporter, Import, Imports

OnProgress = Callable[[Import], None]


class ImportRunningError(StartError):
    """Another process imports into this shop."""


@contextmanager
def shop_alone(paths: DataPaths, shop: str, *, wait: bool) -> Iterator[None]:
    """One import into a shop at a time; the kernel lets go of the lock however this process ends.

    Raises:
        ImportRunningError: another process has it, and nobody is to `wait`.
    """
    folder = paths.shops / shop
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise ImportRunningError(f"another import into {shop} is running; wait for it, or stop it") from None
        yield


def is_web(source: str) -> bool:
    """Whether a source has to be fetched."""
    return source.startswith(("http://", "https://"))


def import_products(
    engine: Engine,
    paths: DataPaths,
    networks: Sequence[Network],
    state: Import,
    source: str | Path,
    choices: Choices,
    told: OnProgress = lambda _state: None,
) -> Import:
    """Take a feed, from a file or an address, into its shop; how it ended is in what is returned.

    `networks` may be fetched from though they are not public. The caller holds `shop_alone`.

    Raises:
        FeedError: `feed_missing`, or it could not be fetched; the import is as it was.
        CatalogueStoreError: `catalogue_failed`.
    """
    importer = FeedImporter(Catalogues(engine), Imports(engine), state, paths.shops / state.shop, told)
    with TemporaryDirectory(dir=paths.shops / state.shop) as folder:
        path = _fetched(str(source), Path(folder), networks) if is_web(str(source)) else Path(source)
        try:
            with path.open("rb") as file:
                return importer.run(file, choices)
        except OSError as error:
            raise FeedError("feed_missing", f"{source} cannot be read: {error.strerror}") from error


def _fetched(url: str, folder: Path, networks: Sequence[Network]) -> Path:
    try:
        found = Fetcher(ContentStore(folder), networks).fetch(url, Purpose.PRODUCTS)
    except MediaError as error:
        raise FeedError(error.code, str(error), retryable=error.retryable) from error
    assert isinstance(found, Fetched)  # nothing is known from before
    return found.stored.path
