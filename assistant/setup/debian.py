"""Debian packages that a command needs: installed where that can be, else named."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from ctypes.util import find_library

from assistant.setup.environments import SetupError

WITHIN_S = 900
"""For a slow mirror."""


def ensure_packages(missing: Sequence[str], purpose: str) -> None:
    """Install `missing` where we are root, and nothing where none is missing.

    Raises:
        SetupError: they cannot be installed here; it says how to do it, and that `purpose` needs them.
    """
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing Debian's {', '.join(missing)} ...", flush=True)
        # What apt says about terminals and questions helps nobody who is not asked any.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        _apt(["update", "-qq"], environment)
        if _apt(["install", "-qq", "--yes", *missing], environment):
            return
    raise SetupError(
        f"{purpose} needs {', '.join(missing)}. On Debian and Ubuntu: sudo apt install {' '.join(missing)}"
    )


def missing_for_learning() -> list[str]:
    """What LightGBM needs and its wheel does not bring: OpenMP's library."""
    return [] if find_library("gomp") else ["libgomp1"]


def _apt(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    command = ["apt-get", *arguments]
    try:
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=WITHIN_S, env=environment)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
