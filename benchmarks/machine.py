"""On what, from what and when figures were made."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil

from assistant.setup.environments import ROOT

OUTPUT = "docs/benchmarks.md"


def made_by(name: str) -> str:
    """The command that makes a section again, the date, the machine, how busy it was, and the commit."""
    memory_gb = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0))
    return (
        f"`.envs/test/bin/python -m benchmarks {name}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_cpu()}, "
        f"{cores} cores, {memory_gb:.0f} GB, load {os.getloadavg()[2]:.1f} over the last 15 minutes, {_commit()}."
    )


def _cpu() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _commit() -> str:
    """The commit, and whether the files differ from it; this document's own change does not count."""
    commit = _git("rev-parse", "--short=12", "HEAD").strip()
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.endswith(OUTPUT)]
    return f"commit {commit}" + (" with uncommitted changes" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout if done.returncode == 0 else "unknown"
