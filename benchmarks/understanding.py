"""How well the trained model understands sentences that it was not trained on."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.dialogue import ActionCall, ActionResult, Dialogue, ResponseCall
from assistant.setup.environments import RASA
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, spread
from tests.dialogue.test_understanding import Expected, expected, f1

FILES = ("heldout.yml", "unseen.yml")
OUT_OF_SCOPE = "out_of_scope"

ABOUT = """
The sentences of tests/dialogue that the model was not trained on, one by one through the real worker: heldout.yml,
beside which the training data was written, and unseen.yml, whose single mistakes nobody has looked at. Intents: the
share that is right; a fallback and talk taken for overheard count as out of scope, because in writing all three are
answered alike. The majority is always saying the set's own most frequent intent. Entities: name, text and value all
right, in sentences that are in scope. Out of scope: how many of those taken for it are, and how many of those that are
were found.
"""


@dataclass(frozen=True)
class Understood:
    """A sentence and what was understood of it."""

    expected: Expected
    intent: str
    spans: frozenset[tuple[str, str, str]]
    milliseconds: float


def run(place: Workplace) -> Findings:
    understood = asyncio.run(_understand(place))
    columns = ("", *FILES)
    figures = [_figures(understood[file]) for file in FILES]
    rows: list[tuple[Cell, ...]] = [(name, *(one[name] for one in figures)) for name in figures[0]]
    wrong = [
        f'"{one.expected.text}": {one.intent}, not {one.expected.intent}'
        for one in understood["heldout.yml"]
        if one.intent != one.expected.intent
    ]
    return Findings((Table(columns, tuple(rows)),), (f"Wrong in heldout.yml: {'; '.join(wrong) or 'nothing'}.",))


async def _understand(place: Workplace) -> dict[str, list[Understood]]:
    async with parsing(place.model) as dialogue:
        await dialogue.understand(["hello"])
        understood = {}
        for file in FILES:
            place.say(file)
            understood[file] = [await _one(dialogue, sentence) for sentence in expected(file)]
        return understood


async def _one(dialogue: Dialogue, sentence: Expected) -> Understood:
    started = time.perf_counter()
    (found,) = await dialogue.understand([sentence.text])
    milliseconds = (time.perf_counter() - started) * 1000
    intent = OUT_OF_SCOPE if found.intent in ("nlu_fallback", "overheard") else found.intent
    spans = frozenset((entity.name, entity.text, entity.value) for entity in found.entities)
    return Understood(sentence, intent, spans, milliseconds)


@asynccontextmanager
async def parsing(model: Path) -> AsyncIterator[Dialogue]:
    """A dialogue that only understands."""
    with tempfile.TemporaryDirectory(prefix="sori-") as sockets:
        dialogue = Dialogue(
            rasa_python=RASA.python,
            model=model,
            socket_dir=Path(sockets),
            on_action=_no_action,
            on_response=_no_wording,
        )
        await dialogue.start()
        try:
            yield dialogue
        finally:
            await dialogue.stop()


async def _no_action(call: ActionCall) -> ActionResult:
    """For a dialogue that only parses."""
    raise RuntimeError(f"parsing alone must not run {call.name}")


async def _no_wording(call: ResponseCall) -> str:
    """For a dialogue that only parses."""
    raise RuntimeError(f"parsing alone must not word {call.name}")


def _figures(understood: Sequence[Understood]) -> dict[str, Cell]:
    count = len(understood)
    (_, most) = Counter(one.expected.intent for one in understood).most_common(1)[0]
    inside = [one for one in understood if one.expected.intent != OUT_OF_SCOPE]
    right = sum(len(one.spans & one.expected.spans) for one in inside)
    extra = sum(len(one.spans - one.expected.spans) for one in inside)
    missing = sum(len(one.expected.spans - one.spans) for one in inside)
    outside = count - len(inside)
    said = sum(one.intent == OUT_OF_SCOPE for one in understood)
    found = sum(one.intent == one.expected.intent == OUT_OF_SCOPE for one in understood)
    _, p50, p95 = spread([one.milliseconds for one in understood])
    return {
        "sentences": count,
        "intents right": sum(one.intent == one.expected.intent for one in understood) / count,
        "majority": most / count,
        "entities": right + missing,
        "entity F1": f1(right, extra, missing),
        "out of scope": outside,
        "out-of-scope precision": found / said if said else None,
        "out-of-scope recall": found / outside if outside else None,
        "parse, p50 ms": p50,
        "parse, p95 ms": p95,
    }


BENCHMARK = Benchmark("understanding", "Understanding", ABOUT, run)
