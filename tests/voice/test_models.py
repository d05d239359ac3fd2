from __future__ import annotations

from pathlib import Path

import pytest

from voice.errors import ModelError
from voice.models import list_models, open_recogniser
from voice.recogniser import Vocabulary
from voice.vosk_engine import join_pieces

STOP = Vocabulary.of("stop")


def skeleton(path: Path) -> Path:
    for name in ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLG.fst", "graph/words.txt"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("not a model")
    return path


def test_without_a_model_folder_auto_is_pocketsphinx(tmp_path: Path) -> None:
    recogniser = open_recogniser("auto", None, tmp_path, STOP)
    assert (recogniser.name, recogniser.rate) == ("pocketsphinx", 16_000)
    recogniser.close()


def test_a_model_that_cannot_be_used_is_an_error_and_no_silent_change_of_engine(tmp_path: Path) -> None:
    incomplete = skeleton(tmp_path / "incomplete")
    (incomplete / "graph/HCLG.fst").unlink()
    broken = skeleton(tmp_path / "broken")
    for engine, folder, code in (
        ("vosk", None, "model_missing"),
        ("auto", tmp_path / "none", "model_missing"),
        ("auto", incomplete, "model_incomplete"),
        ("vosk", broken, "model_broken"),
        ("siri", None, "engine_unknown"),
    ):
        with pytest.raises(ModelError) as caught:
            open_recogniser(engine, folder, tmp_path / "cache", STOP)  # type: ignore[arg-type]
        assert caught.value.code == code


def test_models_are_listed_with_what_is_wrong(tmp_path: Path) -> None:
    skeleton(tmp_path / "vosk-model-small-en-us-0.15")
    (skeleton(tmp_path / "mine") / "conf/model.conf").write_text("")
    (tmp_path / "a file").touch()
    mine, small = list_models(tmp_path)
    assert (small.name, small.valid, small.problem, small.language, small.size) == (
        "vosk-model-small-en-us-0.15",
        True,
        None,
        "en-us",
        55,
    )
    assert (mine.valid, mine.language) == (False, None)
    assert mine.problem is not None
    assert mine.problem.endswith("conf/model.conf is missing or empty")
    assert list_models(tmp_path / "none") == []


def reading(text: str, confidence: float) -> dict[str, object]:
    words = [{"word": word, "start": index, "end": index + 0.5} for index, word in enumerate(text.split())]
    return {"text": text, "confidence": confidence, "result": words}


def test_vosks_pieces_become_one_transcript() -> None:
    transcript = join_pieces(
        [
            [reading("play", 100.0), reading("pray", 99.0)],
            [reading("", 5.0)],
            [reading("the blue danube", 50.0), reading("the glue danube", 48.0)],
        ]
    )
    assert transcript.text == "play the blue danube"
    assert [item.text for item in transcript.alternatives] == [
        "play the blue danube",
        "pray the blue danube",
        "play the glue danube",
    ]
    assert [word.text for word in transcript.words] == ["play", "the", "blue", "danube"]
    assert [round(word.confidence, 2) for word in transcript.words] == [0.73, 1.0, 0.88, 1.0]
    assert sum(item.confidence for item in transcript.alternatives) <= 1.0
    assert join_pieces([[reading("", 1.0)]]).alternatives == ()
