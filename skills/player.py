"""A listener's player: what it reports of itself, and what it can be told to do."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from skills.message import ItemId, Message, RequestId

QUEUE_MAX = 50
"""Items that a player keeps to be played next."""

SPEED_MIN, SPEED_MAX = 0.5, 2.0

DAY_MS = 86_400_000
"""No item, and no sleep timer, is longer."""

Milliseconds = Annotated[int, Field(ge=0, le=DAY_MS)]


class Playback(StrEnum):
    """What a player reports of itself."""

    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"
    FAILED = "failed"


class Repeat(StrEnum):
    """What follows when an item has ended: what is queued; the item again; all that was played, from the first."""

    OFF = "off"
    ONE = "one"
    ALL = "all"


class Ability(StrEnum):
    """What not every player can do, most named as the directive that asks for it; the others all can."""

    SEEK = "seek"
    SPEED = "speed"
    PART_SPEED = "part_speed"
    """Another speed for a part of an item alone."""
    REPEAT = "repeat"
    SHUFFLE = "shuffle"
    QUEUE = "queue"
    """And `next`, which goes on with the first of the queue."""
    SLEEP = "sleep"


class Sleep(Message):
    """A sleep timer: playback pauses `in_ms` from now, or once the present item has ended where that is None."""

    in_ms: Milliseconds | None = None


class PlayerState(Message):
    """What the listener's player says it is doing; the only source of the word "playing"."""

    state: Playback = Playback.STOPPED
    item: ItemId | None = None
    position_ms: int = Field(default=0, ge=0)
    ends_at_ms: int | None = Field(default=None, ge=0)
    """Where the item, or the part of it that was asked for, ends; None while that is not known."""
    volume: int = Field(default=60, ge=0, le=100)
    speed: float = Field(default=1.0, ge=SPEED_MIN, le=SPEED_MAX)
    repeat: Repeat = Repeat.OFF
    shuffle: bool = False
    queue: tuple[ItemId, ...] = Field(default=(), max_length=QUEUE_MAX)
    """What is played next, in this order."""
    sleep: Sleep | None = None
    can: tuple[Ability, ...] = Field(default=(), max_length=len(Ability))
    """Its abilities; an older player, which names none, has none."""
    dialog_request_id: RequestId | None = None
    """The request whose directive brought about this state, which acknowledges it."""

    @property
    def is_loaded(self) -> bool:
        """Whether an item plays or has paused."""
        return self.item is not None and self.state in (Playback.PLAYING, Playback.PAUSED)


class Play(Message):
    """Play an item from `begin_ms`, to its end or for `duration_ms`."""

    type: Literal["play"] = "play"
    item: ItemId
    title: str
    creator: str = ""
    url: str
    medium: Literal["audio", "video"] = "audio"
    image_url: str = ""
    begin_ms: int = Field(default=0, ge=0)
    duration_ms: int | None = Field(default=None, gt=0)
    channel: str = ""
    """The id of its creator's channel."""

    @property
    def end_ms(self) -> int | None:
        """Where the part that was asked for ends; None is the item's own end."""
        return None if self.duration_ms is None else self.begin_ms + self.duration_ms


class Control(Message):
    """Pause, resume or stop what the player has loaded, or go on with the first of its queue."""

    type: Literal["pause", "resume", "stop", "next"]


class SetVolume(Message):
    """Set the player's volume, in percent."""

    type: Literal["volume"] = "volume"
    volume: int = Field(ge=0, le=100)


class Seek(Message):
    """Go on from another place of the loaded item, counted from its beginning."""

    type: Literal["seek"] = "seek"
    position_ms: Milliseconds


class Part(Message):
    """A part of an item, in milliseconds from its beginning."""

    begin_ms: Milliseconds
    end_ms: Milliseconds


class SetSpeed(Message):
    """Play that many times as fast as it was recorded, at the same pitch.

    `within` a part, only there: who leaves it, by its end or by a seek, hears the rest at the speed before.
    """

    type: Literal["speed"] = "speed"
    speed: float = Field(ge=SPEED_MIN, le=SPEED_MAX)
    within: Part | None = None


class SetRepeat(Message):
    """What follows when an item has ended."""

    type: Literal["repeat"] = "repeat"
    repeat: Repeat


class SetShuffle(Message):
    """Mix the queue, and what is added to it; or bring it back into the order in which it was asked for."""

    type: Literal["shuffle"] = "shuffle"
    shuffle: bool


class Enqueue(Message):
    """Play these `next`, or `last`, after all that is queued; `only` these replaces the queue, by nothing too."""

    type: Literal["queue"] = "queue"
    items: tuple[Play, ...] = Field(max_length=QUEUE_MAX)
    place: Literal["next", "last", "only"] = "last"


class SetSleep(Message):
    """Set the sleep timer; None cancels it."""

    type: Literal["sleep"] = "sleep"
    sleep: Sleep | None


Directive = Annotated[
    Play | Control | SetVolume | Seek | SetSpeed | SetRepeat | SetShuffle | Enqueue | SetSleep,
    Field(discriminator="type"),
]


def needs(directive: Directive) -> Ability | None:
    """The ability that a player must have for a directive; None where every player has it."""
    if directive.type == "next":
        return Ability.QUEUE
    if directive.type == "speed" and directive.within:
        return Ability.PART_SPEED
    return Ability(directive.type) if directive.type in set(Ability) else None
