"""`./sori index tune`: learn from judgments what the queries of a collection want, and switch on what is better."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from assistant.collections import Collection
from assistant.paths import DataPaths
from assistant.settings import Settings
from assistant.setup.debian import ensure_packages, missing_for_learning
from assistant.setup.environments import SetupError
from assistant.setup.progress import Step
from search_index import Index, open_encoder
from search_index.index import locked
from search_index.relevance.judgments import Topic, read_judgments
from search_index.relevance.learning import (
    LEAST_TO_RERANK,
    LearntWeights,
    Trial,
    examples,
    learn_reranker,
    learn_weights,
    plain,
    relevant,
)
from search_index.relevance.reranking import DEPTH, LambdaMART
from search_index.relevance.tuning import Tuning, reset_tuning, write_tuning


def tune(collection: Collection, path: Path, paths: DataPaths, settings: Settings, options: argparse.Namespace) -> None:
    """Learn and show; keep it unless it is a dry run. With `--reset`, forget what was learnt."""
    if options.reset:
        with locked(path):
            reset_tuning(path)
        print("The untuned weights hold again, without a re-ranker.")
        return
    if options.judgments is None:
        raise SetupError("./sori index tune needs --judgments FILE, or --reset")
    topics = read_judgments(options.judgments, options.queries)
    ensure_packages(missing_for_learning(), "learning to rank")
    encoder = open_encoder(settings.encoder, paths.encoder, threads=settings.encoder_threads)
    with Index.open(path, collection.schema, encoder, tuned=False) as index:
        with Step("Learning from judgments") as step:

            def told(what: str, done: int, of: int) -> None:
                step.note(what)
                step.progress(done, of)

            learnt = learn_weights(index, topics, plain, told)
            found = examples(index, topics, plain, learnt.weights, told)
            reranker, trial = learn_reranker(collection.schema, found, told)
            step.note(f"{len(relevant(topics))} of {len(topics)} queries have something relevant")
        trials = (*learnt.trials, *([trial] if trial else []))
        print(_described(trials, learnt, len(found)))
        if options.dry_run:
            print("Nothing was changed: this was a dry run.")
        else:
            _keep(path, collection, learnt, reranker, trials, topics)


def _keep(
    path: Path,
    collection: Collection,
    learnt: LearntWeights,
    reranker: LambdaMART | None,
    trials: Sequence[Trial],
    topics: Sequence[Topic],
) -> None:
    evidence = {
        "queries": len(topics),
        "trials": {one.what: [one.untuned.mean, one.learnt.mean, one.gain.low, one.gain.high] for one in trials},
    }
    name = reranker.save(path) if reranker else None
    tuning = Tuning(learnt.weights, learnt.by_class, name, evidence)
    if tuning.is_empty:
        reset_tuning(path)
        print("Nothing is better for certain: the untuned weights hold, without a re-ranker.")
        return
    write_tuning(path, collection.schema, tuning)
    print("Kept; it holds from the next start on. ./sori index tune --reset takes it back.")


def _described(trials: Sequence[Trial], learnt: LearntWeights, queries: int) -> str:
    lines = [f"  {'nDCG@10, cross-validated':<32}{'untuned':<24}{'learnt':<24}{'gain':<28}"]
    for one in trials:
        gain = f"{one.gain.mean:+.3f} ({one.gain.low:+.3f} to {one.gain.high:+.3f})"
        verdict = "on" if one.is_real else "off: not better for certain"
        lines.append(f"  {one.what:<32}{one.untuned.describe():<24}{one.learnt.describe():<24}{gain:<28}{verdict}")
    for name, weights in (("all queries", learnt.weights), *learnt.by_class.items()):
        if weights:
            words, meaning, sound = weights.shares()
            shares = f"words {words:.2f}, meaning {meaning:.2f}, sound {sound:.2f}"
            lines.append(f"  weights of {name}: {shares}, ties {weights.ties:g}")
    if queries < LEAST_TO_RERANK:
        lines.append(f"  a re-ranker of the best {DEPTH} is learnt from {LEAST_TO_RERANK} queries; there are {queries}")
    return "\n".join(lines)
