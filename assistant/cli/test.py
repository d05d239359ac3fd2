"""`./sori test`: every check, then every test."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from ctypes.util import find_library

from assistant.setup.debian import ensure_packages, missing_for_learning
from assistant.setup.environments import ROOT

DEBIAN: dict[str, Callable[[], object]] = {
    "chromium": lambda: shutil.which("chromium"),
    "libportaudio2": lambda: find_library("portaudio"),
}
"""A browser for the pages and sound devices, and how to tell that each is there.

The voices and tools of training come on top: tests train, and speak with voices that are not the product's own.
"""

CHECKS: tuple[tuple[str, Sequence[str]], ...] = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("import directions", ("lint-imports",)),
)

TWO_PROCESSES = ("--numprocesses=2",)
"""Tests wait more than they compute; tests/conftest.py says which stay together."""


def run(options: argparse.Namespace) -> int:
    """Run everything, or pytest alone, in one process, with the arguments given. A check that fails ends the run."""
    ensure_packages(_missing(), "the tests")
    commands = os.path.dirname(sys.executable)  # noqa: PTH120 - resolving the link would leave the environment
    if not options.pytest:
        for name, (tool, *arguments) in CHECKS:
            print(f"== {name}", flush=True)
            if status := subprocess.run([f"{commands}/{tool}", *arguments], cwd=ROOT, check=False).returncode:
                return status
        print("== tests", flush=True)
    command = [sys.executable, "-m", "pytest", *(options.pytest or TWO_PROCESSES)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _missing() -> list[str]:
    from voice.training.voices import missing_packages  # needs numpy, which this environment has by now

    tools = (package for package, present in DEBIAN.items() if not present())
    return [*tools, *missing_for_learning(), *missing_packages()]
