"""What holds of one variant: a filter on several of their fields is met by a single one, in SQL as in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index import (
    And,
    AnyOf,
    BooleanField,
    Document,
    Encoder,
    Equals,
    ErrorCode,
    Exists,
    Filter,
    Index,
    KeywordField,
    Not,
    NumberField,
    OneVariant,
    Or,
    Query,
    Range,
    Schema,
    SearchError,
    Sort,
    TextField,
    passes,
    passing_variants,
)

SCHEMA = Schema(
    "shoes",
    {
        "title": TextField(),
        "brand": KeywordField(),
        "size": KeywordField(many=True),
        "colour": KeywordField(many=True),
        "price": NumberField(many=True),
        "stock": BooleanField(),
    },
    variants=("size", "colour", "price", "stock"),
)
SIZES, COLOURS, BRANDS = ("41", "42", "it's"), ("red", "blue"), ("Nord", "Sud")
MIXED = Document(
    "mixed",
    {"title": "Boot", "brand": "Nord"},
    variants=(
        {"size": "41", "colour": "red", "price": 50, "stock": True},
        {"size": "42", "colour": "blue", "price": 90, "stock": False},
    ),
)
PLAIN = Document("plain", {"title": "Shoe", "brand": "Sud", "size": ["42"], "colour": ["red"], "price": [70]})
NOTHING = Document("nothing", {"title": "Lace"})


def variants() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "size": st.sampled_from(SIZES),
            "colour": st.sampled_from(COLOURS),
            "price": st.integers(0, 9),
            "stock": st.booleans(),
        },
    )


def documents() -> st.SearchStrategy[list[Document]]:
    values = st.fixed_dictionaries({}, optional={"brand": st.sampled_from(BRANDS)})
    ones = st.lists(st.tuples(values, st.lists(variants(), max_size=3)), min_size=1, max_size=6)
    return ones.map(lambda found: [Document(str(n), v, variants=tuple(many)) for n, (v, many) in enumerate(found)])


def filters() -> st.SearchStrategy[Filter]:
    leaves: st.SearchStrategy[Filter] = (
        st.sampled_from(SIZES).map(lambda one: Equals("size", one))
        | st.sets(st.sampled_from(COLOURS)).map(lambda some: AnyOf("colour", some))
        | st.sampled_from(BRANDS).map(lambda one: Equals("brand", one))
        | st.booleans().map(lambda one: Equals("stock", one))
        | st.integers(0, 9).map(lambda one: Range("price", above=one))
        | st.integers(0, 9).map(lambda one: Range("price", maximum=one))
        | st.sampled_from(("size", "price", "brand", "stock")).map(Exists)
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda parts: And(*parts))
            | st.lists(inner, max_size=3).map(lambda parts: Or(*parts))
            | inner.map(Not)
            | inner.map(OneVariant)
        ),
        max_leaves=6,
    )


@pytest.fixture(scope="module")
def index(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("shoes"), SCHEMA, encoder) as opened:
        yield opened


@pytest.fixture
def shoes(index: Index) -> Iterator[Index]:
    index.upsert([MIXED, PLAIN, NOTHING])
    yield index
    index.delete(["mixed", "plain", "nothing"])


def found(index: Index, condition: Filter, tenant: str = "") -> set[str]:
    return {hit.id for hit in index.search(Query(filter=condition, limit=100, tenant=tenant)).hits}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents(), filters())
def test_the_database_and_plain_python_agree(index: Index, made: list[Document], condition: Filter) -> None:
    """Whatever the filter, with variants or without: what is searched is what `passes` says."""
    index.delete_where(And(), "drawn")
    index.upsert([Document(one.id, one.values, (), "drawn", one.variants) for one in made])
    assert found(index, condition, "drawn") == {one.id for one in made if passes(condition, one, SCHEMA)}


def test_a_size_and_a_colour_are_those_of_one_thing(shoes: Index) -> None:
    red_42 = And(Equals("size", "42"), Equals("colour", "red"))
    assert found(shoes, red_42) == {"mixed", "plain"}
    assert found(shoes, OneVariant(red_42)) == {"plain"}
    assert found(shoes, OneVariant(And(Equals("size", "41"), Range("price", maximum=50)))) == {"mixed"}
    assert found(shoes, OneVariant(And(Equals("brand", "Nord"), Equals("colour", "blue")))) == {"mixed"}
    assert found(shoes, OneVariant(And(Exists("colour"), Not(Equals("colour", "red"))))) == {"mixed"}


def test_a_hit_tells_which_variants_pass(shoes: Index) -> None:
    blue = OneVariant(Equals("colour", "blue"))
    (hit,) = shoes.search(Query(filter=blue)).hits
    assert hit.variants == (MIXED.variants[1],)
    assert passing_variants(blue, MIXED, SCHEMA) == (1,)
    (ranked,) = shoes.search(Query("boot", filter=blue)).hits
    assert ranked.variants == hit.variants


def test_the_order_is_that_of_the_variants_meant(shoes: Index) -> None:
    """The cheapest in size 42 is not the one whose size 41 is cheaper still."""
    in_42 = Equals("size", "42")
    cheapest = Sort("price", among=in_42)
    for text in ("", "boot shoe"):
        hits = shoes.search(Query(text, filter=OneVariant(in_42), sort=cheapest)).hits
        assert [hit.id for hit in hits] == ["plain", "mixed"]
        assert [hit.id for hit in shoes.search(Query(text, sort=Sort("price"))).hits][:2] == ["mixed", "plain"]


def test_variants_survive_the_disk_and_another_schema(encoder: Encoder, tmp_path: Path) -> None:
    with Index.open(tmp_path, SCHEMA, encoder) as index:
        assert index.upsert([MIXED]) == 1
        assert index.upsert([MIXED]) == 0
        changed = Document("mixed", MIXED.values, variants=MIXED.variants[:1])
        assert index.upsert([changed]) == 1
        assert index.values("size") == {"41": 1}
    wider = Schema("shoes", {**SCHEMA.fields, "width": KeywordField(many=True)}, (*SCHEMA.variants, "width"))
    with Index.open(tmp_path, wider, encoder) as index:
        stored = index.get("mixed")
        assert stored is not None
        assert stored.variants == MIXED.variants[:1]
        assert index.delete(["mixed"]) == 1
        assert index.upsert([Document("mixed", {"title": "Boot"})]) == 1
        assert index.count(OneVariant(Exists("size"))) == 0


def test_what_variants_cannot_have_is_refused(index: Index) -> None:
    with pytest.raises(SearchError) as refused:
        index.upsert([Document("x", variants=({"title": "a"},))])
    assert refused.value.code is ErrorCode.BAD_VALUE
    with pytest.raises(SearchError) as refused:
        Schema("bad", {"size": KeywordField()}, variants=("size",))
    assert refused.value.code is ErrorCode.BAD_SCHEMA
