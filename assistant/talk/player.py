"""The media player's states, pure: directives and what became of the sound in; effects and true reports out.

The same rules as the page's player: what is loading reports itself as paused, "playing" is said only when sound has
come out, and a resume after a stop goes on from where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass

from skills.turn import Control, Directive, Play, Playback, PlayerState, SetVolume


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
    """One item and what it does. Times are milliseconds from the item's beginning."""

    def __init__(self) -> None:
        self.item: Play | None = None
        self.playback = Playback.STOPPED
        self.volume = PlayerState().volume
        self._position_ms = 0
        self.loading = False
        """A recording was asked for, and nothing of it came out yet."""
        self._cause: str | None = None

    @property
    def state(self) -> PlayerState:
        """What the player does, as it is reported."""
        return PlayerState(
            state=self.playback,
            item=self.item.item if self.item else None,
            position_ms=self._position_ms,
            volume=self.volume,
            dialog_request_id=self._cause,
        )

    def obey(self, directive: Directive, request: str) -> tuple[PlayerEffect, ...]:
        """Carry out a directive of the reply to `request`."""
        self._cause = request
        match directive:
            case Play():
                self.item = directive
                return self._load(directive.begin_ms)
            case SetVolume(volume=volume):
                self.volume = volume
                return ChangeVolume(volume), self._report()
            case Control(type="resume"):
                return self._resume()
            case Control(type="pause"):
                return self._pause()
            case _:
                return self._stop()

    def moved(self, position_ms: int) -> None:
        """So much has been heard."""
        if self.item:
            end = self._end_ms(self.item)
            heard = position_ms if end is None else min(position_ms, end)
            self._position_ms = max(self._position_ms, heard)

    def began(self) -> tuple[PlayerEffect, ...]:
        """The first sound came out."""
        if not self.loading:
            return ()
        self.loading = False
        return self._become(Playback.PLAYING)

    def ended(self) -> tuple[PlayerEffect, ...]:
        """The last sound came out."""
        return self._finish(Playback.ENDED)

    def failed(self) -> tuple[PlayerEffect, ...]:
        """The recording cannot be fetched or decoded, or no longer."""
        return self._finish(Playback.FAILED)

    def _load(self, begin_ms: int) -> tuple[PlayerEffect, ...]:
        assert self.item
        self._position_ms, self.loading = begin_ms, True
        return Load(self.item, begin_ms, self._end_ms(self.item)), *self._become(Playback.PAUSED)

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
        if not self._sounding:
            return ()
        self.loading, self._cause = False, None if playback is Playback.ENDED else self._cause
        return Unload(), *self._become(playback)

    @property
    def _sounding(self) -> bool:
        return self.loading or self.playback is Playback.PLAYING

    @staticmethod
    def _end_ms(play: Play) -> int | None:
        return None if play.duration_ms is None else play.begin_ms + play.duration_ms

    def _become(self, playback: Playback) -> tuple[PlayerEffect, ...]:
        self.playback = playback
        return (self._report(),)

    def _report(self) -> Report:
        return Report(self.state)
