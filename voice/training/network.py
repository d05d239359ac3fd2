"""The network in PyTorch: convolutions over time, each followed by batch normalisation and a rectifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voice.acoustic_model import INPUT, SUBSAMPLING, Layer
from voice.features import BINS


@dataclass(frozen=True)
class Taps:
    """Where a layer looks, in feature frames: `count` places from `first`, `step` apart."""

    first: int
    step: int
    count: int

    @property
    def offsets(self) -> tuple[int, ...]:
        return tuple(self.first + self.step * index for index in range(self.count))

    @property
    def last(self) -> int:
        return self.offsets[-1]


@dataclass(frozen=True)
class Shape:
    """A network's size: layers of `width` outputs; the first one looks at single frames, the others at every third."""

    width: int
    taps: tuple[Taps, ...]

    @property
    def left(self) -> int:
        """Frames needed before the present one."""
        return -sum(taps.first for taps in self.taps)

    @property
    def right(self) -> int:
        """Frames needed after it: what the network waits for."""
        return sum(taps.last for taps in self.taps)


RECOGNISER = Shape(288, (Taps(-4, 1, 9), Taps(-3, 3, 3), Taps(-3, 3, 3), Taps(-6, 6, 3), Taps(-9, 9, 3)))
SPOTTER = Shape(112, (Taps(-4, 1, 9), Taps(-3, 3, 3), Taps(-6, 3, 4), Taps(-9, 9, 2)))
"""Small, and with 110 ms to wait: it listens all day, in browsers too."""


class Block(nn.Module):
    """A convolution over time [clips, inputs, frames], batch normalisation, a rectifier."""

    def __init__(self, taps: Taps, inputs: int, outputs: int, *, first: bool) -> None:
        super().__init__()
        self.taps = taps
        self.affine = nn.Conv1d(
            inputs,
            outputs,
            taps.count,
            bias=False,
            stride=SUBSAMPLING if first else 1,
            dilation=1 if first else taps.step // SUBSAMPLING,
        )
        self.norm = nn.BatchNorm1d(outputs)

    def forward(self, frames: Tensor) -> Tensor:
        return torch.relu(self.norm(self.affine(frames)))

    def layer(self, name: str, source: str) -> Layer:
        """The same in numbers, the normalisation folded into the affine map before it."""
        assert self.norm.running_var is not None
        assert self.norm.running_mean is not None
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        return Layer(
            name,
            tuple((source, offset) for offset in self.taps.offsets),
            _numbers(_appended(self.affine.weight) * scale[:, None]),
            _numbers(self.norm.bias - self.norm.running_mean * scale),
        )

    def start_from(self, layer: Layer) -> None:
        """Take over a layer: with its first statistics, normalisation changes nothing but is part of the weights."""
        weight = torch.from_numpy(np.ascontiguousarray(layer.weight))
        self.affine.weight.copy_(weight.reshape(len(weight), self.taps.count, -1).transpose(1, 2))
        self.norm.weight.fill_((1.0 + self.norm.eps) ** 0.5)
        self.norm.bias.copy_(torch.from_numpy(layer.bias))


class Network(nn.Module):
    """Features [clips, frames + left + right, BINS] to logits [clips, about frames / 3, units]."""

    def __init__(self, shape: Shape, units: int, dropout: float) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.normalises = True
        widths = [BINS] + [shape.width] * len(shape.taps)
        self.blocks = [
            Block(taps, before, after, first=index == 0)
            for index, (taps, before, after) in enumerate(zip(shape.taps, widths, widths[1:], strict=False))
        ]
        self.hidden = nn.ModuleList(self.blocks)
        self.logits = nn.Conv1d(shape.width, units, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Logits; in training with whole channels scaled at random between 1 - 2 dropout and 1 + 2 dropout (Kaldi)."""
        hidden = features.transpose(1, 2)
        for block in self.blocks:
            hidden = block(hidden)
            if self.training and self.dropout:
                scale = torch.rand(hidden.shape[0], hidden.shape[1], 1) * 2 - 1
                hidden = hidden * (1 + 2 * self.dropout * scale)
        out: Tensor = self.logits(hidden)
        return out.transpose(1, 2)

    def train(self, mode: bool = True) -> Network:
        """Training or not; a network that was trained before goes on with the statistics it has."""
        super().train(mode)
        if not self.normalises:
            for block in self.blocks:
                block.norm.eval()
        return self

    @torch.no_grad()
    def layers(self) -> tuple[Layer, ...]:
        """The same map in numbers."""
        names = [INPUT, *(f"hidden{index + 1}" for index in range(len(self.blocks)))]
        made = [block.layer(name, source) for block, source, name in zip(self.blocks, names, names[1:], strict=False)]
        assert self.logits.bias is not None
        last = Layer(
            "logits", ((names[-1], 0),), _numbers(_appended(self.logits.weight)), _numbers(self.logits.bias), False
        )
        return (*made, last)

    @torch.no_grad()
    def start_from(self, layers: Sequence[Layer]) -> None:
        """Take over all that a trained model of the same shape and units knows."""
        self.normalises = False
        for block, layer in zip(self.blocks, layers, strict=False):
            block.start_from(layer)
        assert self.logits.bias is not None
        self.logits.weight.copy_(torch.from_numpy(np.ascontiguousarray(layers[-1].weight))[:, :, None])
        self.logits.bias.copy_(torch.from_numpy(layers[-1].bias))


def _appended(weight: Tensor) -> Tensor:
    """A convolution's weight [outputs, inputs, taps] as that of an affine map of appended inputs."""
    return weight.transpose(1, 2).reshape(len(weight), -1)


def _numbers(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().numpy().copy()
