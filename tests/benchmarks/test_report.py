"""The document's sections and the figures in them. Takes a second."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coffee import read_slots
from benchmarks.report import (
    Findings,
    Table,
    aim_at_least,
    aim_at_most,
    cell,
    percentile,
    rate,
    render_section,
    render_table,
    replace_section,
    wilson,
)
from voice.training.evaluation import edits

NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
BODIES = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=80).map(
    lambda text: text.replace("<!--", "")
)
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


def sections(document: str) -> dict[str, str]:
    """Every section with its two comment lines."""
    found = re.findall(r"^(<!-- begin (\w+) -->\n.*?^<!-- end \2 -->\n)", document, re.MULTILINE | re.DOTALL)
    return {name: whole for whole, name in found}


def rest(document: str) -> str:
    """The document without its sections."""
    return re.sub(r"^<!-- begin (\w+) -->\n.*?^<!-- end \1 -->\n", "", document, flags=re.MULTILINE | re.DOTALL)


@given(BODIES, st.dictionaries(NAMES, BODIES, min_size=1, max_size=5), BODIES, st.data())
def test_replacing_a_section_keeps_all_others_byte_for_byte(
    preamble: str, bodies: dict[str, str], body: str, data: st.DataObject
) -> None:
    document = preamble
    for name, text in bodies.items():
        document = replace_section(document, name, text)
    assert document.startswith(preamble)
    name = data.draw(st.sampled_from(sorted(bodies)))
    replaced = replace_section(document, name, body)
    before, after = sections(document), sections(replaced)
    assert list(after) == list(before), "in the same order"
    assert {one: text for one, text in after.items() if one != name} == {
        one: text for one, text in before.items() if one != name
    }
    assert body.rstrip() in after[name]
    assert rest(replaced) == rest(document)
    assert replace_section(replaced, name, body) == replaced
    assert replace_section(replaced, name, bodies[name]) == document


@given(BODIES, NAMES, BODIES)
def test_a_new_section_is_added_after_what_was_there(document: str, name: str, body: str) -> None:
    added = replace_section(document, name, body)
    assert added.startswith(document)
    assert added.endswith(f"{body.rstrip()}\n<!-- end {name} -->\n")


def test_a_section_that_could_not_be_found_again_is_refused() -> None:
    with pytest.raises(ValueError, match="begins or ends a section"):
        replace_section("", "one", "text\n<!-- end two -->\nmore")
    with pytest.raises(ValueError, match="does not end"):
        replace_section("<!-- begin one -->\ntext\n", "one", "more")


@given(VALUES, st.floats(0, 100))
def test_a_percentile_is_a_value_that_enough_others_do_not_exceed(values: list[float], percent: float) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= percent / 100 * len(values)
    assert sum(value < found for value in values) <= percent / 100 * len(values)


def test_the_usual_percentiles() -> None:
    assert (percentile(range(1, 101), 50), percentile(range(1, 101), 95), percentile([7.0], 95)) == (50, 95, 7.0)
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@given(st.integers(1, 2_000), st.data())
def test_an_interval_holds_its_rate_and_is_narrower_for_more_clips(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    twice_low, twice_high = wilson(2 * count, 2 * of)
    assert twice_high - twice_low < high - low
    assert wilson(of - count, of) == pytest.approx((1 - high, 1 - low))


def test_a_rate_is_shown_with_its_interval() -> None:
    """Wilson's interval of 95 of 100, and of none of 100, as published tables have it."""
    assert rate(95, 100) == "95.0 (88.8-97.8)"
    assert rate(0, 100) == "0.0 (0.0-3.7)"
    assert rate(0, 0) == "-"
    with pytest.raises(ValueError, match="no rate"):
        wilson(3, 2)


def test_an_aim_says_whether_it_was_reached() -> None:
    assert aim_at_least("heard", 95, 100, 90).endswith("Measured: 95.0 (88.8-97.8) %; reached.")
    assert aim_at_least("heard", 80, 100, 90).endswith("missed by 10.0 points.")
    assert aim_at_most("refused", 3, 100, 3).endswith("reached.")
    assert aim_at_most("refused", 5, 100, 3).endswith("missed by 2.0 points.")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"), (1234, "1,234"), (1234.6, "1,235"), (123.4, "123"), (45.678, "45.7"), (4.5678, "4.57"),
        (0.98765, "0.988"), (0.0041, "0.004"), (0.0, "0"), (3.0, "3"), (-12.34, "-12.3"), ("a | b\nc", "a \\| b c"),
    ],
)  # fmt: skip
def test_figures_show_the_digits_that_count(value: str | float | None, shown: str) -> None:
    assert cell(value) == shown


def test_a_section_reads_as_a_whole() -> None:
    table = Table(("stage", "p50 ms"), (("search", 12.34), ("action", None)), "Stages")
    assert render_table(table) == "Stages\n\n| stage | p50 ms |\n| :--- | ---: |\n| search | 12.3 |\n| action | - |"
    section = render_section("Title", "\nWhat and how.\n", Findings((table,), ("One.", "Two.")), "by hand")
    assert section.split("\n\n") == [
        "## Title", "What and how.", "Stages", render_table(table).split("\n\n")[1], "- One.\n- Two.",
        "<sub>by hand</sub>\n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "heard", "distance"),
    [("", "", 0), ("a b c", "a b c", 0), ("a b c", "", 3), ("a b c", "a x c d", 2), ("a b", "b", 1), ("", "x", 1)],
)
def test_word_errors_are_insertions_deletions_and_replacements(wanted: str, heard: str, distance: int) -> None:
    assert edits(wanted.split(), heard.split()) == distance


def test_an_order_is_read_longest_phrase_first_and_no_word_twice() -> None:
    phrases = {
        "size": ["medium", "large"], "roast": ["medium roast", "dark roast"], "drink": ["coffee", "iced coffee"],
        "milk": ["milk", "some milk"],
    }  # fmt: skip
    assert read_slots("a medium roast iced coffee with some milk", phrases) == {
        "roast": "medium roast", "drink": "iced coffee", "milk": "some milk",
    }  # fmt: skip
    assert read_slots("Medium medium roast coffee", phrases)["size"] == "medium"
    assert read_slots("mediums and milkshakes", phrases) == {}
