"""The console's numbers of a shop in which 100,000 messages were written: how long each page takes."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.store import Store
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.busy_shop import Wares, fill
from benchmarks.report import Findings, Table, aim, percentile
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswer, ShopAnswers
from tests.service.console import Seller, signed_in
from tests.service.running import running_service

MESSAGES, DAYS, ANSWERS, PRODUCTS, WORDS, TIMES = 100_000, 90, 400, 300, 120, 20
AIM_MS, AIM_KB = 200.0, 100.0
PAGES = (
    ("Home", ""),
    ("Overview, 7 days", "numbers?span=7"),
    ("Overview, 90 days", "numbers?span=90"),
    ("Questions and topics, 90 days", "numbers/questions?span=90"),
    ("Products and orders, 90 days", "numbers/products?span=90"),
    ("Conversations behind a number, 90 days", "numbers/behind?measure=contained&span=90"),
    ("Conversations behind a topic, 90 days", "numbers/behind?measure=topic&subject=searches&span=90"),
    ("Topics as CSV, 90 days", "numbers/files/topics.csv?span=90"),
    ("Picture as SVG, 90 days", "numbers/files/days.svg?span=90"),
)

ABOUT = f"""
A shop with {ANSWERS} answers in which {MESSAGES:,} messages were written in the last {DAYS} days, made up by chance in
the form in which chats keep them (`benchmarks/busy_shop.py`): about 10,000 conversations and 260,000 facts, in SQLite.
Each page of the console is asked for {TIMES} times over HTTP, by somebody who is signed in; a time is from the request
to the whole page, sign-in, queries, drawing and template included.
"""


def run(place: Workplace) -> Findings:
    shop = f"busy-{secrets.token_hex(4)}"
    with running_service(place.paths.root) as service:
        store = Store(DataPaths(service.data_dir).database_url)
        try:
            place.say(f"writing {MESSAGES:,} messages")
            _open_shop(store, shop)
            with signed_in(service, Role.OWNER, shop, store) as seller:
                place.say("asking for pages")
                rows = [(name, *_measure(seller, path)) for name, path in PAGES]
        finally:
            forget_shop(store.engine, shop)
            store.close()
    return Findings(
        (Table(("page", "p50 ms", "p95 ms", "kB"), tuple(rows)),),
        (
            aim("The slowest page's p95", max(row[2] for row in rows), AIM_MS, "ms"),
            aim("The largest page", max(row[3] for row in rows), AIM_KB, "kB"),
        ),
    )


def _open_shop(store: Store, shop: str) -> None:
    Catalogues(store.engine).put_shop(Shop(id=shop, name="Busy & Co", time_zone="Europe/Berlin"))
    answers = [
        ShopAnswer(id=f"a{one}", question=f"Question {one}?", answer="Yes.", folder=f"Folder {one % 12}")
        for one in range(ANSWERS)
    ]
    ShopAnswers(store.engine).replace(shop, answers)
    wares = Wares(
        [one.id for one in answers],
        [f"product-{one}" for one in range(PRODUCTS)],
        [f"thing {one}" for one in range(WORDS)],
    )
    fill(store.engine, shop, wares, MESSAGES, DAYS, datetime.now(UTC))


def _measure(seller: Seller, path: str) -> tuple[float, float, float]:
    """p50 and p95 in milliseconds, and the size in kB."""
    milliseconds, size = [], 0
    for _ in range(TIMES):
        started = time.perf_counter()
        answer = seller.get(path).raise_for_status()
        milliseconds.append((time.perf_counter() - started) * 1000)
        size = len(answer.content)
    return round(percentile(milliseconds, 50), 1), round(percentile(milliseconds, 95), 1), round(size / 1000, 1)


BENCHMARK = Benchmark("dashboard", "The console's numbers of a busy shop", ABOUT, run)
