"""Model folders: what is in them, whether they work, and what becomes of broken ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.voice.tiny_vosk import write_model
from voice.checksums import difference, folder_sums, read_sums, write_sums
from voice.errors import ModelError
from voice.model_check import SENTENCE, Trials, missing_words, try_model
from voice.models import SHIPPED, list_models, open_recogniser
from voice.recogniser import Vocabulary
from voice.vosk_model import COMMONEST, find_problem, stamp
from voice.vosk_transcript import join_pieces

STOP = Vocabulary.of("stop")
HAS_SHIPPED = find_problem(SHIPPED) is None


def skeleton(path: Path) -> Path:
    for name in ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLG.fst", "graph/words.txt"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("not a model")
    return path


def test_auto_listens_with_the_shipped_model(tmp_path: Path) -> None:
    recogniser = open_recogniser("auto", None, tmp_path, STOP)
    assert (recogniser.name, recogniser.rate) == ("vosk" if HAS_SHIPPED else "pocketsphinx", 16_000)
    recogniser.close()


def test_a_model_that_cannot_be_used_is_an_error_and_no_silent_change_of_engine(tmp_path: Path) -> None:
    incomplete = skeleton(tmp_path / "incomplete")
    (incomplete / "graph/HCLG.fst").unlink()
    broken = skeleton(tmp_path / "broken")
    for engine, folder, code in (
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


def test_a_folder_without_a_telling_name_is_english_by_its_words(tmp_path: Path) -> None:
    words = ["<eps>", *COMMONEST]
    (skeleton(tmp_path / "mine") / "graph/words.txt").write_text(
        "".join(f"{word} {number}\n" for number, word in enumerate(words))
    )
    assert list_models(tmp_path)[0].language == "en"


def test_a_trial_says_what_was_heard_and_what_it_cost(tmp_path: Path) -> None:
    trial = try_model(write_model(tmp_path / "tiny"), english=False)
    assert (trial.problem, trial.heard.split()[0]) == (None, "hello")
    assert 0 < trial.real_time_factor < 0.5
    assert missing_words(SENTENCE) == 0.0


def test_a_model_for_another_language_is_none_for_english(tmp_path: Path) -> None:
    """The tiny model hears `hello` in everything, as a foreign one hears words of its own."""
    problem = try_model(write_model(tmp_path / "tiny")).problem
    assert problem is not None
    assert SENTENCE in problem


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLG.fst"])
@pytest.mark.parametrize("damage", ["cut", "text"])
def test_a_broken_model_is_said_to_be_broken_and_ends_no_process_of_ours(
    tmp_path: Path, name: str, damage: str
) -> None:
    file = write_model(tmp_path / "tiny") / name
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage == "cut" else b"<html>Not found</html>\n")
    trial = try_model(tmp_path / "tiny", english=False, patience_s=20)
    assert trial.problem


def test_a_trial_is_remembered_until_the_model_changes(tmp_path: Path) -> None:
    folder, trials = write_model(tmp_path / "tiny"), Trials(tmp_path / "trials.json")
    first = trials.of(folder, english=False)
    stamped = (tmp_path / "trials.json").stat().st_mtime_ns
    assert Trials(tmp_path / "trials.json").of(folder, english=False) == first
    assert (tmp_path / "trials.json").stat().st_mtime_ns == stamped, "nothing was tried again"
    (folder / "am/final.mdl").write_text("not a model")
    assert trials.of(folder, english=False).problem
    (tmp_path / "trials.json").write_text("[not trials]")
    shutil.rmtree(folder)
    assert trials.of(write_model(tmp_path / "tiny"), english=False).problem is None


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "tiny")
    before = stamp(folder)
    write_sums(folder_sums(folder), tmp_path / "sums")
    sums = read_sums(tmp_path / "sums")
    assert difference(sums, folder_sums(folder)) is None
    (folder / "graph/words.txt").write_text("other")
    assert difference(sums, folder_sums(folder)) == "graph/words.txt has been changed"
    assert stamp(folder) != before
    (folder / "graph/words.txt").unlink()
    assert difference(sums, folder_sums(folder)) == "graph/words.txt is missing"
    (folder / "graph/words.txt").write_bytes((write_model(tmp_path / "other") / "graph/words.txt").read_bytes())
    (folder / "extra").touch()
    assert difference(sums, folder_sums(folder)) == "extra has been added"


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
    shares = [word.confidence for word in transcript.words]
    assert shares[1] == pytest.approx(1.0)
    assert 0.5 < shares[0] < shares[3] < 1.0
    assert sum(item.confidence for item in transcript.alternatives) <= 1.0
    assert join_pieces([[reading("", 1.0)]]).alternatives == ()


def test_unknown_words_leave_the_text_and_are_counted() -> None:
    transcript = join_pieces([[reading("play [unk] danube", 9.0), reading("play danube", 8.0), reading("pray", 7.0)]])
    assert (transcript.text, transcript.unknown) == ("play danube", pytest.approx(1 / 3))
    assert [item.text for item in transcript.alternatives] == ["play danube", "pray"]
    assert [(word.text, word.start_ms) for word in transcript.words] == [("play", 0), ("danube", 2_000)]
    assert join_pieces([[reading("[unk] [unk]", 9.0), reading("pray", 8.9)]]).alternatives == ()
