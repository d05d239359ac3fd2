"""Variables in answers: every text is safe to show, wrong ones are told where, and nothing is read twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from skills.shopping.shop import Opening
from skills.storefront.answer import ShopAnswer
from skills.storefront.hours_words import hours_in_words
from skills.storefront.naming import RESERVED, new_id
from skills.storefront.template import TOLD_MAX, VALUE_MAX, VARIABLES, advice, place, problems, render, variables

names = st.sampled_from(sorted(VARIABLES))
pieces = st.one_of(
    names.map("{{{}}}".format),
    st.builds("{{{}|{}}}".format, names, st.text("ab {}|", max_size=4)),
    st.text("ab{}|\n ", max_size=5),
    st.sampled_from(["{x}", "{{shop_name}}", "{customer_name|{shop_name}}", "{}", "{ shop_name }"]),
)
texts = st.lists(pieces, max_size=8).map("".join)
values = st.dictionaries(names, st.text("{}|abc_\n\t\u202e", max_size=20))


@given(texts, values)
def test_every_text_can_be_shown_and_only_its_variables_change(text: str, known: dict[str, str]) -> None:
    shown = render(text, known)
    assert not problems(text) or all(0 <= one.at < len(text) and one.text for one in problems(text))
    if not variables(text):
        assert shown == text
    if not problems(text):
        unknown = render(text, {})
        assert "{" not in unknown
        assert "}" not in unknown


@given(names, st.text(max_size=300))
def test_what_a_variable_holds_is_never_a_template(name: str, value: str) -> None:
    shown = render(f"<{{{name}|-}}>{{{name}|-}}", {name: value + "{shop_name}", "shop_name": "Evil"})
    assert "Evil" not in shown or name == "shop_name"
    assert len(shown) <= 2 * VALUE_MAX + 2
    assert all(letter.isprintable() or letter == " " for letter in shown) or not value.isprintable()


@given(st.text("ab", max_size=9), names, st.text("ab ", max_size=5))
def test_a_fallback_stands_where_nothing_is_known(before: str, name: str, fallback: str) -> None:
    assert render(f"{before}{{{name}|{fallback}}}", {}) == before + fallback.strip()
    assert render(f"{before}{{{name}|{fallback}}}", {name: " \n"}) == before + fallback.strip()
    assert render(f"{before}{{{name}}}", {}) == before + VARIABLES[name].otherwise
    assert bool(advice(f"{{{name}}}")) == VARIABLES[name].sometimes
    assert not advice(f"{{{name}|}}")


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("Hi {custmer_name}", 3, "Did you mean {customer_name}?"),
        ("Hi {Customer Name}", 3, "Did you mean {customer_name}?"),
        ("Hi\nyou {shop_name", 7, "line 2, character 5 is not closed"),
        ("a } b", 2, "closes that nothing opens"),
        ("{customer_name|{shop_name}}", 0, "within another one"),
        ("{{shop_name}}", 0, "one on each side is enough"),
        ("{}", 0, "no variable between"),
        ("{|x}", 0, "no variable between"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, at: int, said: str) -> None:
    (found,) = problems(text)
    assert (found.at, said in found.text) == (at, True), found
    with pytest.raises(ValidationError, match="character"):
        ShopAnswer(id="a", question="b", answer=text)


def test_the_longest_text_of_braces_is_checked_at_once() -> None:
    assert len(problems("{" * 1_000_000)) == TOLD_MAX
    assert len(problems("{" * 1_000 + "}" * 1_000)) == 1
    assert place("ab", 1) == "character 2"
    blanks = "{" + " " * 1_000_000
    assert render(blanks, {}) == blanks


@given(st.text(max_size=80), st.sets(st.sampled_from(["what", "what-2", "new-2"])))
def test_a_new_id_can_be_used_and_is_nobody_elses(question: str, taken: set[str]) -> None:
    found = new_id(question, taken)
    assert found not in taken | RESERVED
    assert ShopAnswer(id=found, question="b", answer="c").id == found


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ((), ""),
        ([(day, 540, 1_020) for day in range(5)], "Monday to Friday 9:00 am to 5:00 pm"),
        (
            [(5, 600, 720), (5, 780, 1_560), (6, 600, 720)],
            "Saturday 10:00 am to 12:00 pm and 1:00 pm to 2:00 am, Sunday 10:00 am to 12:00 pm",
        ),
        ([(0, 0, 1_440), (1, 0, 1_440)], "Monday and Tuesday 12:00 am to 12:00 am"),
    ],
)
def test_hours_in_words(week: list[tuple[int, int, int]], said: str) -> None:
    assert hours_in_words([Opening(day=day, begin=begin, end=end) for day, begin, end in week]) == said
