"""Which recogniser listens: chosen by setting, or by what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from voice.errors import ModelError
from voice.recogniser import Recogniser, Vocabulary
from voice.vosk_model import ModelInfo, inspect_model, list_models

__all__ = ["Engine", "ModelInfo", "inspect_model", "list_models", "open_recogniser"]

Engine = Literal["auto", "pocketsphinx", "vosk"]


def open_recogniser(engine: Engine, model_dir: Path | None, cache_dir: Path, vocabulary: Vocabulary) -> Recogniser:
    """Load a recogniser. `auto` takes Vosk where a model folder is given, else pocketsphinx with the vocabulary.

    A model folder that was asked for and cannot be used is an error, never a silent change of engine. Raises
    ModelError.
    """
    if engine == "pocketsphinx" or (engine == "auto" and model_dir is None):
        from voice.pocketsphinx_engine import PocketsphinxRecogniser

        return PocketsphinxRecogniser(cache_dir, vocabulary)
    if engine not in ("auto", "vosk"):
        raise ModelError("engine_unknown", f"There is no recogniser named {engine!r}: use auto, pocketsphinx or vosk")
    if model_dir is None:
        raise ModelError("model_missing", "Vosk needs a model folder, and none is set")
    from voice.vosk_engine import VoskRecogniser

    return VoskRecogniser(model_dir)
