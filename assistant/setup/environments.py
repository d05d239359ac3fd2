"""The project's Python environments: made by uv from lock files, remade when a lock file changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / ".envs"
REQUIREMENTS = ROOT / "requirements"


class SetupError(Exception):
    """Set-up cannot go on; the message says why and how to mend it."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment and the lock file it is made from. `size_gb` is what it takes on disk."""

    name: str
    purpose: str
    size_gb: float

    @property
    def path(self) -> Path:
        return ENVIRONMENTS / self.name

    @property
    def lock(self) -> Path:
        return REQUIREMENTS / f"{self.name}.lock"

    @property
    def python(self) -> Path:
        return self.path / "bin" / "python"

    @property
    def _stamp(self) -> Path:
        return self.path / "installed-from"

    def fingerprint(self) -> str:
        """What the environment was made from: the lock file, the Python and the machine."""
        lock = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        return f"{lock} python-{platform.python_version()} {platform.machine()}\n"

    def is_current(self) -> bool:
        """Whether the last installation ended well and the lock file has not changed since."""
        return self.python.exists() and self._stamp.exists() and self._stamp.read_text() == self.fingerprint()

    def mark_current(self) -> None:
        """Write the stamp last, so that an interrupted installation is taken up again."""
        temporary = self._stamp.with_suffix(".new")
        temporary.write_text(self.fingerprint())
        temporary.replace(self._stamp)


SERVICE = Environment("service", "the service: web, speech, search", 1.8)
RASA = Environment("rasa", "Rasa, which needs older packages", 2.7)
TEST = Environment("test", "the service and what its tests need", 2.1)
ALL = {environment.name: environment for environment in (SERVICE, RASA, TEST)}


def ensure(environment: Environment) -> None:
    """Make `environment` unless it is current.

    Raises:
        SetupError: a tool is missing, the disk is too full, or a package could not be had.
    """
    if environment.is_current():
        return
    ENVIRONMENTS.mkdir(exist_ok=True)
    with _only_one(ENVIRONMENTS / ".lock"):
        if environment.is_current():
            return
        _check_disk(environment)
        uv = _uv()
        print(f"Installing {environment.name} ({environment.purpose}; about {environment.size_gb} GB) ...", flush=True)
        _run([uv, "venv", "--quiet", "--allow-existing", "--python", _base_python(), environment.path])
        _install(uv, environment)
        environment.mark_current()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Two first starts at once must not write the same environment."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another ./sori is installing; waiting for it ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _check_disk(environment: Environment) -> None:
    free_gb = shutil.disk_usage(ENVIRONMENTS).free / 1e9
    if free_gb < environment.size_gb + 0.5:
        raise SetupError(
            f"not enough room for the {environment.name} environment: it takes {environment.size_gb} GB and "
            f"{free_gb:.1f} GB are free under {ENVIRONMENTS}. Make room, or clone to a larger disk."
        )


def _base_python() -> Path:
    """The interpreter this process stands on, also when it runs inside an environment."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable)


def _uv() -> Path:
    """The pinned uv, in an environment of its own."""
    version = re.search(r"^uv==(\S+)", SERVICE.lock.read_text(), re.MULTILINE)
    assert version, "service.lock pins uv"
    tools = ENVIRONMENTS / "tools"
    uv = tools / "bin" / "uv"
    wanted = f"uv=={version[1]}"
    stamp = tools / "installed-from"
    if not (uv.exists() and stamp.exists() and stamp.read_text() == wanted):
        _make_venv(tools)
        print(f"Installing {wanted} ...", flush=True)
        _run([tools / "bin" / "python", "-m", "pip", "install", "--quiet", wanted])
        stamp.write_text(wanted)
    return uv


def _make_venv(path: Path) -> None:
    if _try([_base_python(), "-m", "venv", "--clear", path]):
        return
    package = "python3.11-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Python's venv module is incomplete; installing Debian's {package} ...", flush=True)
        _try(["apt-get", "update", "--quiet"])
        if _try(["apt-get", "install", "--yes", "--quiet", package]) and _try([_base_python(), "-m", "venv", path]):
            return
    raise SetupError(f"Python's venv module does not work here. On Debian and Ubuntu: sudo apt install {package}")


def _install(uv: Path, environment: Environment) -> None:
    """Install exactly what the lock file names.

    torch is the one package whose default build brings gigabytes of CUDA. A CPU build in a find-links folder of pip's
    is taken; otherwise uv's CPU channel is asked; only where neither can be had does the default build come.
    """
    options: list[str | Path] = ["--python", environment.python, "--compile-bytecode"]
    if not sys.stderr.isatty():
        options.append("--quiet")
    settings = pip_settings()
    for folder in settings.get("find-links", ()):
        options += ["--find-links", folder]
    for index in settings.get("index-url", ())[:1]:
        options += ["--default-index", index]
    needs_torch = re.search(r"^torch==", environment.lock.read_text(), re.MULTILINE)
    if not needs_torch or has_torch_wheel(settings.get("find-links", ())):
        _run([uv, "pip", "sync", *options, environment.lock])
    elif not _try([uv, "pip", "sync", *options, "--torch-backend", "cpu", environment.lock]):
        print("torch's CPU channel cannot be reached: installing its default build, which is larger ...", flush=True)
        _run([uv, "pip", "install", *options, "--requirements", environment.lock])


def pip_settings() -> dict[str, list[str]]:
    """Pip's own `find-links` and `index-url`, from its files and environment variables, which uv does not read."""
    pip = ENVIRONMENTS / "tools" / "bin" / "python"
    listing = subprocess.run(
        [pip, "-m", "pip", "config", "list"], capture_output=True, text=True, timeout=60, check=False
    )
    return parse_pip_settings(listing.stdout)


def parse_pip_settings(listing: str) -> dict[str, list[str]]:
    """Read `pip config list`, lines of `section.name='value value'`, into values by name, without repeats."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^[^'\n]*\.(find-links|index-url)='(.*)'$", listing, re.MULTILINE):
        values = found.setdefault(name, [])
        values += [part for part in value.replace("\\n", " ").split() if part not in values]
    return found


def has_torch_wheel(sources: Iterable[str]) -> bool:
    """Whether one of the find-links folders holds a CPU build of torch; pages on the web are not looked into."""
    folders = [Path(source.removeprefix("file://")) for source in sources]
    return any(wheel for folder in folders for wheel in folder.glob("torch-*+cpu-cp311-*.whl"))


def _try(command: list[str | Path]) -> bool:
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0


def _run(command: list[str | Path]) -> None:
    if not _try(command):
        raise SetupError(
            "this command failed, and what it printed above says why:\n  "
            + " ".join(str(part) for part in command)
            + "\nMend it and run ./sori again: it carries on from there."
        )
