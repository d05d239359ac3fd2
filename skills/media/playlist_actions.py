"""The media skill's actions about a listener's playlists: add, take off, play, and what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from skills.media import phrases
from skills.media.answers import HERE_IS, Answers, also, answer
from skills.media.catalogue import Item
from skills.media.following import fitting, listener
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.playlists import ITEMS_MAX, PLAYLISTS_MAX, Adding, Playlist, Playlists, called, playlist_name
from skills.media.wanted import wanted
from skills.player import QUEUE_MAX, Enqueue, SetShuffle
from skills.skill import Action, ActionRequest, ActionResult

SAID = 3
"""Titles of a playlist that are said; more are shown."""
SHOWN = 5
NAMES_SAID = 5

NONE_YET = "You have no playlists yet. Say, add this to my running playlist."


class PlaylistActions:
    """Confirms what has been kept, and nothing else. Stateless."""

    def __init__(self, library: MediaLibrary, playlists: Playlists, now: Callable[[], datetime]) -> None:
        """`now` is the time in the listeners' time zone."""
        self._library = library
        self._playlists = playlists
        self._now = now
        self._answers = Answers(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_playlist_add": self.add,
            "action_media_playlist_remove": self.remove,
            "action_media_playlist_play": self.play,
            "action_media_playlists": self.show,
        }

    async def add(self, request: ActionRequest) -> ActionResult:
        """Put what was named, or what plays or was presented, on a playlist."""
        memory = MediaMemory.read(request.memory)
        item, problem = await self._meant(request, memory)
        if item is None:
            return answer(request, memory, problem, expects_reply=True)
        known = await self._playlists.of(listener(request))
        heard = playlist_name(request.understanding.value("playlist"))
        playlist = called(heard, known) if heard else known[0] if len(known) == 1 else None
        name = playlist.name if playlist else heard
        if not name:
            return answer(request, memory, _which(known), expects_reply=True)
        title, on = phrases.name(item.title), f"your {phrases.name(name)} playlist"
        match await self._playlists.add(listener(request), name, item.id):
            case Adding.ADDED if playlist is None:
                speech = f"I made {on}, with {title}."
            case Adding.ADDED:
                speech = f"Added {title} to {on}."
            case Adding.ALREADY:
                speech = f"{title} is on {on} already."
            case Adding.LIST_FULL:
                speech = f"There are {ITEMS_MAX} on {on}, and I cannot keep more."
            case Adding.TOO_MANY_LISTS:
                speech = f"You have {PLAYLISTS_MAX} playlists, and I cannot keep more."
        return answer(request, memory, speech)

    async def remove(self, request: ActionRequest) -> ActionResult:
        """Take what was named, or what plays or was presented, off a playlist."""
        memory = MediaMemory.read(request.memory)
        item, problem = await self._meant(request, memory)
        if item is None:
            return answer(request, memory, problem, expects_reply=True)
        known = await self._playlists.of(listener(request))
        bearing = [playlist for playlist in known if item.id in playlist.items]
        heard = playlist_name(request.understanding.value("playlist"))
        playlist = called(heard, known) if heard else bearing[0] if len(bearing) == 1 else None
        title = phrases.name(item.title)
        if playlist is None:
            return answer(request, memory, _no_such(heard, known) if heard or not bearing else _which(bearing))
        off = f"your {phrases.name(playlist.name)} playlist"
        if not await self._playlists.remove(listener(request), playlist.name, item.id):
            return answer(request, memory, f"{title} is not on {off}.")
        return answer(request, memory, f"Took {title} off {off}.")

    async def play(self, request: ActionRequest) -> ActionResult:
        """Play a playlist from its first item on; what can no longer be played is passed over."""
        memory, playlist, problem = await self._asked(request)
        if playlist is None:
            return answer(request, memory, problem, expects_reply=True)
        items = [item for item in self._items(playlist) if self._library.recording(item.id)]
        called_so = f"your {phrases.name(playlist.name)} playlist"
        if not items:
            return answer(request, memory, f"Nothing on {called_so} can be played any more.")
        first, rest = items[0], items[1 : QUEUE_MAX + 1]
        memory = MediaMemory(shown=tuple(item.id for item in items[:QUEUE_MAX]), told=min(SHOWN, len(items)))
        started = self._answers.start(
            request, memory, first, lead=f"{HERE_IS}{called_so}: ", cards=items[:SHOWN], begin_ms=0
        )
        shuffle = SetShuffle(shuffle="shuffle" in request.understanding.text.casefold())
        queue = Enqueue(items=tuple(self._library.play(item) for item in rest), place="only")
        return also(request, started, shuffle, queue)

    async def show(self, request: ActionRequest) -> ActionResult:
        """Which playlists there are, or what is on one."""
        if not request.understanding.value("playlist"):
            memory, known = MediaMemory.read(request.memory), await self._playlists.of(listener(request))
            return answer(request, memory, _listed(known))
        memory, playlist, problem = await self._asked(request)
        if playlist is None:
            return answer(request, memory, problem)
        items = self._items(playlist)
        if not items:
            return answer(request, memory, f"Nothing on your {phrases.name(playlist.name)} playlist is there any more.")
        said = fitting([phrases.name(item.title) for item in items[:SAID]])
        more = len(items) - len(said)
        titles = f"{', '.join(said)} and {more} more" if more else phrases.listed(said)
        memory = MediaMemory(shown=tuple(item.id for item in items), told=min(SHOWN, len(items)))
        speech = f"On your {phrases.name(playlist.name)} playlist: {titles}."
        return self._answers.items(request, memory, speech, items[:SHOWN])

    async def _asked(self, request: ActionRequest) -> tuple[MediaMemory, Playlist | None, str]:
        """The playlist that was named, or the only one; or why there is none."""
        memory, known = MediaMemory.read(request.memory), await self._playlists.of(listener(request))
        heard = playlist_name(request.understanding.value("playlist"))
        playlist = called(heard, known) if heard else known[0] if len(known) == 1 else None
        return memory, playlist, _no_such(heard, known) if heard or not known else _which(known)

    async def _meant(self, request: ActionRequest, memory: MediaMemory) -> tuple[Item | None, str]:
        """The item that was named, or what plays, is on the page or was presented; or why there is none."""
        asked, items = wanted(request.understanding, self._now()), self._library.items
        if asked.title or asked.creator or asked.series:
            found = await self._library.find(asked)
            certain = found.items and found.certain and not found.dropped
            return (found.items[0], "") if certain else (None, f"I found nothing like {phrases.request(asked)}.")
        player = request.utterance.player
        plays = player.item if player and player.is_loaded else None
        this = plays or request.utterance.page_item or memory.offered or memory.chosen or next(iter(memory.shown), "")
        return items.get(this), "Nothing is playing. What shall I take? Name it."

    def _items(self, playlist: Playlist) -> list[Item]:
        """What the catalogue still has of it."""
        return [self._library.items[item] for item in playlist.items if item in self._library.items]


def _which(known: Sequence[Playlist]) -> str:
    if not known:
        return "What shall it be called? Say, add this to my running playlist."
    return f"Which one? There is {phrases.listed(_names(known))}."


def _no_such(heard: str, known: Sequence[Playlist]) -> str:
    if not known:
        return NONE_YET
    return f"You have no {phrases.name(heard)} playlist. There is {phrases.listed(_names(known))}."


def _listed(known: Sequence[Playlist]) -> str:
    if not known:
        return NONE_YET
    names, more = _names(known), len(known) - NAMES_SAID
    listed = f"{', '.join(names)} and {more} more" if more > 0 else phrases.listed(names)
    return f"You have {len(known)} playlists: {listed}." if len(known) > 1 else f"You have one playlist: {listed}."


def _names(known: Sequence[Playlist]) -> list[str]:
    return [phrases.name(playlist.name) for playlist in known[:NAMES_SAID]]
