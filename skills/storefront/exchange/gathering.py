"""Answers out of the rows of a table: several rows may be ways to ask for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from skills.storefront.answer import VARIANTS_MAX, WORDING_MAX, ShopAnswer
from skills.storefront.exchange.cells import buttons_of, date_of, lines_of, links_of, pictures_of, yes_no_of
from skills.storefront.exchange.columns import Column
from skills.storefront.exchange.problems import Problem, problems_of
from skills.storefront.naming import new_id, same

_FIELDS: Mapping[Column, tuple[str, Callable[[str], Any]]] = {
    Column.ANSWER: ("answer", str),
    Column.FOLDER: ("folder", str),
    Column.BUTTONS: ("buttons", buttons_of),
    Column.LINKS: ("links", links_of),
    Column.PICTURES: ("pictures", pictures_of),
    Column.BEGINS: ("begins", date_of),
    Column.ENDS: ("ends", date_of),
}
_CONDITIONS: Mapping[Column, tuple[str, Callable[[str], Any]]] = {
    Column.PAGE: ("page", str),
    Column.PRODUCTS: ("products", lines_of),
    Column.CATEGORY: ("category", str),
    Column.SIGNED_IN: ("signed_in", yes_no_of),
    Column.IN_HOURS: ("in_hours", yes_no_of),
}
Cells = Mapping[Column, str]


@dataclass
class _Gathered:
    """An answer as its rows come."""

    row: int
    id: str
    values: dict[str, Any]
    wordings: list[tuple[int, str]] = field(default_factory=list)


class Gathering:
    """Rows in their order, and the answers that they come to. `known` are those that the shop has already: what a row
    means is what it means by its id, else by its question, else by its answer; columns that the table does not have
    are left as they are.
    """

    def __init__(self, columns: Sequence[Column], known: Sequence[ShopAnswer]) -> None:
        self.problems: list[Problem] = []
        self._columns = frozenset(columns)
        self._known = {one.id: one for one in known}
        self._by_question = {(same(text), _when(one)): one.id for one in reversed(known) for text in one.wordings}
        self._by_answer = {(same(one.answer), _when(one)): one.id for one in reversed(known)}
        self._found: dict[str, _Gathered] = {}
        self._rows: dict[tuple[str, tuple[Any, ...]], str] = {}
        """By answer and conditions: the id that rows have come to."""

    def add(self, row: int, cells: Cells) -> None:
        """One more row; what is wrong with it is a problem, and nothing else is changed."""
        try:
            self._add(row, cells)
        except _CellError as wrong:
            self.problems.append(Problem(row, wrong.column, str(wrong)))

    def answers(self) -> list[ShopAnswer]:
        """All answers of which nothing was wrong, in their order."""
        found = (self._answer(one) for one in self._found.values())
        return [one for one in found if one is not None]

    def _add(self, row: int, cells: Cells) -> None:
        asked = [cells.get(Column.QUESTION, ""), *lines_of(cells.get(Column.VARIANTS, ""))]
        if any(len(text) > WORDING_MAX for text in asked):
            raise _CellError(Column.QUESTION, f"A question has at most {WORDING_MAX} characters.")
        values, conditions = (_values(cells, fields, self._columns) for fields in (_FIELDS, _CONDITIONS))
        wordings = [(row, text) for text in asked if text]
        when = _when_of(values | conditions)
        identity, is_new = self._identity(cells, when)
        if not is_new:
            self._found[identity].wordings += wordings
            return
        base = self._known.get(identity)
        if not asked[0] and (base is None or Column.QUESTION in self._columns):
            raise _CellError(Column.QUESTION, "There is no question.")
        if not cells.get(Column.ANSWER) and (base is None or Column.ANSWER in self._columns):
            raise _CellError(Column.ANSWER, "There is no answer.")
        kept = base.model_dump(mode="json") if base else {}
        values = {**kept, **values, "conditions": kept.get("conditions", {}) | conditions}
        self._found[identity] = _Gathered(row, identity, values, self._kept_wordings(base, cells) + wordings)
        self._remember(cells, when, identity)

    def _identity(self, cells: Cells, when: tuple[Any, ...]) -> tuple[str, bool]:
        """The answer that a row belongs to, and whether it is the first row of it."""
        answer, question = same(cells.get(Column.ANSWER, "")), same(cells.get(Column.QUESTION, ""))
        if given := cells.get(Column.ID, ""):
            if (there := self._found.get(given)) is None:
                return given, True
            if answer and answer != same(str(there.values["answer"])):
                raise _CellError(Column.ANSWER, f"Row {there.row} has the same ID and another answer.")
            return given, False
        if answer and (identity := self._rows.get((answer, when))):
            return identity, False
        identity = self._by_question.get((question, when)) or self._by_answer.get((answer, when)) or ""
        if there := self._found.get(identity):
            raise _CellError(Column.ANSWER, f"Row {there.row} answers the same question in another way.")
        return identity or new_id(question, self._known.keys() | self._found.keys()), True

    def _remember(self, cells: Cells, when: tuple[Any, ...], identity: str) -> None:
        """What later rows without an id may belong to."""
        self._rows[same(cells.get(Column.ANSWER, "")), when] = identity
        if question := same(cells.get(Column.QUESTION, "")):
            self._by_question[question, when] = identity

    def _kept_wordings(self, base: ShopAnswer | None, cells: Cells) -> list[tuple[int, str]]:
        """Ways to ask that stay, since the table does not say which there are; the first is the question."""
        if base is None or Column.VARIANTS in self._columns:
            return []
        if cells.get(Column.ID) and cells.get(Column.QUESTION):
            return [(0, cells[Column.QUESTION]), *((0, text) for text in base.variants)]
        return [(0, text) for text in base.wordings]

    def _answer(self, one: _Gathered) -> ShopAnswer | None:
        wordings = {same(text): (row, text) for row, text in reversed(one.wordings)}
        question, *variants = [wordings[key] for key in dict.fromkeys(same(text) for _, text in one.wordings)]
        for row, _ in variants[VARIANTS_MAX:]:
            self.problems.append(Problem(row, Column.QUESTION, f"An answer has at most {VARIANTS_MAX} ways to ask."))
        texts = [text for _, text in variants[:VARIANTS_MAX]]
        try:
            return ShopAnswer.model_validate({**one.values, "id": one.id, "question": question[1], "variants": texts})
        except ValidationError as error:
            self.problems += problems_of(one.row, error)
            return None


class _CellError(Exception):
    def __init__(self, column: Column, text: str) -> None:
        super().__init__(text)
        self.column = column


def _values(
    cells: Cells, fields: Mapping[Column, tuple[str, Callable[[str], Any]]], columns: frozenset[Column]
) -> dict[str, Any]:
    values = {}
    for column, (name, read) in fields.items():
        if column in columns:
            try:
                values[name] = read(cells.get(column, ""))
            except ValueError as error:
                raise _CellError(column, str(error)) from error
    return values


def _when(answer: ShopAnswer) -> tuple[Any, ...]:
    when = answer.conditions
    return (answer.begins, answer.ends, when.page, when.products, when.category, when.signed_in, when.in_hours)


def _when_of(values: Mapping[str, Any]) -> tuple[Any, ...]:
    plain = [values.get(name) for name in ("begins", "ends")]
    return (
        *plain,
        values.get("page", ""),
        tuple(values.get("products", ())),
        values.get("category", ""),
        values.get("signed_in"),
        values.get("in_hours"),
    )
