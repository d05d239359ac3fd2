"""`./sori index` over a small media collection: what it says, what it leaves behind, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli import index as command
from assistant.cli.parser import build_parser
from assistant.collections import COLLECTIONS
from assistant.setup.environments import SetupError
from search_index import Document, Encoder, Index, Query, open_encoder
from skills.media.library import SCHEMA

KEPT = Path(__file__).parents[2] / "data" / "test" / "models" / "encoder"
"""Where the tests of the index keep the fast encoder, which takes half a minute to make."""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("minilm", KEPT, threads=1)


@pytest.fixture
def data(tmp_path: Path, encoder: Encoder) -> Path:
    """A data directory with three items in its index."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "encoder").symlink_to(KEPT)
    with Index.open(tmp_path / "index", SCHEMA, encoder) as opened:
        opened.upsert([Document(name, {"title": f"All about {name}"}) for name in ("bees", "bridges", "bread")])
    return tmp_path


def run(data: Path, *arguments: str | Path) -> int:
    return command.run(build_parser().parse_args(["index", *map(str, arguments), "--data-dir", str(data)]))


def test_the_parser_offers_every_collection() -> None:
    for name in COLLECTIONS:
        assert build_parser().parse_args(["index", "stats", "--collection", name]).collection == name


def test_stats_of_an_index_in_use(data: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]) -> None:
    with Index.open(data / "index", SCHEMA, encoder):
        assert run(data, "stats", "--json") == 0
        stats = json.loads(capsys.readouterr().out)
        assert (stats["name"], stats["documents"], stats["passages"], stats["words"]) == ("media", 3, 3, 3)
        assert stats["in_use"]
        assert run(data, "check") == 0
    assert run(data, "stats") == 0
    said = capsys.readouterr().out
    assert "is whole" in said
    assert "3 documents" in said
    assert encoder.fingerprint in said


def test_damage_is_told_and_rebuild_mends_it(data: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]) -> None:
    segment = max((data / "index" / "words").glob("*.term"))
    segment.write_bytes(b"not what tantivy wrote")
    assert run(data, "check", "--json") == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert problem["part"] == "words"
    assert run(data, "check") == 1
    assert "./sori index rebuild" in capsys.readouterr().out
    assert run(data, "rebuild") == 0
    assert run(data, "check") == 0
    with Index.open(data / "index", SCHEMA, encoder) as opened:
        assert opened.search(Query("bees")).hits[0].id == "bees"


def test_a_snapshot_brings_back_what_was_deleted(data: Path, encoder: Encoder, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    assert run(data, "snapshot", file) == 0
    with Index.open(data / "index", SCHEMA, encoder) as opened:
        opened.delete(["bees"])
        with pytest.raises(SetupError, match="stop the service"):
            run(data, "restore", file)
    assert run(data, "restore", file) == 0
    with Index.open(data / "index", SCHEMA, encoder) as opened:
        assert opened.search(Query("bees")).hits[0].id == "bees"


def test_what_cannot_be_done_is_an_error_that_says_why(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    file.write_text("my thesis")
    for action in ("snapshot", "restore"):
        with pytest.raises(SetupError, match=r"backup\.sqlite"):
            run(data, action, file)
    assert file.read_text() == "my thesis"
    with pytest.raises(SetupError, match="no collection"):
        run(tmp_path / "nowhere", "stats")
