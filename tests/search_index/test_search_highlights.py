"""Highlights are inside the text and hold exactly the words that matched; completions, likes and diversity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index import Boost, Chunk, Document, Equals, Index, Query, Recency, Weights
from search_index.diversity import diverse
from search_index.results import Highlight

WORDS_ONLY = Weights(words=1, meaning=0)


def marked(index: Index, text: str, identity: str, **more: object) -> dict[str | None, list[str]]:
    """By field the marked words of a document."""
    hits = index.search(Query(text, highlight=True, limit=50, weights=WORDS_ONLY, **more)).hits  # type: ignore[arg-type]
    (hit,) = (hit for hit in hits if hit.id == identity)
    found: dict[str | None, list[str]] = {}
    for one in hit.highlights:
        found.setdefault(one.field, []).extend(words_of(one))
    return found


def words_of(highlight: Highlight) -> list[str]:
    inside = [(start - highlight.start, end - highlight.start) for start, end in highlight.spans]
    return [highlight.snippet[start:end] for start, end in inside if start >= 0 and end <= len(highlight.snippet)]


@pytest.mark.parametrize(
    ("text", "identity", "expected"),
    [
        ("hole", "m1", {"title": ["holes"]}),
        ("the massive stars", "m1", {"description": ["massive", "star"]}),
        ("headfones", "p1", {"title": ["headphones"], "description": ["headphones"]}),
        ("Bramble kettle", "p5", {"title": ["kettle"], "maker": ["Bramble"]}),
        ("dough", "m20", {None: ["dough"]}),
    ],
)
def test_the_words_that_matched_are_marked(
    library: Index, text: str, identity: str, expected: dict[str | None, list[str]]
) -> None:
    assert marked(library, text, identity) == expected


def test_a_code_is_marked_as_it_is_written(index: Index) -> None:
    index.upsert([Document("a", {"title": "Galaxy SM-G960F phone"})])
    assert marked(index, "smg960f", "a") == {"title": ["SM-G960F"]}


def test_writing_without_spaces_is_marked(index: Index) -> None:
    index.upsert([Document("a", {"title": "블랙홀은 무엇인가"}), Document("b", {"title": "黒い穴の説明、黒い"})])
    assert marked(index, "블랙홀", "a") == {"title": ["블랙홀"]}
    assert marked(index, "黒い", "b") == {"title": ["黒い", "黒い"]}


def test_a_long_text_gives_a_short_snippet_around_the_words(index: Index) -> None:
    text = "filler words " * 500 + "the purple owls of the north " + "more filler " * 200
    index.upsert([Document("a", {"title": "x", "description": text})])
    (hit,) = index.search(Query("purple owl", highlight=True, weights=WORDS_ONLY)).hits
    (one,) = hit.highlights
    assert len(one.snippet) <= 240
    assert words_of(one) == ["purple", "owls"]


alphabet = st.text("ab ÄßéＡ黒い穴은는-.\u0301\u200d👩‍🚀", max_size=30)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=alphabet, chunk=alphabet, query=alphabet)
def test_highlights_lie_within_their_text(index: Index, title: str, chunk: str, query: str) -> None:
    index.upsert([Document("a", {"title": title}, (Chunk(chunk),))])
    for hit in index.search(Query(query, highlight=True, group=False, min_meaning=-1.0)).hits:
        for one in hit.highlights:
            text = hit.chunk.text if one.field is None and hit.chunk else str(hit.values.get(str(one.field)))
            assert text[one.start : one.start + len(one.snippet)] == one.snippet
            assert list(one.spans) == sorted(one.spans)
            assert all(0 <= start < end <= len(text) for start, end in one.spans)
            assert all(ended <= start for (_, ended), (start, _) in zip(one.spans, one.spans[1:], strict=False))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("black ho", "m1"), ("runni", "p16"), ("kettl", "p5"), ("gui", "m18"), ("the lighth", "m11"), ("Lind", "m1")],
)
def test_a_word_still_being_typed_is_completed(library: Index, typed: str, expected: str) -> None:
    query = Query(typed, prefix=True, weights=WORDS_ONLY, limit=3)
    assert expected in [hit.id for hit in library.search(query).hits]


def test_a_word_that_is_complete_is_not_completed(library: Index) -> None:
    for text in ("gui ", "gui"):
        query = Query(text, prefix=text.endswith(" "), weights=WORDS_ONLY)
        assert "m18" not in [hit.id for hit in library.search(query).hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("구멍", "ko"),
        ("물리학", "ko"),
        ("黒い穴", "ja"),
        ("ブラックホール", "ja"),
        ("黑洞", "zh"),
        ("黑", "zh"),
        ("\uff26\uff35\uff2c\uff2c", "en"),
    ],
)
def test_languages_without_spaces_are_found_by_words(index: Index, text: str, expected: str) -> None:
    index.upsert(
        [
            Document("ko", {"title": "검은 구멍이란 무엇인가", "description": "천체물리학에서 말하는"}),
            Document("ja", {"title": "黒い穴の説明", "description": "ブラックホールとは何か"}),
            Document("zh", {"title": "什么是黑洞", "description": "宇宙中的天体"}),
            Document("en", {"title": "full width", "description": "letters"}),
        ]
    )
    assert [hit.id for hit in index.search(Query(text, weights=WORDS_ONLY)).hits] == [expected]


def test_what_is_like_a_document_is_found_without_it(library: Index) -> None:
    hits = library.search(Query(like="p5", limit=3)).hits
    assert hits[0].id == "p6", "the other kettle"
    assert "p5" not in [hit.id for hit in hits]
    narrowed = library.search(Query("grinder", like="p6", filter=Equals("maker", "Bramble & Sons"), limit=1))
    assert [hit.id for hit in narrowed.hits] == ["p7"]


def test_diverse_hits_differ_from_each_other(index: Index) -> None:
    index.upsert(
        [
            *(Document(f"same{n}", {"title": "electric kettle for tea", "popularity": n}) for n in range(5)),
            Document("other", {"title": "gooseneck kettle for slow coffee"}),
        ]
    )
    plain = index.search(Query("electric kettle for tea", limit=3)).hits
    mixed = index.search(Query("electric kettle for tea", limit=3, diversity=0.7))
    assert "other" not in [hit.id for hit in plain]
    assert [hit.id for hit in mixed.hits][:2] == [plain[0].id, "other"]
    assert mixed.next == ""


@given(st.integers(0, 12), st.integers(1, 15), st.floats(0, 1))
def test_diversity_only_changes_the_order(count: int, limit: int, diversity: float) -> None:
    chance = np.random.default_rng(count)
    scores = np.sort(chance.random(count))[::-1]
    vectors = chance.normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[::5] = np.nan
    chosen = diverse(scores, vectors, diversity, limit)
    assert len(chosen) == min(count, limit) == len(set(chosen))
    assert diverse(scores, vectors, 0.0, limit) == list(range(min(count, limit)))


def test_the_recent_are_favoured_and_decay_by_their_half_life(index: Index) -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    ages = {"new": 0, "year": 365, "old": 730, "future": -30}
    index.upsert(
        Document(name, {"title": "owl", "published": now - timedelta(days=days)}) for name, days in ages.items()
    )
    index.upsert([Document("undated", {"title": "owl"})])
    boost = Recency("published", half_life=timedelta(days=365), weight=0.8, now=now)
    found = index.search(Query("owl", boosts=(boost, Boost("popularity"))))
    factors = {hit.id: hit.explanation.boosts["published"] for hit in found.hits}
    assert factors == pytest.approx({"new": 1.8, "future": 1.8, "year": 1.4, "old": 1.2, "undated": 1.0})
    assert [hit.id for hit in found.hits] == ["future", "new", "year", "old", "undated"]
