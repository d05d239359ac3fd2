"""The demo catalogue keeps its promises, and a broken catalogue file is named to the field."""

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.errors import CatalogueError
from skills.media.artwork import cover
from skills.media.catalogue import demo_items, read_items
from skills.media.phrases import duration

GOOD: dict[str, object] = {
    "id": "a-1",
    "kind": "podcast",
    "medium": "audio",
    "title": "A",
    "creator": "B",
    "published": "2026-01-01",
    "duration_s": 60,
}


def test_the_demo_has_at_least_120_items_of_each_medium_and_a_dozen_transcripts() -> None:
    items = demo_items()
    media = Counter(item.medium for item in items)
    assert media["audio"] >= 120
    assert media["video"] >= 120
    assert sum(bool(item.transcript) for item in items) >= 12


def test_every_item_has_its_own_well_formed_cover() -> None:
    covers = {cover(item) for item in demo_items()}
    assert len(covers) == len(demo_items())
    for picture in covers:
        ElementTree.fromstring(picture)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (GOOD | {"kind": "opera"}, "kind"),
        (GOOD | {"duration_s": -1}, "duration_s"),
        (GOOD | {"colour": "red"}, "colour"),
        ({name: value for name, value in GOOD.items() if name != "title"}, "title"),
        (GOOD | {"id": "../../etc/passwd"}, "id"),
    ],
)
def test_a_wrong_row_is_named_by_file_line_and_field(tmp_path: Path, row: dict[str, object], named: str) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps(GOOD) + "\n\n" + json.dumps(row))
    with pytest.raises(CatalogueError, match=rf"items\.jsonl:3: {named}"):
        read_items([path])


@pytest.mark.parametrize("content", [b"{not json", b"[1, 2]", b"\xff\xfe", b'"text"'])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=r"items\.jsonl"):
        read_items([path])


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n")
    with pytest.raises(CatalogueError, match="already taken"):
        read_items([path])


@given(st.integers(min_value=1, max_value=86_400))
def test_a_duration_is_said_within_half_a_minute_of_the_truth(seconds: int) -> None:
    words = duration(seconds).split()
    units = {"hour": 3600, "hours": 3600, "minute": 60, "minutes": 60, "seconds": 1}
    said = sum(int(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert abs(said - seconds) <= (0 if seconds < 90 else 30)
