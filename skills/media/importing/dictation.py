"""The recogniser that writes down recordings, loaded when it is first needed."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from voice.models import inspect_model
from voice.recogniser import Recogniser, Vocabulary


class Dictation:
    """A Vosk model that takes dictation, or without one pocketsphinx with its own model of general English."""

    def __init__(self, model: Path | None) -> None:
        self._model = model

    @property
    def language(self) -> str:
        """What it understands, two letters."""
        return (inspect_model(self._model).language or "en")[:2] if self._model else "en"

    @functools.cached_property
    def recogniser(self) -> Recogniser:
        """Loaded; ModelError."""
        if self._model:
            from voice.vosk_engine import VoskRecogniser

            return VoskRecogniser(self._model, Path(tempfile.gettempdir()), Vocabulary())
        from voice.pocketsphinx_engine import PocketsphinxDictation

        return PocketsphinxDictation()
