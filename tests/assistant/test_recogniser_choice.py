"""Which recogniser is used, and what becomes of models that do not work."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.recogniser_choice import AUTO, ENGLISH, POCKETSPHINX, choose_recogniser, vosk_candidates, write_choice
from assistant.settings import Settings
from tests.voice.tiny_vosk import write_model
from voice.models import SHIPPED
from voice.recogniser import Vocabulary
from voice.vosk_model import find_problem

STOP = Vocabulary.of("stop")
OURS = "vosk" if find_problem(SHIPPED) is None else "pocketsphinx"


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    return DataPaths(tmp_path / "data")


def test_auto_passes_over_models_that_do_not_work(paths: DataPaths, caplog: pytest.LogCaptureFixture) -> None:
    """One is for another language, one is cut short, one hears `hello` whatever is said."""
    for name in ("vosk-model-de-0.1", "vosk-model-en-us-0.1", "mine"):
        write_model(paths.vosk_models / name)
    (paths.vosk_models / "vosk-model-en-us-0.1/am/final.mdl").write_bytes(b"cut")
    assert [candidate.name for candidate in vosk_candidates(paths)][:3] == sorted(
        ["vosk-model-de-0.1", "vosk-model-en-us-0.1", "mine"]
    )
    assert choose_recogniser(Settings(), paths, STOP).name == OURS


def test_a_model_that_was_asked_for_is_used_or_is_an_error(paths: DataPaths, tmp_path: Path) -> None:
    tiny = write_model(paths.vosk_models / "vosk-model-xx-tiny")
    write_choice(paths, tiny.name)
    assert choose_recogniser(Settings(), paths, STOP).name == "vosk"
    broken = write_model(tmp_path / "broken")
    (broken / "graph/HCLG.fst").write_bytes(b"not a graph")
    with pytest.raises(StartError, match="broken cannot be used"):
        choose_recogniser(Settings(vosk_model=broken), paths, STOP)
    write_choice(paths, "klingon")
    with pytest.raises(StartError, match="no model 'klingon'"):
        choose_recogniser(Settings(), paths, STOP)


@pytest.mark.parametrize(("choice", "engine"), [(POCKETSPHINX, "pocketsphinx"), (AUTO, OURS)])
def test_a_choice_holds_until_the_next(paths: DataPaths, choice: str, engine: str) -> None:
    write_choice(paths, ENGLISH)
    write_choice(paths, choice)
    assert choose_recogniser(Settings(), paths, STOP).name == engine
