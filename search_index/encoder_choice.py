"""From a setting to an encoder: MiniLM's fast file made and kept, its reference, or any other model by name."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import subprocess
import sys
from pathlib import Path

from search_index.encoder import Encoder
from search_index.errors import ErrorCode, SearchError
from search_index.onnx_encoder import CLOSE_ENOUGH, OnnxMiniLM
from search_index.sentence_encoder import MiniLM, SentenceEncoder

log = logging.getLogger(__name__)

FAST, REFERENCE = "minilm", "minilm-reference"
RECIPE = 1
"""Counts the ways in which `onnx_export` has made the file; another one makes it anew."""
WITHIN_S = 600
"""Making the file takes 20 seconds, more on a busy machine."""


def open_encoder(name: str, directory: Path, *, threads: int = 2) -> Encoder:
    """The encoder that `name` stands for: "minilm", "minilm-reference", or another model's name or directory.

    MiniLM's fast file is kept in `directory` and made where it is missing or damaged. Where it cannot be made, or
    does not agree with the reference on this machine, the reference is taken, with a warning.

    Raises:
        SearchError: encoder: the model that is named is not on this machine.
    """
    if name == REFERENCE:
        return MiniLM(threads=threads)
    if name != FAST:
        return SentenceEncoder(name, threads=threads)
    reference = MiniLM(threads=threads)
    try:
        fast = _fast(directory, reference.fingerprint, threads)
    except SearchError as error:
        log.warning("meaning comes from the slower reference: %s", error)
        return reference
    if not fast.agreement >= CLOSE_ENOUGH:
        low = f"the fast file in {directory} has a cosine of {fast.agreement:.4f} with it on this machine"
        log.warning("meaning comes from the slower reference: %s", low)
        return reference
    return fast


def _fast(directory: Path, fingerprint: str, threads: int) -> OnnxMiniLM:
    digest = hashlib.blake2b(fingerprint.encode(), digest_size=6).hexdigest()
    path = directory / f"minilm-{RECIPE}-{digest}.onnx"
    if path.exists():
        try:
            return OnnxMiniLM(path, fingerprint, threads=threads)
        except SearchError as error:
            log.warning("%s; it is made again", error)
    _make(path)
    return OnnxMiniLM(path, fingerprint, threads=threads)


def _make(path: Path) -> None:
    """Make the file in another process, which gives back the memory that takes; one at a time in a directory."""
    command = [sys.executable, "-m", "search_index.onnx_export", str(path.resolve())]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / "making.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            subprocess.run(
                command, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True, timeout=WITHIN_S
            )
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip().rpartition("\n")[2]
        raise SearchError(ErrorCode.ENCODER, f"making {path} failed: {said}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SearchError(ErrorCode.ENCODER, f"making {path} failed: {error}") from error
