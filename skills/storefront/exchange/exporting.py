"""A shop's answers as a file that spreadsheets open, and that is read back without any change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from skills.csv_files import csv_bytes
from skills.storefront.answer import ShopAnswer
from skills.storefront.exchange.cells import (
    buttons_cell,
    date_cell,
    links_cell,
    pictures_cell,
    yes_no_cell,
)
from skills.storefront.exchange.columns import Column


def as_table(answers: Iterable[ShopAnswer]) -> bytes:
    """CSV (RFC 4180) in UTF-8 with a byte order mark, by which spreadsheets know it; a row for each answer."""
    return csv_bytes([column.value for column in Column], map(_cells, answers))


def as_json(answers: Iterable[ShopAnswer]) -> bytes:
    """A list of objects, a line for each."""
    lines = (
        json.dumps(one.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, separators=(",", ":"))
        for one in answers
    )
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _cells(one: ShopAnswer) -> Sequence[str]:
    when = one.conditions
    cells = {
        Column.ID: one.id,
        Column.QUESTION: one.question,
        Column.VARIANTS: "\n".join(one.variants),
        Column.ANSWER: one.answer,
        Column.FOLDER: one.folder,
        Column.BUTTONS: buttons_cell(one.buttons),
        Column.LINKS: links_cell(one.links),
        Column.PICTURES: pictures_cell(one.pictures),
        Column.BEGINS: date_cell(one.begins),
        Column.ENDS: date_cell(one.ends),
        Column.PAGE: when.page,
        Column.PRODUCTS: "\n".join(when.products),
        Column.CATEGORY: when.category,
        Column.SIGNED_IN: yes_no_cell(when.signed_in),
        Column.IN_HOURS: yes_no_cell(when.in_hours),
    }
    return [cells[column] for column in Column]
