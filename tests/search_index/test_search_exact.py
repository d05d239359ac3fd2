"""What is asked for exactly comes first: quoted phrases, article numbers, EANs, model numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import Boost, Document, Encoder, Index, KeywordField, NumberField, Query, Schema, TextField
from search_index.codes import codes_asked, codes_in, is_code, squeezed

SCHEMA = Schema(
    "goods",
    {
        "name": TextField(weight=2.0),
        "text": TextField(),
        "ean": KeywordField(),
        "numbers": KeywordField(many=True),
        "sold": NumberField(),
    },
)
GOODS = [
    ("galaxy", "Samsung Galaxy S9 SM-G960F", "A phone", "8801643098247", ["SM-G960FZKD"]),
    ("case", "Case for Samsung Galaxy S9 phone", "Fits the galaxy phone from samsung", "4006381333931", []),
    ("disk", "WD Blue hard disk 4 TB", "WD40EZRZ, 5400 rpm", "0718037840178", ["WD40EZRZ-00GXCB0"]),
    ("disk2", "WD Blue hard disk 2 TB", "Hard disk drive, hard to beat", "0718037840161", ["WD20EZRZ"]),
    ("milk", "Milk without lactose", "The milk is free of lactose", "4006381333948", ["70 01 234 A"]),
    ("lactose", "Lactose powder", "lactose, not free milk of any sort", "4006381333955", []),
]


@pytest.fixture(scope="module")
def goods(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("goods"), SCHEMA, encoder) as opened:
        opened.upsert(
            Document(key, {"name": name, "text": text, "ean": ean, "numbers": numbers, "sold": place})
            for place, (key, name, text, ean, numbers) in enumerate(GOODS)
        )
        yield opened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SM-G960F", "galaxy"),
        ("sm g960f case", "galaxy"),
        ("samsung phone smg960fzkd", "galaxy"),
        ("8801643098247", "galaxy"),
        ("8 801643 098247", "galaxy"),
        ("0718037840161 hard disk 4 TB", "disk2"),
        ("wd40ezrz", "disk"),
        ("WD-40-EZRZ", "disk"),
        ("wd40ezrz 00gxcb0", "disk"),
        ("7001234a", "milk"),
        ("70 01 234A", "milk"),
        ('"free of lactose" powder', "milk"),
        ("lactose “hard to beat”", "disk2"),
        ("phone «galaxy phone from samsung»", "case"),
    ],
)
def test_what_is_asked_for_exactly_comes_first(goods: Index, text: str, expected: str) -> None:
    best = goods.search(Query(text)).hits[0]
    assert best.id == expected
    assert best.explanation.exact.raw > 0
    assert best.score == pytest.approx(best.explanation.score)
    assert "exact" in best.explanation.describe()


def test_no_boost_overtakes_an_exact_match(goods: Index) -> None:
    hits = goods.search(Query("samsung galaxy SM-G960F", boosts=(Boost("sold", 10.0), Boost("sold", 10.0)))).hits
    assert hits[0].id == "galaxy"
    assert hits[0].score > hits[1].score


@pytest.mark.parametrize("text", ["hard disk 4tb", "5400 rpm", "lactose 2022", '"milk"', '""', '"a b'])
def test_quantities_years_and_single_words_are_words(goods: Index, text: str) -> None:
    assert all(hit.explanation.exact.raw == 0 for hit in goods.search(Query(text)).hits)


def test_a_word_that_many_have_is_no_code(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Index.open(tmp_path_factory.mktemp("many"), Schema("many", {"name": TextField()}), encoder) as index:
        index.upsert(Document(str(n), {"name": f"python3 lesson {n}"}) for n in range(12))
        hits = index.search(Query("python3 lesson 7")).hits
        assert all(hit.explanation.exact.raw == 0 for hit in hits)


def test_a_word_and_a_number_are_no_code(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Though someone writes them in one."""
    with Index.open(tmp_path_factory.mktemp("words"), Schema("words", {"name": TextField()}), encoder) as index:
        index.upsert([Document("one", {"name": "Windows10"}), Document("two", {"name": "Windows 10 manual"})])
        assert index.search(Query("windows 10 manual")).hits[0].id == "two"
        assert index.search(Query("windows10")).hits[0].id == "one"


def test_a_code_that_changed_is_found_by_the_new_one(
    encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also in a field whose words are not searched."""
    with Index.open(tmp_path_factory.mktemp("changed"), SCHEMA, encoder) as index:
        for ean in ("4006381333931", "4006381333948"):
            index.upsert([Document("a", {"name": "Pen", "ean": ean})])
            assert [hit.explanation.exact.raw for hit in index.search(Query(ean)).hits] == [1.0]
        assert all(hit.explanation.exact.raw == 0 for hit in index.search(Query("4006381333931")).hits)


@given(st.text(max_size=60))
def test_any_text_has_codes_of_letters_and_digits_only(text: str) -> None:
    for code in (*codes_in(text), *codes_asked(text)):
        assert is_code(code)
        assert code == squeezed(code)


@given(st.from_regex(r"[A-Z]{2}[0-9]{3}[A-Z][0-9]{2}", fullmatch=True), st.lists(st.sampled_from("- _/."), max_size=3))
def test_a_code_is_the_same_however_it_is_written(code: str, signs: list[str]) -> None:
    written = code
    for place, sign in enumerate(signs):
        written = written[: 2 * place + 2] + sign + written[2 * place + 2 :]
    assert code.lower() in codes_asked(written.lower())
