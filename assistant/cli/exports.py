"""`./sori export`: what is said in an imported item, as captions."""

from __future__ import annotations

import argparse

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.media.captions import write_srt, write_vtt
from skills.media.errors import MediaError
from skills.media.shelf import Shelf


def run(options: argparse.Namespace) -> int:
    """Write the captions to a file, or print them."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    try:
        store = Store(settings.database_url or paths.database_url)
        try:
            shelf = Shelf(store.engine)
            shelf.item(options.item)
            said = shelf.transcript(options.item)
        finally:
            store.close()
    except (StartError, MediaError) as error:
        raise SetupError(str(error)) from error
    if said is None:
        raise SetupError(f"nobody has written down what is said in {options.item}")
    text = (write_srt if options.format == "srt" else write_vtt)(said[1])
    if options.output is None:
        print(text, end="")
        return 0
    try:
        scratch = options.output.with_name(f"{options.output.name}.new")
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(options.output)
    except OSError as error:
        raise SetupError(f"{options.output} cannot be written: {error.strerror}") from error
    return 0
