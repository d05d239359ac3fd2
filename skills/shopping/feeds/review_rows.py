"""A table of reviews: product_id, stars, title, text, author, date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.delimited import Record, Table
from skills.shopping.feeds.entries import Entry, Problem, RowError, Written
from skills.shopping.feeds.making import Making
from skills.shopping.product import Review

PRODUCT = ("product_id", "product", "sku", "item_id")
STARS = ("stars", "rating", "score")


def read(table: Table) -> Iterator[Entry]:
    """Every row."""
    for record in table.records():
        if isinstance(record, Problem):
            yield record
            continue
        making = Making(record.row)
        row = Record(record.row, {name.lower(): text for name, text in record.values.items()})
        try:
            product = making.identity(row.get(*PRODUCT), PRODUCT[0])
            yield Written(product, _review(product, row, making), record.row)
        except RowError as error:
            yield Problem(record.row, error.field, error.code, str(error))
        except ValidationError as error:
            yield making.invalid(error)
        yield from making.problems


def review_id(*parts: str) -> str:
    """The same for the same review, whose feed gives it no id."""
    return hashlib.blake2b("\n".join(parts).encode(errors="replace"), digest_size=10).hexdigest()


def _review(product: str, row: Record, making: Making) -> Review:
    at = making.optional(values.moment, row.get("date", "day", "created_at"), "date")
    title, text = (
        values.line(row.get("title"), 200),
        values.paragraphs(row.get("text", "body", "review", "content"), 5_000),
    )
    author = values.line(row.get("author", "name", "reviewer"), 80)
    given = values.identity(row.get("id", "review_id"))
    return Review(
        id=given or review_id(product, author, title, text, str(at)),
        author=author,
        stars=round(values.stars(row.get(*STARS) or making.missing("stars"))),
        title=title,
        text=text,
        day=at.date() if at else None,
    )
