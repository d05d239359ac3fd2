"""Answers in words to a question that buttons answer too: "the boots", "the second", "money back". Pure."""

from __future__ import annotations

import re

from skills.shopping.memory import Ask, Pending

_WORDS = re.compile(r"[a-z0-9]+")
_IDLE = frozenset(
    [
        "the",
        "a",
        "an",
        "one",
        "ones",
        "i",
        "want",
        "would",
        "like",
        "to",
        "my",
        "please",
        "it",
        "them",
        "those",
        "that",
        "this",
        "was",
        "were",
        "is",
        "are",
        "for",
        "of",
    ]
)


def chosen(pending: Pending | None, text: str, ordinal: str = "") -> str | None:
    """The key of the option that was meant, or None where none was, or where it may be several.

    `pending.values` has the options' `labels` and `keys`; `ordinal` is "1", "2", ... or "-1" for the last.
    """
    if pending is None or pending.ask is not Ask.WHICH:
        return None
    labels, keys = pending.values.get("labels"), pending.values.get("keys")
    if not isinstance(labels, list) or not isinstance(keys, list) or not keys:
        return None
    if re.fullmatch(r"-1|[1-9][0-9]?", ordinal):
        place = len(keys) - 1 if ordinal == "-1" else int(ordinal) - 1
        return keys[place] if place < len(keys) else None
    said = set(_WORDS.findall(text.casefold())) - _IDLE
    shares = [len(said & set(_WORDS.findall(label.casefold()))) for label in labels]
    best = max(shares)
    return keys[shares.index(best)] if best and shares.count(best) == 1 else None
