"""Judging and learning: measures against their definitions, files from outside, and what is switched on."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Document, ErrorCode, Index, NumberField, Query, Schema, SearchError, TextField, Weights
from search_index.relevance import measures
from search_index.relevance.evaluation import compare, graded, score, summary
from search_index.relevance.judgments import Judgment, Topic, read_judgments, topic_id
from search_index.relevance.learning import (
    choose,
    examples,
    held_out,
    learn_reranker,
    learn_weights,
    plain,
    weights_to_try,
)
from search_index.relevance.picture import draw
from search_index.relevance.query_class import QueryClass, classify
from search_index.relevance.runs import Answer, read_run, write_run
from search_index.relevance.statistics import estimate, folds, p_value
from search_index.relevance.tuning import Tuning, read_tuning, reset_tuning, write_tuning

grades = st.lists(st.integers(0, 4), max_size=6)
ks = st.integers(1, 8)
relaxed = settings(deadline=None, max_examples=50)


def quiet(what: str, done: int, of: int) -> None:
    pass


@relaxed
@given(grades, grades.filter(any), ks)
def test_ndcg_is_one_for_the_best_order_and_never_more(found: list[int], ideal: list[int], k: int) -> None:
    """Against the definition: the best DCG of all orders of what was judged."""
    best = max(sum((2**g - 1) / math.log2(i + 2) for i, g in enumerate(order[:k])) for order in permutations(ideal))
    dcg = sum((2**g - 1) / math.log2(i + 2) for i, g in enumerate(found[:k]))
    assert measures.ndcg(found, ideal, k) == pytest.approx(dcg / best)
    assert measures.ndcg(sorted(ideal, reverse=True), ideal, k) == pytest.approx(1.0)


@relaxed
@given(grades, grades.filter(any), ks)
def test_recall_and_hit_count_what_is_relevant(found: list[int], ideal: list[int], k: int) -> None:
    relevant = [grade for grade in found[:k] if grade]
    assert measures.recall(found, ideal, k) == len(relevant) / len([grade for grade in ideal if grade])
    assert measures.hit(found, k) == (1.0 if relevant else 0.0)


@relaxed
@given(st.lists(st.booleans(), max_size=15), ks)
def test_judged_is_a_share_of_what_was_found(known: list[bool], k: int) -> None:
    assert measures.judged(known, k) == (sum(known[:k]) / min(k, len(known)) if known else 0.0)


@relaxed
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40))
def test_an_interval_holds_its_mean_and_is_the_same_each_time(values: list[float]) -> None:
    found = estimate(values)
    assert found == estimate(values)
    assert min(values) - 1e-9 <= found.low <= found.mean <= found.high <= max(values) + 1e-9


def test_chance_is_told_from_a_difference() -> None:
    assert p_value([0.0] * 30) == 1.0
    assert p_value([0.2, 0.1, 0.3] * 10) < 0.01
    assert p_value([0.2, -0.2] * 15) > 0.5


@relaxed
@given(st.integers(1, 60), st.integers(2, 6))
def test_folds_are_alike_in_size_and_cover_every_query(queries: int, count: int) -> None:
    sizes = np.bincount(folds(queries, count), minlength=count)
    assert sizes.sum() == queries
    assert sizes.max() - sizes.min() <= 1


def test_a_moment_counts_once_and_only_where_its_middle_lies_in_the_span() -> None:
    topic = Topic("q", "light", (Judgment("t", 2, (10_000, 20_000)), Judgment("u", 1)))
    answers = [
        Answer("t", 1, 0, 10_000),
        Answer("t", 0.9, 12_000, 16_000),
        Answer("t", 0.8, 14_000, 18_000),
        Answer("u", 0),
    ]
    assert graded(topic, answers) == ([0.0, 2, 0.0, 1], [False, True, True, True])


def test_a_query_without_anything_relevant_says_nothing_of_the_order() -> None:
    topics = [Topic("a", "a", (Judgment("x", 1),)), Topic("b", "b", (Judgment("x", 0),))]
    scores = score(topics, {"a": [Answer("x", 1)], "b": [Answer("x", 1), Answer("y", 0)]})
    figures = summary(scores)
    assert (figures["ndcg@10"].mean, figures["ndcg@10"].queries) == (1.0, 1)
    assert (figures["judged@10"].mean, figures["judged@10"].queries) == (0.75, 2)
    with pytest.raises(SearchError, match="nothing is judged relevant"):
        summary(score(topics[1:], {}))


def test_a_comparison_names_what_was_won_and_lost() -> None:
    topics = [Topic(name, name, (Judgment("x", 1),)) for name in "abc"]
    ours = score(topics, {"a": [Answer("x", 1)], "b": [], "c": [Answer("x", 1)]})
    theirs = score(topics, {"a": [], "b": [Answer("x", 1)], "c": [Answer("x", 1)]})
    compared = compare(ours, theirs)
    assert (compared.wins, compared.losses) == (1, 1)
    assert [one.query for one in compared.queries] == ["a", "c", "b"]
    assert compared.differences["hit@1"].mean == 0


names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(
    lambda text: "\x00" not in text
)
times = st.integers(0, 10**7)


@relaxed
@given(
    st.dictionaries(names, st.lists(st.builds(Answer, names, st.integers(-9, 9), times, times), max_size=4), max_size=4)
)
def test_a_run_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, run: dict[str, list[Answer]]
) -> None:
    """Whatever ids hold: white space, %, #, any script."""
    path = tmp_path_factory.getbasetemp() / "run"
    kept = {
        query: tuple(one if one.end_ms else Answer(one.id, one.score) for one in of) for query, of in run.items() if of
    }
    write_run(path, kept, "a test")
    assert read_run(path) == kept


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.tsv", "query\tid\n", "line 1, grade"),
        ("a.tsv", "query\tid\tgrade\nx\ty\n", "line 2: has 2 columns"),
        ("a.tsv", "query\tid\tgrade\nx\ty\tgood\n", "line 2, grade"),
        ("a.tsv", "query\tid\tgrade\n\ty\t1\n", "line 2, query"),
        ("a.tsv", "query\tid\tgrade\nx\ty\tnan\n", "line 2, grade"),
        ("a.tsv", "query\tid\tgrade\nx\ty\t-1\n", "line 2, grade"),
        ("a.tsv", "query\tid\tgrade\nx\ty\t1\nx\ty\t2\n", "line 3, grade"),
        ("a.tsv", "query\tid\tgrade\tstart_ms\tend_ms\nx\ty\t1\t9\t9\n", "line 2, end_ms"),
        ("a.tsv", "query\tid\tgrade\tstart_ms\tend_ms\nx\ty\t1\tsoon\t9\n", "line 2, start_ms"),
        ("a.jsonl", '{"query": "x"', "line 1: is no JSON"),
        ("a.jsonl", "[" * 100_000, "line 1: is no JSON"),
        ("a.jsonl", "[1]", "line 1: is no JSON object"),
        ("a.jsonl", '{"query": 5, "id": "y", "grade": 1}', "line 1, query"),
        ("a.jsonl", '{"query": "x", "id": "y", "grade": true}', "line 1, grade"),
        ("a.jsonl", '{"query": "x", "id": "y", "grade": 1e999}', "line 1, grade"),
        ("a.jsonl", "\n\n", "holds no judgments"),
        ("qrels", "1 0 y 1", "name the file of their texts"),
    ],
)
def test_bad_judgments_are_named_by_file_line_and_field(tmp_path: Path, name: str, text: str, where: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SearchError) as caught:
        read_judgments(path)
    assert caught.value.code is ErrorCode.BAD_JUDGMENTS
    assert str(path) in str(caught.value)
    assert where in str(caught.value)


