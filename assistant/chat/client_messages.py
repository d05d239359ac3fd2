"""What a widget sends over the chat socket: types, JSON form, validation (docs/chat-protocol.md)."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from assistant.errors import ServiceError
from skills.message import ItemId, Message
from skills.shop_view import Tap
from skills.turn import MAX_TEXT

VERSION = 1

TEXT_MAX = 16 * 1024
"""Characters of one message."""

SEQ_MAX = 2**31 - 1

COMMENT_MAX = 500

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """Without control characters, which no keyboard types, not every database keeps and some turn lines round, and
    without blank margins.
    """
    return _CONTROLS.sub("", text).strip()


ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
"""The client's own name for a message; a message that comes again under the same is the same."""
Seq = Annotated[int, Field(strict=True, ge=0, le=SEQ_MAX)]
Plain = Annotated[str, AfterValidator(plain)]


class Page(Message):
    """Where the widget is."""

    url: Plain = Field(default="", max_length=2_000)
    title: Plain = Field(default="", max_length=300)
    product: ItemId | None = None


class Hello(Message):
    """First message: who it is, and what they have seen last."""

    type: Literal["hello"]
    version: int
    session: str | None = Field(default=None, max_length=600)
    conversation: str | None = Field(default=None, max_length=64)
    last: Seq = 0
    page: Page | None = None
    identity: str | None = Field(default=None, max_length=1_000)
    """By which the shop's own site vouches for a customer."""
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")


class Send(Message):
    """Words, or a tap on a button that is called `label`."""

    type: Literal["send"]
    id: ClientId
    text: Plain = Field(default="", max_length=MAX_TEXT)
    tap: Tap | None = None
    label: Plain = Field(default="", max_length=120)
    page: Page | None = None
    voice: ClientId | None = None
    """The recording, by the id that its transcript came with, of which `text` is what was heard."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.text) == bool(self.tap):
            raise ValueError("either text or a tap")
        if self.tap and (not self.label or self.voice):
            raise ValueError("a tap comes with the label of its button, and without a voice")
        return self

    @property
    def said(self) -> str:
        """What the log shows."""
        return self.label if self.tap else self.text


class Read(Message):
    """Everything up to `seq` has been seen."""

    type: Literal["read"]
    seq: Seq


class Rate(Message):
    """What somebody thinks of an answer; None takes it back."""

    type: Literal["rate"]
    seq: Seq
    value: Literal["good", "bad"] | None
    comment: Plain = Field(default="", max_length=COMMENT_MAX)


class Open(Message):
    """Go on in another conversation of the same shopper."""

    type: Literal["open"]
    conversation: str = Field(max_length=64)
    last: Seq = 0


class New(Message):
    """Begin another conversation."""

    type: Literal["new"]


class Ping(Message):
    """Is somebody there? Pages cannot see the protocol's own pings."""

    type: Literal["ping"]


ClientMessage = Annotated[Hello | Send | Read | Rate | Open | New | Ping, Field(discriminator="type")]
_CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


def read_message(data: str | bytes) -> ClientMessage:
    """Read a message.

    Raises:
        ServiceError: `message_invalid`, naming the field that is wrong.
    """
    if not isinstance(data, str):
        raise ServiceError("message_invalid", "Messages are text.")
    if len(data) > TEXT_MAX:
        raise ServiceError("message_invalid", f"A message is longer than {TEXT_MAX} characters.")
    try:
        return _CLIENT.validate_json(data)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in problem["loc"])[:80] or "message"
        raise ServiceError("message_invalid", f"{field}: {problem['msg'][:200]}") from error
