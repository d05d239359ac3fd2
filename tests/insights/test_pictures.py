"""What is downloaded from the numbers: pictures that are XML whatever is in them, tables that compute nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from assistant.insights.measures import Measure
from assistant.setup.environments import ROOT
from assistant.web.console.numbers.charts import rows, stacked, week
from assistant.web.console.numbers.choosing import CHOICES, read_choice
from assistant.web.console.numbers.definitions import DEFINITIONS, HEADINGS
from assistant.web.console.numbers.wording import duration, grown, moved
from skills.csv_files import csv_bytes, guarded, unguarded
from skills.storefront.hours_words import DAYS

NOW = datetime(2026, 3, 11, 11, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
counts = st.lists(st.integers(0, 100_000), min_size=3, max_size=3)


@given(text=st.text(max_size=40))
def test_export_and_import_give_the_text_back_and_no_cell_is_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(
    table=st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_a_table_is_read_as_it_was(table: list[list[str]]) -> None:
    content = csv_bytes(("=A", "B"), table)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [[unguarded(cell) for cell in row] for row in read] == [["=A", "B"], *table]


def test_numbers_times_and_nothing_stay_what_they_are() -> None:
    assert csv_bytes(("a", "b"), [(-5, True), (None, NOW)]).decode("utf-8-sig").splitlines() == [
        "a,b", "-5,yes", ",2026-03-11T11:00:00+00:00",
    ]  # fmt: skip


@given(names=st.lists(st.text(max_size=40), min_size=1, max_size=4, unique=True), values=counts, told=st.text())
def test_a_picture_is_xml_whatever_it_shows(names: list[str], values: list[int], told: str) -> None:
    labels = (names * 3)[:3]
    series = dict.fromkeys(names, values)
    hours = {(day, 7 * day): value for day, value in enumerate(values)}
    pictures = [
        stacked("a", told, told, labels, series),
        rows("b", told, told, labels, series),
        week("c", told, told, DAYS, hours),
    ]
    for picture in pictures:
        inline = ElementTree.fromstring(str(picture.inline()))
        assert inline.get("role") == "img"
        assert {inline[0].get("id"), inline[1].get("id")} == set((inline.get("aria-labelledby") or "").split())
        ElementTree.fromstring(picture.alone())


@given(span=st.text(max_size=8), first=st.text(max_size=12), last=st.text(max_size=12))
def test_whatever_an_address_asks_for_there_are_days(span: str, first: str, last: str) -> None:
    asked = {"span": span, "from": first, "to": last}
    choice = read_choice(lambda name, default: asked.get(name, default), NOW, UTC_ZONE)
    assert 1 <= choice.span.days <= 366
    assert choice.span.last <= NOW.date()


def test_own_days_are_the_days_that_were_chosen_or_say_why_not() -> None:
    def chosen(first: str, last: str) -> tuple[date, date, str]:
        asked = {"span": "own", "from": first, "to": last}
        choice = read_choice(lambda name, default: asked.get(name, default), NOW, UTC_ZONE)
        return choice.span.first, choice.span.last, choice.problem

    week_before = (date(2026, 3, 5), date(2026, 3, 11))
    assert chosen("2026-02-01", "2026-02-03") == (date(2026, 2, 1), date(2026, 2, 3), "")
    assert chosen("2026-02-03", "2026-02-01") == (date(2026, 2, 1), date(2026, 2, 3), "")
    assert chosen("2026-03-10", "2027-01-01") == (date(2026, 3, 10), date(2026, 3, 11), "")
    assert chosen("2026-04-01", "2026-04-02") == (
        *week_before,
        "These days are still to come. These are the last 7 days.",
    )
    assert chosen("x", "2026-04-02")[:2] == chosen("2020-01-01", "2026-01-01")[:2] == week_before
    assert set(CHOICES) == {"1", "7", "28", "90"}


def test_numbers_are_worded_as_people_say_them() -> None:
    assert [duration(one) for one in (None, 180, 12_400, 300_000, 5_400_000)] == [
        "—",
        "0.2 s",
        "12 s",
        "5 min",
        "1.5 h",
    ]
    assert [grown(5, 5), grown(5, 0), grown(3, 2), grown(1, 2)] == [
        "as many as before", "none before", "50% more than before (2)", "50% fewer than before (2)",
    ]  # fmt: skip
    assert [moved(0.5, 0.49), moved(0.5, 0.5), moved(None, 0.5)] == ["1 point up from 49%", "as before", ""]


def test_what_is_counted_stands_in_the_documentation() -> None:
    told = (ROOT / "docs" / "console.md").read_text(encoding="utf-8")
    assert all(f"| {what} |" in told for what in DEFINITIONS.values())
    assert set(DEFINITIONS) == set(HEADINGS) == set(Measure)
