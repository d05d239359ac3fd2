"""Makes what the service needs before it can start: the dialogue model, the recordings, the filled index."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.setup.environments import RASA, ROOT
from assistant.setup.progress import Step
from search_index import Index, MiniLM, SearchError
from skills.media.catalogue import Item, demo_items
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.recordings import find_recording, make_recordings
from voice.synthesizer import EspeakSynthesizer


def prepare(paths: DataPaths) -> Path:
    """Make or update everything, showing each step; what is there already is kept.

    Returns:
        The dialogue model.

    Raises:
        StartError: a step failed; those before it are kept.
    """
    items = demo_items()
    with Step("Training the dialogue model") as step:
        model = _train(paths, step)
    with Step("Recording the demo catalogue") as step:
        _record(items, paths, step)
    with Step("Filling the index") as step:
        library = open_library(paths)
        try:
            library.fill(lambda done, _of: step.progress(done, len(items)))
        finally:
            library.close()
    return model


def open_library(paths: DataPaths) -> MediaLibrary:
    """The demo catalogue with the recordings that have been made, over its index.

    Raises:
        StartError: the index cannot be opened.
    """
    items = demo_items()
    made = (find_recording(item, paths.recordings) for item in items)
    recordings = {recording.item: recording for recording in made if recording}
    encoder = MiniLM()
    try:
        index = Index.open(paths.index, SCHEMA, encoder)
    except SearchError as error:
        raise StartError(f"the index: {error}") from error
    encoder.warm_up()
    return MediaLibrary(index, items, recordings)


def _train(paths: DataPaths, step: Step) -> Path:
    """Train in Rasa's own environment, which reports progress as JSON lines."""
    command: list[str | Path] = [RASA.python, "-m", "assistant.rasa_worker.train", "--data-dir", paths.root]
    log = paths.run / "training.log"
    model = ""
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout
        for line in process.stdout:
            if not line.startswith("{"):
                continue  # a library of Rasa's printing for itself
            said = json.loads(line)
            step.note(said["message"])
            model = said.get("model", model)
    if process.returncode or not model:
        last = log.read_text(errors="replace").strip().splitlines()[-5:]
        raise StartError(f"training the dialogue model failed; {log} says:\n  " + "\n  ".join(last))
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
    finally:
        synthesizer.close()
