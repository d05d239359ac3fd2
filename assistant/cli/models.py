"""`./sori models`: the speech recognition models that are there, and which one is used."""

from __future__ import annotations

import argparse

from assistant.paths import DataPaths
from assistant.recogniser_choice import AUTO, POCKETSPHINX, read_choice, write_choice
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from voice.models import list_models


def run(options: argparse.Namespace) -> int:
    """List the models, or choose one."""
    paths = DataPaths(load_settings(data_dir=options.data_dir).data_dir)
    if options.name is None:
        _list(paths)
        return 0
    _check(options.name, paths)
    write_choice(paths, options.name)
    print(f"From the next start on: {options.name}")
    return 0


def _list(paths: DataPaths) -> None:
    choice = read_choice(paths)
    print(f"{'*' if choice == AUTO else ' '} {AUTO}: a sound Vosk model if there is one, otherwise pocketsphinx")
    print(f"{'*' if choice == POCKETSPHINX else ' '} {POCKETSPHINX}: US English, comes with Sori")
    found = list_models(paths.vosk_models)
    for model in found:
        about = model.problem or f"{model.language or 'language unknown'}, {model.size / 1e6:.0f} MB"
        print(f"{'*' if choice == model.name else ' '} {model.name}: {about}")
    if not found:
        print(
            "\nNo Vosk models yet. Unpack one into a folder of its own:\n"
            f"  mkdir -p {paths.vosk_models} && unzip vosk-model-small-en-us-0.15.zip -d {paths.vosk_models}\n"
            "Models and their licences are listed on the Vosk project's site, under Models."
        )


def _check(name: str, paths: DataPaths) -> None:
    if name in (AUTO, POCKETSPHINX):
        return
    models = {model.name: model for model in list_models(paths.vosk_models)}
    if name not in models:
        known = ", ".join([AUTO, POCKETSPHINX, *models])
        raise SetupError(f"there is no model {name!r} in {paths.vosk_models}; there is {known}")
    if models[name].problem:
        raise SetupError(f"{name} cannot be used: {models[name].problem}")
