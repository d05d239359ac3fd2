"""`./sori evaluate search`: how good the answers of a collection are, by judgments, and against an earlier run."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from assistant.cli.index import failing
from assistant.collections import COLLECTIONS
from assistant.paths import DataPaths
from assistant.settings import load_settings
from search_index import Index, open_encoder
from search_index.relevance.evaluation import Comparison, Score, compare, score, summary
from search_index.relevance.judgments import Topic, read_judgments
from search_index.relevance.learning import plain
from search_index.relevance.picture import check_picture, draw
from search_index.relevance.runs import make_run, read_run, write_run
from search_index.relevance.statistics import Estimate

SHOWN = 5
"""Queries that are named among the most won and the most lost."""


def run(options: argparse.Namespace) -> int:
    """Evaluate; 0 whatever the figures are."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    collection = COLLECTIONS[options.collection]
    with failing():
        # What was given is checked before the index is opened, and the index before anything is written.
        topics = read_judgments(options.judgments, options.queries)
        baseline = score(topics, read_run(options.baseline)) if options.baseline else []
        if options.picture:
            check_picture(options.picture)
        encoder = open_encoder(settings.encoder, paths.encoder, threads=settings.encoder_threads)
        with Index.open(collection.path(paths), collection.schema, encoder) as index:
            answers = make_run(topics, lambda topic: index.search(plain(topic, None)).hits)
        ours = score(topics, answers)
        figures = summary(ours)
        compared = compare(ours, baseline) if baseline else None
        if options.run_out:
            write_run(options.run_out, answers, "sori")
        if options.picture:
            title = f"{options.collection}, {len(topics)} queries of {options.judgments.name}"
            draw(options.picture, title, figures, summary(baseline) if baseline else {}, compared)
    if options.json:
        print(json.dumps(_as_json(topics, ours, figures, compared), indent=2, ensure_ascii=False))
    else:
        print(_as_text(topics, figures, compared))
    return 0


def _as_text(topics: Sequence[Topic], figures: Mapping[str, Estimate], compared: Comparison | None) -> str:
    useful = next(iter(figures.values())).queries
    lines = [f"{len(topics)} queries, {useful} of them with something relevant; mean (95 % interval)"]
    header = f"  {'':<12}{'this':<24}"
    lines.append(f"{header}{'less the baseline':<28}p" if compared else header.rstrip())
    for name, figure in figures.items():
        line = f"  {name:<12}{figure.describe():<24}"
        if compared:
            line += f"{_signed(compared.differences[name]):<28}{compared.p_values[name]:.3f}"
        lines.append(line.rstrip())
    if compared:
        same = len(compared.queries) - compared.wins - compared.losses
        lines.append(f"  nDCG@10 by query: {compared.wins} won, {compared.losses} lost, {same} the same")
        won = [one for one in compared.queries[:SHOWN] if one.gain > 0]
        lost = [one for one in compared.queries[: -SHOWN - 1 : -1] if one.gain < 0]
        for word, queries in (("won", won), ("lost", lost)):
            lines += [f"    {word} {one.baseline:.2f} -> {one.ours:.2f}  {_shown(one.query)}" for one in queries]
    return "\n".join(lines)


def _signed(figure: Estimate) -> str:
    return f"{figure.mean:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


def _shown(query: str) -> str:
    """On one line and without what a terminal would obey."""
    text = " ".join(query.split())
    return "".join(sign if sign.isprintable() else "?" for sign in text[:80])


def _as_json(
    topics: Sequence[Topic], ours: Sequence[Score], figures: Mapping[str, Estimate], compared: Comparison | None
) -> dict[str, object]:
    told: dict[str, object] = {
        "queries": len(topics),
        "measures": {name: asdict(figure) for name, figure in figures.items()},
        "by_query": [{"id": one.topic.id, "query": one.topic.text, **one.values} for one in ours],
    }
    if compared:
        told["baseline"] = {
            "differences": {name: asdict(figure) for name, figure in compared.differences.items()},
            "p_values": compared.p_values,
            "wins": compared.wins,
            "losses": compared.losses,
            "by_query": [asdict(one) | {"gain": one.gain} for one in compared.queries],
        }
    return told
