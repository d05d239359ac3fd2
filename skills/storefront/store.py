"""A shop's answers in the database; what is saved counts from the next question on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from skills.storefront.answer import ShopAnswer
from skills.storefront.errors import StorefrontError
from skills.storefront.tables import answers, revisions

ANSWERS_MAX = 500
"""Of one shop."""
WORDINGS_MAX = 3_000
"""Of all answers of one shop together: what can be compared with a question within its moment."""


class ShopAnswers:
    """A database that has the tables already. Thread-safe; every method blocks and may raise StorefrontError
    (`answers_failed`, worth another try). Another shop's ids look like ids that do not exist.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, shop: str) -> list[ShopAnswer]:
        """A shop's answers, in its order."""
        with self._reading() as connection:
            return _all(connection, shop)

    def revision(self, shop: str) -> int:
        """Grows with every change; 0 before the first."""
        mine = select(revisions.c.revision).where(revisions.c.shop == shop)
        with self._reading() as connection:
            return connection.execute(mine).scalar_one_or_none() or 0

    def loaded(self, shop: str) -> str | None:
        """The digest of the file that all answers come from; empty once somebody has edited them, None before any."""
        with self._reading() as connection:
            return connection.execute(select(revisions.c.file).where(revisions.c.shop == shop)).scalar_one_or_none()

    def put(self, shop: str, answer: ShopAnswer) -> None:
        """Add an answer, or replace the one of the same id, which keeps its place.

        Raises:
            StorefrontError: `answers_full`, `shop_unknown`; nothing is changed.
        """
        with self._writing() as connection:
            self._grow(connection, shop)
            last = select(func.coalesce(func.max(answers.c.place), 0)).where(answers.c.shop == shop)
            row = {"shop": shop, "id": answer.id, "place": connection.execute(last).scalar_one() + 1}
            data = {"data": answer.model_dump_json(exclude_defaults=True)}
            statement = self._insert(answers).values(row | data)
            connection.execute(statement.on_conflict_do_update(index_elements=["shop", "id"], set_=data))
            _check(_all(connection, shop))

    def replace(self, shop: str, given: Sequence[ShopAnswer], file: str = "") -> None:
        """Make these the shop's answers, in this order; of two of one id the later one counts. `file` is the digest of
        the file that they come from.

        Raises:
            StorefrontError: `answers_full`, `shop_unknown`; nothing is changed.
        """
        by_id = {one.id: one for one in given}
        _check(list(by_id.values()))
        rows = [
            {"shop": shop, "id": one.id, "place": place, "data": one.model_dump_json(exclude_defaults=True)}
            for place, one in enumerate(by_id.values(), 1)
        ]
        with self._writing() as connection:
            self._grow(connection, shop, file)
            connection.execute(delete(answers).where(answers.c.shop == shop))
            if rows:
                connection.execute(self._insert(answers), rows)

    def remove(self, shop: str, identity: str) -> bool:
        """Forget an answer; False where the shop has none of this id."""
        with self._writing() as connection:
            gone = connection.execute(delete(answers).where(answers.c.shop == shop, answers.c.id == identity)).rowcount
            if gone:
                self._grow(connection, shop)
            return bool(gone)

    def _grow(self, connection: Connection, shop: str, file: str = "") -> None:
        statement = self._insert(revisions).values(shop=shop, revision=1, file=file)
        grown = {"revision": revisions.c.revision + 1, "file": file}
        connection.execute(statement.on_conflict_do_update(index_elements=["shop"], set_=grown))

    def _insert(self, table: Table) -> Any:
        """An insert that can turn into an update, which each database has in its own dialect."""
        return {"sqlite": sqlite, "postgresql": postgresql}[self._engine.dialect.name].insert(table)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise StorefrontError("shop_unknown", "There is no such shop") from error
        except SQLAlchemyError as error:
            raise _failed(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _failed(error) from error


def _all(connection: Connection, shop: str) -> list[ShopAnswer]:
    mine = select(answers.c.data).where(answers.c.shop == shop).order_by(answers.c.place, answers.c.id)
    return [ShopAnswer.model_validate_json(data) for data in connection.execute(mine).scalars()]


def _check(all_of_them: Sequence[ShopAnswer]) -> None:
    if len(all_of_them) > ANSWERS_MAX or sum(len(one.wordings) for one in all_of_them) > WORDINGS_MAX:
        most = f"A shop can have {ANSWERS_MAX} answers with {WORDINGS_MAX} ways to ask"
        raise StorefrontError("answers_full", f"{most}. Please shorten or remove some first.")


def _failed(error: SQLAlchemyError) -> StorefrontError:
    return StorefrontError("answers_failed", f"The database did not answer: {error}", retryable=True)
