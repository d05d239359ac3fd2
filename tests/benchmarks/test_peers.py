"""The peers that rankings are compared with do what their names say."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from benchmarks.peers import RRF_K, PlainBM25, among, reciprocal_rank_fusion
from search_index.relevance.runs import Answer

TEXTS = {"a": "red kettles and a red lamp", "b": "a kettle", "c": "blue chairs", "d": "red tent"}


def test_plain_bm25_scores_as_the_formula_says() -> None:
    """k1 = 1.2, b = 0.75, over stemmed words (Robertson and Zaragoza, 2009, with Lucene's idf)."""
    found = {answer.id: answer.score for answer in PlainBM25(TEXTS).answers("Kettle")}
    average = sum(len(text.split()) for text in TEXTS.values()) / len(TEXTS)
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))

    def bm25(length: int) -> float:
        return idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / average))

    assert found == {"a": pytest.approx(bm25(6), rel=1e-4), "b": pytest.approx(bm25(2), rel=1e-4)}
    assert PlainBM25(TEXTS).answers("?!") == ()


def test_reciprocal_rank_fusion_adds_up_reciprocal_ranks() -> None:
    first, second = [Answer("a", 9), Answer("b", 8)], [Answer("b", 1), Answer("c", 0)]
    fused = reciprocal_rank_fusion(first, second)
    assert [answer.id for answer in fused] == ["b", "a", "c"]
    assert fused[0].score == pytest.approx(1 / (RRF_K + 1) + 1 / (RRF_K + 2))
    assert all(one.score >= other.score for one, other in pairwise(fused))


def test_a_pool_is_ordered_whole() -> None:
    assert [one.id for one in among([Answer("z", 3), Answer("c", 2), Answer("a", 1)], "abc")] == ["c", "a", "b"]