def test_judgments_are_read_from_each_form(tmp_path: Path) -> None:
    expected = Topic(topic_id("red shoes"), "red shoes", (Judgment("a b", 2.0), Judgment("c", 0.0, (5.0, math.inf))))
    (tmp_path / "j.tsv").write_text(
        "id\tgrade\tquery\tstart_ms\tend_ms\tby\na b\t2\tred shoes\t\t\tme\r\nc\t0\tred shoes\t5\t\tme\n",
        encoding="utf-8-sig",
    )
    (tmp_path / "j.jsonl").write_text(
        '{"query": "red shoes", "id": "a b", "grade": 2}\n\n'
        '{"query": "red shoes", "id": "c", "grade": 0, "start_ms": 5, "end_ms": null}\n'
    )
    (tmp_path / "qrels").write_text("7 0 a 1\n7 0 b 0\n")
    (tmp_path / "texts").write_text("7\tred shoes\n")
    assert read_judgments(tmp_path / "j.tsv") == (expected,)
    assert read_judgments(tmp_path / "j.jsonl") == (expected,)
    assert read_judgments(tmp_path / "qrels", tmp_path / "texts") == (
        Topic("7", "red shoes", (Judgment("a", 1.0), Judgment("b", 0.0))),
    )
    (tmp_path / "qrels").write_text("8 0 a 1\n")
    with pytest.raises(SearchError, match="nothing says what '8' asks"):
        read_judgments(tmp_path / "qrels", tmp_path / "texts")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("laptop", QueryClass.KEYWORDS),
        ("what is a soft fork", QueryClass.QUESTION),
        ("laptop?", QueryClass.QUESTION),
        ('a film called "to be or not"', QueryClass.EXACT),
        ("toner 006R90321", QueryClass.EXACT),
        ("4006381333931", QueryClass.EXACT),
        ("The Lord of the Rings", QueryClass.NAME),
        ("something about owls at night", QueryClass.QUESTION),
        ("", QueryClass.KEYWORDS),
        ("?!", QueryClass.KEYWORDS),
    ],
)
def test_queries_are_told_apart(text: str, kind: QueryClass) -> None:
    assert classify(text) is kind


