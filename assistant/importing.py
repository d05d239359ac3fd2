"""How media are imported on a data directory, by the command line and by the service alike: one of them at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.recogniser_choice import vosk_candidates
from assistant.settings import Settings
from skills.media.importing import Options
from skills.media.loudness import Aim


class ImportingElsewhereError(StartError):
    """Another process imports on this data directory."""


def import_options(settings: Settings, paths: DataPaths, *, workers: int, download: bool = True) -> Options:
    """What the operator has set; blocks while speech models are looked at."""
    return Options(
        store=paths.media,
        download=download,
        aim=Aim(settings.loudness_lufs, settings.true_peak_dbtp),
        networks=settings.import_networks,
        speech_model=_speech_model(paths),
        workers=workers,
    )


@contextmanager
def importing_alone(paths: DataPaths) -> Iterator[None]:
    """One import at a time on a data directory; the kernel lets go of the lock however this process ends.

    Raises:
        ImportingElsewhereError: another process has it.
    """
    with (paths.run / "import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportingElsewhereError(
                "another import runs on this data directory; wait for it, or stop it"
            ) from None
        yield


def _speech_model(paths: DataPaths) -> Path | None:
    """The first downloaded model of English, which takes dictation; Sori's own only take what they expect."""
    for candidate in vosk_candidates(paths):
        if candidate.path.parent == paths.vosk_models and candidate.english and candidate.problem is None:
            return candidate.path
    return None
