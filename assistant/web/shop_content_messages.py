"""What a shop's own machines send and get about its answers, its numbers and its conversations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from assistant.chat.server_messages import Sender
from skills.message import Message
from skills.shopping.money import Money
from skills.storefront import ShopAnswer


class HeldAnswer(Message):
    """An answer as it is edited. `revision` grows with every change; `live` where customers get something of it."""

    answer: ShopAnswer
    revision: int
    changed: bool
    """It is not published yet as it is."""
    live: bool
    by: str
    at: datetime


class HeldAnswers(Message):
    """Answers by their order; `next` is the `after` of the page that follows, if one does."""

    answers: tuple[HeldAnswer, ...]
    next: str | None = None


class PublishRequest(Message):
    """`note` is kept with the version; `answers` are those to be published, none for all changes of the shop."""

    note: str = Field(default="", max_length=500)
    answers: tuple[Annotated[str, Field(max_length=120)], ...] = Field(default=(), max_length=1_000)


class PublishedVersion(Message):
    """What was published together."""

    number: int
    by: str
    at: datetime
    note: str
    changes: int


class PublishedVersions(Message):
    """The newest first."""

    versions: tuple[PublishedVersion, ...]


class ShopNumbers(Message):
    """Days, both included, in numbers of conversations; satisfaction is a share, null where nobody has rated."""

    first: date
    last: date
    conversations: int
    contained: int
    handed_over: int
    unsolved: int
    unanswered: int
    satisfaction: float | None
    answer_ms_p50: int | None
    answer_ms_p95: int | None
    orders: int
    """Upon which a conversation had a part."""
    revenue: tuple[Money, ...]
    """What was shown and bought, in each currency."""


class ListedConversation(Message):
    """A conversation of the shop's."""

    id: str
    title: str
    customer: str | None
    state: str
    began: datetime
    used: datetime
    last: str
    """What was said last."""


class ListedConversations(Message):
    """The last used first; `more` where another page follows."""

    conversations: tuple[ListedConversation, ...]
    more: bool


class ConversationMessage(Message):
    """One message of a conversation."""

    seq: int
    sender: Sender = Field(serialization_alias="from")
    at: datetime
    text: str
    rating: str | None


class WholeConversation(Message):
    """A conversation, oldest message first."""

    id: str
    title: str
    customer: str | None
    messages: tuple[ConversationMessage, ...]
