"""Answers a question from a shop's own answers, by what they are at this moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from search_index import Encoder
from search_index.encoder import QueryCache
from skills.storefront.answer import ShopAnswer
from skills.storefront.matching import Matcher, Vector
from skills.storefront.store import ShopAnswers

SURE = 0.48
"""The score from which a text asks for an answer: the best on messages to a shop of which topics and messages were put
aside in turn (`benchmarks shop_answers`)."""
SHOPS = 64
"""Whose answers are held ready."""
WORDINGS = 2_000
"""Of products' own questions, whose vectors are kept."""
READ = 500
"""Characters of a text that are compared."""


@dataclass(frozen=True)
class Match:
    """An answer and how well it fits, from about 0 to about 1."""

    answer: ShopAnswer
    score: float

    @property
    def is_sure(self) -> bool:
        """Whether it is what was asked."""
        return self.score >= SURE


@dataclass(frozen=True)
class _Ready:
    revision: int
    answers: tuple[ShopAnswer, ...]
    vectors: dict[str, Vector]
    matcher: Matcher | None


class AnswerDesk:
    """All shops' answers, each shop's apart. Thread-safe; every method blocks, the first question to a shop, or the
    first after an edit, for as long as its new wordings take to be encoded. StorefrontError as `ShopAnswers`.
    """

    def __init__(self, answers: ShopAnswers, encoder: Encoder) -> None:
        self._store = answers
        self._encoder = encoder
        self._ready: OrderedDict[str, _Ready] = OrderedDict()
        self._lock = Lock()
        self._making = Lock()
        self._wordings = QueryCache(WORDINGS)

    def answer_for(self, shop: str, text: str) -> ShopAnswer | None:
        """The shop's answer to what is asked; None where it has none."""
        best = self.best(shop, text)
        return best[0].answer if best and best[0].is_sure else None

    def best(self, shop: str, text: str, limit: int = 3) -> list[Match]:
        """The answers that fit best, the best first, sure or not."""
        asked, ready = text.strip()[:READ], self._of(shop)
        if not asked or ready.matcher is None:
            return []
        scores = ready.matcher.scores(asked, self._encoder.encode_query(asked))
        order = np.argsort(-scores, kind="stable")[:limit]
        return [Match(ready.answers[place], float(scores[place])) for place in order]

    def nearness(self, text: str, wordings: Sequence[str]) -> list[float]:
        """How near in meaning a text is to each of some wordings, cosines."""
        if not wordings or not text.strip():
            return [0.0] * len(wordings)
        asked = self._encoder.encode_query(text.strip()[:READ])
        return [float(self._wording(one) @ asked) for one in wordings]

    def prepare(self, shop: str) -> None:
        """Have everything ready for the first question."""
        self._of(shop)

    def _wording(self, text: str) -> Vector:
        return self._wordings.get(text, lambda wording: self._encoder.encode([wording])[0])

    def _of(self, shop: str) -> _Ready:
        revision = self._store.revision(shop)
        if (ready := self._held(shop)) and ready.revision == revision:
            return ready
        with self._making:  # one at a time: a second question waits rather than doing the same work
            if (ready := self._held(shop)) and ready.revision == revision:
                return ready
            made = self._make(shop, revision, ready.vectors if ready else {})
        with self._lock:
            self._ready[shop] = made
            self._ready.move_to_end(shop)
            while len(self._ready) > SHOPS:
                self._ready.popitem(last=False)
        return made

    def _held(self, shop: str) -> _Ready | None:
        with self._lock:
            if shop in self._ready:
                self._ready.move_to_end(shop)
            return self._ready.get(shop)

    def _make(self, shop: str, revision: int, known: dict[str, Vector]) -> _Ready:
        # Read after the revision: an edit in between makes another revision, and all is read again.
        answers = tuple(self._store.all(shop))
        asked = [(wording, place) for place, one in enumerate(answers) for wording in one.wordings]
        if not asked:
            return _Ready(revision, answers, {}, None)
        texts = [wording for wording, _ in asked]
        new = list(dict.fromkeys(text for text in texts if text not in known))
        vectors = known | dict(zip(new, self._encoder.encode(new), strict=True)) if new else known
        kept = {text: vectors[text] for text in texts}
        matcher = Matcher(texts, [place for _, place in asked], np.stack([kept[text] for text in texts]))
        return _Ready(revision, answers, kept, matcher)
