"""Learning from judgments what a collection's queries want; only what holds for queries left out is believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.index import Index
from search_index.query import UNTUNED, Query, Weights
from search_index.relevance.evaluation import MAIN, graded, score
from search_index.relevance.features import Features, features
from search_index.relevance.judgments import Topic
from search_index.relevance.query_class import QueryClass, classify
from search_index.relevance.reranking import DEPTH, LambdaMART, train
from search_index.relevance.runs import Answer, Run, make_run
from search_index.relevance.statistics import Estimate, estimate, folds
from search_index.schema import Schema

FOLDS = 5
LEAST_QUERIES = 20
"""Queries of a class from which weights of its own are learnt."""
LEAST_TO_RERANK = 100
"""Queries from which a re-ranker is learnt: with 218 it lost to the plain fusion, with thousands it wins clearly."""
MOST_QUERIES = 400
"""Queries that the weights are tried on, at most: three numbers do not need more."""

Values = NDArray[np.float64]
Places = NDArray[np.int64]
Ask = Callable[[Topic, Weights | None], Query]
Told = Callable[[str, int, int], None]
"""Called with what is being done, how many are done and of how many."""


@dataclass(frozen=True)
class Trial:
    """What was learnt in one respect, and its cross-validated nDCG@10 beside what holds without it."""

    what: str
    learnt: Estimate
    untuned: Estimate
    gain: Estimate

    @property
    def is_real(self) -> bool:
        """Whether the whole interval of the gain lies above nothing."""
        return self.gain.low > 0

    @classmethod
    def of(cls, what: str, learnt: Values, untuned: Values) -> Trial:
        return cls(what, *(estimate(values.tolist()) for values in (learnt, untuned, learnt - untuned)))


@dataclass(frozen=True)
class LearntWeights:
    """`weights` for all queries and `by_class`, where the gain is real; None and nothing where it is not."""

    weights: Weights | None
    by_class: Mapping[QueryClass, Weights]
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Example:
    """A query to learn from: its candidates in fused order with their features, grades and exactness [n]."""

    topic: Topic
    answers: tuple[Answer, ...]
    rows: Features
    grades: Values
    exact: Values


def weights_to_try(schema: Schema) -> tuple[Weights, ...]:
    """Every fifth of words and meaning, with and without sound where names are heard, one field a word or several."""
    sounds = (0.0, UNTUNED.shares()[2]) if schema.sounded() else (0.0,)
    return tuple(
        Weights((1 - sound) * words / 5, (1 - sound) * (5 - words) / 5, sound, ties)
        for ties in (0.0, UNTUNED.ties)
        for sound in sounds
        for words in range(6)
    )


def relevant(topics: Sequence[Topic]) -> list[Topic]:
    """Those for which anything is relevant: only they tell a good order from a bad one."""
    return [topic for topic in topics if any(grade > 0 for grade in topic.ideal)]


def plain(topic: Topic, weights: Weights | None) -> Query:
    """How a topic is asked: passages where moments were judged, else documents."""
    return Query(topic.text, limit=100, group=not topic.of_moments, weights=weights)


def learn_weights(index: Index, topics: Sequence[Topic], ask: Ask, told: Told) -> LearntWeights:
    """Try all settings on the judged queries, and take the best for all and for each class if its gain is real."""
    asked = relevant(topics)
    if len(asked) > MOST_QUERIES:
        chosen = np.random.default_rng(0).permutation(len(asked))[:MOST_QUERIES]
        asked = [asked[place] for place in sorted(chosen)]
    tried = weights_to_try(index.schema)
    table = np.empty((len(tried) + 1, len(asked)))
    for row, weights in enumerate((None, *tried)):
        told("weights", row, len(tried) + 1)
        run = make_run(asked, lambda topic, weights=weights: index.search(ask(topic, weights)).hits)  # type: ignore[misc]
        table[row] = [one.values[MAIN] for one in score(asked, run)]
    return choose(table[1:], table[0], tried, [classify(topic.text) for topic in asked])


def choose(table: Values, untuned: Values, tried: Sequence[Weights], classes: Sequence[QueryClass]) -> LearntWeights:
    """From nDCG@10 by setting and query [settings, queries] and the `untuned` [queries], what is worth switching on."""
    if len(untuned) < FOLDS:
        return LearntWeights(None, {}, ())
    trial = Trial.of("weights for all queries", _validated(table), untuned)
    weights = tried[_best(table)] if trial.is_real else None
    # A class has to be better than what holds for all queries by then.
    so_far = _validated(table) if trial.is_real else untuned
    trials, by_class = [trial], {}
    for kind in QueryClass:
        places = [place for place, one in enumerate(classes) if one is kind]
        if len(places) >= LEAST_QUERIES:
            trial = Trial.of(f"weights of {kind.value} queries", _validated(table[:, places]), so_far[places])
            trials.append(trial)
            if trial.is_real:
                by_class[kind] = tried[_best(table[:, places])]
    return LearntWeights(weights, by_class, tuple(trials))


def held_out(table: Values) -> Places:
    """For each query the setting [queries] that is best for the queries of the other folds."""
    fold = folds(table.shape[1], FOLDS)
    rows = np.empty(table.shape[1], np.int64)
    for number in range(FOLDS):
        rows[fold == number] = _best(table[:, fold != number])
    return rows


def _validated(table: Values) -> Values:
    values: Values = table[held_out(table), np.arange(table.shape[1])]
    return values


def _best(table: Values) -> int:
    """The setting with the best mean; among equals the one in the middle of them, which is the safest."""
    means = table.mean(axis=1)
    best = np.flatnonzero(means >= means.max() - 1e-12)
    return int(best[len(best) // 2])


def examples(index: Index, topics: Sequence[Topic], ask: Ask, weights: Weights | None, told: Told) -> list[Example]:
    """The candidates of each query that has anything relevant; what nobody judged counts as irrelevant."""
    found = []
    asked = relevant(topics)
    for number, topic in enumerate(asked):
        told("candidates", number, len(asked))
        seen = index.observe(ask(topic, weights))
        times = seen.times.tolist()
        answers = tuple(
            Answer(one, score, *time)
            for one, score, time in zip(seen.evidence.ids, seen.fused.tolist(), times, strict=True)
        )
        grades = np.array(graded(topic, answers)[0], np.float64)
        found.append(Example(topic, answers, features(index.schema, seen), grades, seen.evidence.exact))
    return found


def learn_reranker(schema: Schema, found: Sequence[Example], told: Told) -> tuple[LambdaMART | None, Trial | None]:
    """Learn a re-ranker and try it on queries left out; None where there are too few of them or it does not win."""
    if len(found) < LEAST_TO_RERANK:
        return None, None
    topics = [one.topic for one in found]
    learnt, untuned = (
        np.array([one.values[MAIN] for one in score(topics, run)])
        for run in (reranked(schema, found, told), {one.topic.id: one.answers for one in found})
    )
    trial = Trial.of("re-ranker", learnt, untuned)
    if not trial.is_real:
        return None, trial
    told("re-ranker", FOLDS, FOLDS + 1)
    return train(schema, [(one.rows, one.grades) for one in found]), trial


def reranked(schema: Schema, found: Sequence[Example], told: Told) -> Run:
    """The answers to each query in the order of a re-ranker that was learnt from the queries of the other folds."""
    fold = folds(len(found), FOLDS).tolist()
    run: dict[str, tuple[Answer, ...]] = {}
    for number in range(FOLDS):
        told("re-ranker", number, FOLDS + 1)
        model = train(schema, [(one.rows, one.grades) for one, at in zip(found, fold, strict=True) if at != number])
        run |= {one.topic.id: _reranked(model, one) for one, at in zip(found, fold, strict=True) if at == number}
    return run


def _reranked(model: LambdaMART, example: Example) -> tuple[Answer, ...]:
    """As the index does it: what is exact first, then by the learnt score; the rest behind."""
    scores = model.scores_of(example.rows[:DEPTH])
    order = np.lexsort((np.arange(len(scores)), -scores, -example.exact[:DEPTH]))
    return (*(example.answers[place] for place in order), *example.answers[DEPTH:])
