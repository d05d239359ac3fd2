"""Offers on the disk until all of a product have come: feeds need not keep a product's rows together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Self

from skills.shopping.feeds.entries import Offer
from skills.shopping.product import Review

BATCH = 2_000


class Spool:
    """A scratch file, gone when it is closed; one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "offers.sqlite"
        self._path.unlink(missing_ok=True)
        self._file = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE offers (product TEXT NOT NULL, data TEXT NOT NULL)")
        self._file.execute("CREATE TABLE reviews (product TEXT NOT NULL, data TEXT NOT NULL)")
        self._offers: list[tuple[str, str]] = []
        self._reviews: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, offer: Offer) -> None:
        """Keep an offer, and its reviews apart from it."""
        for review in offer.written:
            self.add_review(offer.product, review)
        kept = offer.model_copy(update={"written": ()}) if offer.written else offer
        self._offers.append((offer.product, kept.model_dump_json(exclude_defaults=True)))
        if len(self._offers) >= BATCH:
            self._write()

    def add_review(self, product: str, review: Review) -> None:
        """Keep a review."""
        self._reviews.append((product, review.model_dump_json(exclude_defaults=True)))
        if len(self._reviews) >= BATCH:
            self._write()

    def products(self) -> Iterator[Sequence[Offer]]:
        """The offers of each product, in the order in which they came."""
        self._write()
        self._file.execute("CREATE INDEX IF NOT EXISTS by_product ON offers (product)")
        rows = self._file.execute("SELECT product, data FROM offers ORDER BY product, rowid")
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield [Offer.model_validate_json(data) for _, data in group]

    def count(self) -> int:
        """How many products there are."""
        self._write()
        self._file.execute("CREATE INDEX IF NOT EXISTS by_product ON offers (product)")
        return int(self._file.execute("SELECT count(DISTINCT product) FROM offers").fetchone()[0])

    def reviews(self) -> Iterator[tuple[str, Review]]:
        """Every (product, review)."""
        self._write()
        for product, data in self._file.execute("SELECT product, data FROM reviews"):
            yield product, Review.model_validate_json(data)

    def _write(self) -> None:
        for table, rows in (("offers", self._offers), ("reviews", self._reviews)):
            if rows:
                self._file.execute("BEGIN")
                self._file.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - our own names
                self._file.execute("COMMIT")
                rows.clear()