@relaxed
@given(st.text(max_size=60))
def test_any_text_has_a_class(text: str) -> None:
    assert classify(text) in QueryClass


def test_weights_are_switched_on_only_where_queries_left_out_agree() -> None:
    """A setting that is better for all is taken; one that is best by chance is not."""
    generator = np.random.default_rng(3)
    tried = [Weights(1, 0), Weights(0.5, 0.5), Weights(0, 1)]
    untuned = generator.uniform(0.3, 0.6, 60)
    kinds = [QueryClass.KEYWORDS] * 30 + [QueryClass.QUESTION] * 30
    real = choose(np.stack([untuned + 0.2, untuned, untuned - 0.1]), untuned, tried, kinds)
    assert (real.weights, real.by_class) == (tried[0], {})
    chance = choose(untuned + generator.normal(0, 0.2, (3, 60)), untuned, tried, kinds)
    assert (chance.weights, chance.by_class) == (None, {})
    shift = np.where(np.arange(60) < 30, 0.3, -0.3)
    split = choose(np.stack([untuned + shift, untuned, untuned - shift]), untuned, tried, kinds)
    assert split.by_class == {QueryClass.KEYWORDS: tried[0], QueryClass.QUESTION: tried[2]}


@relaxed
@given(st.integers(0, 1000))
def test_a_query_has_no_say_in_its_own_setting(seed: int) -> None:
    """Query-disjoint: whatever a query's own figures are, its held-out setting stays."""
    generator = np.random.default_rng(seed)
    table = generator.uniform(0, 1, (4, 20))
    changed = table.copy()
    changed[:, 7] = generator.uniform(0, 1, 4)
    assert held_out(table)[7] == held_out(changed)[7]


SCHEMA = Schema("learnt", {"title": TextField(), "popularity": NumberField()})
COLOURS = ("red", "green", "blue", "yellow", "black", "white", "brown", "violet")
THINGS = (
    "kettle",
    "lamp",
    "chair",
    "bottle",
    "blanket",
    "tent",
    "camera",
    "backpack",
    "desk",
    "phone",
    "kite",
    "drum",
    "rope",
    "bell",
)
TOPICS = [
    Topic(topic_id(text), text, tuple(Judgment(f"{text} {n}", float(n == 3)) for n in range(4)))
    for text in (f"{colour} {thing}" for colour in COLOURS for thing in THINGS)
]
"""Of four things that are called the same, people want the most popular."""


