"""`./sori evaluate search` and `./sori index tune` over a small media collection: figures, files, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli import evaluate, index
from assistant.cli.parser import build_parser
from assistant.setup.environments import SetupError
from search_index import Chunk, Document, Encoder, Index, open_encoder, windows
from skills.media.library import SCHEMA

KEPT = Path(__file__).parents[2] / "data" / "test" / "models" / "encoder"
JUDGMENTS = "query\tid\tgrade\nbees\tbees\t1\nhow bridges stand\tbridges\t2\nbread\tbees\t1\nnothing known\tbees\t0\n"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("minilm", KEPT, threads=1)


@pytest.fixture
def data(tmp_path: Path, encoder: Encoder) -> Path:
    """A data directory with three items and judgments; "bread" is judged as nobody would."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "encoder").symlink_to(KEPT)
    speech = windows([Chunk("Bees dance to show the way.", 0, 20_000), Chunk("Then they sleep.", 20_000, 70_000)])
    with Index.open(tmp_path / "index", SCHEMA, encoder) as opened:
        opened.upsert([Document(name, {"title": f"All about {name}"}) for name in ("bridges", "bread")])
        opened.upsert([Document("bees", {"title": "All about bees"}, speech)])
    (tmp_path / "judgments.tsv").write_text(JUDGMENTS)
    return tmp_path


def run(data: Path, *arguments: str | Path) -> int:
    parsed = build_parser().parse_args([*map(str, arguments), "--data-dir", str(data)])
    return (evaluate if arguments[0] == "evaluate" else index).run(parsed)


def test_an_operator_compares_two_runs(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = ("evaluate", "search", "--judgments", data / "judgments.tsv")
    assert run(data, *search, "--run-out", data / "a.run") == 0
    said = capsys.readouterr().out
    assert "4 queries, 3 of them with something relevant" in said
    assert "hit@1       0.667" in said
    # As if a worse search had been kept: the right answer to one query on the second place.
    lines = (data / "a.run").read_text().splitlines()
    worse = [line.replace(" bees 1 ", " bees 9 ") if " bees 1 " in line else line for line in lines]
    (data / "b.run").write_text("\n".join(worse) + "\n")
    assert run(data, *search, "--baseline", data / "b.run", "--picture", data / "p.svg") == 0
    said = capsys.readouterr().out
    assert "1 won, 0 lost, 2 the same" in said
    assert "-> 1.00  bees" in said
    assert b"<svg" in (data / "p.svg").read_bytes()
    assert run(data, *search, "--baseline", data / "a.run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["baseline"]["differences"]["ndcg@10"]["mean"] == 0
    assert [one["hit@1"] for one in told["by_query"] if "hit@1" in one] == [1.0, 1.0, 0.0]


def test_moments_are_judged_by_their_time(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"query": "showing the way by dancing", "id": "bees", "grade": 1, "start_ms": 10_000, "end_ms": 60_000}
    (data / "moments.jsonl").write_text(json.dumps(row))
    assert run(data, "evaluate", "search", "--judgments", data / "moments.jsonl", "--json") == 0
    assert json.loads(capsys.readouterr().out)["measures"]["hit@1"]["mean"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--judgments", "absent.tsv"), "absent.tsv cannot be read"),
        (("--judgments", "bad.tsv"), "bad.tsv, line 2, grade"),
        (("--judgments", "judgments.tsv", "--baseline", "bad.tsv"), "bad.tsv, line 1: has 3 columns"),
        (("--judgments", "judgments.tsv", "--picture", "p.gif"), "must end in .png or .svg"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_written(
    data: Path, arguments: tuple[str, ...], message: str
) -> None:
    (data / "bad.tsv").write_text("query\tid\tgrade\nx\ty\tbest\n")
    before = sorted(path.name for path in data.iterdir())
    given = [one if one.startswith("--") else str(data / one) for one in arguments]
    with pytest.raises(SetupError, match=message):
        run(data, "evaluate", "search", *given, "--run-out", data / "out.run")
    assert sorted(path.name for path in data.iterdir()) == before


def test_a_running_service_has_to_be_stopped_first(data: Path, encoder: Encoder) -> None:
    with Index.open(data / "index", SCHEMA, encoder), pytest.raises(SetupError, match="stop the service first"):
        run(data, "evaluate", "search", "--judgments", data / "judgments.tsv")


def test_tuning_from_too_little_changes_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tune = ("index", "tune", "--judgments", data / "judgments.tsv")
    assert run(data, *tune, "--dry-run") == 0
    assert "this was a dry run" in capsys.readouterr().out
    assert run(data, *tune) == 0
    assert "the untuned weights hold" in capsys.readouterr().out
    assert not (data / "index" / "tuning.json").exists()
    with pytest.raises(SetupError, match="needs --judgments"):
        run(data, "index", "tune")


def test_tuning_is_taken_back(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "index" / "tuning.json").write_text("{}")
    assert run(data, "index", "tune", "--reset") == 0
    assert not (data / "index" / "tuning.json").exists()
