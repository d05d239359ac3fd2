"""A listener's recording to be played again with other timers: voice activity and words as they were heard once.

Neither depends on when a turn is found to be over, so that the real listener can be tried with many settings without
recognising anything again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from voice.activity import Activity, ActivityDetector
from voice.end_of_turn import EndOfTurnOptions
from voice.listener import Final, Listener
from voice.recogniser import RATE, Recogniser, Stream, Transcript, Vocabulary

FRAME_BYTES = 2 * RATE * 20 // 1000


@dataclass(frozen=True)
class Track:
    """What was heard of one recording: voice activity per frame, and the words after so many bytes of the stream."""

    pcm: bytes
    activity: Sequence[Activity]
    fed: Sequence[int]
    texts: Sequence[str]


@dataclass
class _Recorder:
    """A stream that notes what it is fed and what it answers."""

    stream: Stream
    fed: list[int] = field(default_factory=lambda: [0])
    texts: list[str] = field(default_factory=lambda: [""])
    count: int = 0

    def feed(self, pcm: bytes) -> None:
        self.stream.feed(pcm)
        self.count += len(pcm)

    def partial(self) -> str:
        text = self.stream.partial()
        self.fed.append(self.count)
        self.texts.append(text)
        return text

    def finish(self) -> Transcript:
        return self.stream.finish()

    def close(self) -> None:
        self.stream.close()


def record(pcm: bytes, recogniser: Recogniser, endless: EndOfTurnOptions) -> Track:
    """Listen to a recording with timers that never end a turn."""
    made: list[_Recorder] = []

    def opened() -> _Recorder:
        made.append(_Recorder(recogniser.open()))
        return made[-1]

    _listen(Listener(_Only(opened), ActivityDetector(), endless), pcm)
    recorder = made[0] if made else _Recorder(recogniser.open())
    recorder.close()
    return Track(pcm, ActivityDetector().process(pcm), recorder.fed, recorder.texts)


def replay(track: Track, options: EndOfTurnOptions, completeness: Callable[[str], float] | None) -> Final | None:
    """The end of the turn with these settings; None where it was not found."""
    return _listen(Listener(_Only(lambda: _Replayed(track)), _Activity(track), options, completeness), track.pcm)


def _listen(listener: Listener, pcm: bytes) -> Final | None:
    for start in range(0, len(pcm), FRAME_BYTES):
        for event in listener.feed(pcm[start : start + FRAME_BYTES]):
            if isinstance(event, Final):
                return event
    listener.close()
    return None


class _Activity(ActivityDetector):
    """Gives the recorded activity for the sound that it was recorded from."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._length = track.activity[1].start_sample if len(track.activity) > 1 else 1
        self._bytes = self._done = 0

    def process(self, pcm: bytes) -> list[Activity]:
        self._bytes += len(pcm)
        until = self._bytes // 2 // self._length
        frames = list(self._track.activity[self._done : until])
        self._done = until
        return frames

    def reset(self) -> None:
        self._bytes = self._done = 0


@dataclass
class _Replayed:
    """Gives the words that were heard in as much of the stream as it has been fed."""

    track: Track
    count: int = 0

    def feed(self, pcm: bytes) -> None:
        self.count += len(pcm)

    def partial(self) -> str:
        return self.track.texts[bisect_right(self.track.fed, self.count) - 1]

    def finish(self) -> Transcript:
        return Transcript(self.partial())

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class _Only:
    """A recogniser whose streams come from elsewhere."""

    opened: Callable[[], Stream]
    name: str = "replay"
    rate: int = RATE

    def open(self, expected: Sequence[str] = ()) -> Stream:  # noqa: ARG002 - as recorded
        return self.opened()

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """As recorded."""

    def close(self) -> None:
        """Nothing is held."""
