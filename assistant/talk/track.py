"""A recording from the network, decoded in a thread a little ahead of what is heard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import chain

import av
import av.container
import numpy as np

from assistant.talk.errors import MediaError
from assistant.talk.mixer import Samples
from assistant.talk.sample_queue import SampleQueue

AHEAD_S = 10.0
"""How much is decoded before it is needed."""

ANSWER_WITHIN_S = 15.0
"""For the server to open the recording, and for each read."""

HTTP_OPTIONS = {
    "protocol_whitelist": "http,https,tcp,tls",  # a recording must not point FFmpeg at local files
    "reconnect": "1",  # a server may hang up on a long pause
    "reconnect_delay_max": "2",
    "http_proxy": "",  # the service is reached directly, as the websocket is
}


def samples_of(frame: av.AudioFrame) -> Samples:
    """The samples of a mono frame of 16 bit."""
    return np.asarray(frame.to_ndarray(), dtype=np.int16).reshape(-1)


class Track:
    """From `begin_ms` to `end_ms` (or its end) of the recording at `url`, as mono samples at `rate` hertz.

    Where that fails, `renewed` is asked once, in the track's thread, for another address of the same recording, None
    where there is none: addresses expire while a listener takes a break.
    """

    def __init__(
        self,
        url: str,
        rate: int,
        begin_ms: int = 0,
        end_ms: int | None = None,
        renewed: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._url, self._rate, self._begin_ms, self._end_ms = url, rate, begin_ms, end_ms
        self._renewed = renewed
        self._queue = SampleQueue(int(AHEAD_S * rate))
        self._decoded = self._taken = 0
        self._problem: MediaError | None = None
        threading.Thread(target=self._decode, name="track", daemon=True).start()

    @property
    def position_ms(self) -> int:
        """What was taken, from the recording's beginning."""
        return self._begin_ms + self._taken * 1000 // self._rate

    @property
    def drained(self) -> bool:
        """Everything was taken; `problem` says whether that was the end."""
        return self._queue.drained

    @property
    def problem(self) -> MediaError | None:
        """Why it ends where it does, or None."""
        return self._problem

    def take(self, frames: int) -> Samples:
        """At most `frames` frames; fewer when no more is decoded yet. Never waits."""
        samples = self._queue.take(frames)
        self._taken += len(samples)
        return samples

    def close(self) -> None:
        """Let go of the recording."""
        self._queue.close()

    def _decode(self) -> None:
        try:
            try:
                self._decode_from(self._url)
            except av.FFmpegError:
                url = self._renewed()
                if url is None:
                    raise
                self._decode_from(url)
        except (av.FFmpegError, MediaError, ValueError) as error:
            # ValueError is PyAV's word for a stream or rate it cannot take
            self._problem = error if isinstance(error, MediaError) else MediaError(f"it cannot be played: {error}")
        finally:
            self._queue.finish()

    def _decode_from(self, url: str) -> None:
        """Decode what is not yet decoded."""
        begin_ms = self._begin_ms + self._decoded * 1000 // self._rate
        with av.open(url, timeout=(ANSWER_WITHIN_S, ANSWER_WITHIN_S), options=HTTP_OPTIONS) as container:
            for samples in self._samples(container, begin_ms):
                if not self._queue.put(samples):
                    return
                self._decoded += len(samples)

    def _samples(self, container: av.container.InputContainer, begin_ms: int) -> Iterator[Samples]:
        """The excerpt's samples from there; seeking lands on a packet before it, so the rest is cut off here."""
        if not container.streams.audio:
            raise MediaError("it has no sound")
        stream = container.streams.audio[0]
        if begin_ms:
            container.seek(begin_ms * 1000)
        resampler = av.AudioResampler(format="s16", layout="mono", rate=self._rate)
        begin = self._frames(begin_ms)
        end = None if self._end_ms is None else self._frames(self._end_ms)
        at: int | None = None
        for frame in chain(container.decode(stream), [None]):  # None flushes the resampler
            if at is None:
                at = round((frame.time or 0.0) * self._rate) if frame else begin
            for resampled in resampler.resample(frame):
                samples = samples_of(resampled)
                yield samples[max(0, begin - at) : None if end is None else max(0, end - at)]
                at += len(samples)
            if end is not None and at >= end:
                return

    def _frames(self, milliseconds: int) -> int:
        return milliseconds * self._rate // 1000
