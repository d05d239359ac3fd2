"""How English goes on in general, by the trigram model of pocketsphinx: it knows where sentences begin and end."""

from __future__ import annotations

import functools
import math
from typing import Any

import pocketsphinx

_LOG_BASE = math.log(1.0001)
"""In which pocketsphinx counts."""
_START, _END = "<s>", "</s>"


class GeneralEnglish:
    """Log probabilities of words after words. Thread-safe; `general_english` gives the one there is."""

    def __init__(self) -> None:
        """Read the model; a few hundredths of a second."""
        self._model: Any = pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))

    def boundary(self, before: tuple[str, str], after: tuple[str, str]) -> float:
        """How much likelier (natural logarithm) the words are with a sentence's end between them than without one.

        This is the hidden event model of Stolcke and Shriberg ("Automatic linguistic segmentation of conversational
        speech", ICSLP 1996), looking one word ahead.
        """
        earlier, last = before
        first, second = after
        ended = self._log(_END, last, earlier) + self._log(first, _START) + self._log(second, first, _START)
        return ended - self._log(first, last, earlier) - self._log(second, first, last)

    def share(self, word: str) -> float:
        """The logarithm of how often this word comes among all words."""
        return self._log(word)

    def _log(self, *latest_first: str) -> float:
        return float(self._model.prob(list(latest_first))) * _LOG_BASE


@functools.cache
def general_english() -> GeneralEnglish:
    """The model, read once."""
    return GeneralEnglish()
