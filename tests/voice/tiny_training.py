"""A training so small that a test can wait for it: three sentences, two voices, a network of a few thousand numbers.

Run as `python -m tests.voice.tiny_training WORK` it writes WORK/model.npz and says each step on standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from voice.acoustic_model import AcousticModel
from voice.recogniser import Vocabulary
from voice.training.data import Script
from voice.training.network import Shape, Taps
from voice.training.shards import Progress
from voice.training.train import Recipe, train_acoustic_model
from voice.training.voices import Voice

SENTENCES = ("play some jazz", "add two red shoes to my basket", "stop the music")
VOCABULARY = Vocabulary.of(*SENTENCES)
VOICES = (Voice("flite", "slt", 1.0), Voice("flite", "rms", 1.0))
SCRIPT = Script(VOCABULARY, (), VOICES, hours=0.05, copies=1, seed=3, random_share=0.0)
HELD_OUT = Script(VOCABULARY, (), VOICES, hours=0.005, copies=0, seed=4, random_share=0.0)
RECIPE = Recipe(shape=Shape(64, (Taps(-4, 1, 9), Taps(-3, 3, 3), Taps(-6, 6, 3))), dropout=0.0, epochs=3, rate=1e-2)


def train_tiny(
    work: Path, progress: Progress, recipe: Recipe = RECIPE, start: AcousticModel | None = None
) -> AcousticModel:
    """A model from nothing, or from another."""
    return train_acoustic_model(SCRIPT, HELD_OUT, recipe, work, start=start, progress=progress).model


if __name__ == "__main__":
    train_tiny(Path(sys.argv[1]), lambda *step: print(*step, flush=True)).save(Path(sys.argv[1]) / "model.npz")
