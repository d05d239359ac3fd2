"""What a Vosk model folder must hold, checked before the library sees it: it ends badly on a broken one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LANGUAGE = re.compile(r"vosk-model-(?:small-|spk-)?([a-z]{2}(?:-[a-z]{2})?)(?=-|$)")


@dataclass(frozen=True)
class ModelInfo:
    """A model folder: `problem` says in one sentence why it is not `valid`; `size` is in bytes.

    `language` is a tag such as `en-us`, read from the folder's name: None where the name does not say.
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
    language = _LANGUAGE.match(path.name)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else 0
    return ModelInfo(path.name, path, problem is None, problem, language[1] if language else None, size)


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
