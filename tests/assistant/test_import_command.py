"""`./sori import` and `./sori export` as an operator types them."""

import json
from pathlib import Path

import pytest

from assistant.cli import exports, imports
from assistant.cli.parser import build_parser
from assistant.paths import DataPaths
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.media.shelf import Origin, Shelf
from tests.media.recordings import a_tone, write_sound
from tests.service.running import DATA

SRT = "1\n00:00:00,000 --> 00:00:01,000\nFirst words.\n"


def sori(*arguments: str | Path) -> int:
    options = build_parser().parse_args([str(argument) for argument in arguments])
    return (exports if options.command == "export" else imports).run(options)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with nothing in it but the encoder, which is made once for all tests."""
    data = tmp_path / "data"
    paths = DataPaths(data)
    paths.encoder.parent.mkdir(parents=True)
    DataPaths(DATA).encoder.mkdir(parents=True, exist_ok=True)
    paths.encoder.symlink_to(DataPaths(DATA).encoder)
    return data


def test_a_source_that_is_not_there_does_not_keep_the_others_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "x", "title": "X", "creator": "Y", "published": "2024-01-01"}))
    status = sori("import", "media", tmp_path / "nowhere", rows, "--json", "--data-dir", data)
    [missing, taken] = json.loads(capsys.readouterr().out)["sources"]
    assert status == imports.EXIT_INCOMPLETE
    assert (missing["code"], missing["whole"]) == ("source_missing", False)
    assert (taken["new"], taken["whole"]) == (1, True)


def test_captions_go_out_and_come_back_corrected(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "talks"
    folder.mkdir()
    write_sound(folder / "talk.wav", a_tone(3))
    (folder / "talk.srt").write_text(SRT)
    assert sori("import", "media", folder, "--data-dir", data) == 0
    said = capsys.readouterr().out
    assert "1 new" in said
    assert "-16" in said
    store = Store(f"sqlite:///{data / 'sori.db'}")
    shelf = Shelf(store.engine)
    [held] = shelf.held()
    assert sori("export", "captions", held.found.id, "--format", "srt", "--data-dir", data) == 0
    assert capsys.readouterr().out.strip() == SRT.strip()
    (tmp_path / "better.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nBetter words.\n")
    assert sori("import", "captions", held.found.id, tmp_path / "better.vtt", "--data-dir", data) == 0
    assert sori("import", "media", folder, "--data-dir", data) == 0
    found = shelf.transcript(held.found.id)
    assert found is not None
    assert (found[0], found[1].segments[0].text) == (Origin.CORRECTED, "Better words.")
    assert shelf.revision() == shelf.revision("indexed")
    store.close()


@pytest.mark.parametrize("command", [("export", "captions", "nobody"), ("import", "captions", "nobody", "missing.vtt")])
def test_an_item_that_is_not_there_is_named(command: tuple[str, ...], data: Path) -> None:
    with pytest.raises(SetupError, match="nobody"):
        sori(*command, "--data-dir", data)
