"""Whatever is thrown at the index, it answers or names the fault, and the collection is unharmed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index import (
    BooleanField,
    Boost,
    Chunk,
    Document,
    ErrorCode,
    Index,
    KeywordField,
    Query,
    Recency,
    Schema,
    SearchError,
    Sort,
    TextField,
    Weights,
)

UGLY = [
    'title:"black holes" AND -kind:talk^3~2',
    "((((((", '"unclosed', "a:b:c", "*", "?", "\\", "[1 TO 5]", "IN [a b]", "black~9", "+-!&|",
    "'; DROP TABLE documents; --", "% _", "\x00", "a\x00b", "\ud800 lone", "\u202eright to left", "👩‍🚀🕳️",
    "검은 구멍", "ثقوب سوداء", "e\u0301" * 200, "word " * 399, "\t\r\n\v", "a" * 2_000,
]  # fmt: skip

any_text = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(UGLY)


@pytest.mark.parametrize("text", UGLY)
def test_no_text_is_read_as_syntax(library: Index, text: str) -> None:
    result = library.search(Query(text, prefix=True, highlight=True))
    assert result.total >= len(result.hits)
    library.link(text)


def test_query_operators_mean_nothing(library: Index) -> None:
    """Neither operators nor a quoted single word; only the words in them are looked for."""
    words = Weights(words=1, meaning=0)
    plain = [hit.id for hit in library.search(Query("black holes kettle", weights=words)).hits]
    assert [hit.id for hit in library.search(Query('"black" -(holes) +kettle^3', weights=words)).hits][:3] == plain[:3]


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.just(b"x") | st.just(object())
    | st.lists(any_text, max_size=2) | st.tuples(any_text) | st.sampled_from([Sort("price"), Boost("price"), Weights()])
    | st.tuples(st.sampled_from([Sort("price"), Boost("price"), Boost("kind"), Recency("live")]))
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Query.__dataclass_fields__)), ANYTHING, max_size=3))
def test_any_query_is_answered_or_refused(library: Index, arguments: dict[str, Any]) -> None:
    """Whatever the arguments are: never another exception than `SearchError`, never a hit too many."""
    try:
        query = Query(**arguments)
        found = library.search(query)
    except SearchError as error:
        assert str(error)  # noqa: PT017 (either outcome is right)
    else:
        assert len(found.hits) <= query.limit
        assert found.total >= len(found.hits)
        assert all(hit.score == hit.score for hit in found.hits)


@pytest.mark.parametrize("word", ["kettle", "unknown{}", "\ud800{}", "구멍{}", "a{}-b{}", '"kettle {}"'])
def test_ten_thousand_words_are_answered(library: Index, word: str) -> None:
    """Of a long query the rarest words count: it finds what one of its few known words is in."""
    text = " ".join(word.replace("{}", str(n)) for n in range(9_990)) + " sourdough"
    for query in (Query(text[-100_000:], highlight=True), Query(text[-100_000:], prefix=True)):
        assert "m20" in [hit.id for hit in library.search(query).hits]
    library.link(text[-100_000:])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(identity=any_text, title=any_text, tags=st.lists(any_text, max_size=3), chunk=any_text)
def test_a_document_is_taken_and_given_back_or_refused(
    index: Index, identity: str, title: str, tags: list[str], chunk: str
) -> None:
    document = Document(identity, {"title": title, "tags": tags}, (Chunk(chunk),))
    before = index.count()
    known = False
    try:
        known = index.get(identity) is not None
        index.upsert([document])
    except SearchError as error:
        assert (error.code, index.count()) == (ErrorCode.BAD_VALUE, before)  # noqa: PT017 (either outcome is right)
        return
    stored = index.get(identity)
    assert stored is not None
    assert (stored.values["title"], stored.values["tags"]) == (title, list(dict.fromkeys(tags)))
    assert stored.chunks == (Chunk(chunk, id="1"),)
    assert index.count() == before + (not known)


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        (Document("", {}), ErrorCode.BAD_VALUE, "id"),
        (Document("a", {"colour": "red"}), ErrorCode.UNKNOWN_FIELD, "colour"),
        (Document("a", {"id": "b"}), ErrorCode.UNKNOWN_FIELD, "id"),
        (Document("a", {"title": 5}), ErrorCode.BAD_VALUE, "title"),
        (Document("a", {"title": "x" * 1_000_001}), ErrorCode.BAD_VALUE, "title"),
        (Document("a", {"kind": ["a", "b"]}), ErrorCode.BAD_VALUE, "kind"),
        (Document("a", {"tags": "one"}), ErrorCode.BAD_VALUE, "tags"),
        (Document("a", {"tags": ["x"] * 1_001}), ErrorCode.BAD_VALUE, "tags"),
        (Document("a", {"price": "5"}), ErrorCode.BAD_VALUE, "price"),
        (Document("a", {"price": float("inf")}), ErrorCode.BAD_VALUE, "price"),
        (Document("a", {"price": 10**400}), ErrorCode.BAD_VALUE, "price"),
        (Document("a", {"price": True}), ErrorCode.BAD_VALUE, "price"),
        (Document("a", {"live": "yes"}), ErrorCode.BAD_VALUE, "live"),
        (Document("a", {"published": "2021-02-30"}), ErrorCode.BAD_VALUE, "published"),
        (Document("a", {}, (Chunk("x", 5, 4),)), ErrorCode.BAD_VALUE, "chunk 1"),
        (Document("a", {}, (Chunk(""), Chunk("x", -5, 4))), ErrorCode.BAD_VALUE, "chunk 2"),
        (Document("a", {}, (Chunk("x" * 20_001),)), ErrorCode.BAD_VALUE, "chunk 1"),
        (Document("a", {}, (Chunk("x", id="1"), Chunk("y", id="1"))), ErrorCode.BAD_VALUE, "chunks"),
    ],
)
def test_a_wrong_document_is_named_and_nothing_of_its_batch_is_kept(
    index: Index, document: Document, code: ErrorCode, field: str | None
) -> None:
    with pytest.raises(SearchError, match="document ") as caught:
        index.upsert([Document("fine", {"title": "fine"}), document])
    assert (caught.value.code, caught.value.field) == (code, field)
    assert (index.count(), index.generation) == (0, 0)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("With Space", {}),
        ("a", {"id": KeywordField()}),
        ("a", {"Title": TextField()}),
        ("a", {"x; DROP TABLE": BooleanField()}),
        ("a", {"title": "text"}),
        ("a", {"title": TextField(weight=float("inf"))}),
        ("a", {"title": TextField(weight=-1)}),
    ],
)
def test_a_wrong_schema_is_refused(name: str, fields: Any) -> None:
    with pytest.raises(SearchError) as caught:
        Schema(name, fields)
    assert caught.value.code is ErrorCode.BAD_SCHEMA
