"""Speech recognition with pocketsphinx: its bundled English voice model and a language model of what people may say.

Out of the box it takes dictation, poorly; told what to expect it hears short commands well, at a few hundredths of
real time. Decoders are not thread-safe, so each open stream holds one of a bounded pool.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx

from voice.errors import BusyError, ModelError, RecognitionError
from voice.level import LevelNormaliser
from voice.recogniser import MAX_ALTERNATIVES, RATE, Alternative, Transcript, Vocabulary, Word
from voice.vocabulary_cache import LanguageFiles, build_language

FRAME_MS = 10
SLICE_SAMPLES = 1_600
"""pocketsphinx holds Python's lock while it works: small pieces let other threads run in between."""
NBEST_TRIED = 60
"""Hypotheses read from the lattice; most differ only in fillers and pronunciations."""
SPREAD = 10.0
"""Scale of the lattice's log scores, which lie close together, before they share out what confidence is left."""
POOL_SIZE = 4
INITIAL_CMN = ",".join(["40", "3", "-1", *["0"] * 10])
"""Cepstral means an utterance starts from: the model's own, written out, for those left out would keep old values."""
OPTIONS = {"loglevel": "FATAL", "samprate": RATE}
_PRONUNCIATION = re.compile(r"\(\d+\)$")
_FILLERS = ("<", "[", "+")


class PocketsphinxRecogniser:
    """A recogniser for English. `set_vocabulary` builds the new language before it replaces the old one."""

    name = "pocketsphinx"
    rate = RATE
    _whole = False

    def __init__(self, cache: Path, vocabulary: Vocabulary, *, pool_size: int = POOL_SIZE) -> None:
        """Build or find the language files under `cache` and load the first decoder.

        `pool_size` is the number of streams open at once; each costs about 30 MB. Raises ModelError.
        """
        self._cache = cache
        self._pool_size = pool_size
        self._lock = threading.Lock()
        self._closed = False
        self._pool = self._load(vocabulary)

    def open(self, expected: Sequence[str] = ()) -> PocketsphinxStream:  # noqa: ARG002 - the language model knows them already
        """Start an utterance; at once where a decoder is idle, else after a decoder has been loaded."""
        with self._lock:
            if self._closed:
                raise RecognitionError("recogniser_closed", "The recogniser has been shut down")
            pool = self._pool
        return PocketsphinxStream(pool, self._whole)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Expect other sentences from the next stream on; ModelError leaves the old ones in place."""
        pool = self._load(vocabulary)
        with self._lock:
            self._pool = pool

    def close(self) -> None:
        """Refuse new streams; the memory goes with the last open one."""
        with self._lock:
            self._closed = True

    def _load(self, vocabulary: Vocabulary) -> DecoderPool:
        base = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
        if not base.is_file():
            raise ModelError("model_missing", f"pocketsphinx's English model is not where it should be: {base}")
        return DecoderPool(build_language(vocabulary, base, self._cache), self._pool_size)


class PocketsphinxDictation(PocketsphinxRecogniser):
    """The same for speech of any kind, with the language model of general English that pocketsphinx comes with.

    Nobody waits for its words: each utterance is searched once it is whole, with the mean of its own features taken
    off (`PocketsphinxStream`). That hears people better, and eSpeak worse.
    """

    _whole = True

    def __init__(self) -> None:
        """Load one decoder, some 150 MB; ModelError(`model_missing`, `model_broken`)."""
        model = Path(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))
        dictionary = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
        if not (model.is_file() and dictionary.is_file()):
            raise ModelError("model_missing", f"pocketsphinx's English model is not where it should be: {model}")
        self._lock = threading.Lock()
        self._closed = False
        self._pool = DecoderPool(LanguageFiles(model, dictionary), 1)


class PocketsphinxStream:
    """One utterance on one decoder; `close` or `finish` gives the decoder back.

    It is searched as it comes, with cepstral means that are known beforehand and adapt, or as a `whole` at its end, by
    its own means.
    """

    def __init__(self, pool: DecoderPool, whole: bool = False) -> None:
        self._pool = pool
        self._held: list[bytes] | None = [] if whole else None
        self._decoder: Any = pool.take()
        self._level = LevelNormaliser()
        self._odd = b""
        # What an utterance teaches about the channel must not reach the next speaker, on another microphone.
        self._decoder.set_cmn(INITIAL_CMN)
        self._decoder.start_utt()

    def feed(self, pcm: bytes) -> None:
        """Take more 16-bit sound; the first 600 ms are held back to measure their level."""
        self._check_open()
        sound = self._odd + pcm
        self._odd = sound[len(sound) & ~1 :]
        self._search(self._level.process(np.frombuffer(sound, np.dtype("<i2"), len(sound) // 2)))

    def partial(self) -> str:
        """The words so far; they may still change."""
        self._check_open()
        hypothesis = self._decoder.hyp()
        return hypothesis.hypstr if hypothesis else ""

    def finish(self) -> Transcript:
        """End the utterance and search what was kept of it: some 50 ms, with Python's lock held."""
        self._check_open()
        self._search(self._level.flush())
        decoder, self._decoder = self._decoder, None
        try:
            if self._held:
                decoder.process_raw(b"".join(self._held), full_utt=True)
            decoder.end_utt()
            transcript = read_transcript(decoder)
        except RuntimeError as error:
            self._pool.discard()
            raise RecognitionError("recognition_failed", "The recogniser failed on this sound") from error
        self._pool.give_back(decoder)
        return transcript

    def close(self) -> None:
        """Give the decoder back without a result; harmless when repeated."""
        if self._decoder is None:
            return
        decoder, self._decoder = self._decoder, None
        try:
            decoder.end_utt()
        except RuntimeError:
            self._pool.discard()
        else:
            self._pool.give_back(decoder)

    def __del__(self) -> None:
        if getattr(self, "_decoder", None) is not None:
            self.close()

    def _search(self, samples: np.ndarray[Any, np.dtype[np.int16]]) -> None:
        if self._held is not None:
            self._held.append(samples.tobytes())
            return
        try:
            for start in range(0, len(samples), SLICE_SAMPLES):
                self._decoder.process_raw(samples[start : start + SLICE_SAMPLES].tobytes())
        except RuntimeError as error:
            self._decoder = None
            self._pool.discard()
            raise RecognitionError("recognition_failed", "The recogniser failed on this sound") from error

    def _check_open(self) -> None:
        if self._decoder is None:
            raise RecognitionError("stream_finished", "This utterance has already ended")


