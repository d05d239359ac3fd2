"""The media skill's actions: what the dialogue calls, each from a request to a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from skills.media import phrases
from skills.media.answers import Answers, answer
from skills.media.channel_names import named
from skills.media.choosing import ChoosingActions
from skills.media.correcting import CorrectingActions
from skills.media.following import FollowingActions
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.moment_actions import MomentActions
from skills.media.notes import Notes
from skills.media.playback import PlaybackActions
from skills.media.playlist_actions import PlaylistActions
from skills.media.presenting import CARDS, Presenting
from skills.media.recency import period
from skills.media.scene_actions import SceneActions
from skills.media.schedule import local_now
from skills.media.showings import ShowingActions
from skills.media.wanted import Wanted, wanted
from skills.skill import Action, ActionRequest, ActionResult

MAY_ANSWER = (
    "action_media_find",
    "action_media_play",
    "action_choose",
    "action_media_refine",
    "action_media_other",
)
"""What an answer to "do you mean ..., or ...?" may be taken for: "the podcast", "by Mina Park", "the newer one"."""


class MediaActions:
    """Finds and presents; what steers and what chooses is beside it. Stateless: memory comes with each request."""

    def __init__(self, library: MediaLibrary, notes: Notes, now: Callable[[], datetime] = local_now) -> None:
        """`now` is the time in the listeners' time zone."""
        self._library = library
        self._now = now
        self._answers = Answers(library)
        self._presenting = Presenting(library)
        self._playback = PlaybackActions(library)
        self._choosing = ChoosingActions(library, notes.places, now)
        self._correcting = CorrectingActions(library, now)
        self._following = FollowingActions(library, notes.places, notes.follows, now)
        self._showings = ShowingActions(library, notes.follows, now)
        self._moments = MomentActions(library)
        self._playlists = PlaylistActions(library, notes.playlists, now)
        self._scenes = SceneActions(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        own: Mapping[str, Action] = {
            "action_media_find": self.find,
            "action_media_play": self.play,
            "action_more": self.more,
            "action_media_whats_new": self.whats_new,
            "action_by_name": self.by_name_alone,
            "action_affirm": self.affirm,
            "action_deny": self.deny,
            "action_repeat": self.repeat,
        }
        others = (
            self._playback,
            self._choosing,
            self._correcting,
            self._following,
            self._showings,
            self._moments,
            self._playlists,
            self._scenes,
        )
        every = {**{name: action for part in others for name, action in part.by_name().items()}, **own}
        return {name: self._correcting.answering(one) if name in MAY_ANSWER else one for name, one in every.items()}

    async def find(self, request: ActionRequest) -> ActionResult:
        """Search, present the results and start the best."""
        asked = wanted(request.understanding, self._now())
        found = await self._library.find(asked)
        return self._presenting.present(request, asked, found)

    async def play(self, request: ActionRequest) -> ActionResult:
        """Play what was named; "play" alone goes on with what is there."""
        asked = wanted(request.understanding, self._now())
        if asked.is_empty and len(asked.said.split()) <= 2:
            return await self._choosing.resume(request)
        found = await self._library.find(asked)
        return self._presenting.present(request, asked, found)

    async def whats_new(self, request: ActionRequest) -> ActionResult:
        """What is new from whom the listener follows; "what came out last week?" is about everything."""
        said = request.understanding
        anybody = not named(said) and "follow" not in said.text.casefold()
        if anybody and period(said.text, self._now().date()):
            return await self.find(request)
        return await self._following.whats_new(request)

    async def by_name_alone(self, request: ActionRequest) -> ActionResult:
        """Play what the whole utterance names, if it names anything; otherwise leave the answer to the dialogue."""
        said = request.understanding.text
        if picked := await self._correcting.picked(request):
            return replace(picked, slots={"named": True})
        found = await self._library.find_called(said)
        if found is None:
            return ActionResult(None, request.memory, {"named": False})
        return replace(self._presenting.present(request, Wanted(said=said), found), slots={"named": True})

    async def more(self, request: ActionRequest) -> ActionResult:
        """The next results of the last search, or more of what is new."""
        memory = MediaMemory.read(request.memory)
        if memory.news:
            return await self._following.more(request)
        rest = [
            self._library.items[item]
            for item in memory.shown[memory.told : memory.told + CARDS]
            if item in self._library.items
        ]
        if not rest:
            return answer(request, memory, "That is all I found. Ask me for something else.")
        places = range(memory.told + 1, memory.told + len(rest) + 1)
        memory = memory.model_copy(update={"told": memory.told + len(rest)})
        titles = phrases.listed([phrases.name(item.title) for item in rest[:3]])
        speech = f"There is also {titles}. Say a number to play one." if len(rest) > 1 else f"There is also {titles}."
        return self._answers.items(request, memory, speech, rest, choices=places, expects_reply=True)

    async def affirm(self, request: ActionRequest) -> ActionResult:
        """Yes, to the open question."""
        memory = MediaMemory.read(request.memory)
        item = self._library.items.get(memory.offered or next(iter(memory.between), ""))
        if item is None:
            return answer(request, memory, "Good. What would you like to hear?", expects_reply=True)
        return self._answers.start(request, memory, item)

    async def deny(self, request: ActionRequest) -> ActionResult:
        """No, to the open question."""
        memory = MediaMemory.read(request.memory).model_copy(update={"offered": None, "between": ()})
        return answer(request, memory, "All right. What would you like instead?", expects_reply=True)

    async def repeat(self, request: ActionRequest) -> ActionResult:
        """Say the last answer again."""
        memory = MediaMemory.read(request.memory)
        return answer(request, memory, memory.said or "I have not said anything yet.")