@pytest.fixture(scope="module")
def shop(encoder, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("shop")
    documents = [
        Document(f"{topic.text} {n}", {"title": topic.text, "popularity": 10 * n}) for topic in TOPICS for n in range(4)
    ]
    with Index.open(path, SCHEMA, encoder) as index:
        index.upsert(documents)
    return path


def test_a_reranker_is_learnt_kept_used_and_explained(shop: Path, encoder) -> None:  # type: ignore[no-untyped-def]
    with Index.open(shop, SCHEMA, encoder) as index:
        untuned = index.search(Query(TOPICS[0].text)).hits
        found = examples(index, TOPICS, plain, None, quiet)
        model, trial = learn_reranker(SCHEMA, found, quiet)
    assert model is not None
    assert trial is not None
    assert trial.is_real
    assert trial.learnt.mean > 0.95 > trial.untuned.mean
    again, _ = learn_reranker(SCHEMA, found, quiet)
    name = model.save(shop)
    assert again is not None
    assert again.save(shop) == name, "the same judgments give the same trees"
    write_tuning(shop, SCHEMA, Tuning(reranker=name))
    with Index.open(shop, SCHEMA, encoder) as index:
        hits = index.search(Query(TOPICS[0].text)).hits
        pages = index.search(Query(TOPICS[0].text, limit=2))
        following = index.search(Query(TOPICS[0].text, limit=2, after=pages.next))
    assert hits[0].id == f"{TOPICS[0].text} 3" != untuned[0].id
    assert [hit.id for hit in (*pages.hits, *following.hits)] == [hit.id for hit in hits[:4]]
    why = hits[0].explanation
    assert sum(why.because.values()) == pytest.approx(why.learned)
    assert why.because["value of popularity"] > 0
    with Index.open(shop, SCHEMA, encoder, tuned=False) as index:
        assert [hit.id for hit in index.search(Query(TOPICS[0].text)).hits] == [hit.id for hit in untuned]
    reset_tuning(shop)
    assert not list(shop.glob("reranker-*"))


@pytest.mark.parametrize("harm", ["tuning", "trees", "gone", "schema"])
def test_what_cannot_be_read_is_left_out_and_searching_goes_on(
    shop: Path,
    encoder,
    harm: str,
    caplog: pytest.LogCaptureFixture,  # type: ignore[no-untyped-def]
) -> None:
    (shop / "reranker-0123456789abcdef.txt").write_text("tree")
    write_tuning(shop, SCHEMA, Tuning(weights=Weights(1, 0), reranker="reranker-0123456789abcdef.txt"))
    match harm:
        case "tuning":
            (shop / "tuning.json").write_text("{")
            (shop / "tuning.json.prev").unlink(missing_ok=True)
        case "gone":
            (shop / "reranker-0123456789abcdef.txt").unlink()
        case "schema":
            other = Schema("learnt", {"title": TextField()})
            assert read_tuning(shop, other) == Tuning()
    with Index.open(shop, SCHEMA, encoder) as index:
        assert index.search(Query("red kettle")).total > 0
    assert caplog.messages
    reset_tuning(shop)


def test_tuned_weights_hold_for_queries_that_set_none(shop: Path, encoder) -> None:  # type: ignore[no-untyped-def]
    tuning = Tuning(Weights(1, 0), {QueryClass.QUESTION: Weights(0, 1)}, None, {"queries": 3})
    write_tuning(shop, SCHEMA, tuning)
    assert read_tuning(shop, SCHEMA) == tuning
    with Index.open(shop, SCHEMA, encoder) as index:
        shares = {
            text: index.search(Query(text, weights=weights)).hits[0].explanation.words.weight
            for text, weights in (("red kettle", None), ("a red kettle?", None), ("red lamp", Weights(0.5, 0.5)))
        }
    assert shares == {"red kettle": 1.0, "a red kettle?": 0.0, "red lamp": 0.5}
    reset_tuning(shop)


def test_learning_leaves_good_weights_alone(shop: Path, encoder) -> None:  # type: ignore[no-untyped-def]
    """Where any weights find the same, nothing is switched on."""
    with Index.open(shop, SCHEMA, encoder) as index:
        learnt = learn_weights(index, TOPICS[:30], plain, quiet)
    assert (learnt.weights, learnt.by_class) == (None, {})
    assert len(weights_to_try(SCHEMA)) == 12


def test_a_picture_is_drawn_and_the_same_each_time(tmp_path: Path) -> None:
    topics = [Topic(name, name, (Judgment("x", 1),)) for name in "abc"]
    ours, theirs = score(topics, {"a": [Answer("x", 1)]}), score(topics, {"b": [Answer("x", 1)]})
    for name in ("a.png", "b.png", "c.svg"):
        draw(tmp_path / name, "cost in $ and $_x", summary(ours), summary(theirs), compare(ours, theirs))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "c.svg").read_bytes()
    with pytest.raises(SearchError, match=r"\.png or \.svg"):
        draw(tmp_path / "d.gif", "", summary(ours), {}, None)
