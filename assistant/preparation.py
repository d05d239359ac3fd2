"""Makes what a start needs: the dialogue model, the recordings, the encoder, the filled index."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.setup.environments import RASA, ROOT
from assistant.setup.progress import Step
from assistant.shopping import index_shops, load_shops
from assistant.storage.store import Store
from search_index import Encoder, Index, SearchError, open_encoder
from skills.errors import CatalogueError
from skills.media.catalogue import DEMO, Item, read_items
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.imported import Imported, read_imported
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.recordings import Recording, find_recording, make_recordings
from skills.media.shelf import Shelf
from voice.synthesizer import EspeakSynthesizer


def prepare(paths: DataPaths, database_url: str = "", *, encoder: str = "minilm", encoder_threads: int = 2) -> Path:
    """Make or update everything, showing each step; what is there already is kept.

    `database_url`, `encoder` and `encoder_threads` are the settings of those names; the first one is empty for the
    database in the data directory.

    Returns:
        The dialogue model.

    Raises:
        StartError, or another package's error: a step failed; those before it are kept.
    """
    items = catalogue_items(paths)
    # Training is one thread's work, and so is the rest: side by side they take half as long.
    with Training(paths) as training:
        with Step("Recording the demo catalogue") as step:
            _record(items, paths, step)
        with Step("Preparing the encoder"):
            meaning = open_encoder(encoder, paths.encoder, threads=encoder_threads)
        with Step("Filling the index") as step:
            fill_index(paths, database_url, meaning, step)
        with Step("Loading the shops") as step:
            fill_shops(paths, database_url, meaning, step)
        with Step("Training the dialogue model") as step:
            return training.finish(step)


def catalogue_items(paths: DataPaths) -> list[Item]:
    """The demo catalogue and the operator's own, whose files are in `DATA_DIR/catalogue`.

    Raises:
        StartError: naming file, line and field that cannot be used.
    """
    try:
        return read_items([*sorted(DEMO.glob("*.jsonl")), *sorted(paths.catalogue.glob("*.jsonl"))])
    except CatalogueError as error:
        raise StartError(f"the catalogue: {error}") from error


def recordings_of(items: Sequence[Item], paths: DataPaths) -> dict[str, Recording]:
    """The recordings that have been made, by item."""
    made = (find_recording(item, paths.recordings) for item in items)
    return {recording.item: recording for recording in made if recording}


def whole_catalogue(paths: DataPaths, shelf: Shelf) -> Imported:
    """The demo catalogue, the operator's own items, and all that was imported, which goes first where ids are the same.

    Raises:
        StartError: naming file, line and field that cannot be used.
    """
    written = catalogue_items(paths)
    try:
        imported = read_imported(shelf, ContentStore(paths.media))
    except MediaError as error:
        raise StartError(f"the imported media: {error}") from error
    taken = {item.id for item in imported.items}
    own = [item for item in written if item.id not in taken]
    return replace(
        imported,
        items=[*own, *imported.items],
        recordings={**recordings_of(own, paths), **imported.recordings},
    )


def open_library(paths: DataPaths, encoder: Encoder, shelf: Shelf) -> MediaLibrary:
    """The whole catalogue with its recordings, over its index.

    Raises:
        StartError: the catalogue or the index cannot be opened.
    """
    catalogue = whole_catalogue(paths, shelf)
    try:
        index = Index.open(paths.index, SCHEMA, encoder)
    except SearchError as error:
        raise StartError(f"the index: {error}") from error
    return MediaLibrary(index, catalogue.items, catalogue.recordings, catalogue.artwork)


def fill_index(paths: DataPaths, database_url: str, encoder: Encoder, step: Step) -> None:
    """Bring the index in line with the whole catalogue.

    Raises:
        StartError: the catalogue, the database or the index cannot be opened.
    """
    store = Store(database_url or paths.database_url)
    try:
        shelf = Shelf(store.engine)
        revision = shelf.revision()
        library = open_library(paths, encoder, shelf)
        try:
            library.fill(lambda done, _of: step.progress(done, len(library.items)))
        finally:
            library.close()
        shelf.indexed(revision)
    finally:
        store.close()


def fill_shops(paths: DataPaths, database_url: str, encoder: Encoder, step: Step) -> None:
    """Bring the shops that come with Sori in line with their files, and every shop's index with its catalogue.

    Raises:
        StartError: their files, the database or an index cannot be used.
    """
    store = Store(database_url or paths.database_url)
    try:
        load_shops(store.engine, step)
        index_shops(store.engine, paths, encoder, step)
    finally:
        store.close()


class Training:
    """Training in Rasa's own environment, which reports what it does as JSON lines; ends with the context."""

    def __init__(self, paths: DataPaths) -> None:
        self._log = paths.run / "training.log"
        self._command: list[str | Path] = [RASA.python, "-m", "assistant.rasa_worker.train", "--data-dir", paths.root]

    def __enter__(self) -> Self:
        # What it prints meanwhile, some lines, waits in the pipe.
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def finish(self, step: Step) -> Path:
        """Wait for the model, showing what is being done.

        Raises:
            StartError: training failed; quotes its log.
        """
        assert self._process.stdout
        model = ""
        for line in self._process.stdout:
            if not line.startswith("{"):
                continue  # a library of Rasa's printing for itself
            said = json.loads(line)
            step.note(said["message"])
            model = said.get("model", model)
        if self._process.wait() or not model:
            last = self._log.read_text(errors="replace").strip().splitlines()[-5:]
            raise StartError(f"training the dialogue model failed; {self._log} says:\n  " + "\n  ".join(last))
        return Path(model)


class _Voice:
    """The product's voice as the recordings use it."""

    def __init__(self, synthesizer: EspeakSynthesizer) -> None:
        synthesizer.start()
        self._synthesizer = synthesizer
        self.rate = synthesizer.rate

    def __call__(self, text: str, voice: str) -> bytes:
        return self._synthesizer.speak_all(text, voice=voice)


def _record(items: Sequence[Item], paths: DataPaths, step: Step) -> None:
    synthesizer = EspeakSynthesizer()
    try:
        make_recordings(items, paths.recordings, _Voice(synthesizer), step.progress)
    except MediaError as error:
        raise StartError(f"the recordings: {error}") from error
    finally:
        synthesizer.close()
