"""When a person is asked for though the customer has not said so. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from skills.message import Message
from skills.storefront.behaviour.keyword import within, words_of

HANDOVER_ID = "handover"

Phrase = Annotated[str, Field(min_length=1, max_length=100)]


class HandoverRules(Message):
    """Kind `handover`, of which there is one, `HANDOVER_ID`."""

    after_unanswered: int = Field(default=0, ge=0, le=10)
    """Questions in a row that had no answer; 0 for never."""
    phrases: tuple[Phrase, ...] = Field(default=(), max_length=100)
    """Words that ask for a person wherever they stand in a message."""
    bad_rating: bool = False
    """Whoever rates an answer as bad is offered a person."""
    topics: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = Field(default=(), max_length=50)
    """Folders of answers, those within them included, after which a person is asked for."""


@dataclass(frozen=True)
class Heard:
    """What a turn came to: what was said, topics of its answers, questions in a row without one, this included."""

    text: str
    topics: Collection[str] = ()
    unanswered: int = 0


def asks_for_person(rules: HandoverRules, heard: Heard) -> bool:
    """Whether a person is to be asked for after a turn."""
    if rules.after_unanswered and heard.unanswered >= rules.after_unanswered:
        return True
    chosen = [f"{topic.casefold()}/" for topic in rules.topics]
    within = any(f"{topic.casefold()}/".startswith(one) for topic in heard.topics for one in chosen)
    return within or says_phrase(rules, heard.text)


def says_phrase(rules: HandoverRules, text: str) -> bool:
    """Whether one of the rules' phrases is said, as whole words."""
    said = words_of(text)
    return any((words := words_of(phrase)) and within(words, said) for phrase in rules.phrases)
