"""`./sori models`: the speech recognition models that are there, whether they work, and which one is used."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.recogniser_choice import (
    ADAPTED,
    AUTO,
    ENGLISH,
    POCKETSPHINX,
    Candidate,
    find_candidate,
    read_choice,
    vosk_candidates,
    write_choice,
)
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from voice.checksums import difference, folder_sums, read_sums, write_sums
from voice.model_check import SENTENCE, try_model

SUMS = "SHA256SUMS"

ABOUT = {ENGLISH: "Sori's own model of English, comes with it", ADAPTED: "Sori's own, adapted to its people"}

DOWNLOAD = """
Other models, many languages among them, are listed with their licences at https://alphacephei.com/vosk/models. For one:
  mkdir -p {folder} && cd {folder}
  curl -LO https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip && unzip vosk-model-small-en-us-0.15.zip
"""


def run(options: argparse.Namespace) -> int:
    """List the models, verify one, or choose one that has been verified."""
    paths = DataPaths(load_settings(data_dir=options.data_dir).data_dir)
    if options.name is None:
        if options.verify:
            raise SetupError("--verify needs the name of a model")
        _list(paths)
        return 0
    if options.name not in (AUTO, POCKETSPHINX):
        try:
            candidate = find_candidate(options.name, paths)
        except StartError as error:
            raise SetupError(str(error)) from error
        _verify(candidate, paths, details=options.verify)
    if not options.verify:
        write_choice(paths, options.name)
        print(f"From the next start on: {options.name}")
    return 0


def _list(paths: DataPaths) -> None:
    choice = read_choice(paths)
    print(
        f"{'*' if choice == AUTO else ' '} {AUTO}: the first of these that works here, a downloaded one before Sori's"
    )
    for candidate in vosk_candidates(paths):
        size = sum(file.stat().st_size for file in candidate.path.rglob("*") if file.is_file())
        about = ABOUT.get(candidate.name) or _language(candidate)
        print(f"{'*' if choice == candidate.name else ' '} {candidate.name}: ", end="")
        print(candidate.problem or f"{about}, {size / 1e6:.0f} MB")
    print(f"{'*' if choice == POCKETSPHINX else ' '} {POCKETSPHINX}: US English, comes with Sori")
    print(DOWNLOAD.format(folder=paths.vosk_models), end="")


def _language(candidate: Candidate) -> str:
    if candidate.language is None:
        return "language unknown"
    return candidate.language if candidate.english else f"{candidate.language}, which Sori's dialogue does not speak"


def _verify(candidate: Candidate, paths: DataPaths, *, details: bool) -> None:
    """Check files, structure and a test sentence.

    Raises:
        SetupError: the model cannot be used.
    """
    changed = None if candidate.problem else _changed(candidate, paths)
    problem: str | None = candidate.problem or changed
    trial = None if problem else try_model(candidate.path, english=candidate.english)
    problem = problem or (trial.problem if trial else None)
    if problem:
        raise SetupError(f"{candidate.name} cannot be used: {problem}")
    if details and trial:
        print(f"folder     {candidate.path}\nfiles      as when they were first verified")
        print(f"language   {ABOUT.get(candidate.name) or _language(candidate)}")
        print(f"heard      {trial.heard!r} where {SENTENCE!r} was said")
        print(f"cost       {trial.load_s:.2f} s to load, {trial.real_time_factor:.3f} s of CPU for a second of sound")
    elif not candidate.english:
        print(f"Note: {candidate.name} is for another language ({_language(candidate)}).")


def _changed(candidate: Candidate, paths: DataPaths) -> str | None:
    """How the files differ from those shipped, or from those first verified, which are written down for next time."""
    found = folder_sums(candidate.path)
    found.pop(SUMS, None)
    recorded = _recorded_sums(candidate, paths)
    if recorded is None:
        return None
    if not recorded.is_file():
        write_sums(found, recorded)
    try:
        return difference(read_sums(recorded), found)
    except ValueError:
        return f"{recorded} is no list of checksums"


def _recorded_sums(candidate: Candidate, paths: DataPaths) -> Path | None:
    """Where a model's checksums are; an adapted model changes whenever it is adapted again, and has none."""
    if candidate.name == ADAPTED:
        return None
    return candidate.path / SUMS if candidate.name == ENGLISH else paths.model_checksums / f"{candidate.name}.sha256"
