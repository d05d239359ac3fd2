"""A vocabulary's language model and pronunciations on disk, under the fingerprint of what they were made from."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from voice.errors import ModelError
from voice.language_model import estimate
from voice.pronounce import dictionary_lines
from voice.recogniser import Vocabulary
from voice.spoken_form import spoken_words

FORMAT = "1"
"""Part of every fingerprint: raise it when the way these files are made changes."""
KEPT = 4
"""Vocabularies left in the cache; the least recently used go first."""


@dataclass(frozen=True)
class LanguageFiles:
    """Paths of an ARPA trigram and of a Sphinx dictionary that holds just its words."""

    language_model: Path
    dictionary: Path


def build_language(vocabulary: Vocabulary, base_dictionary: Path, cache: Path) -> LanguageFiles:
    """Make the files for a vocabulary, or find them made before.

    Raises ModelError: `vocabulary_empty` where no sentence holds a word that can be said, `vocabulary_not_written`
    where the disk refuses.
    """
    sentences = weigh(vocabulary)
    if not sentences:
        raise ModelError("vocabulary_empty", "The vocabulary holds no sentence that can be said in English")

    def write(folder: Path) -> None:
        words = {word for sentence in sentences for word in sentence}
        _write_lines(folder / "words.dict", dictionary_lines(words, base_dictionary))
        _write_lines(folder / "trigram.arpa", estimate(sentences.items()).arpa_lines())

    folder = keep(cache, fingerprint(sentences, base_dictionary.stat().st_size), write)
    return LanguageFiles(folder / "trigram.arpa", folder / "words.dict")


def keep(cache: Path, name: str, write: Callable[[Path], None]) -> Path:
    """The folder of that name in a cache, filled by `write` where there is none: whole or not at all.

    Raises ModelError(`vocabulary_not_written`) where the disk refuses.
    """
    folder = cache / name
    try:
        if not folder.is_dir():
            cache.mkdir(parents=True, exist_ok=True)
            _fill(folder, write)
        os.utime(folder)
        _prune(cache, folder)
    except OSError as error:
        raise ModelError("vocabulary_not_written", f"The vocabulary cannot be kept in {cache}: {error}") from error
    return folder


def weigh(vocabulary: Vocabulary) -> dict[tuple[str, ...], float]:
    """The words of each different sentence with the sum of its weights; a weight must be above 0."""
    weights: dict[tuple[str, ...], float] = defaultdict(float)
    for sentence, weight in vocabulary.sentences:
        if not (math.isfinite(weight) and weight > 0):
            raise ModelError("vocabulary_weight", f"The weight of {sentence!r} must be above 0, not {weight}")
        if words := tuple(spoken_words(sentence)):
            weights[words] += weight
    return dict(weights)


def fingerprint(sentences: dict[tuple[str, ...], float], *made_with: object) -> str:
    """A name for the vocabulary: equal exactly where the same files would be made."""
    content = json.dumps([FORMAT, *map(str, made_with), sorted(sentences.items())])
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def _fill(folder: Path, write: Callable[[Path], None]) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        write(scratch)
        try:
            scratch.rename(folder)
        except OSError:
            if not folder.is_dir():  # otherwise another process made the same files meanwhile
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _prune(cache: Path, current: Path) -> None:
    folders = [entry for entry in cache.iterdir() if entry.is_dir() and entry != current and entry.name[0] != "."]
    for folder in sorted(folders, key=lambda entry: entry.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
