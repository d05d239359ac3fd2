"""What goes into a turn and what comes out of it: the one form every channel builds and every skill returns."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from skills.message import ItemId, Message, RequestId
from skills.player import Control, Directive, Play, Playback, PlayerState, SetVolume
from skills.shop_view import ShopView, Tap

__all__ = [
    "MAX_TEXT",
    "Card",
    "Channel",
    "Control",
    "Directive",
    "Hypothesis",
    "ItemId",
    "MediaKind",
    "Message",
    "Play",
    "Playback",
    "PlayerState",
    "QuickReply",
    "Reply",
    "RequestId",
    "SetVolume",
    "ShopView",
    "Tap",
    "Trigger",
    "Utterance",
]

MAX_TEXT = 1_000
"""Characters of one utterance; a minute of fast speech is about this long."""


class Channel(StrEnum):
    """Where an utterance came from."""

    SPEAKER = "speaker"
    PAGE = "page"
    COMMAND_LINE = "command_line"
    HTTP = "http"
    WIDGET = "widget"
    """A shop's chat."""
    CONSOLE = "console"
    """A seller's own questions and orders to the assistant."""


class Trigger(StrEnum):
    """What opened the microphone. It decides what silence means: see `assistant.reprompts`."""

    BUTTON = "button"
    WAKE = "wake"
    FOLLOW_UP = "follow_up"
    """The microphone opened by itself after an answer."""
    BARGE_IN = "barge_in"
    """Somebody spoke during an answer."""


class Hypothesis(Message):
    """One way to read what was said; `confidence` is between 0 and 1, best first in a list."""

    text: str = Field(max_length=MAX_TEXT)
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)


class Utterance(Message):
    """One thing somebody said or typed.

    `alternatives` holds at least one hypothesis, best first; one empty hypothesis stands for no input: the microphone
    was open and nobody spoke. `dialog_request_id` is new for each utterance; a reply
    carries it back, and a client drops directives with an older one.
    """

    conversation: str = Field(min_length=1, max_length=64)
    dialog_request_id: RequestId
    channel: Channel
    alternatives: tuple[Hypothesis, ...] = Field(min_length=1, max_length=10)
    spoken: bool = False
    """Heard by a recogniser, not typed: it may be misheard, or not be meant for us."""
    unknown: float = Field(default=0.0, ge=0.0, le=1.0)
    """Share of the time somebody spoke in which no known word fits what was said."""
    trigger: Trigger = Trigger.BUTTON
    """Of a spoken utterance."""
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    store: str | None = Field(default=None, max_length=64)
    page_item: ItemId | None = None
    """The product or media item on screen."""
    page_url: str = Field(default="", max_length=2_000)
    """The address of the page that the chat is on."""
    player: PlayerState | None = None
    """None where the channel has no player."""
    ignored: RequestId | None = None
    """An earlier request whose directives the player has not acknowledged in time."""
    listener: str = Field(default="", max_length=64)
    """Whose places in items are meant; a listener may have several conversations, on several devices."""
    user: str | None = Field(default=None, max_length=64)
    """A customer of the store whom its site has vouched for."""
    tap: Tap | None = None
    """A button instead of words; the hypothesis is then its label."""
    draft: bool = False
    """What a shop's people have not published yet counts as if they had; only their console asks so."""
    trial: bool = False
    """A shop's people try what would be said: nothing else comes of it, and nothing of it is kept."""
    at: AwareDatetime | None = None
    """Of a trial: the time at which it is supposed to be."""
    editor: str = Field(default="", max_length=120)
    """The name of the person of a shop who may change what it answers; only their console says so."""

    @property
    def text(self) -> str:
        """The best hypothesis."""
        return self.alternatives[0].text


class MediaKind(StrEnum):
    """What a catalogue item is."""

    PODCAST = "podcast"
    AUDIOBOOK = "audiobook"
    TALK = "talk"
    CONCERT = "concert"
    LESSON = "lesson"
    LIVE_SHOW = "live_show"


class Card(Message):
    """One item as it is shown: everything a client needs to draw it without asking again."""

    item: ItemId
    title: str
    subtitle: str = ""
    description: str = ""
    kind: str = ""
    medium: Literal["audio", "video", ""] = ""
    image_url: str = ""
    duration_ms: int | None = None
    published: str = ""
    """ISO date."""
    playable: bool = False
    begin_ms: int | None = Field(default=None, ge=0)
    """Where what was asked for begins, if that is a moment of the item."""
    channel: str = ""
    """The id of its creator's channel."""


class QuickReply(Message):
    """A tap that says something: `text` is shown, `utterance` is what it sends."""

    text: str = Field(max_length=40)
    utterance: str = Field(max_length=MAX_TEXT)


class Reply(Message):
    """What the assistant answers: `speech` is said, `text` is shown, directives are for the player.

    Text, speech and cards are made from the same items, so they cannot disagree. A reply never claims what has not
    happened: a `play` directive is announced, and only the player's report makes it "playing".
    """

    dialog_request_id: RequestId
    speech: str
    text: str
    cards: tuple[Card, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
    directives: tuple[Directive, ...] = ()
    shop: ShopView | None = None
    """What a shop shows beside the words."""
    action: str | None = None
    """Hand-off and the like, never hidden in the text."""
    expects_reply: bool = False
