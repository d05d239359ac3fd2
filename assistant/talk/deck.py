"""The player at work: carries out what `Player` decides, with tracks that sound."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin

from assistant.talk.fresh_link import fresh_link
from assistant.talk.player import ChangeVolume, Hold, Load, Player, PlayerEffect, Release, Report, Unload
from assistant.talk.sound import Sound, TrackBegan, TrackEnded
from assistant.talk.track import Track
from skills.player import Directive, Play, Playback, PlayerState

Show = Callable[[Playback, Play, str], None]


class Deck:
    """Plays what the directives name, reports what really happens, and shows each change."""

    def __init__(self, base_url: str, sound: Sound, report: Callable[[PlayerState], None], show: Show) -> None:
        self._base_url = base_url
        self._sound = sound
        self._report = report
        self._show = show
        self._player = Player()
        self._track: Track | None = None
        self._shown: tuple[str, Playback] | None = None

    def obey(self, directives: tuple[Directive, ...], request: str) -> None:
        """Carry out the directives of the reply to `request`."""
        for directive in directives:
            self.look_at_clock()
            self._note_position()
            self._carry_out(self._player.obey(directive, request))

    def report_again(self) -> None:
        """Tell the service where the player is: to a new connection, and now and then while something plays."""
        self._note_position()
        self._report(self._player.state)

    def look_at_clock(self) -> None:
        """Pause if the sleep timer is due."""
        self._carry_out(self._player.at(time.monotonic()))

    @property
    def playing(self) -> bool:
        """Something can be heard."""
        return self._player.playback is Playback.PLAYING

    def on_sound(self, event: TrackBegan | TrackEnded) -> None:
        """A track began or ended; one that was replaced meanwhile no longer matters."""
        if event.track is not self._track:
            return
        self._note_position()
        if isinstance(event, TrackBegan):
            self._carry_out(self._player.began())
        elif event.problem is None:
            self._carry_out(self._player.ended())
        else:
            self._carry_out(self._player.failed(), str(event.problem))

    def close(self) -> None:
        """Be silent, and let go of what is loaded."""
        self._track = None
        self._sound.load(None)

    def _note_position(self) -> None:
        if self._track:
            self._player.moved(self._track.position_ms)

    def _carry_out(self, effects: tuple[PlayerEffect, ...], problem: str = "") -> None:
        for effect in effects:
            match effect:
                case Load():
                    self._load(effect)
                case Hold():
                    self._sound.hold(True)
                case Release():
                    self._sound.hold(False)
                case Unload():
                    self.close()
                case ChangeVolume(volume=volume):
                    self._sound.set_volume(volume)
                case Report(state=state):
                    self._report(state)
                    self._show_change(problem)

    def _load(self, load: Load) -> None:
        url = urljoin(self._base_url, load.play.url)
        renewed = partial(fresh_link, self._base_url, load.play.item)
        self._track = Track(url, self._sound.rate, load.begin_ms, load.end_ms, renewed)
        self._sound.load(self._track)

    def _show_change(self, problem: str) -> None:
        item, playback = self._player.item, self._player.playback
        if item is None or (item.item, playback) == self._shown or self._player.loading:
            return
        self._shown = (item.item, playback)
        self._show(playback, item, problem)
