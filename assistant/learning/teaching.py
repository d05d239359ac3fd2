"""Makes an answer, or another way to ask one, of a group of questions: as a draft, until somebody publishes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from assistant.learning.inbox import Inbox
from assistant.learning.personal import marked, without_personal
from assistant.learning.question import Group, Question, State
from skills.storefront import AnswerDesk, Match, ShopAnswer
from skills.storefront.answer import VARIANTS_MAX
from skills.storefront.entries import Entries
from skills.storefront.entry import Conflict, Version

VARIANTS = 12
"""Ways to ask that are offered: more of them add little."""
LIKELY = 4
"""Answers that are offered to be added to."""
QUOTE_MAX = 200
KIND = "answer"


@dataclass(frozen=True)
class Lesson:
    """What is offered for a group: how to put the question, other ways to ask it, and the answers that are near."""

    question: str
    variants: tuple[str, ...]
    likely: tuple[Match, ...]

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way to ask."""
        return (self.question, *self.variants)


@dataclass(frozen=True)
class Taught:
    """The draft has it; `question` is the answer's, `changed` whether it waits to be published."""

    answer: str
    question: str
    changed: bool


@dataclass(frozen=True)
class NotTaught:
    """Nothing was changed; why, in a sentence."""

    why: str


class Teaching:
    """Of all shops; every method blocks. Raises ServiceError(`storage_failed`), StorefrontError."""

    def __init__(self, inbox: Inbox, entries: Entries, desk: AnswerDesk) -> None:
        self._inbox = inbox
        self._entries = entries
        self._desk = desk

    def lesson(self, shop: str, group: Group, asked: Sequence[Question]) -> Lesson:
        """What can be taught of a group, with what is a customer's own left out."""
        question = without_personal(group.title)[:QUOTE_MAX]
        ways = wordings(question, [one.text for one in asked])
        return Lesson(question, ways, tuple(self._desk.near(shop, [question, *ways], limit=LIKELY)))

    def new_answer(self, shop: str, group: str, answer: ShopAnswer, by: str, at: datetime) -> Taught | NotTaught:
        """Keep a new answer; the same form sent twice makes one."""
        saved = self._entries.save(shop, KIND, answer.id, answer, by, at, seen=0)
        if isinstance(saved, Conflict):
            return NotTaught("This answer was kept already, and has been changed since. Please look at it there.")
        self._inbox.settle(shop, group, State.TAUGHT, by, at, answer.id)
        return Taught(answer.id, answer.question, saved.entry.changed)

    def variants(
        self, shop: str, group: str, identity: str, ways: Sequence[str], by: str, at: datetime
    ) -> Taught | NotTaught:
        """Add ways to ask to an answer that is there."""
        entry = self._entries.draft(shop, KIND, identity)
        if entry is None or entry.removed:
            return NotTaught("This answer is gone. Please choose another one.")
        answer = entry.read(ShopAnswer)
        known = {_plain(one) for one in answer.wordings}
        fresh = tuple(one for one in dict.fromkeys(ways) if _plain(one) not in known)
        variants = (*answer.variants, *fresh)
        if len(variants) > VARIANTS_MAX:
            return NotTaught(f"This answer has {len(answer.variants)} ways to ask already; {VARIANTS_MAX} is the most.")
        try:
            grown = ShopAnswer.model_validate(answer.model_dump() | {"variants": variants})
        except ValidationError:
            return NotTaught("A way to ask can have 500 characters.")
        if fresh:
            saved = self._entries.save(shop, KIND, identity, grown, by, at, entry.revision)
            if isinstance(saved, Conflict):
                return NotTaught("Somebody has just changed this answer. Please try again.")
            entry = saved.entry
        self._inbox.settle(shop, group, State.TAUGHT, by, at, identity)
        return Taught(identity, answer.question, entry.changed)

    def publish(self, shop: str, identity: str, by: str, at: datetime, note: str) -> Version | None:
        """Make the draft of one answer live; None where there is nothing to publish."""
        entry = self._entries.draft(shop, KIND, identity)
        if entry is None or not entry.changed:
            return None
        return self._entries.publish(shop, by, at, note, only={(KIND, identity): entry.revision})


def wordings(question: str, asked: Sequence[str], most: int = VARIANTS) -> tuple[str, ...]:
    """Different ways to ask a question, without what is a customer's own. Pure."""
    found: dict[str, str] = {_plain(question): ""}
    for text in asked:
        words = without_personal(text)[:500]
        if words and not marked(words):
            found.setdefault(_plain(words), words)
    return tuple(words for words in found.values() if words)[:most]


def _plain(text: str) -> str:
    """What two ways to ask that are no different have in common."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())
