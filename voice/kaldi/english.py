"""The model that comes with the project: common English words, and whatever else its vocabulary needs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from voice.acoustic_model import AcousticModel
from voice.kaldi.common_words import common_speech
from voice.kaldi.folder import build_model
from voice.pronounce import pronunciations
from voice.recogniser import Vocabulary
from voice.vocabulary_cache import weigh


def build_english(model: AcousticModel, vocabulary: Vocabulary, also: Iterable[str], folder: Path) -> None:
    """Write a model folder whose lexicon holds common words, those of `vocabulary`, and those of the texts in `also`.

    Only `vocabulary` is in its grammar, beside the common words: another is put in when the model is used, and what
    `also` adds is that its words need not be spelled then. Raises ModelError, as `build_model` does.
    """
    background = common_speech()
    words = {word for part in (vocabulary, Vocabulary.of(*also)) for sentence in weigh(part) for word in sentence}
    build_model(model, pronunciations(words | background.words.keys()), vocabulary, folder, background=background)
