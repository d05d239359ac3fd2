"""An acoustic model: from features of sound to the probabilities of units of speech, as numbers and nothing else.

It is what training makes and what a recogniser is built from; it can also be run here, with numpy alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from voice.errors import ModelError

Floats = NDArray[np.float32]

INPUT = "input"
"""The name by which layers refer to the features."""
SILENCE = "SIL"
SUBSAMPLING = 3
"""One output for so many feature frames of 10 ms; Vosk counts its word times in steps of 30 ms."""
LOG_MELS = {
    "sample-frequency": "16000",
    "num-mel-bins": "40",
    "low-freq": "20",
    "high-freq": "-400",
    "dither": "0",
    "use-energy": "false",
    "allow-upsample": "true",
}
"""The features, as options of Kaldi's filter bank."""
_FORMAT = 1


@dataclass(frozen=True)
class Layer:
    """An affine map of appended inputs, rectified or not.

    `inputs` are (source, offset): the features or an earlier layer, and where to look, in feature frames from the
    present. `weight` [outputs, inputs in all], `bias` [outputs].
    """

    name: str
    inputs: tuple[tuple[str, int], ...]
    weight: Floats
    bias: Floats
    rectified: bool = True


@dataclass(frozen=True)
class AcousticModel:
    """A feed-forward network with time delays (TDNN); its last layer gives one logit a unit.

    Units are `SIL`, a phone (`AA`), or a phone inside a word after another (`T-AA`). `log_priors` [units] say how
    often each is there in training; `cmn_mean` [features] is the mean that running normalisation starts from;
    `acoustic_scale` is what a decoder multiplies log likelihoods by. `card` says how the model was made, as JSON.
    """

    units: tuple[str, ...]
    layers: tuple[Layer, ...]
    log_priors: Floats
    cmn_mean: NDArray[np.float64]
    acoustic_scale: float = 0.6
    features: Mapping[str, str] = field(default_factory=lambda: dict(LOG_MELS))
    card: Mapping[str, Any] = field(default_factory=dict)

    def unit(self, phone: str, previous: str | None) -> str:
        """The unit for a phone: with the phone before it in the same word where training has seen enough of both."""
        return unit_name(phone, previous, self.units)

    @property
    def parameters(self) -> int:
        """How many numbers were learnt."""
        return sum(layer.weight.size + layer.bias.size for layer in self.layers)

    @property
    def context(self) -> tuple[int, int]:
        """How many feature frames before and after the present one an output depends on."""
        reach = {INPUT: (0, 0)}
        for layer in self.layers:
            reach[layer.name] = (
                max(reach[source][0] - offset for source, offset in layer.inputs),
                max(reach[source][1] + offset for source, offset in layer.inputs),
            )
        return reach[self.layers[-1].name]

    def log_posteriors(self, features: Floats) -> Floats:
        """Log probabilities [outputs, units] from normalised features [frames, bins].

        Output t belongs to feature frame 3 t; past both ends the first and the last frame go on, as Kaldi does it.
        """
        known: dict[str, Floats] = {INPUT: np.asarray(features, np.float32)}
        left, right = self.context
        frames = np.arange(-left, len(features) + right)
        known[INPUT] = known[INPUT][np.clip(frames, 0, len(features) - 1)]
        for layer in self.layers:
            appended = np.concatenate([_shifted(known[source], offset) for source, offset in layer.inputs], axis=1)
            out = appended @ layer.weight.T + layer.bias
            known[layer.name] = np.maximum(out, 0) if layer.rectified else out
        logits = known[self.layers[-1].name][left : left + len(features) : SUBSAMPLING]
        logits = logits - logits.max(axis=1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), np.float32)

    def save(self, path: Path) -> None:
        """Write to `path` (.npz) at once or not at all, weights in 16 bits."""
        meta = {
            "format": _FORMAT,
            "units": self.units,
            "layers": [
                {"name": layer.name, "inputs": layer.inputs, "rectified": layer.rectified} for layer in self.layers
            ],
            "acoustic_scale": self.acoustic_scale,
            "features": dict(self.features),
            "card": dict(self.card),
        }
        arrays: dict[str, NDArray[Any]] = {
            "meta": np.frombuffer(json.dumps(meta, sort_keys=True).encode(), np.uint8),
            "log_priors": self.log_priors,
            "cmn_mean": self.cmn_mean,
        }
        for layer in self.layers:
            arrays[f"{layer.name}.weight"] = layer.weight.astype(np.float16)
            arrays[f"{layer.name}.bias"] = layer.bias
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> AcousticModel:
        """Read what `save` wrote. Raises ModelError(`model_invalid`)."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                meta = json.loads(stored["meta"].tobytes())
                if meta["format"] != _FORMAT:
                    raise ModelError("model_invalid", f"{path} has format {meta['format']}, which is not known here")
                layers = tuple(
                    Layer(
                        name=layer["name"],
                        inputs=tuple((str(source), int(offset)) for source, offset in layer["inputs"]),
                        weight=stored[f"{layer['name']}.weight"].astype(np.float32),
                        bias=stored[f"{layer['name']}.bias"].astype(np.float32),
                        rectified=bool(layer["rectified"]),
                    )
                    for layer in meta["layers"]
                )
                return cls(
                    units=tuple(meta["units"]),
                    layers=layers,
                    log_priors=stored["log_priors"].astype(np.float32),
                    cmn_mean=stored["cmn_mean"].astype(np.float64),
                    acoustic_scale=float(meta["acoustic_scale"]),
                    features=meta["features"],
                    card=meta["card"],
                )
        except (OSError, EOFError, BadZipFile, ValueError, KeyError, TypeError) as error:
            raise ModelError("model_invalid", f"{path} is no acoustic model: {error}") from error


def unit_name(phone: str, previous: str | None, units: Sequence[str]) -> str:
    """`T-AA` for AA after T where that is one of the units, else `AA`; `previous` is None at a word's start."""
    with_context = f"{previous}-{phone}"
    return with_context if previous is not None and with_context in units else phone


def _shifted(frames: Floats, offset: int) -> Floats:
    """`frames[t + offset]` at t; what lies outside is never used, for `context` frames have been added at the ends."""
    return np.roll(frames, -offset, axis=0)
