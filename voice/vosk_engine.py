"""Speech recognition with Vosk: our own model, which takes any vocabulary, or one that takes dictation as it is."""

from __future__ import annotations

import json
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vosk

from voice.errors import ModelError, RecognitionError
from voice.kaldi import Grammar, GrammarOptions, compile_vocabulary, is_ours, read_grammar, write_grammar, write_variant
from voice.recogniser import RATE, Transcript, Vocabulary
from voice.spoken_form import spoken_words
from voice.vocabulary_cache import fingerprint, keep, weigh
from voice.vosk_model import find_problem, stamp
from voice.vosk_transcript import READINGS, join_pieces, without_unknown

EXPECTATIONS_KEPT = 4
"""Sets of expected phrases whose models stay loaded, some 20 MB each; loading takes some 20 ms."""

vosk.SetLogLevel(-2)  # no warnings either: a sound that ends within a word is none


class VoskRecogniser:
    """A recogniser over one loaded model, which all streams share."""

    name = "vosk"
    rate = RATE

    def __init__(self, model: Path, cache: Path, vocabulary: Vocabulary) -> None:
        """Load a model folder, which takes seconds for a large one; with the vocabulary where it takes one.

        Raises ModelError: `model_missing`, `model_incomplete`, `model_broken`, and those of a vocabulary.
        """
        problem = find_problem(model)
        if problem:
            raise ModelError("model_incomplete" if model.is_dir() else "model_missing", problem)
        self._lock = threading.Lock()
        self._base, self._cache = model, cache
        self._language: _Language | None = self._load(vocabulary) if is_ours(model) else _Language(load_model(model))

    def open(self, expected: Sequence[str] = ()) -> VoskStream:
        """Start an utterance; `expected` phrases count only where the model takes a vocabulary."""
        with self._lock:
            language = self._language
        if language is None:
            raise RecognitionError("recogniser_closed", "The recogniser has been shut down")
        return VoskStream(language.expecting(expected))

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Expect other sentences from the next stream on; a model that is not ours keeps the words it was made with.

        Takes about a second of CPU for a vocabulary that is new. ModelError leaves the old one in place.
        """
        if not is_ours(self._base):
            return
        language = self._load(vocabulary)
        with self._lock:
            if self._language is not None:
                self._language = language

    def close(self) -> None:
        """Refuse new streams; the memory goes with the last open one."""
        with self._lock:
            self._language = None

    def _load(self, vocabulary: Vocabulary) -> _Language:
        def write(folder: Path) -> None:
            grammar = compile_vocabulary(self._base, vocabulary)
            write_variant(self._base, folder)
            write_grammar(grammar.fst, grammar.spelling, folder)

        name = fingerprint(weigh(vocabulary), self._base.resolve(), stamp(self._base), GrammarOptions())
        folder = keep(self._cache, name, write)
        return _Language(load_model(folder), self._base, read_grammar(folder))


class _Language:
    """A loaded model and, where its grammar is known, those made from it for phrases expected just now."""

    def __init__(self, model: Any, base: Path | None = None, grammar: Grammar | None = None) -> None:
        self._model, self._base, self._grammar = model, base, grammar
        self._lock = threading.Lock()
        self._expecting: OrderedDict[tuple[tuple[str, ...], ...], Any] = OrderedDict()

    def expecting(self, phrases: Sequence[str]) -> Any:
        """The model in which `phrases` are likely."""
        if self._grammar is None or self._base is None:
            return self._model
        key = tuple(dict.fromkeys(words for phrase in phrases if (words := tuple(spoken_words(phrase)))))
        if not key:
            return self._model
        with self._lock:
            if key not in self._expecting:
                with tempfile.TemporaryDirectory(prefix="sori-expected-") as scratch:
                    write_variant(self._base, Path(scratch))
                    write_grammar(self._grammar.expecting(key), self._grammar.spelling, Path(scratch))
                    self._expecting[key] = load_model(Path(scratch))
            self._expecting.move_to_end(key)
            while len(self._expecting) > EXPECTATIONS_KEPT:
                self._expecting.popitem(last=False)
            return self._expecting[key]


class VoskStream:
    """One utterance. A model that is not ours cuts it at longer pauses; the pieces are joined again."""

    def __init__(self, model: Any) -> None:
        try:
            self._recogniser: Any = vosk.KaldiRecognizer(model, float(RATE))
        except Exception as error:  # the library raises nothing narrower
            raise RecognitionError("recognition_failed", "Vosk cannot start listening") from error
        self._recogniser.SetMaxAlternatives(READINGS)
        self._recogniser.SetWords(True)
        self._pieces: list[list[Any]] = []
        self._odd = b""

    def feed(self, pcm: bytes) -> None:
        """Take more 16-bit sound."""
        recogniser = self._open()
        sound = self._odd + pcm
        whole = len(sound) & ~1
        self._odd = sound[whole:]
        if not whole:
            return
        try:
            cut = recogniser.AcceptWaveform(sound[:whole])
        except Exception as error:  # the library raises nothing narrower
            self.close()
            raise RecognitionError("recognition_failed", "The recogniser failed on this sound") from error
        if cut:
            self._pieces.append(json.loads(recogniser.Result())["alternatives"])

    def partial(self) -> str:
        """The known words so far; they may still change."""
        now = json.loads(self._open().PartialResult()).get("partial", "")  # not there before the first sound
        texts = [*(piece[0]["text"] for piece in self._pieces), now]
        return " ".join(filter(None, map(without_unknown, texts)))

    def finish(self) -> Transcript:
        """End the utterance."""
        recogniser = self._open()
        self._pieces.append(json.loads(recogniser.FinalResult())["alternatives"])
        self.close()
        return join_pieces(self._pieces)

    def close(self) -> None:
        """Give the utterance up; harmless when repeated."""
        self._recogniser = None

    def _open(self) -> Any:
        if self._recogniser is None:
            raise RecognitionError("stream_finished", "This utterance has already ended")
        return self._recogniser


def load_model(folder: Path) -> Any:
    """A folder as a model of the library; ModelError(`model_broken`)."""
    try:
        return vosk.Model(str(folder))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError("model_broken", f"Vosk cannot load the model in {folder}") from error
