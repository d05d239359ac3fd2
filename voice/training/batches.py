"""Training data in memory, and batches of it that are a little different each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.acoustic_model import SUBSAMPLING
from voice.features import BINS, WINDOW, bin_centres, global_weight, mel, running_cmn
from voice.training.network import Shape
from voice.training.shards import Arrays, read_arrays
from voice.training.units import IGNORED, count_pairs

Floats = NDArray[np.float32]

FRAMES_A_BATCH = 9_000
MAX_FRAMES = 1_500
QUIET_BEFORE = 0.3
"""Part of the clips that are heard after so much quiet that the running mean is that of the quiet."""
_WARPS = np.linspace(0.88, 1.14, 27)
_WARPED = 0.6
_CHANNEL_POINTS = 5
_CHANNEL_DB = 1.0
_LEVEL = 1.5
_MASKED_BINS = 7
_MASKED_FRAMES = 20


@dataclass(frozen=True)
class Clip:
    """Features [frames, BINS] in 16 bits before normalisation, and the labels of each frame."""

    features: NDArray[np.float16]
    phone: NDArray[np.uint8]
    previous: NDArray[np.uint8]


@dataclass(frozen=True)
class Batch:
    """`features` [clips, frames, BINS] with the context that the network needs, `targets` [clips, outputs]."""

    features: Floats
    targets: NDArray[np.int64]


def load_clips(files: Sequence[Path]) -> list[Clip]:
    """The clips of shards of features."""
    return [clip for file in files for clip in split_clips(read_arrays(file))]


def split_clips(features: Arrays) -> list[Clip]:
    """The clips of one shard of features, without what exceeds MAX_FRAMES."""
    ends = np.cumsum(features["lengths"])
    starts = ends - features["lengths"]
    return [
        Clip(*(features[name][start:end] for name in ("features", "phone", "previous")))
        for start, end in zip(starts, np.minimum(ends, starts + MAX_FRAMES), strict=True)
    ]


def mean_features(clips: Sequence[Clip]) -> NDArray[np.float64]:
    """The mean of every tenth clip's frames [BINS]."""
    return np.asarray(np.concatenate([clip.features for clip in clips[::10]]).mean(axis=0, dtype=np.float64))


def pair_counts(clips: Sequence[Clip]) -> NDArray[np.int64]:
    """Frames of each pair of labels, as `count_pairs` has them."""
    return np.asarray(sum(count_pairs(clip.phone, clip.previous) for clip in clips))


class Batches:
    """Epochs of batches, each clip once an epoch; the same seed and epoch give the same batches."""

    def __init__(
        self, clips: Sequence[Clip], mean: NDArray[np.float64], units: NDArray[np.int64], shape: Shape, seed: int
    ) -> None:
        """`units` [previous, phone] gives the target of a frame."""
        self._clips = clips
        self._mean = mean
        self._units = units
        self._shape = shape
        self._seed = seed
        self._lengths = np.array([len(clip.features) for clip in clips])

    @property
    def an_epoch(self) -> int:
        """How many batches there are in an epoch, more or less."""
        return int(self._lengths.sum() / FRAMES_A_BATCH) + 1

    def epoch(self, number: int) -> Iterator[Batch]:
        """The clips in random order, those of about the same length together."""
        dice = np.random.default_rng([self._seed, 4, number])
        order = np.argsort(self._lengths * dice.uniform(0.85, 1.15, len(self._lengths)), kind="stable")
        groups, start = [], 0
        while start < len(order):
            size = max(1, FRAMES_A_BATCH // int(self._lengths[order[start : start + 8]].max()))
            groups.append(order[start : start + size])
            start += size
        for group in dice.permutation(len(groups)):
            yield self._batch([self._clips[index] for index in groups[group]], dice)

    def plain(self) -> Iterator[Batch]:
        """Every clip as it is, one a batch."""
        for clip in self._clips:
            features = running_cmn(clip.features.astype(np.float32), self._mean)
            yield self._together([(features, self._units[clip.previous, clip.phone])])

    def _batch(self, clips: Sequence[Clip], dice: np.random.Generator) -> Batch:
        return self._together([self._varied(clip, dice) for clip in clips])

    def _varied(self, clip: Clip, dice: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
        """The clip as another speaker on another microphone might have said it, from another of three frames on."""
        features = clip.features.astype(np.float32)
        if dice.random() < QUIET_BEFORE:
            features = _after_quiet(features, self._mean, dice)
        else:
            features = running_cmn(features, self._mean)
        if dice.random() < _WARPED:
            below, part = _WARPED_BINS[int(dice.integers(len(_WARPS)))]
            features = features[:, below] * (1 - part) + features[:, below + 1] * part
        points = dice.normal(0, _CHANNEL_DB, _CHANNEL_POINTS)
        channel = np.interp(np.linspace(0, 1, BINS), np.linspace(0, 1, _CHANNEL_POINTS), points)
        channel += dice.uniform(-_LEVEL, _LEVEL)
        features = features + global_weight(len(features))[:, None] * channel.astype(np.float32)
        _mask(features, dice)
        start = int(dice.integers(min(SUBSAMPLING, len(features))))
        return features[start:], self._units[clip.previous[start:], clip.phone[start:]]

    def _together(self, clips: Sequence[tuple[Floats, NDArray[np.int64]]]) -> Batch:
        outputs = [-(-len(targets) // SUBSAMPLING) for _, targets in clips]
        left, right = self._shape.left, self._shape.right
        frames = (max(outputs) - 1) * SUBSAMPLING + 1 + left + right
        batch = np.zeros((len(clips), frames, BINS), np.float32)
        targets = np.full((len(clips), max(outputs)), IGNORED)
        for row, ((features, wanted), count) in enumerate(zip(clips, outputs, strict=True)):
            batch[row] = features[np.clip(np.arange(-left, frames - left), 0, len(features) - 1)]
            targets[row, :count] = wanted[::SUBSAMPLING]
        return Batch(batch, targets)


def _after_quiet(features: Floats, mean: NDArray[np.float64], dice: np.random.Generator) -> Floats:
    """Normalised as if some seconds of the clip's own quiet had gone before."""
    quiet = np.percentile(features, 5, axis=0).astype(np.float32)
    before = int(dice.integers(50, WINDOW))
    return running_cmn(np.concatenate([np.tile(quiet, (before, 1)), features]), mean)[before:]


def _mask(features: Floats, dice: np.random.Generator) -> None:
    """Blot out a band, and a moment (SpecAugment, Park et al. 2019)."""
    if dice.random() < 0.5:
        low = int(dice.integers(0, BINS - _MASKED_BINS))
        features[:, low : low + int(dice.integers(1, _MASKED_BINS + 1))] = 0.0
    if dice.random() < 0.3:
        start = int(dice.integers(0, len(features)))
        features[start : start + int(dice.integers(1, _MASKED_FRAMES + 1))] = 0.0


def _warped_bins(factor: float) -> tuple[NDArray[np.int64], Floats]:
    """Where the bins of a vocal tract `factor` times as short lie: the bin below, and how far towards the next."""
    centres = bin_centres()
    hertz = 700.0 * (np.exp(centres / 1127.0) - 1.0) * factor
    place = np.clip((mel(hertz) - centres[0]) / (centres[1] - centres[0]), 0, BINS - 1 - 1e-6)
    below = place.astype(np.int64)
    return below, (place - below).astype(np.float32)


_WARPED_BINS = [_warped_bins(factor) for factor in _WARPS]
