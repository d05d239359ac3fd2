"""The spotter's network: from features to phones, on a stream, and the small file that holds it.

The file is one for Python and the browser: a length, a header in JSON, then each layer's scales and biases (float32)
and its weights (8 bits, one scale a row). `assistant/web/static/speaker/wake/network.js` reads the same.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.acoustic_model import SUBSAMPLING, AcousticModel
from voice.errors import ModelError

SPOTTER = Path(__file__).with_name("spotter.bin")
"""The network that ships."""
MAX_BYTES = 400_000
_FORMAT = 1
_LENGTH = struct.Struct("<I")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Layer:
    """An affine map of `len(offsets)` appended input frames, rectified unless it is the last.

    `offsets` count input frames from the first one used, `stride` is how many input frames an output takes.
    `weights` [outputs, inputs in all], `bias` [outputs].
    """

    offsets: tuple[int, ...]
    stride: int
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """`phones` names the outputs; an output comes every 30 ms, and belongs to the feature frame `left` + 3 t.

    `log_priors` [phones] say how common each is in training, `mean` [40] is the features' mean there.
    """

    phones: tuple[str, ...]
    layers: tuple[Layer, ...]
    log_priors: Floats
    mean: Floats
    left: int


class NetworkStream:
    """Runs a network on features as they come."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.reset()

    def process(self, features: Floats) -> Floats:
        """Log posteriors [n, phones] under equal priors, for the outputs that `features` completed."""
        flow = features
        for index, layer in enumerate(self._network.layers):
            flow = self._advance(index, layer, flow)
        if not len(flow):
            return flow
        flow = flow - self._network.log_priors
        flow = flow - flow.max(axis=1, keepdims=True)
        posteriors: Floats = flow - np.log(np.exp(flow).sum(axis=1, keepdims=True))
        return posteriors

    def reset(self) -> None:
        """Forget the sound so far."""
        self._waiting = [np.zeros((0, len(layer.weights[0]) // len(layer.offsets))) for layer in self._network.layers]

    def _advance(self, index: int, layer: Layer, flow: Floats) -> Floats:
        """What one layer makes of the frames that wait for it and the new ones."""
        waiting = np.concatenate([self._waiting[index], flow])
        count = max(0, (len(waiting) - layer.offsets[-1] - 1) // layer.stride + 1)
        taken = np.arange(count)[:, None] * layer.stride + np.array(layer.offsets)
        appended = waiting[taken].reshape(count, layer.weights.shape[1])
        self._waiting[index] = waiting[count * layer.stride :]
        output: Floats = appended @ layer.weights.T + layer.bias
        return output if layer is self._network.layers[-1] else np.maximum(output, 0.0)


def sequential(model: AcousticModel) -> Network:
    """The network of an acoustic model whose layers form a chain, each fed by the one before.

    Raises ModelError(`model_invalid`) where they do not.
    """
    layers: list[Layer] = []
    step = SUBSAMPLING
    source = [layer.name for layer in model.layers[:-1]]
    for layer, expected in zip(reversed(model.layers), reversed(["input", *source]), strict=True):
        offsets = [offset for _, offset in layer.inputs]
        if {name for name, _ in layer.inputs} != {expected} or offsets != sorted(offsets):
            raise ModelError("model_invalid", f"Layer {layer.name} of the spotter is not fed by {expected} in order")
        inner = 1 if expected == "input" else math.gcd(step, *offsets)
        shifted = tuple((offset - offsets[0]) // inner for offset in offsets)
        layers.insert(0, Layer(shifted, step // inner, layer.weight, layer.bias))
        step = inner
    left = -sum(layer.inputs[0][1] for layer in model.layers)
    return Network(model.units, tuple(layers), model.log_priors.astype(np.float64), model.cmn_mean, left)


def pack(network: Network) -> bytes:
    """The file of a network: its weights rounded to 8 bits, row by row."""
    header = {
        "format": _FORMAT,
        "phones": network.phones,
        "log_priors": [round(float(prior), 5) for prior in network.log_priors],
        "mean": [round(float(value), 5) for value in network.mean],
        "left": network.left,
        "layers": [
            {"offsets": layer.offsets, "stride": layer.stride, "shape": layer.weights.shape}
            for layer in network.layers
        ],
    }  # fmt: skip
    written = json.dumps(header, separators=(",", ":")).encode()
    written += b" " * (-len(written) % 4)
    parts = [_LENGTH.pack(len(written)), written]
    for layer in network.layers:
        scales = np.maximum(np.abs(layer.weights).max(axis=1), 1e-9).astype("<f4") / np.float32(127)
        rounded = np.rint(layer.weights / scales[:, None]).astype(np.int8)
        block = scales.tobytes() + layer.bias.astype("<f4").tobytes() + rounded.tobytes()
        parts += [block, bytes(-len(block) % 4)]
    return b"".join(parts)


def unpack(content: bytes) -> Network:
    """Read what `pack` wrote. Raises ModelError(`model_broken`)."""
    try:
        (length,) = _LENGTH.unpack_from(content)
        header = json.loads(content[_LENGTH.size : _LENGTH.size + length])
        if header["format"] != _FORMAT:
            raise ModelError("model_broken", f"The wake word model has format {header['format']}, unknown here")
        layers = _read_layers(content, _LENGTH.size + length, header["layers"])
        return Network(
            phones=tuple(map(str, header["phones"])),
            layers=layers,
            log_priors=np.array(header["log_priors"], np.float64),
            mean=np.array(header["mean"], np.float64),
            left=int(header["left"]),
        )
    except (struct.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelError("model_broken", "The wake word model is damaged") from error


def load(path: Path = SPOTTER) -> Network:
    """Read a network's file. Raises ModelError(`model_missing`, `model_broken`)."""
    try:
        with path.open("rb") as file:
            return unpack(file.read(MAX_BYTES))
    except OSError as error:
        raise ModelError("model_missing", f"The wake word model {path} cannot be read: {error.strerror}") from error


def _read_layers(content: bytes, position: int, described: Sequence[dict[str, Any]]) -> tuple[Layer, ...]:
    layers = []
    for one in described:
        rows, columns = map(int, one["shape"])
        scales = np.frombuffer(content, "<f4", rows, position)
        bias = np.frombuffer(content, "<f4", rows, position + 4 * rows)
        weights = np.frombuffer(content, np.int8, rows * columns, position + 8 * rows).reshape(rows, columns)
        position += 8 * rows + rows * columns
        position += -position % 4
        offsets = tuple(map(int, one["offsets"]))
        layers.append(Layer(offsets, int(one["stride"]), weights * scales[:, None], bias))
    return tuple(layers)
