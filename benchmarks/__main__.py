"""`python -m benchmarks [NAME ...]`: run, show progress, and rewrite those sections of docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from assistant.paths import DataPaths
from assistant.preparation import prepare
from assistant.setup.environments import ROOT
from benchmarks import (
    answers_at_scale,
    asking_moments,
    console_pages,
    constraints,
    dashboard,
    encoding,
    end_of_turn,
    feeds,
    finding,
    hearing,
    inbox_groups,
    index_kills,
    index_speed,
    ingestion,
    listening_cost,
    loudness,
    misheard,
    new_seller,
    orders,
    product_import,
    publishing,
    question_inbox,
    rejection,
    relevance,
    review_summary,
    searching,
    sentence_ends,
    shop_answers,
    shopping_conversations,
    slides,
    soak,
    speaking,
    spoken_commands,
    start_up,
    text_turns,
    transcription,
    understanding,
    voice_turns,
    waking,
    widget_ready,
    widgets,
)
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.machine import OUTPUT, made_by
from benchmarks.report import render_section, replace_section

ALL: dict[str, Benchmark] = {
    module.BENCHMARK.name: module.BENCHMARK
    for module in (
        text_turns, voice_turns, start_up, hearing, orders, rejection, end_of_turn, listening_cost, speaking,
        understanding, searching, finding, relevance, misheard, constraints, encoding, index_speed, index_kills,
        soak, waking, sentence_ends, ingestion, feeds, transcription, loudness, spoken_commands, asking_moments, slides,
        shop_answers, review_summary, widgets, shopping_conversations,
        product_import, widget_ready, new_seller, publishing, console_pages, dashboard, question_inbox,
        answers_at_scale, inbox_groups,
    )
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for, or all; 1 where one of them failed, whose section is then left as it was."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(ALL)):
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}")
    if options.list:
        for benchmark in ALL.values():
            print(f"{benchmark.name:16}{benchmark.title}")
        return 0
    chosen = [ALL[name] for name in options.names] or list(ALL.values())
    paths = DataPaths(options.data_dir.resolve())
    paths.make()
    workplace = Workplace(paths, prepare(paths), lambda text: print(f"  {text}", flush=True))
    return max([_run(benchmark, workplace, options.output) for benchmark in chosen])


def _run(benchmark: Benchmark, workplace: Workplace, output: Path) -> int:
    print(f"{benchmark.name}: {benchmark.title}", flush=True)
    started, origin = time.monotonic(), made_by(benchmark.name)
    try:
        findings = benchmark.run(workplace)
    except Exception:
        traceback.print_exc()
        print(f"{benchmark.name} failed; its section is left as it was", file=sys.stderr, flush=True)
        return 1
    section = render_section(benchmark.title, benchmark.about, findings, origin)
    print(f"\n{section}", flush=True)
    print(f"  {time.monotonic() - started:.0f} s; into {output}", flush=True)
    _write(output, replace_section(output.read_text() if output.exists() else "", benchmark.name, section))
    return 0


def _write(path: Path, text: str) -> None:
    """Replace the document, whole or not at all."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text)
    temporary.replace(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure Sori on this machine. Leave the machine alone meanwhile: the figures are of time.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to run; all where left out")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--data-dir", type=Path, default=ROOT / "data" / "test", help="prepared where it is not yet")
    parser.add_argument("--output", type=Path, default=ROOT / OUTPUT, help="the document whose sections are rewritten")
    return parser


if __name__ == "__main__":
    sys.exit(main())
