"""Adapted models one after another, `1`, `2` and so on in a folder, with a link to the one in use."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from voice.acoustic_model import AcousticModel
from voice.training.errors import TrainingError
from voice.training.publishing import republish


def keep_version(model: AcousticModel, base: Path, current: Path) -> int:
    """Write a model with the words of the folder `base` as the newest version, and use it; gives its number."""
    number = max(_numbers(current.parent), default=0) + 1
    current.parent.mkdir(parents=True, exist_ok=True)
    republish(model, base, current.parent / str(number))
    _point(current, number)
    return number


def restore_version(current: Path) -> int | None:
    """Use the version before the present one, and delete that; None where no adapted one is left.

    Raises:
        TrainingError: `nothing_to_restore`.
    """
    if not current.is_symlink():
        raise TrainingError(
            "nothing_to_restore", "The speech model has not been adapted: there is nothing to go back from"
        )
    number = int(current.readlink().name)
    before = max((other for other in _numbers(current.parent) if other < number), default=None)
    if before is None:
        current.unlink()
    else:
        _point(current, before)
    shutil.rmtree(current.parent / str(number), ignore_errors=True)
    return before


def _numbers(folder: Path) -> list[int]:
    return [int(entry.name) for entry in folder.glob("*") if entry.name.isdecimal()]


def _point(link: Path, number: int) -> None:
    partial = link.with_name(f".{link.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    partial.symlink_to(str(number))
    partial.replace(link)
