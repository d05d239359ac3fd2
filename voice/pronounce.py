"""How a word sounds, in the ARPAbet phones of the bundled English acoustic model."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from pathlib import Path

import pocketsphinx

from voice.espeak import library

DICTIONARY = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
"""The CMU pronouncing dictionary that comes with pocketsphinx, without stress."""

# ruff: noqa: RUF001 - IPA letters look like Latin ones
_PHONES = {
    "iː": "IY", "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɛ": "EH", "e": "EH", "eɪ": "EY", "eː": "EY", "æ": "AE", "aa": "AE",
    "a": "AA", "aː": "AA", "ɑː": "AA", "ɑ": "AA", "ɒ": "AA", "ɔː": "AO", "ɔ": "AO", "oː": "AO", "o": "OW", "oʊ": "OW",
    "əʊ": "OW", "ʊ": "UH", "uː": "UW", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "aɪ": "AY", "aʊ": "AW", "ɔɪ": "OY",
    "ɜː": "ER", "ɜ": "ER", "ɚ": "ER", "l̩": "AH L", "n̩": "AH N", "m̩": "AH M", "p": "P", "b": "B", "t": "T", "d": "D",
    "k": "K", "ɡ": "G", "g": "G", "f": "F", "v": "V", "θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH",
    "tʃ": "CH", "dʒ": "JH", "h": "HH", "m": "M", "n": "N", "ŋ": "NG", "ɲ": "N Y", "l": "L", "ɫ": "L", "ɬ": "L",
    "ɹ": "R", "r": "R", "j": "Y", "w": "W", "ɾ": "T", "ʔ": "T", "x": "K", "ç": "HH",
}  # fmt: skip
"""IPA as eSpeak NG's en-us voice writes it. A flap is T: the CMU dictionary writes it so."""
_LONGEST = max(map(len, _PHONES))
_STRESS = str.maketrans("", "", "ˈˌ\u200d")
_VARIANT = re.compile(r"\(\d+\)$")
_lock = threading.Lock()


def pronounce(word: str) -> tuple[str, ...]:
    """The ARPAbet phones eSpeak gives an English word; empty where it has no sound."""
    with _lock:
        espeak = library()
        espeak.set_voice("en-us")
        ipa = espeak.phonemes(word)
    return arpabet(ipa)


def arpabet(ipa: str) -> tuple[str, ...]:
    """Map IPA (phonemes separated by `_` or blanks) to ARPAbet, longest symbol first; unknown marks are dropped."""
    phones: list[str] = []
    for phoneme in re.split(r"[_\s]+", ipa.translate(_STRESS)):
        position = 0
        while position < len(phoneme):
            for length in range(_LONGEST, 0, -1):
                mapped = _PHONES.get(phoneme[position : position + length])
                if mapped:
                    phones.extend(mapped.split())
                    break
            position += length
    return tuple(phones)


def pronunciations(words: Iterable[str], base: Path = DICTIONARY) -> dict[str, tuple[tuple[str, ...], ...]]:
    """How each word may sound: as the Sphinx dictionary file `base` has it, and as eSpeak says the rest.

    A word nobody can pronounce is left out.
    """
    wanted = set(words)
    found: dict[str, list[tuple[str, ...]]] = {}
    with base.open(encoding="utf-8") as entries:
        for entry in entries:
            word, _, phones = entry.partition(" ")
            word = _VARIANT.sub("", word)
            if word in wanted:
                found.setdefault(word, []).append(tuple(phones.split()))
    for word in sorted(wanted - found.keys()):
        if guessed := pronounce(word):
            found[word] = [guessed]
    return {word: tuple(variants) for word, variants in found.items()}


def dictionary_lines(words: Iterable[str], base: Path = DICTIONARY) -> list[str]:
    """Lines of a Sphinx dictionary for `words`; a word nobody can pronounce gets no line."""
    return [
        f"{word}{f'({number})' if number > 1 else ''} {' '.join(phones)}"
        for word, variants in pronunciations(words, base).items()
        for number, phones in enumerate(variants, start=1)
    ]
