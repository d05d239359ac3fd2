"""From a vocabulary to an acoustic model: data, network, export."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from voice.acoustic_model import AcousticModel
from voice.training.batches import Batches, Clip, load_clips, mean_features, pair_counts
from voice.training.data import Script, make_data
from voice.training.errors import TrainingError
from voice.training.network import RECOGNISER, SPOTTER, Network, Shape
from voice.training.optimisation import Schedule, accuracy, train
from voice.training.shards import Progress, fingerprint
from voice.training.speech import PHONES
from voice.training.units import choose_units, unit_table

ACOUSTIC_SCALE = 0.35
LEAST_CLIPS = 8


@dataclass(frozen=True)
class Recipe:
    """How a network is made: its shape, whether it tells phones apart by the phone before, and how it learns."""

    shape: Shape = RECOGNISER
    pairs: bool = True
    dropout: float = 0.1
    epochs: int = 6
    rate: float = 3e-3


SPOTTING = Recipe(shape=SPOTTER, pairs=False, rate=4e-3)
"""For the small network that wake words are found with."""
FINE_TUNING = Recipe(dropout=0.05, epochs=3, rate=6e-4)
"""For a model that knows English already and learns a domain or a voice."""


@dataclass(frozen=True)
class Trained:
    """A model, and the part of the frames of clips by held-out voices whose unit it gets right."""

    model: AcousticModel
    held_out_accuracy: float


def train_acoustic_model(
    script: Script,
    held_out: Script,
    recipe: Recipe,
    work: Path,
    *,
    start: AcousticModel | None = None,
    processes: int = 1,
    progress: Progress,
) -> Trained:
    """Make the data under `work` and train a model on it, from nothing or from `start`.

    Whatever interrupts it, the next call with the same arguments goes on where it was.

    Raises:
        TrainingError: `synthesis_failed`, `too_little_speech`.
    """
    data = make_data(script, work, processes, progress)
    check = make_data(held_out, work, processes, progress)
    clips, unheard = load_clips(data.features), load_clips(check.features)
    return fit(clips, unheard, recipe, work, (data.name, script.seed), start=start, seed=script.seed, progress=progress)


def fit(
    clips: Sequence[Clip],
    unheard: Sequence[Clip],
    recipe: Recipe,
    work: Path,
    made_from: Any,
    *,
    start: AcousticModel | None,
    seed: int,
    progress: Progress,
) -> Trained:
    """Train a network on clips; `made_from` (as JSON) is what they stand for in the name of the checkpoint."""
    if len(clips) < LEAST_CLIPS:
        raise TrainingError(
            "too_little_speech", f"Only {len(clips)} clips could be aligned: that is too little to learn from"
        )
    mean = start.cmn_mean if start else mean_features(clips)
    units = start.units if start else choose_units(pair_counts(clips)) if recipe.pairs else PHONES
    torch.manual_seed(seed)
    network = Network(recipe.shape, len(units), recipe.dropout)
    if start:
        network.start_from(start.layers)
    name = fingerprint(made_from, asdict(recipe), seed, _digest(start))
    table = unit_table(units)

    def report(epoch: int, loss: float, right: float) -> None:
        progress(f"network (loss {loss:.3f}, {right:.1%} of frames right)", epoch, recipe.epochs)

    train(
        network,
        Batches(clips, mean, table, recipe.shape, seed),
        Schedule(recipe.epochs, recipe.rate, seed),
        work / f"network-{name}.pt",
        report,
    )
    model = AcousticModel(
        units=units,
        layers=network.eval().layers(),
        log_priors=start.log_priors if start else _log_priors(pair_counts(clips), table, len(units)),
        cmn_mean=mean,
        acoustic_scale=start.acoustic_scale if start else ACOUSTIC_SCALE,
        card=start.card if start else {},
    )
    return Trained(model, accuracy(network, Batches(unheard, mean, table, recipe.shape, seed)))


def _log_priors(pairs: NDArray[np.int64], table: NDArray[np.int64], units: int) -> NDArray[np.float32]:
    """How often each unit is there [units]; each once more, for there must be no zeros."""
    counts = np.ones(units)
    np.add.at(counts, np.concatenate([table[: len(PHONES)], table[-1:]])[:, : len(PHONES)], pairs)
    return np.asarray(np.log(counts / counts.sum()), np.float32)


def _digest(model: AcousticModel | None) -> str | None:
    if model is None:
        return None
    return hashlib.sha256(b"".join(layer.weight.tobytes() for layer in model.layers)).hexdigest()
