"""Forms with parts that repeat, from whatever a browser or an attacker sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.console.nested_form import PARTS_MAX, Sheet, changed, nested, without_blanks

NAMES = st.lists(st.sampled_from(["a", "b", "0", "1", "7", "9999", "", "[]", "ü", "a[]"]), max_size=12).map(".".join)
FIELDS = st.dictionaries(NAMES | st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3), max_size=20)
DATA: dict[str, Any] = {"buttons": [{"label": "one"}, {"label": "two"}, {"label": "three"}], "text": "x"}


def labels(sheet: Sheet | None) -> list[str]:
    assert sheet
    return [sheet.text(f"{part}.label") for part in sheet.parts("buttons")]


def test_names_become_lists_and_dicts_in_the_order_of_their_numbers() -> None:
    read = nested({"b.7.label": ["two"], "b.2.label": ["one"], "b.2.days[]": ["1", "3"], "text": ["", "hello"]})
    assert read == {"b": [{"label": "one", "days": ["1", "3"]}, {"label": "two"}], "text": "hello"}


@given(FIELDS, st.text(max_size=30))
def test_anything_can_be_read_changed_and_shown(fields: dict[str, list[str]], asked: str) -> None:
    data = nested(fields)
    for wish in (asked, "add:a", "remove:a.0", "up:a.1", "down:a.0", "copy:a.0", "move:a.0:9", "add:a.0.b"):
        sheet = changed(data, wish)
        for name in ("a", "a.0", "a.0.b", "text", ""):
            shown = sheet or Sheet(data)
            assert isinstance(shown.text(name), str)
            assert all(isinstance(part, str) for part in shown.parts(name))
    without_blanks(data)


@pytest.mark.parametrize(
    ("asked", "then", "focus"),
    [
        ("up:buttons.1", ["two", "one", "three"], "buttons.0"),
        ("up:buttons.0", ["one", "two", "three"], "buttons.0"),
        ("down:buttons.1", ["one", "three", "two"], "buttons.2"),
        ("move:buttons.2:0", ["three", "one", "two"], "buttons.0"),
        ("move:buttons.0:99", ["two", "three", "one"], "buttons.2"),
        ("remove:buttons.2", ["one", "two"], "buttons.1"),
        ("copy:buttons.0", ["one", "one", "two", "three"], "buttons.1"),
        ("add:buttons", ["one", "two", "three", ""], "buttons.3"),
        ("remove:buttons.9", ["one", "two", "three"], ""),
        ("up:text.0", ["one", "two", "three"], ""),
    ],
)
def test_a_part_is_moved_added_and_removed(asked: str, then: list[str], focus: str) -> None:
    sheet = changed(DATA, asked)
    assert (labels(sheet), sheet.focus if sheet else None) == (then, focus)
    assert labels(Sheet(DATA)) == ["one", "two", "three"]


def test_what_is_no_change_is_none() -> None:
    for asked in ("save", "add", "add:", "drop:buttons.1", "up:buttons.1\n", "add:../x", "up:" + "a." * 200):
        assert changed(DATA, asked) is None


def test_a_list_does_not_grow_without_end() -> None:
    data = nested({f"a.{number}.b": ["x"] for number in range(2 * PARTS_MAX)})
    sheet = changed(data, "add:a")
    assert sheet
    assert len(sheet.parts("a")) == PARTS_MAX


def test_rows_that_were_added_and_left_are_gone() -> None:
    data = {"b": [{"label": " ", "does": "say"}, {"label": "x", "does": "say"}, {}, "", "y"]}
    assert without_blanks(data, ("does",)) == {"b": [{"label": "x", "does": "say"}, "y"]}
