"""Checksums of a folder's files, in the format of `sha256sum`."""

from __future__ import annotations

import hashlib
from pathlib import Path

Sums = dict[str, str]


def folder_sums(folder: Path) -> Sums:
    """The SHA-256 of each file by its path in the folder."""
    return {
        file.relative_to(folder).as_posix(): hashlib.file_digest(file.open("rb"), "sha256").hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def write_sums(sums: Sums, path: Path) -> None:
    """Write a list as `sha256sum` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()), encoding="utf-8")


def read_sums(path: Path) -> Sums:
    """Read what `write_sums` wrote; ValueError where a line is something else."""
    lines = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in lines}


def difference(wanted: Sums, found: Sums) -> str | None:
    """What differs in one sentence, or None."""
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            return f"{name} is missing"
        if name not in wanted:
            return f"{name} has been added"
        if wanted[name] != found[name]:
            return f"{name} has been changed"
    return None
