"""Digests of what a measurement depends on, under which its outcome is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from voice.audio import Audio
from voice.recogniser import Vocabulary


def of_files(folder: Path, pattern: str = "*") -> str:
    """Of a folder's files, with their names."""
    digest = hashlib.sha256()
    for file in sorted(one for one in folder.rglob(pattern) if one.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def of_vocabulary(vocabulary: Vocabulary) -> str:
    """Of what is expected to be said."""
    return hashlib.sha256(json.dumps(sorted(vocabulary.sentences)).encode()).hexdigest()


def of_sounds(sounds: Sequence[Audio]) -> str:
    """Of recordings, in their order."""
    digest = hashlib.sha256()
    for sound in sounds:
        digest.update(hashlib.sha256(sound.pcm).digest())
    return digest.hexdigest()


def together(*parts: str) -> str:
    """One short name for all of them."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