def read_transcript(decoder: Any) -> Transcript:
    """The result of a decoder whose utterance has ended.

    A word's confidence is its posterior in the lattice. The best reading's is the geometric mean of its words'; what
    is left to 1 is shared out among the other readings by their scores, none getting more than the best.
    """
    hypothesis = decoder.hyp()
    if hypothesis is None or not hypothesis.hypstr.strip():
        return Transcript()
    words = tuple(
        Word(
            text=_PRONUNCIATION.sub("", segment.word),
            start_ms=segment.start_frame * FRAME_MS,
            end_ms=(segment.end_frame + 1) * FRAME_MS,
            confidence=min(1.0, max(0.0, segment.prob)),
        )
        for segment in decoder.seg()
        if not segment.word.startswith(_FILLERS)
    )
    if not words:
        return Transcript()
    confidence = math.exp(sum(math.log(max(word.confidence, 1e-9)) for word in words) / len(words))
    others: dict[str, float] = {}
    for other in islice(decoder.nbest(), NBEST_TRIED):
        if other is not None and other.hypstr.strip() not in ("", hypothesis.hypstr) and other.score > 0:
            others.setdefault(other.hypstr, other.score)
    ranked = sorted(others.items(), key=lambda entry: -entry[1])[: MAX_ALTERNATIVES - 1]
    shares = [(score / ranked[0][1]) ** SPREAD for _, score in ranked]
    rest = tuple(
        Alternative(text, min(confidence, (1.0 - confidence) * share / sum(shares)))
        for (text, _), share in zip(ranked, shares, strict=True)
    )
    return Transcript(hypothesis.hypstr, (Alternative(hypothesis.hypstr, confidence), *rest), words)


class DecoderPool:
    """Decoders of one language: loaded when first needed, bounded in number, reused."""

    def __init__(self, files: LanguageFiles, size: int) -> None:
        self._files = files
        self._places = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Any] = [self._load()]

    def take(self) -> Any:
        """A decoder for one utterance; BusyError where all are in use."""
        if not self._places.acquire(blocking=False):
            raise BusyError("recogniser_busy", "Too many people are speaking at once; try again in a moment")
        try:
            with self._lock:
                if self._idle:
                    return self._idle.pop()
            return self._load()
        except BaseException:
            self._places.release()
            raise

    def give_back(self, decoder: Any) -> None:
        """Return a decoder whose utterance has ended."""
        with self._lock:
            self._idle.append(decoder)
        self._places.release()

    def discard(self) -> None:
        """Free the place of a decoder that failed and is not to be used again."""
        self._places.release()

    def _load(self) -> Any:
        try:
            return pocketsphinx.Decoder(
                hmm=pocketsphinx.get_model_path("en-us/en-us"),
                lm=str(self._files.language_model),
                dict=str(self._files.dictionary),
                **OPTIONS,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError("model_broken", f"pocketsphinx cannot load {self._files.dictionary.parent}") from error
