"""What a Vosk model folder must hold, checked before the library sees it: it ends badly on a broken one."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

COMMONEST = ("the", "and", "of", "to", "what", "is", "you", "that", "it", "with", "for", "this", "have")
"""A model that knows all of these words is for English."""
_LANGUAGE = re.compile(r"vosk-model-(?:small-|spk-)?([a-z]{2}(?:-[a-z]{2})?)(?=-|$)")


@dataclass(frozen=True)
class ModelInfo:
    """A model folder: `problem` says in one sentence why it is not `valid`; `size` is in bytes.

    `language` is a tag such as `en-us`, read from the folder's name, or else `en` where the model knows the commonest
    English words; None where neither says.
    """

    name: str
    path: Path
    valid: bool
    problem: str | None
    language: str | None
    size: int


def inspect_model(path: Path) -> ModelInfo:
    """Look at a folder without loading it."""
    problem = find_problem(path)
    named = _LANGUAGE.match(path.name)
    language = named[1] if named else "en" if _knows_english(path) else None
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else 0
    return ModelInfo(path.name, path, problem is None, problem, language, size)


def list_models(models: Path) -> list[ModelInfo]:
    """The model folders in a folder, by name; none where there is no such folder."""
    if not models.is_dir():
        return []
    return [inspect_model(entry) for entry in sorted(models.iterdir()) if entry.is_dir() and entry.name[0] != "."]


def find_problem(path: Path) -> str | None:
    """Why a folder is no Vosk model, or None. Both layouts are known: with `am`, `conf`, `graph`, and the flat one."""
    if not path.is_dir():
        return f"There is no folder {path}"
    nested = (path / "am").is_dir() or (path / "graph").is_dir()
    acoustic, conf, graph = (path / "am", path / "conf", path / "graph") if nested else (path, path, path)
    wanted = [(acoustic / "final.mdl",), (conf / "mfcc.conf", conf / "fbank.conf")]
    if nested:
        wanted.append((conf / "model.conf",))
    wanted.append((graph / "HCLG.fst", graph / "HCLr.fst"))
    if (graph / "HCLr.fst").exists() and not (graph / "HCLG.fst").exists():
        wanted += [(graph / "Gr.fst",), (graph / "disambig_tid.int",)]
    if not (graph / "HCLG.fst").exists():
        wanted.append((graph / "words.txt",))
    for choices in wanted:
        if not any(file.is_file() and file.stat().st_size for file in choices):
            names = " or ".join(str(file.relative_to(path)) for file in choices)
            return f"{path} is no complete Vosk model: {names} is missing or empty"
    return None


def stamp(path: Path) -> str:
    """A fingerprint of where a folder is and of its files' names, sizes and times, without reading them."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    entries = [(str(file), (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
    return hashlib.sha256(json.dumps([str(path.resolve()), entries]).encode()).hexdigest()[:24]


def _knows_english(path: Path) -> bool:
    table = next((file for file in (path / "graph/words.txt", path / "words.txt") if file.is_file()), None)
    if table is None:
        return False
    with table.open(encoding="utf-8", errors="replace") as lines:
        return {line.split(" ", 1)[0] for line in lines}.issuperset(COMMONEST)
