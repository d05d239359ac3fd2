"""A trained model as the folder that is used: for Vosk, for training to go on from, and for people to read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from voice.acoustic_model import AcousticModel
from voice.checksums import folder_sums, write_sums
from voice.kaldi import build_model, write_acoustic
from voice.pronounce import pronunciations
from voice.recogniser import Vocabulary
from voice.spoken_form import spoken_words
from voice.training.card import model_card

ACOUSTIC = "acoustic.npz"
CARD = "MODEL.md"
SUMS = "SHA256SUMS"


def publish(model: AcousticModel, vocabulary: Vocabulary, folder: Path) -> None:
    """Write a complete folder in which nothing but the vocabulary can be said.

    Raises:
        ModelError: `tools_missing`, `graph_failed`, `vocabulary_empty`, `vocabulary_weight`.
    """
    words = {word for text, _ in vocabulary.sentences for word in spoken_words(text)}
    build_model(model, pronunciations(words), vocabulary, folder)
    describe(model, folder)


def republish(model: AcousticModel, base: Path, folder: Path) -> None:
    """Write a complete folder with the words of `base` and another acoustic model of the same units."""
    staged = folder.with_name(f".{folder.name}")
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(base, staged)
    write_acoustic(model, staged)
    describe(model, staged)
    shutil.rmtree(folder, ignore_errors=True)
    staged.replace(folder)


def with_card(model: AcousticModel, **card: Any) -> AcousticModel:
    """The model with more on its card."""
    return replace(model, card={**model.card, **card})


def describe(model: AcousticModel, folder: Path) -> None:
    """Write what training goes on from, the card, and the checksums of it all."""
    model.save(folder / ACOUSTIC)
    card = {**model.card, "parameters": model.parameters, "units": len(model.units)}
    (folder / CARD).write_text(model_card(card), encoding="utf-8")
    (folder / SUMS).unlink(missing_ok=True)
    write_sums(folder_sums(folder), folder / SUMS)
