"""What takes long to make, kept on disk for the next run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import voice
from benchmarks.fingerprints import of_files


def kept(file: Path, make: Callable[[], Any]) -> Any:
    """The JSON in a file; made, and written whole or not at all, where there is no such file yet."""
    if not file.exists():
        content = json.dumps(make())
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch = file.with_suffix(".new")
        scratch.write_text(content)
        scratch.replace(file)
    return json.loads(file.read_text())


def of_code() -> str:
    """A digest of the code that hears: what was heard by other code is heard again."""
    return of_files(Path(voice.__file__).parent, "*.py")
