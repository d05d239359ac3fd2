"""Five hundred open widgets: how long answers take, and whether each comes, and once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict

from assistant.setup.environments import ROOT
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Findings, Table, aim, percentile, spread
from benchmarks.widget_clients import Figures, Plan
from tests.service.running import running_service

SHOP = "nordfell"
WIDGETS, RATE, SECONDS = 500, 30.0, 60.0
AIM_MS = 1_000.0
ONE_AFTER_ANOTHER, CARD_AIM_MS = 240, 250.0
LIMIT_S = 240.0

SOUGHT = (
    "waterproof hiking boots", "a warm jacket", "a two person tent", "a sleeping bag", "a backpack", "rain trousers",
    "merino socks", "a headlamp", "trekking poles", "gloves", "a fleece", "a water bottle",
)  # fmt: skip
CONDITIONS = ("", "under 100", "in blue", "cheapest first", "for women")
QUESTIONS = tuple(f"do you have {thing} {condition}".strip() for thing in SOUGHT for condition in CONDITIONS)

ABOUT = f"""
{WIDGETS} widgets of the demo shop {SHOP} are open, each a websocket in one process of their own beside the service,
on the same cores. Together they send {RATE:.0f} messages a second for {SECONDS:.0f} s, each of them in its turn:
{len(QUESTIONS)} questions for products, one after the other. A time is the client's, from sending to having the whole
answer. Every message must be answered once, and every conversation must be numbered without a gap. Before that, one
widget alone asks {ONE_AFTER_ANOTHER} questions, four a second,
after all of them were asked once: the time to the first card after a typed question.
"""


def run(place: Workplace) -> Findings:
    with running_service(place.paths.root) as service:
        address = f"{service.url.replace('http', 'ws', 1)}api/v1/chat?store={SHOP}"
        place.say("one widget")
        _measure(address, Plan(1, 5.0, len(QUESTIONS) / 5.0, QUESTIONS))
        alone = _measure(address, Plan(1, 4.0, ONE_AFTER_ANOTHER / 4.0, QUESTIONS))
        place.say(f"{WIDGETS} widgets")
        many = _measure(address, Plan(WIDGETS, RATE, SECONDS, QUESTIONS))
    return Findings(
        (
            Table(
                ("widgets", "messages", "p50 ms", "p95 ms", "lost", "doubled", "gaps", "apologies"),
                (("one", *_row(alone)), (f"{WIDGETS} at once", *_row(many))),
            ),
        ),
        (
            aim("p95 of the first card after a typed question", percentile(alone.milliseconds, 95), CARD_AIM_MS, "ms"),
            aim(f"p95 with {WIDGETS} widgets", percentile(many.milliseconds, 95), AIM_MS, "ms"),
            f"None lost and none doubled: {'reached' if not many.lost + many.doubled + many.gaps else 'missed'}. "
            f"All {WIDGETS} had said hello after {many.opened_s:.1f} s.",
        ),
    )


def _measure(address: str, plan: Plan) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.widget_clients", address],
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=LIMIT_S,
        check=True,
    )
    return Figures(**json.loads(done.stdout))


def _row(figures: Figures) -> tuple[int | float | str | None, ...]:
    return (
        *spread(figures.milliseconds),
        figures.lost,
        figures.doubled,
        figures.gaps,
        figures.apologies,
    )


BENCHMARK = Benchmark("widgets", "Open widgets", ABOUT, run)
