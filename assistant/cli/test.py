"""`./sori test`: every check, then every test."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from ctypes.util import find_library

from assistant.setup.environments import ROOT, SetupError

DEBIAN: dict[str, Callable[[], object]] = {
    "chromium": lambda: shutil.which("chromium"),
    "flite": lambda: shutil.which("flite"),
    "libportaudio2": lambda: find_library("portaudio"),
}
"""A browser for the pages, a voice other than the product's own, sound devices; and how to tell that each is there."""

CHECKS: tuple[tuple[str, Sequence[str]], ...] = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("import directions", ("lint-imports",)),
)


def run(options: argparse.Namespace) -> int:
    """Run everything, or pytest alone with the arguments given. The first check that fails ends the run."""
    _ensure_debian()
    commands = os.path.dirname(sys.executable)  # noqa: PTH120 - resolving the link would leave the environment
    if not options.pytest:
        for name, (tool, *arguments) in CHECKS:
            print(f"== {name}", flush=True)
            if status := subprocess.run([f"{commands}/{tool}", *arguments], cwd=ROOT, check=False).returncode:
                return status
        print("== tests", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", *options.pytest], cwd=ROOT, check=False).returncode


def _ensure_debian() -> None:
    missing = [package for package, present in DEBIAN.items() if not present()]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing Debian's {' and '.join(missing)} for the tests ...", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        install = ["apt-get", "install", "-qq", "--yes", *missing]
        if subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode == 0:
            return
    raise SetupError(
        f"the tests need {' and '.join(missing)}. On Debian and Ubuntu: sudo apt install {' '.join(missing)}"
    )
