"""`./sori doctor`: what is present, missing or wrong. Needs nothing installed, and changes nothing."""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.setup.environments import ALL, ROOT, SERVICE, TEST

GOOD, MISSING, WRONG, NOTE = "ok", "missing", "wrong", "note"
"""`missing` is made by the next start; `wrong` needs a person; `note` is optional."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and how to mend it where that is needed."""

    subject: str
    state: str
    detail: str
    mend: str = ""


def run(options: argparse.Namespace) -> int:
    """Print every finding; 1 if one of them stands in the way of a start."""
    data_dir = options.data_dir or Path(os.environ.get("SORI_DATA_DIR") or ROOT / "data")
    findings = [*_machine(), *_environments(), *_settings(), *_data(data_dir), *_optional()]
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            print(f"{finding.state:>8}  {finding.subject}: {finding.detail}")
            if finding.mend:
                print(f"{'':>8}  -> {finding.mend}")
    return int(any(finding.state == WRONG for finding in findings))


def _machine() -> Iterator[Finding]:
    yield Finding("Python", GOOD, f"{platform.python_version()} at {sys.executable}")
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        machine = f"{platform.system()} on {platform.machine()}"
        yield Finding(
            "machine", WRONG, f"{machine}; the lock files are made for Linux on x86_64", "see docs/dependencies.md"
        )
    if not SERVICE.is_current() and importlib.util.find_spec("ensurepip") is None:
        yield Finding("venv", WRONG, "Python's venv module is incomplete", "sudo apt install python3.11-venv")
    needed = sum(
        environment.size_gb for environment in ALL.values() if not environment.is_current() and environment != TEST
    )
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < needed + 1:
        yield Finding(
            "disk",
            WRONG,
            f"{free:.1f} GB free, about {needed + 1:.1f} GB needed",
            "make room, or clone to a larger disk",
        )
    else:
        yield Finding("disk", GOOD, f"{free:.1f} GB free")


def _environments() -> Iterator[Finding]:
    for environment in ALL.values():
        mend = "./sori test makes it" if environment == TEST else "./sori demo makes it"
        if environment.is_current():
            yield Finding(f"environment {environment.name}", GOOD, environment.purpose)
        elif environment.python.exists():
            yield Finding(f"environment {environment.name}", MISSING, "incomplete, or its lock file has changed", mend)
        else:
            yield Finding(f"environment {environment.name}", MISSING, environment.purpose, mend)


def _settings() -> Iterator[Finding]:
    if not SERVICE.is_current():
        yield Finding("settings", NOTE, "not checked: the service's environment is not there yet")
        return
    check = (
        "from assistant.settings import load_settings, SettingsError\n"
        "try: load_settings()\n"
        "except SettingsError as error: print(error)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [SERVICE.python, "-P", "-c", check], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    problem = (done.stdout + done.stderr).strip()
    if problem:
        yield Finding("settings", WRONG, problem, "docs/settings.md lists every setting")
    else:
        yield Finding("settings", GOOD, "all are known and in their limits")


def _data(data_dir: Path) -> Iterator[Finding]:
    if not data_dir.exists():
        yield Finding("data", MISSING, f"{data_dir} is not there yet", "./sori demo makes it")
        return
    if not os.access(data_dir, os.W_OK):
        yield Finding("data", WRONG, f"{data_dir} cannot be written", f"sudo chown -R $USER {data_dir}")
        return
    for subject, pattern in (
        ("dialogue model", "rasa/models/*.tar.gz"),
        ("recordings", "recordings/*.mp3"),
        ("index", "index/*"),
    ):
        count = len(list(data_dir.glob(pattern)))
        if count:
            yield Finding(subject, GOOD, f"{count} files in {data_dir / pattern.rpartition('/')[0]}")
        else:
            yield Finding(subject, MISSING, "not made yet", "./sori demo makes it")
    yield Finding("service", NOTE, "running" if _locked(data_dir / "run" / "service.lock") else "not running")


def _locked(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _optional() -> Iterator[Finding]:
    if find_library("portaudio"):
        yield Finding("sound devices", GOOD, "PortAudio is there for ./sori talk")
    else:
        yield Finding("sound devices", NOTE, "./sori talk needs PortAudio", "sudo apt install libportaudio2")
    for command in ("chromium", "flite"):
        if shutil.which(command):
            yield Finding(command, GOOD, "there for the tests")
        else:
            yield Finding(command, NOTE, "only the tests need it", f"sudo apt install {command}")
