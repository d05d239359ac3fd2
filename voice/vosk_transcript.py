"""Vosk's results as transcripts: its pieces joined, its likelihoods as confidences, `[unk]` as the unknown share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from voice.kaldi.words import UNKNOWN
from voice.recogniser import MAX_ALTERNATIVES, Alternative, Transcript, Word

READINGS = 10
"""Alternatives asked of Vosk: some differ only in `[unk]`, and the more are known, the truer are their shares."""


def join_pieces(pieces: Sequence[Sequence[Any]]) -> Transcript:
    """The transcript of consecutive pieces, each a list of Vosk's alternatives, best first.

    Vosk's `confidence` is a log likelihood with the acoustic scale applied, so a softmax over a piece's alternatives
    makes it a share of 1; of 50 synthetic sentences 96 % were right, at 0.96 on average, so nothing is rescaled. The
    readings of the whole are the best one and those that differ from it in one piece. Vosk gives no word
    confidences along with alternatives: a word's is that of all its piece's readings that hold it.

    Where the best reading is nothing but `[unk]`, no other is given: they are what it would be forced into.
    """
    heard = [piece for piece in pieces if piece and piece[0]["text"]]
    best = [without_unknown(piece[0]["text"]) for piece in heard]
    whole = " ".join(filter(None, best))
    unknown = unknown_share([word for piece in heard for word in piece[0].get("result", ())])
    if not whole:
        return Transcript(unknown=unknown)
    shares = [_softmax([reading["confidence"] for reading in piece]) for piece in heard]
    confidence = math.prod(share[0] for share in shares)
    readings = {whole: confidence}
    for index, (piece, share) in enumerate(zip(heard, shares, strict=True)):
        for reading, part in zip(piece[1:], share[1:], strict=True):
            other = without_unknown(reading["text"])
            text = " ".join(filter(None, [*best[:index], other, *best[index + 1 :]]))
            readings[text] = readings.get(text, 0.0) + confidence * part / max(share[0], 1e-9)
    ranked = sorted(readings.items(), key=lambda entry: (entry[0] != whole, -entry[1]))
    words = tuple(
        _word(word, sum(part for reading, part in zip(piece, share, strict=True) if _holds(reading, word["word"])))
        for piece, share in zip(heard, shares, strict=True)
        for word in piece[0].get("result", ())
        if word["word"] != UNKNOWN
    )
    alternatives = tuple(Alternative(text, min(1.0, part)) for text, part in ranked[:MAX_ALTERNATIVES] if text)
    return Transcript(whole, alternatives, words, unknown)


def without_unknown(text: str) -> str:
    """A text of Vosk's without its `[unk]`."""
    return " ".join(word for word in text.split() if word != UNKNOWN)


def unknown_share(words: Sequence[Any]) -> float:
    """The part of Vosk's words' time that is `[unk]`."""
    spoken = sum(word["end"] - word["start"] for word in words)
    unknown = sum(word["end"] - word["start"] for word in words if word["word"] == UNKNOWN)
    return float(unknown / spoken) if spoken > 0 else 0.0


def _holds(reading: Any, word: str) -> bool:
    return word in reading["text"].split()


def _word(word: Any, confidence: float) -> Word:
    return Word(word["word"], round(1000 * word["start"]), round(1000 * word["end"]), min(1.0, confidence))


def _softmax(scores: Sequence[float]) -> list[float]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]
