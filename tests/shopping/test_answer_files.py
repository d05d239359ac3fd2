"""Answers as files: whatever a spreadsheet saves is read, own exports come back unchanged, bad rows say why."""

import csv
import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.shop_view import Link
from skills.storefront.answer import AnswerButton, AnswerPicture, Conditions, ShopAnswer
from skills.storefront.exchange import Column, ExchangeError, as_json, as_table, read_answers_file

TABLE = 'Question,Answer\nDo you sell Größe 52?,"Yes.\nUp to 60."\n€ or $?,"Both, of course"\n'
BOTH = [("Do you sell Größe 52?", "Yes.\nUp to 60."), ("€ or $?", "Both, of course")]

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]) | st.sampled_from("=+-@'\t\n,;|\"{}->"),
    min_size=1,
    max_size=30,
)
lines = texts.map(lambda text: " ".join(text.split()).replace("->", "-")).filter(bool)
plain = texts.map(lambda text: text.replace("{", "(").replace("}", ")")).filter(lambda text: text.strip())
buttons = st.builds(AnswerButton, label=lines, say=lines) | st.builds(
    AnswerButton, label=lines, url=st.just("https://shop.example/a?b=-%3E")
)

pictures = st.builds(AnswerPicture, name=st.just(f"{7:020}.jpg"), alt=lines)


@st.composite
def _answers(draw: st.DrawFn) -> list[ShopAnswer]:
    def one(number: int) -> ShopAnswer:
        days = sorted(draw(st.tuples(st.dates(), st.dates())))
        said = draw(st.lists(lines, min_size=1, max_size=3, unique_by=str.casefold))
        return ShopAnswer(
            id=f"{draw(st.sampled_from('a1-'))}{number}",
            question=said[0],
            variants=tuple(said[1:]),
            answer=draw(plain),
            folder=draw(st.sampled_from(["", "Orders", "=A/B"])),
            buttons=tuple(draw(st.lists(buttons, max_size=2))),
            links=tuple(draw(st.lists(st.builds(Link, label=lines, url=st.just("/returns")), max_size=1))),
            pictures=tuple(
                draw(st.lists(st.builds(AnswerPicture, name=st.just(f"{7:020}.jpg"), alt=lines), max_size=1))
            ),
            begins=draw(st.sampled_from([None, days[0]])),
            ends=draw(st.sampled_from([None, days[1]])),
            conditions=Conditions(
                page=draw(st.sampled_from(["", "/sale"])),
                products=draw(st.sampled_from([(), ("boots", "NF-1")])),
                category=draw(st.sampled_from(["", "Shoes, all"])),
                signed_in=draw(st.sampled_from([None, True, False])),
                in_hours=draw(st.sampled_from([None, True, False])),
            ),
        )

    return [one(number) for number in range(draw(st.integers(1, 3)))]


@settings(max_examples=60, deadline=None)
@given(_answers())
def test_an_own_export_comes_back_as_it_was(given_: list[ShopAnswer]) -> None:
    for known in ((), given_):
        for export in (as_table(given_), as_json(given_)):
            reading = read_answers_file(export, known=known)
            assert list(reading.answers) == given_
            assert not reading.problems


