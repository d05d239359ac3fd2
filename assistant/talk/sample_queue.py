"""Samples on their way from one thread to another, with an upper limit."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np

from assistant.talk.mixer import Samples


class SampleQueue:
    """Mono samples, first in, first out; `capacity` in frames. The taker never waits."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._chunks: deque[Samples] = deque()
        self._frames = 0
        self._finished = False
        self._closed = False
        self._changed = threading.Condition()

    @property
    def drained(self) -> bool:
        """Everything was taken and nothing more will come."""
        with self._changed:
            return self._closed or (self._finished and not self._frames)

    def put(self, samples: Samples) -> bool:
        """Wait until there is room, then append. False when the queue was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._frames < self._capacity)
            return self._append(samples)

    def offer(self, samples: Samples) -> bool:
        """Append if there is room. False when there is none."""
        with self._changed:
            return self._frames < self._capacity and self._append(samples)

    def finish(self) -> None:
        """Nothing more will come."""
        with self._changed:
            self._finished = True

    def close(self) -> None:
        """Nothing more will be taken; a waiting `put` returns."""
        with self._changed:
            self._closed = True
            self._chunks.clear()
            self._frames = 0
            self._changed.notify_all()

    def take(self, frames: int) -> Samples:
        """At most `frames` frames: all that is there."""
        parts: list[Samples] = []
        with self._changed:
            while self._chunks and frames > 0:
                chunk = self._chunks.popleft()
                if len(chunk) > frames:
                    self._chunks.appendleft(chunk[frames:])
                    chunk = chunk[:frames]
                parts.append(chunk)
                frames -= len(chunk)
                self._frames -= len(chunk)
            self._changed.notify_all()
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)

    def _append(self, samples: Samples) -> bool:
        if not self._closed and len(samples):
            self._chunks.append(samples)
            self._frames += len(samples)
        return not self._closed
