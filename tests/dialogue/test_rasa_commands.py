"""Rasa's own commands work on this project: its data is valid, its conversations go as written, and training is idle
where nothing changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

from tests.dialogue.conftest import RASA_PYTHON, ROOT

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "SORI_INTERNAL_URL": "http://127.0.0.1:1",
    "SORI_INTERNAL_TOKEN": "unused",
}


def rasa(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [RASA_PYTHON, "-m", "rasa", *arguments],
        cwd=ROOT,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_training_data_is_valid_without_a_warning() -> None:
    done = rasa("data", "validate", "--data", "nlu_data", "--domain", "nlu_data/domain", "--fail-on-warnings")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "UserWarning" not in done.stdout + done.stderr


def test_the_written_conversations_go_as_written(model: Path, tmp_path: Path) -> None:
    done = rasa(
        *(
            "test",
            "core",
            "--model",
            model,
            "--stories",
            "tests/dialogue/conversations",
            "--endpoints",
            "endpoints.yml",
        ),
        *("--out", tmp_path, "--fail-on-prediction-errors", "--no-plot"),
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["conversation_accuracy"]["correct"] == report["conversation_accuracy"]["total"] >= 4


def test_training_again_changes_nothing_and_takes_no_time(model: Path) -> None:
    before, started = model.read_bytes(), time.monotonic()
    done = subprocess.run(
        [RASA_PYTHON, "-m", "assistant.rasa_worker.train", "--data-dir", ROOT / "data" / "test"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert time.monotonic() - started < 5
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["step"] == "unchanged"
    assert model.read_bytes() == before
