"""What the service sends over the chat socket: types and their JSON form (docs/chat-protocol.md)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from assistant.chat.handover import State
from assistant.errors import ServiceError
from skills.message import Message
from skills.shop_view import Button, MenuEntry, ShopView
from skills.turn import QuickReply


class Sender(StrEnum):
    """Who wrote a message."""

    SHOPPER = "shopper"
    BOT = "bot"
    AGENT = "agent"
    NOTE = "note"
    """The house, about what happens: "Mia has joined"."""
    INTERNAL = "internal"
    """An agent, to other agents: no shopper ever sees it."""


Rating = Literal["good", "bad"]


class ChatMessage(Message):
    """One message of a conversation."""

    type: Literal["message"] = "message"
    conversation: str
    seq: int
    id: str | None = None
    """The client's own for what a shopper wrote; for an answer, that of what it answers."""
    sender: Sender = Field(serialization_alias="from")
    name: str | None = None
    at: datetime
    text: str
    speech: bool = False
    """Whether it can be listened to."""
    quick_replies: tuple[QuickReply, ...] = ()
    shop: ShopView | None = None
    rating: Rating | None = None


class Listed(Message):
    """A conversation in a shopper's list of them."""

    type: Literal["conversation"] = "conversation"
    id: str
    title: str
    at: datetime
    unread: int


class ShopFace(Message):
    """The shop, as the widget's head shows it; `opens` says in words when people answer again."""

    name: str
    greeting: str
    suggestions: tuple[str, ...]
    language: str
    open: bool
    opens: str
    menu: tuple[MenuEntry, ...] = ()


class Coming(Message):
    """A message that a widget shows by itself, so many seconds after a page was opened and never over an open chat; one
    visitor gets it once in `every_s`.
    """

    id: str
    text: str
    after_s: int
    every_s: int
    buttons: tuple[Button, ...] = ()


class Welcome(Message):
    """Answers hello, open and new: everything there is to draw."""

    type: Literal["welcome"] = "welcome"
    version: int
    session: str
    vouched: bool
    """The session belongs to a customer whom the shop's site has vouched for, and ends with that."""
    conversation: str
    conversations: tuple[Listed, ...]
    state: State
    name: str | None
    shop: ShopFace
    messages: tuple[ChatMessage, ...]
    more: bool
    read: int
    cart: int | None


class Accepted(Message):
    """A message is kept; it will be answered, whatever becomes of this connection."""

    type: Literal["accepted"] = "accepted"
    id: str
    seq: int


class Delta(Message):
    """More of the answer to `id`, while it is made."""

    type: Literal["delta"] = "delta"
    id: str
    text: str


class Typing(Message):
    """Somebody is at it."""

    type: Literal["typing"] = "typing"
    sender: Literal["bot", "agent"] = Field(serialization_alias="from")


class StateChanged(Message):
    """Who answers from now on."""

    type: Literal["state"] = "state"
    state: State
    name: str | None


class Cart(Message):
    """How many things are in the shopper's cart."""

    type: Literal["cart"] = "cart"
    count: int


class WasRead(Message):
    """Another tab has shown everything up to here."""

    type: Literal["read"] = "read"
    seq: int


class Rated(Message):
    """An answer was rated."""

    type: Literal["rated"] = "rated"
    seq: int
    value: Rating | None


class Error(Message):
    """Something could not be done; after a fatal one the connection ends."""

    type: Literal["error"] = "error"
    code: str
    message: str
    id: str | None = None
    fatal: bool = False

    @classmethod
    def of(cls, error: ServiceError, *, about: str | None = None, fatal: bool = False) -> Error:
        """The error as a client sees it."""
        return cls(code=error.code, message=error.message, id=about, fatal=fatal)


class Pong(Message):
    """Answers ping."""

    type: Literal["pong"] = "pong"


ServerMessage = (
    Welcome | Accepted | ChatMessage | Delta | Typing | StateChanged | Cart | WasRead | Rated | Listed | Error | Pong
)


def encode(message: ServerMessage) -> str:
    """As JSON; a sender is called `from`."""
    return message.model_dump_json(by_alias=True)
