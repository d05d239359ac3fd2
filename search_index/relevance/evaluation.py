"""How good a run is by judgments, how sure that is, and where it wins and loses against another run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from search_index.errors import ErrorCode, SearchError
from search_index.relevance import measures
from search_index.relevance.judgments import Topic
from search_index.relevance.runs import Answer, Run
from search_index.relevance.statistics import Estimate, estimate, p_value

Measure = Callable[[Sequence[float], Sequence[float]], float]

MEASURES: dict[str, Measure] = {
    "ndcg@10": partial(measures.ndcg, k=10),
    "recall@10": partial(measures.recall, k=10),
    "recall@100": partial(measures.recall, k=100),
    "hit@1": lambda grades, _: measures.hit(grades, 1),
    "hit@5": lambda grades, _: measures.hit(grades, 5),
    "hit@10": lambda grades, _: measures.hit(grades, 10),
}
"""Of queries that have something relevant, by grades down the list and all grades judged."""
JUDGED = "judged@10"
MAIN = "ndcg@10"
"""The measure by which queries are won and lost."""


@dataclass(frozen=True)
class Score:
    """A query's figures by measure; only judged@10 where nothing relevant is known for it."""

    topic: Topic
    values: Mapping[str, float]


@dataclass(frozen=True)
class Difference:
    """A query's nDCG@10 and the baseline's."""

    query: str
    ours: float
    baseline: float

    @property
    def gain(self) -> float:
        return self.ours - self.baseline


@dataclass(frozen=True)
class Comparison:
    """Ours less the baseline's: the mean difference by measure, how likely chance makes it, and query by query.

    `queries` are in order of gain, the best first.
    """

    differences: Mapping[str, Estimate]
    p_values: Mapping[str, float]
    queries: tuple[Difference, ...]

    @property
    def wins(self) -> int:
        return sum(one.gain > 1e-9 for one in self.queries)

    @property
    def losses(self) -> int:
        return sum(one.gain < -1e-9 for one in self.queries)


def graded(topic: Topic, answers: Sequence[Answer]) -> tuple[list[float], list[bool]]:
    """The grade of each answer, and whether it was judged; a moment found again counts as 0 the second time."""
    met: set[int] = set()
    grades, known = [], []
    for answer in answers:
        places = [
            place for place, one in enumerate(topic.judgments) if one.covers(answer.id, answer.start_ms, answer.end_ms)
        ]
        known.append(bool(places))
        grades.append(max((topic.judgments[place].grade for place in places if place not in met), default=0.0))
        met.update(places)
    return grades, known


def score(topics: Sequence[Topic], run: Run) -> list[Score]:
    """Each topic's figures; a topic the run lacks was answered with nothing."""
    scores = []
    for topic in topics:
        grades, known = graded(topic, run.get(topic.id, ()))
        values = {JUDGED: measures.judged(known, 10)}
        if any(grade > 0 for grade in topic.ideal):
            values |= {name: measure(grades, topic.ideal) for name, measure in MEASURES.items()}
        scores.append(Score(topic, values))
    return scores


def summary(scores: Sequence[Score]) -> dict[str, Estimate]:
    """The mean of each measure over the queries it is defined for.

    Raises `SearchError` (bad_judgments) where nothing is relevant to any query.
    """
    if not any(MAIN in one.values for one in scores):
        raise SearchError(ErrorCode.BAD_JUDGMENTS, "nothing is judged relevant to any query", field="grade")
    return {name: estimate([one.values[name] for one in scores if name in one.values]) for name in (*MEASURES, JUDGED)}


def compare(ours: Sequence[Score], baseline: Sequence[Score]) -> Comparison:
    """Two runs over the same topics, query by query."""
    pairs = [(one, other) for one, other in zip(ours, baseline, strict=True) if MAIN in one.values]
    differences = {
        name: [one.values[name] - other.values[name] for one, other in pairs] for name in (*MEASURES, JUDGED)
    }
    queries = [Difference(one.topic.text, one.values[MAIN], other.values[MAIN]) for one, other in pairs]
    return Comparison(
        {name: estimate(values) for name, values in differences.items()},
        {name: p_value(values) for name, values in differences.items()},
        tuple(sorted(queries, key=lambda one: (-one.gain, one.query))),
    )
