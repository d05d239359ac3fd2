"""Languages as listeners name them, and the codes (ISO 639-1) that catalogues have for them. Pure."""

from __future__ import annotations

import re

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_ALSO = {"mandarin": "zh", "cantonese": "zh", "farsi": "fa"}
_CODES = {name.casefold(): code for code, name in reversed(NAMES.items())} | _ALSO
_LANGUAGE = "|".join(_CODES)
_SAID = re.compile(rf"\bin ({_LANGUAGE})\b|\b({_LANGUAGE})[ -](?:language|speaking|spoken)\b")


def code(named: str) -> str:
    """The code of a language by its name or code; an unknown one stays as it was named, and no item is in it."""
    words = named.casefold().strip().removeprefix("in ").removesuffix(" language")
    return words if words in NAMES else _CODES.get(words, words)


def said(text: str) -> str:
    """The code of the language that a text asks for ("in Korean"); empty where it asks for none.

    "Korean cooking" asks for none: the name alone may be the subject.
    """
    found = _SAID.search(text.casefold())
    return _CODES[found[1] or found[2]] if found else ""


def name(code: str) -> str:
    """A language as it is called."""
    return NAMES.get(code, code.title())
