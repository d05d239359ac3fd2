"""What is one customer's own never stays in a text that is proposed to be everybody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.learning.personal import marked, without_personal

WORDS = st.text(alphabet="abcdefghij klmnop,.!?'", max_size=60)
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
DIGITS = st.text(alphabet="0123456789", min_size=4, max_size=9)
STREETS = st.sampled_from(["12 Elm Street", "7b Long Acre Road", "Lindenstraße 12", "221 Upper Hill Ave"])


@given(WORDS, LETTERS, LETTERS, WORDS)
def test_no_mail_address_stays(before: str, name: str, host: str, after: str) -> None:
    assert f"{name}@{host}.example" not in without_personal(f"{before} {name}@{host}.example {after}")


@given(WORDS, DIGITS, WORDS)
def test_no_order_number_stays(before: str, digits: str, after: str) -> None:
    for written in (f"NF-{digits}", f"order {digits}", f"#{digits}", f"order number {digits}"):
        assert digits not in without_personal(f"{before} {written} {after}")


@given(WORDS, STREETS, WORDS)
def test_no_street_stays(before: str, street: str, after: str) -> None:
    assert street not in without_personal(f"{before} {street} {after}")


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_written_comes_back_as_text_without_known_names(text: str, names: list[str]) -> None:
    cleaned = without_personal(f"{text} Ottilie {text}", [*names, "Ottilie Stone"])
    assert "ottilie" not in cleaned.casefold()


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (
            "Hi Ann, your order NF-1042 goes to 12 Elm Street, Bend, OR 97701 tomorrow. Best, Mia",
            "Your order [order number] goes to [address] tomorrow.",
        ),
        (
            "Thanks Ann, mail ann@example.org or call +1 (541) 555-0199.",
            "Thanks [name], mail [e-mail address] or call ",
        ),
        ("Pay with 4242 4242 4242 4242", "Pay with [number]"),
        ("See https://parcel.example/t?id=ann", "See https://parcel.example/t"),
    ],
)
def test_a_reply_loses_what_is_the_customers(written: str, left: str) -> None:
    assert without_personal(written, ["Mia Page"]).startswith(left)


@pytest.mark.parametrize(
    "kept",
    [
        "We ship to Norway in 3-5 days, for $12.50, free from 1,299.00 EUR.",
        "We are open 9:00-18:00, and on 2026-11-23 all day.",
        "You can return orders within 30 days.",
    ],
)
def test_what_is_everybodys_stays(kept: str) -> None:
    assert without_personal(kept) == kept
    assert not marked(kept)
