"""Answers a question from a shop's own answers, by what they are at this moment."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Event, Lock

from search_index import Encoder, SearchError
from search_index.encoder import QueryCache
from skills.storefront.answer import ShopAnswer
from skills.storefront.kinds import ANSWER
from skills.storefront.reading import Reading
from skills.storefront.shelf import Allows, Asked, Match, Ready, Shelf, changed
from skills.storefront.vectors import KeptVectors
from skills.storefront.wordings import Vector

log = logging.getLogger(__name__)

SURE = 0.46
"""The score from which a text asks for an answer: the best on messages to a shop of which topics and messages were put
aside in turn (`benchmarks shop_answers`)."""
LIKELY = 0.36
"""The same where it is known that the shop is asked something: of answers with five to ten wordings, the threshold that
is chosen in that way lies between 0.32 and 0.40, and a few wordings score less than many."""
FEW = 10
"""Wordings of an answer for which LIKELY is enough."""
FOUND = 0.3
"""The likeness from which the console's search shows an answer that has none of the words."""
SHOPS, HELD = 64, 200_000
"""Whose answers are held ready, and their wordings."""
WORDINGS = 2_000
"""Of products' own questions, whose vectors are kept."""
READ = 500
"""Characters of a text that are compared."""
AT_ONCE, SLICE = 500, 256
"""New wordings that a question waits for, and those that are encoded together where there are more."""


