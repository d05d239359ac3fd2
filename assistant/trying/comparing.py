"""What was answered, what the drafts would answer, and which of both is better. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skills.fact import Fact, FactKind, Source


class Verdict(StrEnum):
    """How the drafts' answer compares with the one that was given."""

    BETTER = "better"
    """It was not answered, and would be."""
    PERHAPS_BETTER = "perhaps better"
    """The answer was rated bad, and would be another."""
    WORSE = "worse"
    """It was answered, and would not be."""
    PERHAPS_WORSE = "perhaps worse"
    """The answer was rated good, and would be another."""
    DIFFERENT = "different"
    SAME = "same"


@dataclass(frozen=True)
class Given:
    """An answer, and what it came from: the `source` and what of it, or that there was none."""

    text: str
    answered: bool
    unanswered: bool
    source: str = ""
    subject: str = ""

    @classmethod
    def of(cls, text: str, facts: Iterable[Fact]) -> Given:
        """By the facts of a turn; of several the first that says so."""
        listed = list(facts)
        answered = next((one for one in listed if one.kind in (FactKind.ANSWERED, FactKind.KEYWORD)), None)
        missing = any(one.kind is FactKind.UNANSWERED for one in listed)
        if answered is None:
            return cls(text, answered=False, unanswered=missing)
        source = answered.source or answered.kind
        return cls(text, answered=True, unanswered=False, source=source, subject=answered.subject)

    def is_like(self, other: Given) -> bool:
        """Whether it comes to the same. Only what the shop has written itself is compared word by word: prices, stock
        and dates change from day to day.
        """
        where = (self.answered, self.unanswered, self.source, self.subject)
        if where != (other.answered, other.unanswered, other.source, other.subject):
            return False
        return self.text == other.text or self.source not in (Source.SHOP, FactKind.KEYWORD)


@dataclass(frozen=True)
class Compared:
    """A real question with both answers."""

    conversation: str
    seq: int
    """Of the question."""
    at: datetime
    question: str
    rating: str
    before: Given
    after: Given

    @property
    def verdict(self) -> Verdict:
        """What publishing the drafts would mean for it."""
        before, after = self.before, self.after
        if before.is_like(after):
            return Verdict.SAME
        if before.unanswered and not after.unanswered:
            return Verdict.BETTER
        if after.unanswered and not before.unanswered:
            return Verdict.WORSE
        rated = {"bad": Verdict.PERHAPS_BETTER, "good": Verdict.PERHAPS_WORSE}
        return rated.get(self.rating, Verdict.DIFFERENT)


def counts(compared: Sequence[Compared]) -> dict[Verdict, int]:
    """How many there are of each."""
    found = dict.fromkeys(Verdict, 0)
    for one in compared:
        found[one.verdict] += 1
    return found
