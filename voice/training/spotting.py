"""The wake word's files from a trained network: the network itself, and what a phrase has to reach to count as said.

`spotter.bin` is the network for Python and the browser, `background.npz` what it makes of synthetic speech, and the
thresholds in `phrases.json` follow from that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.acoustic_model import AcousticModel
from voice.audio import RATE
from voice.kaldi.common_words import common_words
from voice.training.synthesis import Line, speak
from voice.training.voices import draw, training_voices
from voice.wake.calibration import BACKGROUND, calibrated, keep, restored
from voice.wake.features import Features
from voice.wake.network import SPOTTER, Network, NetworkStream, pack, sequential, unpack
from voice.wake.phrase import READY_MADE

SECONDS = 600
WORDS = 10
"""In one breath."""
AT_ONCE = 16
SEED = 0


def build_spotter(model: AcousticModel, folder: Path) -> None:
    """Write the three files, in about a minute; `model` has phones as units.

    Raises:
        ModelError: `model_invalid`.
        TrainingError: `voices_missing`, `synthesis_failed`.
    """
    content = pack(sequential(model))
    network = unpack(content)
    kept = keep(background(network))
    ratios = restored(kept)
    described = json.loads(READY_MADE.read_text(encoding="utf-8"))
    for phrase in described.values():
        chains = [chain.split() for chain in phrase["pronunciations"]]
        phrase["threshold"] = calibrated(chains, network.phones, ratios)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SPOTTER.name).write_bytes(content)
    np.savez_compressed(folder / BACKGROUND.name, ratios=kept)
    (folder / READY_MADE.name).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def background(network: Network) -> NDArray[np.float64]:
    """What the network makes of the synthetic speech: log ratios [frames, phones] to each frame's best phone."""
    features, stream = Features(network.mean), NetworkStream(network)
    parts = []
    for sound in _speech():
        posteriors = stream.process(features.process(sound))
        parts.append(posteriors - posteriors.max(axis=1, keepdims=True))
    return np.concatenate(parts)


def _speech() -> Iterator[NDArray[np.int16]]:
    """Common words as often as they are said, but no wake word's, in random order and many voices, at many levels."""
    dice = np.random.default_rng(SEED)
    avoided = tuple(word for text in json.loads(READY_MADE.read_text(encoding="utf-8")) for word in text.split())
    words = {word: share for word, share in common_words().items() if not word.startswith(avoided)}
    shares = np.array(list(words.values()))
    voices = training_voices()
    spoken = 0
    while spoken < SECONDS * RATE:
        texts = [" ".join(dice.choice(list(words), WORDS, p=shares / shares.sum())) for _ in range(AT_ONCE)]
        for sound in speak([Line.draw(text, draw(voices, dice), dice) for text in texts]):
            spoken += len(sound)
            yield (sound * dice.uniform(1_000, 30_000)).astype(np.int16)
