"""Replies to words that a shop has chosen, before anything is understood. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from skills.message import ItemId, Message
from skills.storefront.behaviour.doing import CardButton
from skills.storefront.behaviour.texts import checked

PHRASES_MAX = 50
ANSWERING = frozenset({"yes", "no", "ok", "okay", "yes please", "no thanks"})
"""Words that answer a question of the assistant's, whatever it was."""
_WORD = re.compile(r"\w+")


class KeywordMatch(StrEnum):
    """How the words have to come."""

    WHOLE = "whole"
    """Nothing else is said."""
    WITHIN = "within"
    """Among others, in this order, as whole words."""


class KeywordReply(Message):
    """Kind `keyword`. Case, punctuation and blanks do not matter."""

    phrases: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(
        min_length=1, max_length=PHRASES_MAX
    )
    match: KeywordMatch = KeywordMatch.WHOLE
    text: Annotated[str, checked] = Field(min_length=1, max_length=2_000)
    """May have variables."""
    buttons: tuple[CardButton, ...] = Field(default=(), max_length=10)
    card: ItemId | None = None
    """Shown with it, by its entry's id."""
    on: bool = True

    @model_validator(mode="after")
    def _sayable(self) -> Self:
        for phrase in self.phrases:
            words = " ".join(words_of(phrase))
            if not words:
                raise ValueError(f"“{phrase}” has no word in it.")
            if words in ANSWERING:
                raise ValueError(f"“{phrase}” answers questions of the assistant, so it cannot be a keyword.")
        return self


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case."""
    return tuple(_WORD.findall(text.casefold()))


def keyword_for(rules: Sequence[KeywordReply], text: str) -> KeywordReply | None:
    """The reply to what is said: whole before within, the longer phrase before the shorter, then the first."""
    said = words_of(text)
    found = [
        ((rule.match is KeywordMatch.WHOLE, len(phrase)), rule)
        for rule in rules
        if rule.on
        for phrase in map(words_of, rule.phrases)
        if (said == phrase if rule.match is KeywordMatch.WHOLE else within(phrase, said))
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def within(phrase: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether these words come among those, in this order and without others between them."""
    return any(said[at : at + len(phrase)] == phrase for at in range(len(said) - len(phrase) + 1))
