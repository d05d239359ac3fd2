"""The process that does one import of products for the service, which it gives way to."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from assistant.logs import configure_logs
from assistant.paths import DataPaths
from assistant.product_importing import import_products, shop_alone
from assistant.product_imports import CHOICES, FEED
from assistant.settings import load_settings
from assistant.storage.store import Store
from skills.shopping.errors import FeedError
from skills.shopping.importing import Choices, Imports, State

NICENESS = 10


def main() -> int:
    """Do the import that the arguments name; its state says how it ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("shop")
    parser.add_argument("id")
    options = parser.parse_args()
    os.nice(NICENESS)
    settings = load_settings(data_dir=options.data_dir)
    configure_logs(settings)
    paths = DataPaths(settings.data_dir)
    folder = paths.shops / options.shop / "imports" / options.id
    store = Store(settings.database_url or paths.database_url)
    try:
        records = Imports(store.engine)
        state = records.find(options.shop, options.id)
        if state is None:
            return 1
        asked = Choices.model_validate_json((folder / CHOICES).read_text())
        feed = folder / FEED
        with shop_alone(paths, options.shop, wait=True):
            try:
                source = feed if feed.is_file() else state.source
                import_products(store.engine, paths, settings.import_networks, state, source, asked)
            except FeedError as error:
                ended = {"code": error.code, "message": str(error), "ended_at": datetime.now(UTC)}
                records.keep(state.model_copy(update={"state": State.FAILED, **ended}))
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
