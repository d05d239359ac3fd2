"""Which recogniser is used: the setting, else what `./sori models` chose, else what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.settings import Settings
from voice.errors import VoiceError
from voice.models import list_models, open_recogniser
from voice.recogniser import Recogniser, Vocabulary

AUTO, POCKETSPHINX = "auto", "pocketsphinx"


def read_choice(paths: DataPaths) -> str:
    """What `./sori models NAME` wrote; "auto" if it never did."""
    return paths.recogniser_choice.read_text().strip() if paths.recogniser_choice.exists() else AUTO


def write_choice(paths: DataPaths, name: str) -> None:
    """Keep a choice, whole or not at all."""
    paths.recogniser_choice.parent.mkdir(parents=True, exist_ok=True)
    temporary = paths.recogniser_choice.with_suffix(".new")
    temporary.write_text(f"{name}\n")
    temporary.replace(paths.recogniser_choice)


def choose_recogniser(settings: Settings, paths: DataPaths, vocabulary: Vocabulary) -> Recogniser:
    """Open the recogniser.

    Raises:
        StartError: the model that was asked for cannot be used.
    """
    engine, model = _engine(settings, paths)
    try:
        return open_recogniser(engine, model, paths.language_models, vocabulary)
    except VoiceError as error:
        raise StartError(f"speech recognition: {error}") from error


def _engine(settings: Settings, paths: DataPaths) -> tuple[Literal["pocketsphinx", "vosk"], Path | None]:
    sound = {model.name: model.path for model in list_models(paths.vosk_models) if not model.problem}
    choice = read_choice(paths)
    if settings.vosk_model:
        return "vosk", settings.vosk_model
    if settings.recogniser == "auto" and choice not in (AUTO, POCKETSPHINX):
        return "vosk", sound.get(choice, paths.vosk_models / choice)
    if settings.recogniser == "pocketsphinx" or choice == POCKETSPHINX or not sound:
        if settings.recogniser == "vosk":
            raise StartError(f"no Vosk model in {paths.vosk_models}; ./sori models says how to get one")
        return "pocketsphinx", None
    return "vosk", next(iter(sound.values()))
