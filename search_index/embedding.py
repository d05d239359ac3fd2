"""The vectors of a collection: those that serve queries, and those being made because the encoder has changed."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search_index.documents import Record
from search_index.encoder import Encoder, Matrix
from search_index.errors import ErrorCode, SearchError
from search_index.store import Store
from search_index.vector_tables import StoredEncoder, VectorTables
from search_index.vectors import TAIL, Vectors, VectorView, no_vectors

BATCH = 64
"""Texts embedded again at a time: about a second."""
REPLAY = 4_096
"""Vectors read from the store at a time."""

Progress = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Meaning:
    """What a query needs: the vectors of one moment, and the encoder that queries are made comparable by.

    `encoder` is None where there are vectors of an encoder that is not at hand: then words and names have to do.
    """

    encoder: Encoder | None
    vectors: VectorView


class Embedding:
    """Keeps the vectors in line with the store, and changes over to those of `encoder` once they are all there.

    Until then the vectors before serve, if `previous` is the encoder they are from. Every text that is written
    meanwhile gets a vector from each encoder that is at hand.
    """

    def __init__(
        self, path: Path, store: Store, encoder: Encoder, previous: Encoder | None, on_progress: Progress | None
    ) -> None:
        self._path = path
        self._store = store
        self._tables = VectorTables(store)
        self._on_progress = on_progress
        at_hand = {one.fingerprint: one for one in (previous, encoder) if one is not None}
        self._wanted = self._stored(encoder)
        self._at_hand: dict[int, Encoder] = {}
        self._serving: StoredEncoder | None = None
        for stored in self._tables.encoders():
            if stored.fingerprint in at_hand:
                self._at_hand[stored.number] = at_hand[stored.fingerprint]
            if stored.complete and (self._serving is None or stored == self._wanted):
                self._serving = stored
        for stored in self._tables.encoders():
            if stored not in (self._wanted, self._serving):
                self._forget(stored)
        self._origin = str(store.meta("identity"))
        self._vectors: Vectors | None = None
        if self._serving is not None and self._serving.number in self._at_hand:
            self._vectors = self._opened(self._serving)
        self._done = self._after = 0
        self._total: int | None = None
        if not self._wanted.complete:
            log.warning("the vectors of %s are not of encoder %s: embedding again", path, encoder.fingerprint)

    def _stored(self, encoder: Encoder) -> StoredEncoder:
        for stored in self._tables.encoders():
            if stored.fingerprint == encoder.fingerprint:
                if stored.dimension != encoder.dimension:
                    message = f"the encoder has {encoder.dimension} dimensions, its stored vectors {stored.dimension}"
                    raise SearchError(ErrorCode.ENCODER, message)
                return stored
        return self._tables.add(encoder.fingerprint, encoder.dimension)

    def _opened(self, encoder: StoredEncoder) -> Vectors:
        latest, known = self._store.seq, self._store.passage_keys()
        origin = f"{self._origin} {encoder.fingerprint}"
        return Vectors(self._folder(encoder), origin, encoder.dimension, latest, known)

    def _folder(self, encoder: StoredEncoder) -> Path:
        return self._path / f"vectors-{encoder.number}"

    def _forget(self, encoder: StoredEncoder) -> None:
        self._at_hand.pop(encoder.number, None)
        self._tables.drop(encoder.number)
        shutil.rmtree(self._folder(encoder), ignore_errors=True)

    @property
    def meaning(self) -> Meaning:
        """What serves at this moment."""
        if self._vectors is None or self._serving is None:
            return Meaning(None, no_vectors(self._wanted.dimension))
        return Meaning(self._at_hand[self._serving.number], self._vectors.view)

    @property
    def progress(self) -> tuple[int, int] | None:
        """How many texts have been embedded again, of how many; None where none has to be."""
        return None if self._wanted.complete else (self._done, self._total or 0)

    @property
    def is_due(self) -> bool:
        """Whether there is something for `step` to do."""
        return not self._wanted.complete or (self._vectors is not None and self._vectors.is_due)

    def encode(self, records: Sequence[Record]) -> Mapping[int, Mapping[str, bytes]]:
        """Vectors of the records' texts, by encoder number and text; texts whose vector is known keep it.

        Raises `SearchError` (encoder) where an encoder fails or gives no unit vectors.
        """
        texts = {passage.text for record in records for passage in record.passages if passage.text.strip()}
        found = {}
        for number, encoder in self._at_hand.items():
            known = self._tables.known(number, records)
            missing = sorted(texts - known.keys())
            found[number] = known | dict(zip(missing, vectors_for(encoder, missing), strict=True))
        return found

    def before_write(self) -> None:
        """Texts are about to be written for which an encoder that is not at hand makes no vectors."""
        if self._serving is not None and self._serving.number not in self._at_hand and self._serving.complete:
            self._tables.set_complete(self._serving.number, False)
            self._serving = None

    def replay(self) -> None:
        """Bring the vectors that serve up to the store."""
        if self._vectors is not None and self._serving is not None:
            self._catch_up(self._vectors, self._serving)

    def _catch_up(self, vectors: Vectors, encoder: StoredEncoder) -> None:
        latest, before = self._store.seq, vectors.view.seq
        if before >= latest:
            return
        removed = self._store.removed_since(before)
        while True:
            keys, rows = self._tables.after(encoder, vectors.last_key, latest, REPLAY)
            done = len(keys) < REPLAY
            vectors.apply(removed, keys, rows, latest if done else before)
            if done:
                return
            if len(vectors.view.tail) >= TAIL:
                vectors.save()

    def step(self, writing: AbstractContextManager[object], publish: Callable[[], None]) -> bool:
        """Do the next piece of what is due, while others write and search; whether there may be more.

        `writing` keeps writers out for the moment of the change-over, and `publish` shows `meaning` to readers.
        """
        if self._vectors is not None and self._vectors.is_due:
            self._vectors.merge()
            with writing:
                publish()
            return True
        if self._wanted.complete:
            return False
        if self._embed_some():
            with writing:  # nothing new to see, but the log that has grown is written back
                publish()
        else:
            self._change_over(writing, publish)
        return True

    def _embed_some(self) -> bool:
        number = self._wanted.number
        if self._total is None:
            self._total = self._tables.count_missing(number)
        rows = self._tables.missing(number, self._after, BATCH)
        if not rows:
            return False
        spoken = [(key, text) for key, text in rows if text.strip()]
        vectors = vectors_for(self._at_hand[number], [text for _, text in spoken])
        self._tables.fill(number, zip((key for key, _ in spoken), vectors, strict=True))
        self._after = rows[-1][0]
        self._done += len(rows)
        if self._on_progress:
            self._on_progress(self._done, self._total)
        return True

    def _change_over(self, writing: AbstractContextManager[object], publish: Callable[[], None]) -> None:
        vectors = self._opened(self._wanted)
        self._catch_up(vectors, self._wanted)
        while vectors.is_due:
            vectors.merge()
        with writing:
            self._catch_up(vectors, self._wanted)
            vectors.keep(self._store.passage_keys())
            self._tables.set_complete(self._wanted.number, True)
            before = [one for one in self._tables.encoders() if one.number != self._wanted.number]
            self._wanted = self._serving = next(
                one for one in self._tables.encoders() if one.number == self._wanted.number
            )
            self._vectors = vectors
            publish()
        for encoder in before:
            self._forget(encoder)
        log.warning("the vectors of %s are now those of encoder %s", self._path, self._wanted.fingerprint)


def vectors_for(encoder: Encoder, texts: Sequence[str]) -> list[bytes]:
    """The texts' vectors as they are stored; raises `SearchError` (encoder) where they are no unit vectors."""
    if not texts:
        return []
    vectors: Matrix = np.asarray(encoder.encode(texts), np.float32)
    if vectors.shape != (len(texts), encoder.dimension):
        raise SearchError(
            ErrorCode.ENCODER, f"the encoder gave vectors of shape {vectors.shape} for {len(texts)} texts"
        )
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-2):
        raise SearchError(ErrorCode.ENCODER, "the encoder gave vectors that are not of length 1")
    return [vector.tobytes() for vector in vectors]
