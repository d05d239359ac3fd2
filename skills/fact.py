"""What a turn has come to, as a shop counts it: each fact is kept beside the chat's answer and read by its insights."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from skills.message import Message

SUBJECT_MAX, TEXT_MAX = 120, 1_000


class FactKind(StrEnum):
    """What kind of thing has happened; in brackets what a fact's `subject` is."""

    WROTE = "wrote"
    """A shopper wrote or said something."""
    REPLIED = "replied"
    """They got an answer (`bot` or `agent`), after so many milliseconds."""
    ANSWERED = "answered"
    """A question was answered (the shop's answer, or the product that was asked about): `source` says from what."""
    UNANSWERED = "unanswered"
    """A question was not answered (the product that it was about, if any): `source` says why."""
    SEARCHED = "searched"
    """Products were looked for: `text` says which, `count` how many were found; 0 too where only others came near."""
    SHOWN = "shown"
    """A product was shown (the product)."""
    ASKED_ABOUT = "asked_about"
    """Details, reviews, stock, delivery or a comparison of a product were asked for (the product)."""
    ORDERED = "ordered"
    """Something was bought (the order's number)."""
    KEYWORD = "keyword"
    """A keyword was answered (the keyword reply)."""
    RATED = "rated"
    """An answer was rated (`good` or `bad`)."""
    HANDED_OVER = "handed_over"
    """A person was asked for, or came (a `HandOver`)."""


class Source(StrEnum):
    """Where an answer came from."""

    SHOP = "shop"
    """One of the shop's own answers: the subject is its id."""
    PRODUCT = "product"
    """What is known of the product: its details, description, questions."""
    REVIEWS = "reviews"
    STOCK = "stock"
    DELIVERY = "delivery"
    """The shop's ways of sending."""
    ORDER = "order"
    """An order, its return or its refund."""


class Missing(StrEnum):
    """Why a question was not answered."""

    UNKNOWN = "unknown"
    """It was understood, and nobody has told the assistant."""
    UNCLEAR = "unclear"
    """It was not understood."""
    BEYOND = "beyond"
    """It is nothing that the assistant does."""
    FAILED = "failed"
    """Something went wrong."""


class HandOver(StrEnum):
    """What became of the wish for a person."""

    QUEUED = "queued"
    OFFLINE = "offline"
    """Asked for outside the hours."""
    TAKEN = "taken"
    """A person has come, asked for or not."""
    NOBODY_CAME = "nobody_came"


class Fact(Message):
    """One thing that a turn has come to."""

    kind: FactKind
    subject: str = Field(default="", max_length=SUBJECT_MAX)
    source: str = Field(default="", max_length=16)
    """Of ANSWERED a `Source`, of UNANSWERED a `Missing`."""
    text: str = Field(default="", max_length=TEXT_MAX)
    """What was asked or looked for, as it was said; empty where that is a secret."""
    count: int | None = None
    score: float | None = None
    """How well an answer of the shop's fitted, from about 0 to about 1."""
    milliseconds: int | None = Field(default=None, ge=0)
    """Of REPLIED: from the shopper's words to the answer."""


def answered(source: Source, subject: str, text: str, score: float | None = None) -> Fact:
    """A question was answered."""
    return Fact(kind=FactKind.ANSWERED, subject=subject, source=source, text=text[:TEXT_MAX], score=score)


def unanswered(why: Missing, text: str, product: str = "") -> Fact:
    """A question was not answered."""
    return Fact(kind=FactKind.UNANSWERED, subject=product, source=why, text=text[:TEXT_MAX])


def searched(text: str, count: int) -> Fact:
    """Products were looked for."""
    return Fact(kind=FactKind.SEARCHED, text=text[:TEXT_MAX], count=count)


def asked_about(product: str, text: str) -> Fact:
    """Something about a product was asked for."""
    return Fact(kind=FactKind.ASKED_ABOUT, subject=product, text=text[:TEXT_MAX])


def ordered(number: str) -> Fact:
    """Something was bought."""
    return Fact(kind=FactKind.ORDERED, subject=number)


def keyword(reply: str, text: str) -> Fact:
    """A keyword was answered with one of the shop's keyword replies."""
    return Fact(kind=FactKind.KEYWORD, subject=reply, text=text[:TEXT_MAX])
