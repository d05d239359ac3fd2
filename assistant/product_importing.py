"""One import of a feed of products on a data directory: by the command line, or by the service's worker."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import Engine

from assistant.errors import StartError
from assistant.paths import DataPaths
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.fetching import Fetched, Fetcher, Network, Purpose
from skills.shopping.catalogue import Catalogues
from skills.shopping.importing import Choices, FeedImporter, Import, Imports, State

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
        CatalogueStoreError: `catalogue_failed`.
    """
    records = Imports(engine)
    importer = FeedImporter(Catalogues(engine), records, state, paths.shops / state.shop, told)
    with TemporaryDirectory(dir=paths.shops / state.shop) as folder:
        try:
            path = _fetched(str(source), Path(folder), networks) if is_web(str(source)) else Path(source)
            file = path.open("rb")
        except (MediaError, OSError) as error:
            code = error.code if isinstance(error, MediaError) else "feed_missing"
            return _failed(records, state, code, f"{source} cannot be read: {error}")
        with file:
            return importer.run(file, choices)


def _fetched(url: str, folder: Path, networks: Sequence[Network]) -> Path:
    found = Fetcher(ContentStore(folder), networks).fetch(url, Purpose.PRODUCTS)
    assert isinstance(found, Fetched)  # nothing is known from before
    return found.stored.path


def _failed(records: Imports, state: Import, code: str, message: str) -> Import:
    ended = {"state": State.FAILED, "code": code, "message": message, "ended_at": datetime.now(UTC)}
    state = state.model_copy(update=ended)
    records.keep(state)
    return state
