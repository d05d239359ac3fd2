"""The media player's states, pure: directives and what became of the sound in; effects and true reports out.

The same rules as the page's player: what is loading reports itself as paused, "playing" is said only when sound has
come out, and a resume after a stop goes on from where it stopped.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from assistant.talk.sleep_timer import SleepTimer
from skills.player import (
    Ability,
    Control,
    Directive,
    Enqueue,
    Play,
    Playback,
    PlayerState,
    Seek,
    SetRepeat,
    SetShuffle,
    SetSleep,
    SetSpeed,
    SetVolume,
)
from skills.playlist import Pick, Playlist, sought

CAN = (Ability.SEEK, Ability.REPEAT, Ability.SHUFFLE, Ability.QUEUE, Ability.SLEEP)
"""All but another speed: that would need the sound to be stretched in time."""


@dataclass(frozen=True)
class Load:
    """Fetch the recording and let it sound from `begin_ms` to `end_ms`, or to its end."""

    play: Play
    begin_ms: int
    end_ms: int | None


@dataclass(frozen=True)
class Hold:
    """Keep what is loaded, silent."""


@dataclass(frozen=True)
class Release:
    """Let what is held sound again."""


@dataclass(frozen=True)
class Unload:
    """Let go of the recording."""


@dataclass(frozen=True)
class ChangeVolume:
    """Set the volume, in percent."""

    volume: int


@dataclass(frozen=True)
class Report:
    """Tell the service."""

    state: PlayerState


PlayerEffect = Load | Hold | Release | Unload | ChangeVolume | Report


class Player:
    """A list of items and what becomes of it. Positions are milliseconds from the item's beginning."""

    def __init__(self, pick: Pick = random.randrange) -> None:
        self.playback = Playback.STOPPED
        self.volume = PlayerState().volume
        self.loading = False
        """A recording was asked for, and nothing of it came out yet."""
        self._pick = pick
        self._list = Playlist()
        self._sleep = SleepTimer()
        self._now_s = 0.0
        self._position_ms = 0
        self._cause: str | None = None

    @property
    def item(self) -> Play | None:
        """What is loaded, or was last."""
        return self._list.current.play if self._list.current else None

    @property
    def state(self) -> PlayerState:
        """What the player does, as it is reported."""
        return PlayerState(
            state=self.playback,
            item=self.item.item if self.item else None,
            position_ms=self._position_ms,
            ends_at_ms=self.item.end_ms if self.item else None,
            volume=self.volume,
            repeat=self._list.repeat,
            shuffle=self._list.shuffle,
            queue=tuple(entry.play.item for entry in self._list.queue),
            sleep=self._sleep.state(self._now_s),
            can=CAN,
            dialog_request_id=self._cause,
        )

    def obey(self, directive: Directive, request: str) -> tuple[PlayerEffect, ...]:
        """Carry out a directive of the reply to `request`."""
        self._cause = request
        match directive:
            case Play():
                self._sleep.leave_item()
                self._list = self._list.start(directive)
                return self._load(directive.begin_ms)
            case SetVolume(volume=volume):
                self.volume = volume
                return ChangeVolume(volume), self._report()
            case Control(type="resume"):
                return self._resume()
            case Control(type="pause"):
                return self._pause()
            case Control(type="next"):
                return self._next()
            case Control():
                return self._stop()
            case Seek(position_ms=position_ms):
                return self._seek(position_ms)
            case _:
                return self._arrange(directive)

    def at(self, now_s: float) -> tuple[PlayerEffect, ...]:
        """So late it is, in seconds of a clock that never goes back: the sleep timer may be due."""
        self._now_s = now_s
        if not self._sleep.takes_effect(now_s):
            return ()
        self._cause = None
        return self._pause()

    def moved(self, position_ms: int) -> None:
        """So much has been heard."""
        if self.item:
            end = self.item.end_ms
            heard = position_ms if end is None else min(position_ms, end)
            self._position_ms = max(self._position_ms, heard)

    def began(self) -> tuple[PlayerEffect, ...]:
        """The first sound came out."""
        if not self.loading:
            return ()
        self.loading = False
        return self._become(Playback.PLAYING)

    def ended(self) -> tuple[PlayerEffect, ...]:
        """The last sound came out: what follows in the list begins, unless it was to sleep then."""
        if not self._sounding:
            return ()
        asleep = self._sleep.takes_effect(self._now_s, ended=True)
        ended = self._finish(Playback.ENDED)
        following = self._list.ended(self._pick)
        return ended if asleep or not following.current else (*ended, *self._go_on(following))

    def failed(self) -> tuple[PlayerEffect, ...]:
        """The recording cannot be fetched or decoded, or no longer."""
        return self._finish(Playback.FAILED) if self._sounding else ()

    def _load(self, begin_ms: int) -> tuple[PlayerEffect, ...]:
        assert self.item
        self._position_ms, self.loading = begin_ms, True
        return Load(self.item, begin_ms, self.item.end_ms), *self._become(Playback.PAUSED)

    def _next(self) -> tuple[PlayerEffect, ...]:
        following = self._list.next(self._pick)
        return self._go_on(following) if following.current else (self._report(),)

    def _go_on(self, following: Playlist) -> tuple[PlayerEffect, ...]:
        self._list = following
        assert self.item
        return self._load(self.item.begin_ms)

    def _seek(self, position_ms: int) -> tuple[PlayerEffect, ...]:
        current = self._list.current
        if current is None:
            return (self._report(),)
        play, position_ms = sought(current.play, position_ms, None)
        self._list = replace(self._list, current=replace(current, play=play))
        if self._sounding:
            return self._load(position_ms)
        self._position_ms = position_ms
        if self.playback is Playback.PAUSED:
            return Load(play, position_ms, play.end_ms), Hold(), self._report()
        return self._become(Playback.STOPPED)  # a resume goes on from there

    def _arrange(self, directive: Enqueue | SetRepeat | SetShuffle | SetSleep | SetSpeed) -> tuple[PlayerEffect, ...]:
        match directive:
            case Enqueue(items=items, place=place):
                self._list = self._list.enqueue(items, place, self._pick)
            case SetRepeat(repeat=repeat):
                self._list = self._list.repeating(repeat)
            case SetShuffle(shuffle=shuffle):
                self._list = self._list.shuffled(shuffle, self._pick)
            case SetSleep(sleep=sleep):
                self._sleep.set(sleep, self._now_s)
            case SetSpeed():
                pass  # not among the abilities: the report says what the speed still is
        return (self._report(),)

    def _resume(self) -> tuple[PlayerEffect, ...]:
        if self.item is None or self.loading or self.playback is Playback.PLAYING:
            return (self._report(),)
        if self.playback is Playback.PAUSED:
            self.loading = True
            return Release(), self._report()
        return self._load(self.item.begin_ms if self.playback is Playback.ENDED else self._position_ms)

    def _pause(self) -> tuple[PlayerEffect, ...]:
        if not self._sounding:
            return (self._report(),)
        self.loading = False
        return Hold(), *self._become(Playback.PAUSED)

    def _stop(self) -> tuple[PlayerEffect, ...]:
        if self.item is None:
            return (self._report(),)
        self.loading = False
        return Unload(), *self._become(Playback.STOPPED)

    def _finish(self, playback: Playback) -> tuple[PlayerEffect, ...]:
        self.loading, self._cause = False, None if playback is Playback.ENDED else self._cause
        return Unload(), *self._become(playback)

    @property
    def _sounding(self) -> bool:
        return self.loading or self.playback is Playback.PLAYING

    def _become(self, playback: Playback) -> tuple[PlayerEffect, ...]:
        self.playback = playback
        return (self._report(),)

    def _report(self) -> Report:
        return Report(self.state)
