"""Answers out of a file that a seller has, each row that can be used; nothing is saved."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from skills.csv_files import unguarded
from skills.shopping.errors import FeedError
from skills.shopping.feeds.decoding import encoding_of
from skills.storefront.answer import ShopAnswer
from skills.storefront.exchange.columns import Column, Mapped
from skills.storefront.exchange.gathering import Gathering
from skills.storefront.exchange.problems import Problem, problems_of
from skills.storefront.exchange.table import ROWS_MAX, ExchangeError, Sheet, check_size, read_table
from skills.storefront.naming import new_id, same


@dataclass(frozen=True)
class Reading:
    """What a file comes to. `sheet` says how a table was read; there is none where the file is JSON."""

    answers: tuple[ShopAnswer, ...]
    problems: tuple[Problem, ...]
    rows: int
    sheet: Sheet | None = None


def read_answers_file(
    content: bytes,
    name: str = "",
    *,
    mapped: Mapped | None = None,
    has_names: bool | None = None,
    known: Sequence[ShopAnswer] = (),
    pictures: Collection[str] | None = None,
) -> Reading:
    """The answers of a file called `name`: a table (CSV, semicolons, tabs, bars; UTF-8, UTF-16, Windows-1252) or JSON.

    `mapped` says what the table's columns are and `has_names` whether its first line names them, where that is not to
    be guessed. `known` are the answers that the shop has: those that come again keep their ids, and what the table has
    no column for. `pictures` are the names of those that there are, where it matters.

    Raises:
        ExchangeError: no answer can be read from it at all.
    """
    check_size(content)
    is_json = name.lower().endswith((".json", ".jsonl"))
    if is_json or content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        reading = _read_json(content, known)
    else:
        sheet, rows = read_table(content, mapped, has_names)
        missing = {Column.QUESTION, Column.ANSWER} - set(sheet.mapped)
        if missing and Column.ID not in sheet.mapped:
            reading = Reading((), (), len(rows), sheet)  # somebody has to say first what the columns are
        else:
            gathering = Gathering([one for one in sheet.mapped if one], known)
            for row in rows:
                cells = {one: unguarded(cell) for one, cell in zip(sheet.mapped, row.cells, strict=False) if one}
                if row.problem:
                    gathering.problems.append(Problem(row.number, "", row.problem))
                elif any(cells.values()):
                    gathering.add(row.number, cells)
            answers = tuple(gathering.answers())
            reading = Reading(answers, tuple(sorted(gathering.problems, key=lambda one: one.row)), len(rows), sheet)
    return reading if pictures is None else _with_pictures(reading, pictures)


def _read_json(content: bytes, known: Sequence[ShopAnswer]) -> Reading:
    rows = _objects(content)
    if len(rows) > ROWS_MAX:
        raise ExchangeError("file_rows", f"This file has more than {ROWS_MAX:,} answers. Please take it in parts.")
    taken = {one.id for one in known}
    by_question = {same(one.question): one.id for one in known}
    answers: dict[str, ShopAnswer] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            problems.append(Problem(number, "", "This is no answer: one has a question and an answer."))
            continue
        if "id" not in row:
            question = str(row.get("question", ""))
            row["id"] = by_question.get(same(question)) or new_id(question, taken | answers.keys())
        try:
            answer = ShopAnswer.model_validate_json(json.dumps(row))
        except ValidationError as error:
            problems += problems_of(number, error)
            continue
        if answer.id in answers:
            problems.append(Problem(number, Column.ID, "There is another answer of this ID before it."))
        else:
            answers[answer.id] = answer
    return Reading(tuple(answers.values()), tuple(problems), len(rows))


def _objects(content: bytes) -> list[Any]:
    """The objects of a list, of {"answers": list}, or of lines."""
    try:
        text = content.decode(encoding_of(io.BytesIO(content)), "replace").removeprefix("\ufeff")
    except FeedError as error:
        raise ExchangeError(error.code.replace("feed_", "file_"), "There is nothing to read in this file.") from error
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        found = [_object(line) for line in text.splitlines() if line.strip()]
        if not any(found):
            raise ExchangeError("file_invalid", "This JSON file is broken or not complete.") from None
        return found
    if isinstance(told, dict) and isinstance(told.get("answers"), list):
        told = told["answers"]
    return told if isinstance(told, list) else [told]


def _object(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _with_pictures(reading: Reading, names: Collection[str]) -> Reading:
    """Without answers whose pictures there are none of."""
    fine, problems = [], list(reading.problems)
    for one in reading.answers:
        if lost := [picture.name for picture in one.pictures if picture.name not in names]:
            text = f"{one.question}: the picture {lost[0]} is not in this shop. Please upload it again."
            problems.append(Problem(0, Column.PICTURES, text))
        else:
            fine.append(one)
    return Reading(tuple(fine), tuple(problems), reading.rows, reading.sheet)
