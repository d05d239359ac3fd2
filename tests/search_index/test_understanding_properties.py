"""What holds for every text: nothing raises, no word is lost, and numbers mean what they say."""

from __future__ import annotations

import string
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from shop_words import SHOP, VALUES

from benchmarks.numerals import in_words
from search_index import Document
from search_index.understanding import Understood, parse
from search_index.understanding.language import AFTER, BEFORE, NEGATORS, ORDERS, RELATIVE
from search_index.understanding.numerals import number
from search_index.understanding.tokens import MAX_READ, tokenise
from search_index.understanding.units import CURRENCIES, UNITS

REFERENCE = Document("x", {"price": 5000, "maker": "Sony", "storage": 256, "ram": 8})
SAID = "between and to or of a the 50 1,299 1.299,00 7-9 15.6-inch WH-1000XM4 % ' \" half point hundred zz"
WORDS = sorted(
    {*AFTER, *BEFORE, *NEGATORS, *ORDERS, *RELATIVE, *CURRENCIES, *UNITS}
    | {*SAID.split()}
    | {str(value) for values in VALUES.values() for value in values}
)
anything = (
    st.text(max_size=60)
    | st.text(st.characters(), max_size=40)
    | st.text(string.punctuation + " 0123456789k$", max_size=60)
)
sentences = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=25).map(" ".join)


HOSTILE = (
    "\ud800 under \udfff 50", "\x00\x1b[31m", "\u202eunder 50\u202c", "9" * 5_000, "1." * 900, "0x" * 900, "-" * 3_000,
    "under " * 2_000, "one hundred and " * 400, "sony or " * 1_000, "1/" * 1_500, "'\"" * 999, "under \u00bd dollars",
    "\u0661\u0662\u0663 dollars", "under \u221e dollars", "\u2026" * 500 + "a_" * 300, "." * 2_000 + "a1_",
)  # fmt: skip


def check(understood: Understood) -> None:
    """Spans lie inside the text, in order and apart; what is not in a condition's span is in the rest."""
    text, end = understood.text, 0
    for one in understood.constraints:
        assert end <= one.start < one.end <= len(text)
        assert 0 < one.certainty <= 1
        end = one.end
    inside = [one for one in understood.constraints if one.hard]
    outside = "".join(
        letter for place, letter in enumerate(text) if not any(one.start <= place < one.end for one in inside)
    )
    assert "".join(understood.rest.split()) == "".join(outside.split())


@settings(max_examples=300, deadline=None)
@given(anything | sentences)
def test_any_text_is_read_and_no_word_is_lost(text: str) -> None:
    check(parse(text, SHOP, REFERENCE, date(2026, 1, 1)))
    check(parse(text, SHOP))


@settings(max_examples=100, deadline=None)
@given(sentences)
def test_what_is_taken_back_asks_for_nothing_more(text: str) -> None:
    """Without one constraint the others are as before, and nothing is searched for its words."""
    understood = parse(text, SHOP, REFERENCE)
    for one in understood.constraints:
        less = understood.without(one)
        assert [*less.constraints] == [other for other in understood.constraints if other != one]
        assert less.rest == understood.rest if one.hard else len(less.rest) < len(understood.rest)
    assert understood.without(*understood.constraints).filter is None


def test_hostile_texts() -> None:
    """Lone surrogates, control characters, right-to-left, endless digits, very long texts."""
    for text in HOSTILE:
        check(parse(text, SHOP, REFERENCE, date.max))
        check(parse(text, SHOP, REFERENCE, date.min))


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    long = "word " * (MAX_READ // 5) + "under 50 dollars"
    assert parse(long, SHOP).constraints == ()
    assert parse(long, SHOP).rest == long


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 999_999), st.booleans())
def test_numbers_in_words_come_back(value: int, joined: bool) -> None:
    """Every number up to a million, as the Americans and as the British say it."""
    words = tokenise(in_words(value, joined))
    assert number(words, 0) == (value, len(words))


@settings(max_examples=200, deadline=None)
@given(st.integers(100, 999_999_99))
def test_prices_come_back_however_they_are_written(cents: int) -> None:
    dollars = cents / 100
    german = f"{dollars:,.2f}".translate(str.maketrans(",.", ".,"))
    for text in (f"under ${dollars:,.2f}", f"under {dollars:.2f} dollars", f"under USD {german}", f"under {german} $"):
        (limit,) = parse(text, SHOP).constraints
        assert (limit.field, limit.operator, limit.values) == ("price", "under", (cents,)), text


@settings(max_examples=200, deadline=None)
@given(st.integers(10, 9_999), st.integers(10, 9_999))
def test_ranges_come_back_in_words_and_digits(one: int, other: int) -> None:
    low, high = sorted((one, other))
    for text in (
        f"between {in_words(one)} and {in_words(other)} dollars",
        f"from {one} to {other} dollars",
        f"${low}-{high}",
        f"{in_words(low)} to {in_words(high)} bucks",
    ):
        (limit,) = parse(text, SHOP).constraints
        assert (limit.operator, limit.values) == ("between", (100 * low, 100 * high)), text
