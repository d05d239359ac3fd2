"""`./sori media`: takes imported items away again, and the files that nothing needs any more."""

from __future__ import annotations

import argparse
import time

from assistant.errors import ServiceError, StartError
from assistant.importing import importing_alone
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.garbage import Tidied, contents_of, tidy
from skills.media.shelf import Shelf

FRESH_S = 3_600
"""A running service may be about to note what it has just put in the store."""


def run(options: argparse.Namespace) -> int:
    """Do one of `remove` and `tidy`."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    try:
        paths.make()
        with importing_alone(paths):
            store = Store(settings.database_url or paths.database_url)
            try:
                {"remove": _remove, "tidy": _tidy}[options.action](options, store, ContentStore(paths.media))
            finally:
                store.close()
    except (StartError, ServiceError, MediaError) as error:
        raise SetupError(str(error)) from error
    return 0


def _remove(options: argparse.Namespace, store: Store, contents: ContentStore) -> None:
    shelf = Shelf(store.engine)
    title = shelf.item(options.item).found.details.title
    unwanted = contents_of(options.item, shelf, contents)
    shelf.remove(options.item)
    store.forget_item(options.item)
    print(f"{title} is gone{_freed(tidy(shelf, contents, time.time() + 1, unwanted))}.")


def _tidy(_options: argparse.Namespace, store: Store, contents: ContentStore) -> None:
    tidied = tidy(Shelf(store.engine), contents, time.time() - FRESH_S)
    print(f"{tidied.contents:,} files that nothing needed are gone{_freed(tidied)}.")


def _freed(tidied: Tidied) -> str:
    return f", and {tidied.size / 1e6:,.1f} MB of the disk are free again" if tidied.size else ""
