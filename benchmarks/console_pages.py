"""How long the service takes for each page of the seller's console, at a shop with a lot in it, and their weight."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from assistant.accounts.rights import Role
from assistant.storage.store import Store
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.busy_shop import Wares, fill
from benchmarks.report import Findings, Table, aim, percentile, spread
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront.answer import ShopAnswer
from skills.storefront.entries import Entries
from tests.service.console import signed_in
from tests.service.console_pages import MOST, Scales, pages
from tests.service.running import running_service

SHOP = "console-benchmark"
ANSWERS, MESSAGES, DAYS = 10_000, 20_000, 60
RUNS, WARM = 30, 3
AIM_MS = 200.0

ABOUT = f"""
Every page of the console whose address names nothing but the shop, and those editors that every shop has, asked for
{RUNS} times after {WARM} others, one after the other, by a client on the same machine: the time until the whole page is
there. The shop has {ANSWERS:,} answers and {MESSAGES:,} messages of the last {DAYS} days. A page's weight is what a
browser loads that has nothing of it yet, over the wire: the page itself and all styles and scripts of ours that it
names, with what they import, all compressed (gzip).
"""


def run(place: Workplace) -> Findings:
    with running_service(place.paths.root) as service, _shop(place), signed_in(service, Role.OWNER, SHOP) as seller:
        scales, times, weights = Scales(seller.http), dict[str, list[float]](), dict[str, int]()
        for address in pages(SHOP):
            if (weight := scales.weight(address)) is None:
                continue
            place.say(address)
            weights[address] = weight
            times[address] = [_milliseconds(scales, address) for _ in range(WARM + RUNS)][WARM:]
    every = [one for some in times.values() for one in some]
    worst = max(times, key=lambda address: percentile(times[address], 95))
    rows = tuple(
        (address.replace(f"/{SHOP}", "/SHOP"), *spread(times[address]), round(weights[address] / 1_000, 1))
        for address in sorted(times, key=lambda address: -percentile(times[address], 95))
    )
    return Findings(
        (Table(("page", "runs", "p50, ms", "p95, ms", "kB"), rows),),
        (
            aim("p95 of all pages", percentile(every, 95), AIM_MS, "ms"),
            aim(f"p95 of the slowest page, {worst},", percentile(times[worst], 95), AIM_MS, "ms"),
            aim("the heaviest page", max(weights.values()), MOST, "bytes"),
        ),
    )


@contextmanager
def _shop(place: Workplace) -> Iterator[None]:
    """A shop that has been used for a while."""
    store, now = Store(place.paths.database_url), datetime.now(UTC)
    catalogues, ids = Catalogues(store.engine), [f"answer-{number}" for number in range(ANSWERS)]
    answers = {
        identity: ShopAnswer(
            id=identity,
            question=f"Does thing number {number} come in size {number % 50}?",
            answer=f"Thing number {number} comes in size {number % 50}, and in the one above.",
            folder=f"Sizes/{number % 40}",
        )
        for number, identity in enumerate(ids)
    }
    catalogues.put_shop(Shop(id=SHOP, name="Benchmark"))
    try:
        entries = Entries(store.engine)
        entries.save_many(SHOP, "answer", answers, "Benchmark", now)
        entries.publish(SHOP, "Benchmark", now)
        wares = Wares(ids[:200], [f"product-{number}" for number in range(50)], ["boots", "tent", "stove", "gloves"])
        fill(store.engine, SHOP, wares, MESSAGES, DAYS, now)
        yield
    finally:
        forget_shop(store.engine, SHOP)
        store.close()


def _milliseconds(scales: Scales, address: str) -> float:
    started = time.perf_counter()
    scales.page(address)
    return 1_000 * (time.perf_counter() - started)


BENCHMARK = Benchmark("console_pages", "The seller's console: pages", ABOUT, run)
