"""Which recogniser is used: the setting, else what `./sori models` chose, else the first that proves itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.settings import Settings
from voice.errors import VoiceError
from voice.model_check import Trials
from voice.models import SHIPPED, inspect_model, list_models, open_recogniser
from voice.recogniser import Recogniser, Vocabulary

log = structlog.get_logger(__name__)

AUTO, POCKETSPHINX, ENGLISH, ADAPTED = "auto", "pocketsphinx", "english", "adapted"
LANGUAGE = "en"
"""What the dialogue understands; the tag of a model starts with it."""


@dataclass(frozen=True)
class Candidate:
    """A model folder by the name it is chosen by."""

    name: str
    path: Path
    language: str | None
    problem: str | None

    @property
    def english(self) -> bool:
        """Whether it is known to be for the product's language."""
        return (self.language or "").startswith(LANGUAGE)


def read_choice(paths: DataPaths) -> str:
    """What `./sori models NAME` wrote; "auto" if it never did."""
    return paths.recogniser_choice.read_text().strip() if paths.recogniser_choice.exists() else AUTO


def write_choice(paths: DataPaths, name: str) -> None:
    """Keep a choice, whole or not at all."""
    paths.recogniser_choice.parent.mkdir(parents=True, exist_ok=True)
    temporary = paths.recogniser_choice.with_suffix(".new")
    temporary.write_text(f"{name}\n")
    temporary.replace(paths.recogniser_choice)


def vosk_candidates(paths: DataPaths) -> list[Candidate]:
    """The Vosk models there are, in the order in which `auto` tries them: downloaded, adapted, shipped."""
    downloaded = [
        Candidate(model.name, model.path, model.language, model.problem) for model in list_models(paths.vosk_models)
    ]
    ours = [(ADAPTED, paths.adapted_model), (ENGLISH, SHIPPED)]
    return [
        *downloaded,
        *(Candidate(name, path, LANGUAGE, inspect_model(path).problem) for name, path in ours if path.is_dir()),
    ]


def choose_recogniser(settings: Settings, paths: DataPaths, vocabulary: Vocabulary) -> Recogniser:
    """Open the recogniser.

    A model that was asked for is used or is an error. `auto` passes over models that are not for English, fail at a
    test sentence or are too slow on this machine, and says so in the log.

    Raises:
        StartError: the model that was asked for cannot be used.
    """
    trials = Trials(paths.model_trials)
    choice = read_choice(paths) if settings.recogniser == AUTO else AUTO
    if settings.vosk_model:
        named = inspect_model(settings.vosk_model)
        return _open_asked(
            Candidate(str(named.path), named.path, named.language, named.problem), trials, paths, vocabulary
        )
    if settings.recogniser == POCKETSPHINX or choice == POCKETSPHINX:
        return _open(POCKETSPHINX, None, paths, vocabulary)
    if choice != AUTO:
        return _open_asked(find_candidate(choice, paths), trials, paths, vocabulary)
    for candidate in _proven(vosk_candidates(paths), trials):
        return _open(candidate.name, candidate.path, paths, vocabulary)
    if settings.recogniser == "vosk":
        raise StartError("no Vosk model can be used; ./sori models says what there is and how to get one")
    return _open(POCKETSPHINX, None, paths, vocabulary)


def find_candidate(name: str, paths: DataPaths) -> Candidate:
    """The Vosk model of a name.

    Raises:
        StartError: there is none.
    """
    known = {candidate.name: candidate for candidate in vosk_candidates(paths)}
    if name not in known:
        raise StartError(f"there is no model {name!r}; there is {', '.join([AUTO, POCKETSPHINX, *known])}")
    return known[name]


def _proven(candidates: list[Candidate], trials: Trials) -> Iterator[Candidate]:
    """Those that work here; the others are said to be passed over."""
    for candidate in candidates:
        if candidate.problem is None and candidate.language is not None and not candidate.english:
            problem: str | None = f"it is for another language ({candidate.language})"
        else:
            problem = candidate.problem or trials.of(candidate.path).problem
        if problem is None:
            yield candidate
        else:
            log.warning("speech model passed over", model=candidate.name, why=problem)


def _open_asked(candidate: Candidate, trials: Trials, paths: DataPaths, vocabulary: Vocabulary) -> Recogniser:
    problem = candidate.problem or trials.of(candidate.path, english=candidate.english).problem
    if problem:
        raise StartError(f"the speech model {candidate.name} cannot be used: {problem}")
    return _open(candidate.name, candidate.path, paths, vocabulary)


def _open(name: str, model: Path | None, paths: DataPaths, vocabulary: Vocabulary) -> Recogniser:
    try:
        recogniser = open_recogniser("vosk" if model else "pocketsphinx", model, paths.language_models, vocabulary)
    except VoiceError as error:
        raise StartError(f"speech recognition: {error}") from error
    log.info("speech recognition", engine=recogniser.name, model=name)
    return recogniser
