"""One shop's index on the disk: kept in line with its catalogue while it answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Condition, Lock

from pydantic import ValidationError

from search_index import Document, Encoder, Index, Query, Range, SearchError
from search_index.backup import restore, snapshot
from search_index.errors import ErrorCode
from search_index.understanding import Collection
from skills.message import Message
from skills.shopping.finding.documents import describe
from skills.shopping.finding.plan import Plan, learn
from skills.shopping.product import Product

CURRENT = "current.json"
DUE_AT_ONCE = 500
"""Products whose sale has begun or ended that are brought up to date before a query."""

Products = Callable[[], Iterable[Product]]


class _State(Message):
    """Which folder holds the index, how its fields were planned, and the catalogue's revision it is of."""

    folder: str
    revision: int
    plan: Plan


class Opened:
    """An open index with its plan."""

    def __init__(self, path: Path, plan: Plan, encoder: Encoder) -> None:
        self.plan = plan
        self.index = Index.open(path, plan.index_schema(), encoder)
        self.collection = Collection(self.index, plan.meanings())
        self.path = path


class ShopIndex:
    """The index of one shop. Thread-safe: queries go on while it is brought up to date or made anew beside itself."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        """`path` is the shop's folder of indexes; what is there is opened when it is first used."""
        self._path = path
        self._encoder = encoder
        self._updating = Lock()
        self._changed = Condition()
        self._opened: Opened | None = None
        self._users: dict[Opened, int] = {}

    @property
    def revision(self) -> int | None:
        """The revision of the catalogue that is indexed; None where nothing is."""
        state = self._state()
        return None if state is None else state.revision

    @contextmanager
    def using(self) -> Iterator[Opened | None]:
        """The index as it is now, which stays open throughout the block; None where the shop has none yet."""
        with self._changed:
            if self._opened is None and (state := self._state()) is not None:
                self._opened = Opened(self._path / state.folder, state.plan, self._encoder)
            opened = self._opened
            if opened is not None:
                self._users[opened] = self._users.get(opened, 0) + 1
        try:
            yield opened
        finally:
            if opened is not None:
                with self._changed:
                    self._users[opened] -= 1
                    self._changed.notify_all()

    def refresh(self, products: Products, currency: str, revision: int, now: datetime) -> None:
        """Have what `products` gives, which is called for twice: once to plan the fields, once to index."""
        with self._updating:
            plan = learn(products(), currency)
            with self.using() as opened:
                if opened is not None and opened.plan == plan:
                    _fill(opened, products(), now)
                    self._keep(_State(folder=opened.path.name, revision=revision, plan=plan))
                    return
            self._make_anew(plan, products, revision, now)

    def update(self, products: Iterable[Product], now: datetime) -> None:
        """Have the prices and stock of these products as they are now."""
        with self._updating, self.using() as opened:
            if opened is not None:
                opened.index.upsert([describe(one, opened.plan, now).document for one in products])

    def due(self, now: datetime) -> list[str]:
        """Products of which a sale has begun or ended since they were indexed."""
        with self.using() as opened:
            if opened is None:
                return []
            begun = Range("changes", maximum=now.timestamp())
            if not opened.index.count(begun):
                return []
            return [hit.id for hit in opened.index.search(Query(filter=begun, limit=DUE_AT_ONCE)).hits]

    def close(self) -> None:
        """Wait for queries that are running, and let go of the files."""
        with self._updating, self._changed:
            if self._opened is not None:
                self._retire(self._opened)
                self._opened = None

    def _make_anew(self, plan: Plan, products: Products, revision: int, now: datetime) -> None:
        """Build another index beside the one that answers, then answer from it."""
        folder = self._path / str(1 + max((int(one.name) for one in self._path.glob("[0-9]*")), default=0))
        with self.using() as opened:
            made = _like(opened, folder, plan, self._encoder)
        try:
            _fill(made, products(), now)
            self._keep(_State(folder=folder.name, revision=revision, plan=plan))
        except BaseException:
            made.index.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._changed:
            before, self._opened = self._opened, made
            if before is not None:
                self._retire(before)
        for other in self._path.glob("[0-9]*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def _retire(self, opened: Opened) -> None:
        """Close an index once nobody uses it; the caller holds the condition."""
        self._changed.wait_for(lambda: not self._users.get(opened))
        self._users.pop(opened, None)
        opened.index.close()

    def _state(self) -> _State | None:
        try:
            return _State.model_validate_json((self._path / CURRENT).read_bytes())
        except (OSError, ValidationError):
            return None

    def _keep(self, state: _State) -> None:
        written = self._path / f"{CURRENT}.new"
        written.write_text(state.model_dump_json(), encoding="utf-8")
        written.replace(self._path / CURRENT)


def _like(before: Opened | None, folder: Path, plan: Plan, encoder: Encoder) -> Opened:
    """An index in `folder` that knows the vectors of the texts of the one before, where its documents fit the plan."""
    if before is not None:
        copy = folder.with_name(f"copy-{folder.name}.sqlite")
        try:
            snapshot(before.path, copy)
            restore(folder, copy)
            return Opened(folder, plan, encoder)
        except SearchError as error:
            if error.code is not ErrorCode.BAD_SCHEMA:
                raise
            shutil.rmtree(folder)
        finally:
            copy.unlink(missing_ok=True)
    return Opened(folder, plan, encoder)


def _fill(opened: Opened, products: Iterable[Product], now: datetime) -> None:
    """Have these products and no others."""
    there: set[str] = set()

    def documents() -> Iterator[Document]:
        for product in products:
            there.add(product.id)
            yield describe(product, opened.plan, now).document

    opened.index.upsert(documents())
    gone: list[str] = []
    after = ""
    while True:
        page = opened.index.search(Query(limit=1_000, after=after))
        gone += [hit.id for hit in page.hits if hit.id not in there]
        if not (after := page.next):
            break
    if gone:
        opened.index.delete(gone)
