"""What a shop's inbox of questions consists of: questions, and groups of them that mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from skills.storefront.grouping import representative

Vector = NDArray[np.float32]


class State(StrEnum):
    """What has become of a group."""

    OPEN = "open"
    TAUGHT = "taught"
    """The shop has an answer now; what is asked in vain after that is open again."""
    DISMISSED = "dismissed"
    """Nobody wants to answer this, today or later."""


class Why(StrEnum):
    """Why a question is in the inbox."""

    ANY = ""
    UNANSWERED = "unanswered"
    BADLY_RATED = "badly_rated"


class Order(StrEnum):
    """What comes first."""

    MOST = "most"
    LATEST = "latest"


@dataclass(frozen=True)
class Question:
    """Something that a shopper asked; `rated` is the number of the answer that was rated badly, None if there was no
    answer.
    """

    conversation: str
    seq: int
    text: str
    at: datetime
    rated: int | None = None
    product: str = ""
    """That it was about, if any."""


@dataclass(frozen=True)
class Known:
    """A question with its place among the others: `vector` is its meaning, of unit length."""

    question: Question
    group: str
    vector: Vector


@dataclass(frozen=True)
class Group:
    """Questions of one meaning. `again` where some of them came after the group had been taught `answer`: only those
    are counted and shown.
    """

    id: str
    state: State
    title: str
    """The question that is nearest to all others."""
    count: int
    rated: int
    """How many of them had an answer that was rated badly."""
    first: datetime
    last: datetime
    examples: tuple[Question, ...]
    """The newest."""
    answer: str
    by: str
    at: datetime
    again: bool


@dataclass(frozen=True)
class Wanted:
    """Which groups are wanted."""

    state: State = State.OPEN
    why: Why = Why.ANY
    words: str = ""
    since: datetime | None = None
    order: Order = Order.MOST
    page: int = 1


@dataclass(frozen=True)
class Listing:
    """A page of groups; `more` where another follows."""

    groups: tuple[Group, ...]
    more: bool


def most_typical(members: Sequence[Known]) -> Question:
    """The question that stands for all of them."""
    return members[representative(np.stack([one.vector for one in members]))].question
