"""A catalogue of 100,000 products imported by the command: the first time, unchanged, and with what has changed."""

from __future__ import annotations

import csv
import gzip
import json
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from assistant.paths import DataPaths
from assistant.shopping import utc_now
from assistant.storage.store import Store
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table
from search_index import open_encoder
from skills.shopping.catalogue import Catalogues
from skills.shopping.finding import ProductSearch
from tests.service.running import SORI

PRODUCTS, CHANGED = 100_000, 1_000
SHOP = "generated"
ICECAT = MEASURING_DATA / "products" / "icecat_products.jsonl.gz"
RETAIL = MEASURING_DATA / "products" / "retail_products.json.gz"


def run(place: Workplace) -> Findings:
    """In a data directory of its own, which goes away."""
    with tempfile.TemporaryDirectory(prefix="sori-products-", dir=place.paths.root) as scratch:
        paths = DataPaths(Path(scratch) / "data")
        shutil.copytree(place.paths.encoder, paths.encoder)
        rows = [*_generated(place, paths, Path(scratch)), *_real(place, paths, Path(scratch))]
        indexed = _indexed(place, paths)
    columns = ("feed", "products", "rows", "MB", "seconds", "rows a second", "MB of memory at most", "left out")
    remarks = (
        "The generated catalogue is a Google Merchant feed as TSV: 100,000 products with two sizes each, a description "
        "of 60 words, six product details. A delta names 1,000 changed products (`--update`). The seconds are those of "
        "the whole command without the index, which a running service fills by itself beside its turns; memory is what "
        "the command's process held at most (RSS).",
        "The old catalogue is seen until one number changes: nobody waits for a switch, however large it is.",
    )
    return Findings((Table(columns, tuple(rows)), Table(("index", "products", "seconds"), indexed)), remarks)


