"""What a benchmark is, and where it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.paths import DataPaths
from assistant.setup.environments import ROOT
from benchmarks.report import Findings

MEASURING_DATA = ROOT.parent / "shared" / "data"
"""Public data that is not part of the project; what needs it is left out where it is missing."""

SPEECH = MEASURING_DATA / "speech"


def need_speech() -> Path:
    """The folder of recorded people; FileNotFoundError, with a sentence that says so, where there is none."""
    if not SPEECH.is_dir():
        raise FileNotFoundError(f"this is measured on recordings of people, and there is no folder {SPEECH}")
    return SPEECH


@dataclass(frozen=True)
class Workplace:
    """Prepared data, the dialogue model trained from the present files, and where progress is shown."""

    paths: DataPaths
    model: Path
    say: Callable[[str], None]

    @property
    def kept(self) -> Path:
        """Where a benchmark keeps what takes long to make, for its next run."""
        return self.paths.root / "benchmarks"


@dataclass(frozen=True)
class Benchmark:
    """`about` is the paragraph that says what is measured and how; `run` starts and stops all that it needs."""

    name: str
    title: str
    about: str
    run: Callable[[Workplace], Findings]