def test_an_export_has_no_formula_in_any_cell() -> None:
    evil = ShopAnswer(id="-1", question="=1+1", variants=("@SUM(A1)",), answer="+cmd|' /C calc'!A0", folder="-2")
    rows = list(csv.reader(io.StringIO(as_table([evil]).decode("utf-8-sig"))))
    assert [cell[:2] for cell in rows[1] if cell] == ["'-", "'=", "'@", "'+", "'-"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_and_separator_is_found_out(encoding: str, separator: str, end: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end).writerows(csv.reader(io.StringIO(TABLE)))
    reading = read_answers_file(file.getvalue().encode(encoding))
    assert [(one.question, one.answer) for one in reading.answers] == BOTH
    assert not reading.problems


@pytest.mark.parametrize("text", ["Größe?;Ja\n", "Où?;À Paris\n", "¿Cuánto?;Poco — “casi” nada…\n"])
def test_a_few_western_letters_are_no_korean(text: str) -> None:
    reading = read_answers_file(f"Question;Answer\n{text}".encode("cp1252"))
    assert [f"{one.question};{one.answer}\n" for one in reading.answers] == [text]
    assert reading.sheet is not None
    assert reading.sheet.encoding == "Windows-1252"


def test_rows_of_one_answer_are_ways_to_ask_for_it() -> None:
    reading = read_answers_file(
        b"id,question,answer\nback,Can I send it back?,30 days.\nback,return policy,\n"
        b",Where are you?,12 Mill Lane.\n,your address,12 mill lane.\n"
    )
    assert [(one.id, one.wordings) for one in reading.answers] == [
        ("back", ("Can I send it back?", "return policy")),
        ("where-are-you", ("Where are you?", "your address")),
    ]


def test_a_table_without_names_is_told_by_its_cells() -> None:
    reading = read_answers_file(b"We close at five.\tWhen do you close?\nIn Oslo.\tWhere are you?\n")
    assert [one.question for one in reading.answers] == ["When do you close?", "Where are you?"]
    other = read_answers_file(b"Where?\tIn Oslo, in the middle of it.\n", mapped=(Column.ANSWER, Column.QUESTION))
    assert other.answers[0].answer == "Where?"


def test_what_a_table_does_not_say_stays() -> None:
    known = ShopAnswer(
        id="hours",
        question="When are you open?",
        variants=("hours",),
        answer="9 to 5.",
        folder="Shop",
        ends=date(2026, 1, 1),
    )
    one = read_answers_file(b"question,answer,ends\nWHEN are you open?,10 to 4.,2026-01-01\n", known=[known]).answers[0]
    assert one == known.model_copy(update={"answer": "10 to 4."})


def test_a_bad_row_says_where_and_why_and_the_others_are_taken() -> None:
    long = "x" * 501
    reading = read_answers_file(
        "Question,Answer,From,Signed in,Buttons\n"
        "Fine?,Yes,,,\n"
        ",No question,,,\n"
        "No answer?,,,,\n"
        f"{long}?,Too long,,,\n"
        "Date?,Yes,31/31/2026,,\n"
        "Maybe?,Yes or no,,maybe,\n"
        "Variable?,Hi {custmer_name},,,\n"
        "Button?,Tap,,,Go -> open: javascript:alert(1)\n"
        "Fine?,But not so,,,\n"
        "Wide?,a,b,c,d,e,f\n".encode()
    )
    assert [one.question for one in reading.answers] == ["Fine?"]
    assert [(one.row, one.column) for one in reading.problems] == [
        (3, "Question"),
        (4, "Answer"),
        (5, "Question"),
        (6, "From"),
        (7, "Signed in"),
        (8, "Answer"),
        (9, "Buttons"),
        (10, "Answer"),
        (11, ""),
    ]
    assert all(one.text for one in reading.problems)
    assert "{customer_name}" in reading.problems[5].text


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "file_empty"),
        (b" \n\n", "a.csv", "file_empty"),
        (bytes(range(256)) * 9, "a.xlsx", "file_encoding"),
        (",".join(f"column {number}" for number in range(10_000)).encode() + b"\n1,2\n", "a.csv", "file_columns"),
        (b"question,answer\n" + b"q,a\n" * 50_001, "a.csv", "file_rows"),
        (b"q" * 20_000_001, "a.csv", "file_too_large"),
        (b'[{"question": "cut off', "a.json", "file_invalid"),
        (b"[" * 100_000, "a.json", "file_invalid"),
    ],
)
def test_a_file_that_is_none_is_refused_kindly(content: bytes, name: str, code: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        read_answers_file(content, name)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_json_of_any_shape_and_its_bad_rows() -> None:
    reading = read_answers_file(
        b'{"answers": [{"question": "Open?", "answer": "Yes", "quick": ["Where?"]}, 7, {"question": "No answer"},'
        b' {"question": "A", "answer": "B", "evil": 1}]}'
    )
    assert [(one.id, one.buttons[0].say) for one in reading.answers] == [("open", "Where?")]
    assert [(one.row, one.column) for one in reading.problems] == [(2, ""), (3, "Answer"), (4, "evil")]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | texts.map(str.encode))
def test_no_file_does_harm(content: bytes) -> None:
    for read in (b"question,answer\n" + content, ""), (content, "a.json"), (content, ""):
        with suppress(ExchangeError):
            read_answers_file(*read)
