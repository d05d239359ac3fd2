"""Takes a feed into a shop's catalogue, in bounded memory: what is wrong is counted, too much of it asked about."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from skills.errors import SkillError
from skills.shopping.catalogue import Catalogues
from skills.shopping.catalogue.versions import NewVersion
from skills.shopping.errors import FeedError
from skills.shopping.feeds import Feed, Format, Gone, Offer, Problem, Spool, Written, assemble, entries, look
from skills.shopping.importing.records import PROBLEMS_KEPT, Choices, Import, Imports, State
from skills.shopping.product import Product

BAD_SHARE = 0.2
"""Of the rows; where more cannot be used, the feed is perhaps not what its sender thinks it is."""
REMOVED_SHARE = 0.5
"""Of a catalogue that a whole feed may leave out without being asked about."""
ROWS_MAX = 2_000_000
BATCH = 500
TOLD_EVERY_S = 0.5


class _Asking(Exception):  # noqa: N818 - it is a question
    """The import stops, and asks; nothing has changed."""

    def __init__(self, state: State, code: str, message: str) -> None:
        super().__init__(message)
        self.state, self.code = state, code


class FeedImporter:
    """One import from a file; `run` once. The caller sees to it that there is one of a shop at a time."""

    def __init__(
        self,
        catalogues: Catalogues,
        imports: Imports,
        state: Import,
        scratch: Path,
        told: Callable[[Import], None] = lambda _state: None,
    ) -> None:
        """`scratch` is a folder for temporary files; `told` hears of progress as the database does."""
        self._catalogues = catalogues
        self._imports = imports
        self._state = state
        self._scratch = scratch
        self._told = told
        self._told_at = 0.0
        self._problems: list[Problem] = []

    def run(self, file: BinaryIO, choices: Choices) -> Import:
        """Import a feed; how it ended is in the state that is returned, and in the database with its problems.

        Raises:
            CatalogueStoreError: `catalogue_failed`, nobody could be told.
        """
        try:
            with TemporaryDirectory(dir=self._scratch) as folder, Spool(Path(folder)) as spool:
                self._run(file, choices, spool)
        except _Asking as asking:
            self._change(state=asking.state, code=asking.code, message=str(asking))
        except FeedError as error:
            self._change(state=State.FAILED, code=error.code, message=str(error))
        except (SkillError, OSError) as error:
            self._change(state=State.FAILED, code=getattr(error, "code", "feed_unreadable"), message=str(error))
            raise
        finally:
            if self._state.state not in (State.READING, State.WRITING):
                ended = None if self._state.state.is_asking else datetime.now(UTC)
                self._change(ended_at=ended)
                self._imports.report(self._state, self._problems)
                self._told(self._state)
        return self._state

    def _run(self, file: BinaryIO, choices: Choices, spool: Spool) -> None:
        shop = self._catalogues.shop(self._state.shop)
        if shop is None:
            raise FeedError("shop_unknown", f"There is no shop {self._state.shop!r}")
        self._change(state=State.READING, of=os.fstat(file.fileno()).st_size, proposal=None, code="", message="")
        feed = look(file, choices.format, choices.mapping)
        delta = feed.is_delta or choices.update
        self._change(format=feed.format, delta=delta)
        if feed.proposal:
            self._change(proposal=feed.proposal)
            raise _Asking(State.NEEDS_MAPPING, "mapping_needed", "Please confirm what the columns are.")
        gone = self._read(file, feed, choices, shop.currency, spool)
        if feed.format is not Format.REVIEWS:
            self._write(spool, gone, choices, delta)
        self._put_reviews(spool)
        self._change(state=State.DONE)

    def _read(self, file: BinaryIO, feed: Feed, choices: Choices, currency: str, spool: Spool) -> list[str]:
        """All entries onto the disk; returns what is gone."""
        gone: list[str] = []
        for entry in entries(file, feed, currency, choices.mapping):
            match entry:
                case Problem():
                    self._note(entry)
                    continue
                case Offer():
                    spool.add(entry)
                case Written():
                    spool.add_review(entry.product, entry.review)
                case Gone():
                    gone.append(entry.product)
            self._state = self._state.model_copy(update={"rows": self._state.rows + 1})
            if self._state.rows > ROWS_MAX:
                raise FeedError("feed_too_large", f"The feed has more than {ROWS_MAX:,} rows")
            self._tell(done=file.tell())
        return gone

    def _write(self, spool: Spool, gone: list[str], choices: Choices, delta: bool) -> None:
        """A new version of the catalogue, seen by nobody before the last step."""
        self._change(state=State.WRITING, done=0, of=spool.count())
        version = self._catalogues.new_version(self._state.shop, whole=not delta)
        for start in range(0, len(gone), BATCH):
            version.remove(gone[start : start + BATCH])
        rows: dict[str, int] = {}
        products = self._products(spool, rows)
        done = 0
        while batch := list(islice(products, BATCH)):
            for product, sku in version.put(batch).items():
                self._note(Problem(rows[product], "id", "sku_taken", f"{sku!r} is a variant of another product"))
            done += len(batch)
            rows.clear()
            self._tell(done=done)
        self._ask(version, choices)
        version.finish()
        made = version.changes
        self._change(
            added=made.added, changed=made.changed, unchanged=made.unchanged, removed=made.removed, done=done, of=done
        )

    def _products(self, spool: Spool, rows: dict[str, int]) -> Iterator[Product]:
        """Each product, its first row noted in `rows`."""
        for offers in spool.products():
            product, problems = assemble(self._state.shop, offers)
            for problem in problems:
                self._note(problem)
            if product:
                rows[product.id] = offers[0].row
                yield product

    def _ask(self, version: NewVersion, choices: Choices) -> None:
        """Stop where a feed would do more harm than its sender may have meant."""
        state, made = self._state, version.changes
        if not (made.added or made.changed or made.unchanged or made.removed):
            raise FeedError("feed_empty", "Nothing in the feed can be used")
        if choices.force:
            return
        if state.left_out > BAD_SHARE * (state.rows + state.left_out):
            what = f"{state.left_out:,} of {state.rows + state.left_out:,} rows cannot be used. Import the others?"
            raise _Asking(State.NEEDS_CONFIRMATION, "rows_bad", what)
        there, missing = self._catalogues.count(state.shop), version.missing() + made.removed
        if missing > REMOVED_SHARE * there:
            what = f"{missing:,} of the {there:,} products of the shop would be removed. Is that meant?"
            raise _Asking(State.NEEDS_CONFIRMATION, "products_missing", what)

    def _put_reviews(self, spool: Spool) -> None:
        reviews = spool.reviews()
        kept = come = 0
        while batch := list(islice(reviews, BATCH)):
            kept += self._catalogues.put_reviews(self._state.shop, batch)
            come += len(batch)
        if kept < come:
            what = f"{come - kept:,} reviews are of products that the shop does not have"
            self._note(Problem(0, "product_id", "product_unknown", what, fatal=False))
        self._change(reviews=kept)

    def _note(self, problem: Problem) -> None:
        if len(self._problems) < PROBLEMS_KEPT:
            self._problems.append(problem)
        name = "left_out" if problem.fatal else "warnings"
        self._state = self._state.model_copy(update={name: getattr(self._state, name) + 1})

    def _tell(self, **changes: object) -> None:
        """Progress, which is told now and then."""
        self._state = self._state.model_copy(update=changes)
        if time.monotonic() - self._told_at >= TOLD_EVERY_S:
            self._change()

    def _change(self, **changes: object) -> None:
        """What everybody is told at once."""
        self._state = self._state.model_copy(update=changes)
        self._imports.keep(self._state)
        self._told(self._state)
        self._told_at = time.monotonic()
