"""Model folders that are broken, foreign or no models at all: a clear error, and no process of ours dies of them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.service.running import SORI
from voice.errors import ModelError
from voice.model_check import missing_words, try_model
from voice.models import SHIPPED, open_recogniser
from voice.recogniser import Vocabulary

STOP = Vocabulary.of("stop")
WITHIN_S = 90
TRIAL_S = 15
"""Some damage has the library work without end, which the trial has to bear."""
FILES = ("am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The shipped model, to be broken."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def truncated(part: float) -> Callable[[Path], None]:
    def cut(file: Path) -> None:
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * part)])

    return cut


def random_bytes(file: Path) -> None:
    file.write_bytes(np.random.default_rng(4).bytes(file.stat().st_size))


def flipped(file: Path) -> None:
    """One byte in a thousand is another one."""
    content = np.frombuffer(file.read_bytes(), np.uint8).copy()
    dice = np.random.default_rng(6)
    places = dice.choice(len(content), max(1, len(content) // 1000), replace=False)
    content[places] = dice.integers(0, 256, len(places))
    file.write_bytes(content.tobytes())


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", [truncated(0.01), truncated(0.5), random_bytes], ids=["1 %", "50 %", "random"])
def test_a_damaged_file_is_found_out(model: Path, file: str, harm: Callable[[Path], None]) -> None:
    """In a process of its own: whatever the library does there, here is a sentence that says why."""
    harm(model / file)
    trial = try_model(model, patience_s=TRIAL_S)
    assert trial.problem
    assert "Traceback" not in trial.problem


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", [truncated(0.999), flipped], ids=["99.9 %", "flipped"])
def test_slight_damage_is_found_out_or_does_none(model: Path, file: str, harm: Callable[[Path], None]) -> None:
    """A model that passes its trial has heard the sentence, damaged or not."""
    harm(model / file)
    trial = try_model(model, patience_s=TRIAL_S)
    assert trial.problem or missing_words(trial.heard) <= 0.5


@pytest.mark.parametrize(
    "file", ["am/final.mdl", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt"]
)
def test_a_missing_or_empty_file_is_named(model: Path, tmp_path: Path, file: str) -> None:
    for harm in (lambda path: path.write_bytes(b""), lambda path: path.unlink()):
        harm(model / file)
        with pytest.raises(ModelError) as caught:
            open_recogniser("vosk", model, tmp_path / "cache", STOP)
        assert caught.value.code == "model_incomplete"
        assert Path(file).name in caught.value.message


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.zip"
    file.write_bytes(b"PK\x03\x04")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path, code in ((file, "model_missing"), (tmp_path / "none", "model_missing"), (empty, "model_incomplete")):
        with pytest.raises(ModelError) as caught:
            open_recogniser("vosk", path, tmp_path / "cache", STOP)
        assert caught.value.code == code


def test_a_model_of_another_language_is_found_out(model: Path) -> None:
    """Its words are not English ones, so it hears none of an English sentence."""
    table = model / "graph/words.txt"
    lines = [line.split() for line in table.read_text(encoding="utf-8").splitlines()]
    foreign = [f"{word if word[0] in '<#[' else '말' + word} {number}" for word, number in lines]
    table.write_text("\n".join(foreign) + "\n", encoding="utf-8")
    trial = try_model(model, patience_s=TRIAL_S)
    assert trial.problem
    assert "instead of" in trial.problem


@pytest.mark.parametrize("harm", [truncated(0.5), random_bytes], ids=["truncated", "random"])
def test_the_service_refuses_a_broken_model_it_was_told_to_use(
    data_dir: Path, model: Path, harm: Callable[[Path], None]
) -> None:
    """It does not start with other ears than those that were asked for, and does not die without a word."""
    harm(model / "am/final.mdl")
    settings = model.parent / "sori.toml"
    settings.write_text(f'vosk_model = "{model}"\n')
    own = model.parent / "data"
    shutil.copytree(data_dir, own, ignore=shutil.ignore_patterns("run", "sori.db*", "secret.key"))
    done = subprocess.run(
        [SORI, "demo", "--port", "0", "--data-dir", own],
        env={"PATH": "/usr/bin:/bin", "SORI_SETTINGS": str(settings)},
        capture_output=True,
        timeout=WITHIN_S,
        check=False,
    )
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert str(model) in said
    assert "Traceback" not in said


def test_a_broken_model_among_others_is_passed_over(data_dir: Path, model: Path) -> None:
    """`./sori models` lists it with what is wrong, and goes on."""
    random_bytes(model / "graph/HCLr.fst")
    folder = data_dir / "models" / "vosk" / "broken"
    shutil.copytree(model, folder)
    try:
        done = subprocess.run(
            [SORI, "models", "--data-dir", data_dir], capture_output=True, timeout=WITHIN_S, check=False
        )
    finally:
        shutil.rmtree(folder)
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "broken" in said
    assert "Traceback" not in said + done.stderr.decode()