class AnswerDesk:
    """All shops' answers, each shop's apart. Thread-safe; every method blocks. After an edit only what it changed is
    read and encoded. Where that is much, it is done beside the questions, which until then are compared with what is
    new by its letters. `close` once. StorefrontError as `Entries`, SearchError as the encoder.
    """

    def __init__(self, entries: Reading, encoder: Encoder, folder: Path | None = None) -> None:
        """`folder` has a folder for each shop, in which its vectors are kept."""
        self._entries, self._encoder, self._folder = entries, encoder, folder
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()
        self._lock = Lock()
        self._wordings = QueryCache(WORDINGS)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="answers")
        self._closed = Event()

    def close(self) -> None:
        """Stop encoding; what is missing is encoded after the next start."""
        self._closed.set()
        self._beside.shutdown(cancel_futures=True)

    def best(
        self, shop: str, text: str, limit: int = 3, *, draft: bool = False, allows: Allows | None = None
    ) -> list[Match]:
        """The answers that fit best, the best first, sure or not. `allows` says which answers hold now: the others do
        not compete.
        """
        asked, ready = text.strip()[:READ], self._of(shop, draft=draft)
        return ready.best(asked, self._encoder.encode_query(asked), limit, allows) if asked else []

    def answer_for(
        self, shop: str, text: str, least: float = SURE, *, draft: bool = False, allows: Allows | None = None
    ) -> ShopAnswer | None:
        """The shop's answer to what is asked; None where none scores so much."""
        best = self.best(shop, text, 1, draft=draft, allows=allows)
        return best[0].answer if best and best[0].score >= least else None

    def candidates(self, shop: str, text: str, limit: int = 5, *, draft: bool = True) -> list[Match]:
        """The answers that fit best, also those that do not hold now: what an answer is chosen from."""
        asked, ready = text.strip()[:READ], self._of(shop, draft=draft)
        return ready.candidates(asked, self._encoder.encode_query(asked), limit) if asked else []

    def find(self, shop: str, text: str, limit: int = 50, *, draft: bool = True) -> list[Match]:
        """Looks answers up for the shop's own people: those that have all the words, then those that mean the like."""
        asked, ready = text.strip()[:READ], self._of(shop, draft=draft)
        if not asked:
            return []
        having = ready.having(asked.casefold().split())
        first: list[Match] = []
        others: list[Match] = []
        for one in ready.near(asked, self._encoder.encode_query(asked)):
            if one.answer.id in having:
                first.append(one)
            elif one.score >= FOUND:
                others.append(one)
            if len(first) == min(limit, len(having)) and (one.score < FOUND or len(first) + len(others) >= limit):
                break
        return [*first, *others][:limit]

    def near(
        self, shop: str, wordings: Sequence[str], limit: int = 5, *, draft: bool = True, but: str = ""
    ) -> list[Match]:
        """The answers whose questions are most like any of these, the most alike first; not the answer `but`."""
        ready, nearest = self._of(shop, draft=draft), dict[str, Match]()
        for text in wordings:
            for one in islice(ready.near(text[:READ], self._encoder.encode_query(text[:READ])), limit + 1):
                if one.answer.id != but and (other := nearest.get(one.answer.id, one)).score <= one.score:
                    nearest[other.answer.id] = one
        return sorted(nearest.values(), key=lambda one: -one.score)[:limit]

    def nearness(self, text: str, wordings: Sequence[str]) -> list[float]:
        """How near in meaning a text is to each of some wordings, cosines."""
        if not wordings or not text.strip():
            return [0.0] * len(wordings)
        asked = self._encoder.encode_query(text.strip()[:READ])
        return [float(self._wording(one) @ asked) for one in wordings]

    def prepare(self, shop: str, *, draft: bool = False) -> Ready:
        """Have everything ready for the first question, however long that takes."""
        self._of(shop, draft=draft)
        if learning := self._shelf(shop).learning:
            learning.result()
        return self._of(shop, draft=draft)

    def unread(self, shop: str) -> int:
        """How many wordings are not compared by their meaning yet."""
        return len(self._shelf(shop).wordings.unknown())

    def _wording(self, text: str) -> Vector:
        return self._wordings.get(text, lambda wording: self._encoder.encode([wording])[0])

    def _shelf(self, shop: str) -> Shelf:
        with self._lock:
            shelf = self._shelves.get(shop) or self._new(shop)
            self._shelves.move_to_end(shop)
            while len(self._shelves) > SHOPS or (
                len(self._shelves) > 1 and sum(len(one.wordings) for one in self._shelves.values()) > HELD
            ):
                self._shelves.popitem(last=False)
            return shelf

    def _new(self, shop: str) -> Shelf:
        kept = KeptVectors(self._folder / shop / "answers", self._encoder) if self._folder else None
        shelf = self._shelves[shop] = Shelf(self._encoder.dimension, kept)
        return shelf

    def _of(self, shop: str, *, draft: bool) -> Ready:
        shelf = self._shelf(shop)
        revision = self._entries.draft_revision(shop) if draft else self._entries.revision(shop)
        if ready := shelf.held(revision, draft=draft):
            return ready
        with shelf.lock:  # one at a time: a second question waits rather than doing the same work
            if ready := shelf.held(revision, draft=draft):
                return ready
            # Read after the revision: an edit in between makes another one, and is read again.
            before = shelf.before(draft=draft)
            if before and before.revision <= revision:
                since = self._entries.changed_since(shop, before.revision, ANSWER, draft=draft)
                answers = changed(before.answers, since)
            else:
                answers = changed({}, self._entries.drafts(shop, ANSWER) if draft else self._entries.live(shop, ANSWER))
            asked = Asked.of(answers.values())
            shelf.wordings.rows(asked.wordings)
            self._learn(shelf)
            return shelf.put(revision, answers, asked, draft=draft)

    def _learn(self, shelf: Shelf) -> None:
        """Find out what new wordings mean: now where they are few or were kept, else beside the questions."""
        if len(new := shelf.wordings.unknown()) > AT_ONCE and shelf.kept:
            shelf.learn(shelf.kept.get(new))
            new = shelf.wordings.unknown()
        if len(new) > AT_ONCE:
            if shelf.learning is None or shelf.learning.done():
                shelf.learning = self._beside.submit(self._learn_beside, shelf)
        elif new:
            self._encode(shelf, new)

    def _learn_beside(self, shelf: Shelf) -> None:
        try:
            while not self._closed.is_set():
                with shelf.lock:
                    new = shelf.wordings.unknown()[:SLICE]
                if not new:
                    return
                self._encode(shelf, new)
        except SearchError:
            log.exception("answers are found by their letters alone")

    def _encode(self, shelf: Shelf, texts: Sequence[str]) -> None:
        vectors = self._encoder.encode(texts)
        with shelf.lock:
            shelf.learn(dict(zip(texts, vectors, strict=True)))
            try:
                if shelf.kept:
                    shelf.kept.put(texts, vectors)
            except OSError as error:
                log.warning("a shop's vectors are not kept: %s", error)
