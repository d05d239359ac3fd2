"""Speech recognition with Vosk and a model folder: open dictation, in the languages there are models for."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vosk

from voice.errors import ModelError, RecognitionError
from voice.recogniser import MAX_ALTERNATIVES, RATE, Alternative, Transcript, Vocabulary, Word
from voice.vosk_model import find_problem


class VoskRecogniser:
    """A recogniser over one loaded model, which all streams share."""

    name = "vosk"
    rate = RATE

    def __init__(self, model: Path) -> None:
        """Load a model folder, which takes seconds for a large one.

        Raises ModelError: `model_missing`, `model_incomplete`, `model_broken`.
        """
        problem = find_problem(model)
        if problem:
            raise ModelError("model_incomplete" if model.is_dir() else "model_missing", problem)
        vosk.SetLogLevel(-1)
        try:
            self._model: Any = vosk.Model(str(model))
        except Exception as error:  # the library raises nothing narrower
            raise ModelError("model_broken", f"Vosk cannot load the model in {model}") from error

    def open(self, expected: Sequence[str] = ()) -> VoskStream:  # noqa: ARG002 - the language model knows them already
        """Start an utterance."""
        if self._model is None:
            raise RecognitionError("recogniser_closed", "The recogniser has been shut down")
        return VoskStream(self._model)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Change nothing: a Vosk model takes dictation with the words it was made with."""

    def close(self) -> None:
        """Refuse new streams; the memory goes with the last open one."""
        self._model = None


class VoskStream:
    """One utterance. Vosk cuts it at longer pauses; the pieces are joined again."""

    def __init__(self, model: Any) -> None:
        try:
            self._recogniser: Any = vosk.KaldiRecognizer(model, float(RATE))
        except Exception as error:  # the library raises nothing narrower
            raise RecognitionError("recognition_failed", "Vosk cannot start listening") from error
        self._recogniser.SetMaxAlternatives(MAX_ALTERNATIVES)
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
        """The words so far; they may still change."""
        now = json.loads(self._open().PartialResult())["partial"]
        return " ".join(text for text in [*(piece[0]["text"] for piece in self._pieces), now] if text)

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


def join_pieces(pieces: Sequence[Sequence[Any]]) -> Transcript:
    """The transcript of consecutive pieces, each a list of Vosk's alternatives, best first.

    Vosk's `confidence` is a log likelihood, so a softmax over a piece's alternatives makes it a share of 1. The
    readings of the whole are the best one and those that differ from it in one piece. Vosk gives no word
    confidences along with alternatives: a word's is that of all its piece's readings that hold it.
    """
    heard = [piece for piece in pieces if piece and piece[0]["text"]]
    if not heard:
        return Transcript()
    shares = [_softmax([reading["confidence"] for reading in piece]) for piece in heard]
    best = [piece[0]["text"] for piece in heard]
    confidence = math.prod(share[0] for share in shares)
    readings = {" ".join(best): confidence}
    for index, (piece, share) in enumerate(zip(heard, shares, strict=True)):
        for reading, part in zip(piece[1:], share[1:], strict=True):
            text = " ".join(filter(None, [*best[:index], reading["text"], *best[index + 1 :]]))
            readings[text] = readings.get(text, 0.0) + confidence * part / max(share[0], 1e-9)
    ranked = sorted(readings.items(), key=lambda entry: (entry[0] != " ".join(best), -entry[1]))
    words = tuple(
        _word(
            word,
            sum(part for reading, part in zip(piece, share, strict=True) if word["word"] in reading["text"].split()),
        )
        for piece, share in zip(heard, shares, strict=True)
        for word in piece[0].get("result", ())
    )
    alternatives = tuple(Alternative(text, min(1.0, part)) for text, part in ranked[:MAX_ALTERNATIVES] if text)
    return Transcript(" ".join(best), alternatives, words)


def _word(word: Any, confidence: float) -> Word:
    return Word(word["word"], round(1000 * word["start"]), round(1000 * word["end"]), min(1.0, confidence))


def _softmax(scores: Sequence[float]) -> list[float]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]
