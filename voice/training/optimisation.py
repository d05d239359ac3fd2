"""Training a network: cross entropy frame by frame, AdamW, one cycle of the learning rate, on one thread."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from voice.training.batches import Batches
from voice.training.network import Network
from voice.training.units import IGNORED

SMOOTHING = 0.05
WEIGHT_DECAY = 1e-3
WARM_UP = 0.1
"""Part of the training in which the learning rate rises."""
MAX_NORM = 2.0

Report = Callable[[int, float, float], None]
"""Told the epoch, its mean loss, and the part of its frames that were right."""


@dataclass(frozen=True)
class Schedule:
    """How long and how fast: `rate` is the highest learning rate."""

    epochs: int
    rate: float
    seed: int


def train(network: Network, batches: Batches, schedule: Schedule, checkpoint: Path, report: Report) -> None:
    """Train in place. An interrupted training goes on after the last whole epoch that `checkpoint` holds."""
    torch.set_num_threads(1)  # two threads wait for each other more than they work
    optimiser = torch.optim.AdamW(network.parameters(), lr=schedule.rate, weight_decay=WEIGHT_DECAY)
    steps = schedule.epochs * batches.an_epoch
    begun = step = 0
    if checkpoint.exists():
        stored = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(stored["network"])
        optimiser.load_state_dict(stored["optimiser"])
        begun, step = stored["epochs"], stored["steps"]
    for epoch in range(begun, schedule.epochs):
        torch.manual_seed(schedule.seed * 1_000 + epoch)
        network.train()
        losses: list[float] = []
        right = frames = 0
        for batch in batches.epoch(epoch):
            for group in optimiser.param_groups:
                group["lr"] = schedule.rate * one_cycle(step / steps)
            targets = torch.from_numpy(batch.targets)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = network(torch.from_numpy(batch.features))
            logits = logits.float().reshape(-1, logits.shape[2])
            loss = functional.cross_entropy(
                logits, targets.reshape(-1), ignore_index=IGNORED, label_smoothing=SMOOTHING
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), MAX_NORM)
            optimiser.step()
            step += 1
            losses.append(loss.item())
            right += int((logits.argmax(1) == targets.reshape(-1)).sum())
            frames += int((targets != IGNORED).sum())
        _save(checkpoint, network, optimiser, epoch + 1, step)
        report(epoch + 1, float(np.mean(losses)), right / frames)
    network.eval()


def one_cycle(done: float) -> float:
    """The learning rate, as part of its highest: a rise, then half a cosine down to almost nothing (Smith 2018)."""
    if done < WARM_UP:
        return 0.05 + 0.95 * done / WARM_UP
    return 0.001 + 0.999 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - WARM_UP) / (1 - WARM_UP))))


def accuracy(network: Network, batches: Batches) -> float:
    """The part of the frames whose likeliest unit is the right one, nothing varied."""
    network.eval()
    right = frames = 0
    with torch.no_grad():
        for batch in batches.plain():
            guesses = network(torch.from_numpy(batch.features)).argmax(2).numpy()
            right += int((guesses == batch.targets).sum())
            frames += int((batch.targets != IGNORED).sum())
    return right / max(1, frames)


def _save(checkpoint: Path, network: Network, optimiser: torch.optim.Optimizer, epochs: int, steps: int) -> None:
    partial = checkpoint.with_name(f".{checkpoint.name}.{os.getpid()}")
    torch.save(
        {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "epochs": epochs, "steps": steps},
        partial,
    )
    partial.replace(checkpoint)