def _generated(place: Workplace, paths: DataPaths, scratch: Path) -> Iterator[tuple[Cell, ...]]:
    feed = scratch / "feed.tsv"
    _open_shop(paths, SHOP, "USD")
    _write(feed, range(PRODUCTS), set())
    place.say("100,000 products for the first time")
    yield _imported("100,000 products, first time", paths, SHOP, feed)
    place.say("unchanged")
    yield _imported("again, unchanged", paths, SHOP, feed)
    changed = set(range(0, PRODUCTS, PRODUCTS // CHANGED))
    _write(feed, range(PRODUCTS), changed)
    place.say("1,000 changed, in a whole feed")
    yield _imported("again, 1,000 changed", paths, SHOP, feed)
    _write(feed, sorted(changed), set())
    place.say("a delta of 1,000")
    yield _imported("a delta of 1,000", paths, SHOP, feed, "--update")


def _real(place: Workplace, paths: DataPaths, scratch: Path) -> Iterator[tuple[Cell, ...]]:
    """Public catalogues, where they are: one as JSON-LD, one as a table whose columns are guessed."""
    sources: list[tuple[str, str, Path, Callable[[Path, Path], None]]] = [
        ("Icecat, as JSON-LD lines", "icecat", ICECAT, _icecat),
        ("a general shop, as CSV with guessed columns", "retail", RETAIL, _retail),
    ]
    for title, shop, source, write in sources:
        if source.is_file():
            place.say(title)
            feed = scratch / shop
            write(source, feed)
            _open_shop(paths, shop, "USD")
            yield _imported(title, paths, shop, feed, "--yes", "--force")


def _indexed(place: Workplace, paths: DataPaths) -> tuple[tuple[Cell, ...], ...]:
    """How long it takes until the public catalogues can be found, by words and by meaning at once."""
    encoder = open_encoder("minilm", place.paths.encoder, threads=2)
    store = Store(paths.database_url)
    rows: list[tuple[Cell, ...]] = []
    try:
        catalogues = Catalogues(store.engine)
        search = ProductSearch(paths.shops, encoder, catalogues, utc_now)
        for shop in ("retail", "icecat"):
            if catalogues.shop(shop) is None:
                continue
            for title in (f"{shop}, first time", f"{shop}, one product changed"):
                place.say(f"the index of {title}")
                started = time.monotonic()
                search.refresh(shop)
                rows.append((title, catalogues.count(shop), time.monotonic() - started))
                product = next(catalogues.all_products(shop))
                catalogues.put_product(product.model_copy(update={"description": "Changed."}))
        search.close()
    finally:
        store.close()
    return tuple(rows)


def _open_shop(paths: DataPaths, shop: str, currency: str) -> None:
    command: list[str | Path] = [
        SORI,
        "shops",
        "add",
        shop,
        "--name",
        shop,
        "--currency",
        currency,
        "--data-dir",
        paths.root,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _imported(title: str, paths: DataPaths, shop: str, feed: Path, *chosen: str) -> tuple[Cell, ...]:
    """A row of the table: what the command did, and what it took."""
    command: list[str | Path] = [
        SORI,
        "import",
        "products",
        feed,
        "--shop",
        shop,
        "--no-index",
        "--json",
        *chosen,
        "--data-dir",
        paths.root,
    ]
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL)
        memory = 0.0
        while process.poll() is None:
            memory = max(memory, _most_memory(process.pid))
            time.sleep(0.02)
        seconds = time.monotonic() - started
        if process.returncode not in (0, 3):
            raise RuntimeError(f"./sori import products ended with {process.returncode}")
        said.seek(0)
        report = json.loads(said.read())
    products = report["added"] + report["changed"] + report["unchanged"]
    size = feed.stat().st_size / 1e6
    return title, products, report["rows"], size, seconds, report["rows"] / seconds, memory, report["left_out"]


def _most_memory(pid: int) -> float:
    """What a process has held at most so far, in MB. What the kernel says of an ended one counts its parent's too."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _write(feed: Path, numbers: Iterable[int], changed: set[int]) -> None:
    """A feed of two sizes of each product; the same number makes the same product, but for those that changed."""
    with feed.open("w", encoding="utf-8") as file:
        file.write("\t".join(COLUMNS) + "\n")
        for number in numbers:
            said = random.Random(number)
            title, text = _words(said, 6), _words(said, 60)
            details = ",".join(f"General:{_words(said, 1)}:{said.randint(1, 900)} g" for _ in range(6))
            address = f"https://shop.example/{number}"
            price = said.randint(500, 90_000) + (100 if number in changed else 0)
            for size in ("S", "M"):
                cells = (
                    f"{number}-{size}", title, text, address, f"{address}.jpg", f"{price / 100:.2f} USD", "in_stock",
                    f"p{number}", size, "", f"Brand {number % 97}", f"A > B > C{number % 50}", details,
                )  # fmt: skip
                file.write("\t".join(cells) + "\n")


def _words(said: random.Random, count: int) -> str:
    return " ".join(said.choice(WORDS) for _ in range(count))


COLUMNS = (
    "id", "title", "description", "link", "image_link", "price", "availability", "item_group_id", "size", "color",
    "brand", "product_type", "product_detail",
)  # fmt: skip
WORDS = ["".join(random.Random(number).choices("abcdefghiklmnoprstu", k=3 + number % 7)) for number in range(4_000)]


def _icecat(source: Path, feed: Path) -> None:
    """Each row as a schema.org Product on a line."""
    with gzip.open(source, "rt", encoding="utf-8") as rows, feed.open("w", encoding="utf-8") as file:
        for line in rows:
            row = json.loads(line)
            facts = [
                {"name": name[7:], "value": value}
                for name, value in row.items()
                if name.startswith(("attr_t_", "attr_n_"))
            ]
            product = {
                "@type": "Product",
                "sku": row["id"],
                "name": row["title"],
                "description": row.get("short_description", ""),
                "brand": {"name": row.get("supplier", "")},
                "image": row.get("img_thumb", ""),
                "gtin13": next(iter(row.get("ean", [])), ""),
                "additionalProperty": facts,
                "offers": {"price": row["price"] / 100, "priceCurrency": "USD"},
            }
            file.write(json.dumps(product) + "\n")


def _retail(source: Path, feed: Path) -> None:
    """A table with the names that the shop's own data have, and a number for each row, which has none."""
    rows = json.loads(gzip.decompress(source.read_bytes()))
    names = ("name", "description", "brand", "categories", "price", "image", "popularity")
    with feed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("number", *names))
        for number, row in enumerate(rows, start=1):
            told = row | {"categories": " > ".join(row.get("categories", []))}
            writer.writerow((number, *(told.get(name, "") for name in names)))


BENCHMARK = Benchmark(
    "product_import",
    "Importing 100,000 products",
    """`./sori import products FEED --shop ID` into a data directory of its own, without a running service: a generated
catalogue and two public ones. Then the index of the public ones, which a service makes beside its turns: until all of
it can be found by words and by meaning, and again after one product has changed.""",
    run,
)
