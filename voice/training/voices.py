"""The synthetic voices of this machine, and how much each of them says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from voice.training.errors import TrainingError

Engine = Literal["flite", "festival", "espeak-ng"]

PACKAGES = (
    "flite", "festival", "festvox-kallpc16k", "festvox-kdlpc16k", "festvox-us-slt-hts", "espeak-ng",
    "libfst-tools",
)  # fmt: skip
"""Debian packages that training needs: voices, and the tools that graphs are made with."""

_WEIGHTS = {
    ("flite", "awb"): 12, ("flite", "kal16"): 8, ("flite", "kal"): 3, ("flite", "rms"): 12, ("flite", "slt"): 12,
    ("festival", "kal_diphone"): 5, ("festival", "ked_diphone"): 13, ("festival", "cmu_us_slt_arctic_hts"): 10,
}  # fmt: skip
"""How often each voice cut or modelled from a person's recordings speaks."""
_ESPEAK_WEIGHT = 25
"""How often all of eSpeak's speak, of whom there are hundreds: a synthesizer of formants, far from people."""
_ACCENTS = ("en-us", "en-us", "en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-029", "en-us-nyc")
HELD_OUT_ACCENT = "en-gb-x-gbcwmd"
"""The accent of the voices that training never hears."""
_NO_PERSON = re.compile(r"whisper|croak|robo|robert|demonic|unirobot|storm|fast|gene|norbert|anika|mr_serious", re.I)
_FESTIVAL_VOICES = Path("/usr/share/festival/voices")
_WITHIN_S = 30


@dataclass(frozen=True)
class Voice:
    """A voice of a synthesizer; `weight` says how often it speaks beside the others."""

    engine: Engine
    name: str
    weight: float


def training_voices() -> list[Voice]:
    """Every voice that training uses.

    Raises:
        TrainingError: `voices_missing`, with the Debian packages to install.
    """
    missing = missing_packages()
    if missing:
        raise TrainingError("voices_missing", f"Training needs more of Debian: apt-get install {' '.join(missing)}")
    voices = [Voice(engine, name, weight) for (engine, name), weight in _WEIGHTS.items()]  # type: ignore[arg-type]
    variants = _espeak_variants()
    names = [f"{accent}+{variant}" for accent in _ACCENTS for variant in variants]
    return voices + [Voice("espeak-ng", name, _ESPEAK_WEIGHT / len(names)) for name in names]


def held_out_voices() -> list[Voice]:
    """Voices for checks, of an accent that is not trained on."""
    return [Voice("espeak-ng", f"{HELD_OUT_ACCENT}+{variant}", 1.0) for variant in _espeak_variants()]


def missing_packages() -> list[str]:
    """Those of PACKAGES that are not installed."""
    present = {
        "flite": shutil.which("flite") is not None,
        "festival": shutil.which("festival") is not None,
        "festvox-kallpc16k": (_FESTIVAL_VOICES / "english" / "kal_diphone").is_dir(),
        "festvox-kdlpc16k": (_FESTIVAL_VOICES / "english" / "ked_diphone").is_dir(),
        "festvox-us-slt-hts": (_FESTIVAL_VOICES / "us" / "cmu_us_slt_arctic_hts").is_dir(),
        "espeak-ng": shutil.which("espeak-ng") is not None,
        "libfst-tools": shutil.which("fstconvert") is not None,
    }
    return [package for package in PACKAGES if not present[package]]


def draw(voices: Sequence[Voice], dice: np.random.Generator) -> Voice:
    """One of the voices by weight."""
    weights = np.array([voice.weight for voice in voices])
    return voices[dice.choice(len(voices), p=weights / weights.sum())]


def _espeak_variants() -> list[str]:
    """The variants of espeak-ng that sound like people."""
    listing = subprocess.run(
        ["espeak-ng", "--voices=variant"], capture_output=True, text=True, timeout=_WITHIN_S, check=True
    ).stdout
    names = set(re.findall(r"!v/(\S+)", listing))
    return sorted(name for name in names if not _NO_PERSON.search(name))
