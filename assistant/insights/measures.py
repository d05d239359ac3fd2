"""What is counted, each with the facts that it is counted from: a number and its list ask the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.insights.spans import Span


class Measure(StrEnum):
    """A number of conversations. In brackets what `Behind.subject` says."""

    ALL = "all"
    """In which a shopper wrote something."""
    CONTAINED = "contained"
    """Of those: no person came, none was asked for, nothing was rated badly, the last question was answered."""
    HANDED_OVER = "handed_over"
    """A person of the shop came into it, or wrote."""
    UNSOLVED = "unsolved"
    """No person came, and one was asked for, an answer was rated badly, or the last question was not answered."""
    LIKED = "liked"
    """Answers were rated, none of them badly."""
    DISLIKED = "disliked"
    """An answer was rated badly."""
    BOT = "bot"
    """The assistant answered, and how long that took is known."""
    PEOPLE = "people"
    """A person wrote to somebody who waited for it."""
    ANSWER = "answer"
    """A question was answered with one of the shop's answers (its id)."""
    UNANSWERED = "unanswered"
    """A question was not answered (nothing: any)."""
    QUESTION = "question"
    """The same (the words that it was asked in, in small letters)."""
    SEARCH = "search"
    """A search without result (its words in small letters)."""
    PRODUCT = "product"
    """A product was asked about (the product)."""
    TOPIC = "topic"
    """Something of a topic came up (the topic)."""
    HOUR = "hour"
    """A shopper wrote in an hour of a day of the week ("0-14" is Monday from 14:00 to 15:00)."""
    ORDERS = "orders"
    """An order followed upon it."""


@dataclass(frozen=True)
class Behind:
    """Which conversations are meant; `bar` is the first day of a bar of the span, where only those that began in it
    are.
    """

    measure: Measure
    subject: str = ""
    bar: str = ""

    def within(self, span: Span) -> Span:
        """The bar, or the span as a whole where none is meant, or none of the span's."""
        return next((one for one in span.bars() if one.first.isoformat() == self.bar), span)


class Topic(StrEnum):
    """Topics that every shop has; the others are the folders of its answers."""

    SEARCHES = "searches"
    PRODUCTS = "products"
    DELIVERY = "delivery"
    ORDERS = "orders"
    QUESTIONS = "questions"
    """Answered with answers of the shop's that are in no folder, or that are gone."""
    UNANSWERED = "unanswered"
