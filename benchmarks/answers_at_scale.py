"""How long a shop with 10,000 answers takes to answer, to search, to try and to publish."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from assistant.trying.trials import ASKED_PER_S
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.console_shop import ConsoleShop, console_shop
from benchmarks.report import Cell, Findings, Table, percentile
from skills.storefront import Entries, ShopAnswer
from tests.service.running import running_service

TEXTS = MEASURING_DATA / "nlu" / "clinc150.json.gz"
ANSWERS, WORDINGS, TIMES, SEED = 10_000, 2, 100, 7
WITHIN_MS, LIVE_WITHIN_MS = 300.0, 1_000.0

ABOUT = f"""
A shop of the running service has {ANSWERS:,} answers with {WORDINGS} ways to ask each, questions of people to an
assistant (clinc150), in SQLite. Then, {TIMES} times each, with the pages that a seller uses and over HTTP: an answer is
searched for in the console, by words of one of its questions; a question is asked beside the editor, which answers it
from the drafts and from what is live, with why; an answer is saved and published, which is timed, and its question
is asked at the widget's socket at once. Times are the client's, with the drawing of pages, the session and the
form's token. A question's own time is measured apart, with nothing edited in between.
"""


def run(workplace: Workplace) -> Findings:
    """Make the shop, then use it."""
    if not TEXTS.is_file():
        raise FileNotFoundError(f"there is no file {TEXTS}")
    chance, answers = random.Random(SEED), list(_answers())
    with running_service(workplace.paths.root) as service, console_shop(service) as shop:
        workplace.say("saving and publishing everything")
        entries, name = Entries(shop.store.engine), shop.seller.shop
        saving = _ms(lambda: entries.save_many(name, "answer", {one.id: one for one in answers}, "Ann", _now()))
        publishing = _ms(lambda: entries.publish(name, "Ann", _now()))
        shop.seller.post("try/panel", text="hello")
        reading_s = shop.wait_until_read()
        shop.ask(["hello"])
        some = chance.sample(answers, TIMES)
        workplace.say("searching, trying, publishing")
        found = [_ms(partial(_searched, shop, one)) for one in some]
        tried = [_paced_ms(partial(_tried, shop, one)) for one in some]
        asked = [milliseconds for _, milliseconds in shop.ask([one.question for one in some])]
        published, live = _published(shop, entries, some)
    rows = [
        _row("a question at the widget", asked, WITHIN_MS),
        _row("a search in the console", found, WITHIN_MS),
        _row("a question in the simulator", tried, WITHIN_MS),
        _row("publishing one answer", published, WITHIN_MS),
        _row("the published answer at the widget, from the click", live, LIVE_WITHIN_MS),
    ]
    missed = [str(row[0]) for row in rows if row[-1] == "missed"]
    return Findings(
        (
            Table(
                ("what", "p50 ms", "p95 ms", "aim p95 ms", ""), tuple(rows), f"{ANSWERS:,} answers, {TIMES} times each"
            ),
        ),
        (
            f"All aims are {'reached' if not missed else 'reached but: ' + ', '.join(missed)}.",
            f"All {ANSWERS:,} saved at once in {saving / 1000:.1f} s and published in {publishing / 1000:.1f} s; "
            f"{reading_s:.0f} s later all their wordings were encoded, and letters had answered meanwhile.",
        ),
    )


def _answers() -> Sequence[ShopAnswer]:
    with gzip.open(TEXTS) as file:
        parts = json.load(file)
    texts = list(dict.fromkeys(text.strip() for part in parts.values() for text, _ in part))[: ANSWERS * WORDINGS]
    return [
        ShopAnswer(id=f"a{place}", question=texts[place], variants=(texts[place + ANSWERS],), answer=f"Answer {place}.")
        for place in range(ANSWERS)
    ]


def _searched(shop: ConsoleShop, wanted: ShopAnswer) -> None:
    page = shop.seller.get("answers", params={"q": " ".join(wanted.question.split()[:6])})
    assert page.status_code == 200
    assert f"answers/{wanted.id}" in page.text, wanted.question


def _tried(shop: ConsoleShop, wanted: ShopAnswer) -> None:
    page = shop.seller.post("try/panel", text=wanted.question)
    assert page.status_code == 200
    assert wanted.answer in page.text, wanted.question


def _published(shop: ConsoleShop, entries: Entries, some: Sequence[ShopAnswer]) -> tuple[list[float], list[float]]:
    """Milliseconds of publishing an edit, and from the click until a question has got it."""
    published, live = [], []
    for number, one in enumerate(some[: TIMES // 2]):
        edited = one.model_copy(update={"answer": f"Edited {number}.", "variants": (f"{one.variants[0]} {number}",)})
        entries.save(shop.seller.shop, "answer", one.id, edited, "Ann", _now())
        page = shop.seller.get("publish")
        published.append(_ms(partial(shop.publish_seen, page)))
        ((given, milliseconds),) = shop.ask([one.question])
        assert given == one.id
        live.append(published[-1] + milliseconds)
    return published, live


def _row(what: str, milliseconds: Sequence[float], within: float) -> tuple[Cell, ...]:
    p95 = percentile(milliseconds, 95)
    return what, round(percentile(milliseconds, 50)), round(p95), round(within), "reached" if p95 < within else "missed"


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _paced_ms(act: Callable[[], object]) -> float:
    """Not sooner than the simulator answers again."""
    time.sleep(1 / ASKED_PER_S)
    return _ms(act)


def _now() -> datetime:
    return datetime.now(UTC)


BENCHMARK = Benchmark("answers_at_scale", "A shop with 10,000 answers", ABOUT, run)
