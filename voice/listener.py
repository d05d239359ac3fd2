"""Hands-free listening to one utterance: voice activity, end of turn and recogniser, put together.

Everything here is blocking CPU work on sound of any length, and all times are audio times, so that a recording run
faster than real time gives the same events as a live microphone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voice.activity import Activity, ActivityDetector
from voice.completeness import UNKNOWN, Completeness
from voice.end_of_turn import EndOfTurn, EndOfTurnOptions, EndReason, SpeechStarted, TurnEnded
from voice.recogniser import RATE, Recogniser, Stream, Transcript

PRE_ROLL_MS = 300
"""Sound before the detected start that the recogniser hears too: first consonants are quiet."""
_BYTES_PER_MS = 2 * RATE // 1000


@dataclass(frozen=True)
class Partial:
    """The words so far; sent when they change."""

    text: str


@dataclass(frozen=True)
class Final:
    """The end of the utterance.

    `speech_end_ms` is the audio time at which speech ended and `heard_ms` that of the last sound taken: the
    difference is what end-of-turn detection cost. The transcript's word times count from the listener's start too.
    """

    transcript: Transcript
    reason: EndReason
    speech_end_ms: int | None
    heard_ms: int


ListenEvent = SpeechStarted | Partial | Final


class Listener:
    """One utterance: feed it sound until it gives a `Final`. Not thread-safe; `close` it when leaving early."""

    def __init__(
        self,
        recogniser: Recogniser,
        detector: ActivityDetector,
        options: EndOfTurnOptions | None = None,
        completeness: Completeness | None = None,
        expected: Sequence[str] = (),
    ) -> None:
        """Take a detector for as long as the utterance lasts (it is reset here).

        Without `completeness` every turn ends after the usual silence; `expected` is as in `Recogniser.open`.
        """
        self._recogniser = recogniser
        self._detector = detector
        self._detector.reset()
        self._turn = EndOfTurn(options or EndOfTurnOptions())
        self._complete = completeness or (lambda _: UNKNOWN)
        self._expected = expected
        self._stream: Stream | None = None
        self._sound = bytearray()
        self._sound_start = 0  # byte offset of _sound[0] in all that was heard
        self._partial = ""
        self._completeness = UNKNOWN
        self.done = False

    def feed(self, pcm: bytes) -> list[ListenEvent]:
        """Take 16 kHz mono 16-bit sound, any length; nothing happens any more after the `Final`.

        Raises VoiceError where the recogniser is busy or fails; the listener is then done.
        """
        if self.done:
            return []
        self._sound += pcm
        events: list[ListenEvent] = []
        try:
            for frame in self._detector.process(pcm):
                events += self._frame(frame)
                if self.done:
                    break
        except BaseException:
            self.close()
            raise
        return events

    def finish(self) -> list[ListenEvent]:
        """The speaker has let go of the button, or the recording has ended: give the `Final` at once."""
        if self.done:
            return []
        if self._turn.speech_start_ms is None:
            return [self._final(EndReason.NO_SPEECH, None)]
        self._pass_on(self._sound_start + len(self._sound))
        return [self._final(EndReason.RELEASED, self._turn.speech_end_ms)]

    def close(self) -> None:
        """Leave without a result; harmless when repeated."""
        self.done = True
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    @property
    def heard_ms(self) -> int:
        """Audio time: all the sound that was taken."""
        return (self._sound_start + len(self._sound)) // _BYTES_PER_MS

    def _frame(self, frame: Activity) -> list[ListenEvent]:
        event = self._turn.tick(frame.probability, frame.frame_ms, self._completeness)
        if isinstance(event, SpeechStarted):
            self._begin(event.at_ms)
        if self._stream is None:
            self._forget(self._turn.elapsed_ms - PRE_ROLL_MS - self._turn.options.min_speech_ms * 2)
        else:
            self._pass_on(self._turn.elapsed_ms * _BYTES_PER_MS)
        if isinstance(event, TurnEnded):
            return [self._final(event.reason, event.speech_end_ms)]
        return [*([event] if event else []), *self._follow()]

    def _begin(self, at_ms: int) -> None:
        """Open the recogniser's stream at the pre-roll of the speech that has just been detected."""
        self._forget(at_ms - PRE_ROLL_MS)
        self._stream = self._recogniser.open(self._expected)
        self._stream_start_ms = self._sound_start // _BYTES_PER_MS

    def _follow(self) -> list[ListenEvent]:
        """Report new words, and judge how complete they are."""
        text = self._stream.partial() if self._stream else ""
        if text == self._partial:
            return []
        self._partial, self._completeness = text, self._complete(text)
        return [Partial(text)]

    def _pass_on(self, until: int) -> None:
        """Feed the recogniser all sound up to the byte offset `until`."""
        assert self._stream is not None
        count = until - self._sound_start
        self._stream.feed(bytes(self._sound[:count]))
        del self._sound[:count]
        self._sound_start = until

    def _forget(self, until_ms: int) -> None:
        """Drop sound before `until_ms`: nobody spoke there."""
        count = max(0, until_ms) * _BYTES_PER_MS - self._sound_start
        if count > 0:
            del self._sound[:count]
            self._sound_start += count

    def _final(self, reason: EndReason, speech_end_ms: int | None) -> Final:
        heard_ms = self.heard_ms
        transcript = Transcript()
        if self._stream is not None:
            stream, self._stream = self._stream, None
            transcript = stream.finish().shifted(self._stream_start_ms)
            if not transcript.text:
                transcript = replace(transcript, unknown=1.0)  # somebody spoke, and no known word fits any of it
        self.done = True
        return Final(transcript, reason, speech_end_ms, heard_ms)
