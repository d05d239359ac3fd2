"""What is kept of a chat: conversations, and what messages consist of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.chat.client_messages import Page
from assistant.chat.handover import Thread
from assistant.chat.server_messages import ChatMessage, Listed, Rating, Sender
from skills.message import Message
from skills.shop_view import ShopView, Tap
from skills.turn import Hypothesis, QuickReply

TITLE_MAX = 60
HIDDEN = "••••"
"""In place of a PIN or a code that was typed."""


class Body(Message):
    """What a message consists of, as JSON in the database."""

    text: str
    name: str | None = None
    """Of the person who wrote it."""
    speech: str = ""
    """What is said aloud."""
    quick_replies: tuple[QuickReply, ...] = ()
    shop: ShopView | None = None
    tap: Tap | None = None
    page: Page | None = None
    """Where the shopper was."""
    heard: tuple[Hypothesis, ...] = ()
    """What a recogniser made of it, best first; none for what was typed."""
    unknown: float = 0.0
    """Share of that speech that no known word fits."""

    def answered(self, *, private: bool) -> Body:
        """What is left of it once it has been answered: what a form had in it, and secrets, are nobody's business."""
        tap = self.tap and self.tap.model_copy(update={"values": {}})
        return self.model_copy(update={"text": HIDDEN if private and not tap else self.text, "tap": tap, "heard": ()})


@dataclass(frozen=True)
class Kept:
    """A message as it is kept."""

    conversation: str
    seq: int
    sender: Sender
    body: Body
    at: datetime
    client_id: str | None = None
    reply_to: str | None = None
    rating: Rating | None = None
    comment: str = ""
    """Of the one who rated it."""

    def message(self) -> ChatMessage:
        """As clients see it."""
        body = self.body
        return ChatMessage(
            conversation=self.conversation,
            seq=self.seq,
            id=self.client_id or self.reply_to,
            sender=self.sender,
            name=body.name,
            at=self.at,
            text=body.text,
            speech=bool(body.speech),
            quick_replies=body.quick_replies,
            shop=body.shop,
            rating=self.rating,
        )


@dataclass(frozen=True)
class Conversation:
    """A conversation of one shopper in one shop."""

    id: str
    shop: str
    shopper: str
    customer: str | None
    title: str
    language: str
    seq: int
    read_seq: int
    thread: Thread
    contact: str
    started_at: datetime
    used_at: datetime

    def listed(self, unread: int) -> Listed:
        """As its shopper sees it among theirs."""
        return Listed(id=self.id, title=self.title, at=self.used_at, unread=unread)


def a_title(text: str) -> str:
    """The first words of what was said first, cut between words."""
    words = " ".join(text.split())
    if len(words) <= TITLE_MAX:
        return words
    cut = words[: TITLE_MAX - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[20:] else cut).rstrip(" ,.;:") + "…"
