"""Which recogniser listens: chosen by setting, or by what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from voice.errors import ModelError
from voice.recogniser import Recogniser, Vocabulary
from voice.vosk_model import ModelInfo, find_problem, inspect_model, list_models

__all__ = ["SHIPPED", "Engine", "ModelInfo", "inspect_model", "list_models", "open_recogniser"]

Engine = Literal["auto", "pocketsphinx", "vosk"]

SHIPPED = Path(__file__).resolve().parent / "english"
"""The Vosk model of our own that `./sori voice train` makes."""


def open_recogniser(engine: Engine, model_dir: Path | None, cache_dir: Path, vocabulary: Vocabulary) -> Recogniser:
    """Load a recogniser. `auto` takes Vosk with the given model folder or the shipped one, else pocketsphinx.

    A model folder that was asked for and cannot be used is an error, never a silent change of engine. What is made of
    the vocabulary is kept under `cache_dir`. Raises ModelError.
    """
    if engine not in ("auto", "pocketsphinx", "vosk"):
        raise ModelError("engine_unknown", f"There is no recogniser named {engine!r}: use auto, pocketsphinx or vosk")
    if engine == "pocketsphinx" or (engine == "auto" and model_dir is None and find_problem(SHIPPED)):
        from voice.pocketsphinx_engine import PocketsphinxRecogniser

        return PocketsphinxRecogniser(cache_dir / "pocketsphinx", vocabulary)
    from voice.vosk_engine import VoskRecogniser

    return VoskRecogniser(model_dir or SHIPPED, cache_dir / "vosk", vocabulary)
