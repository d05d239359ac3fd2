"""What a request would come to in the catalogue and on the shelf, for weighing readings of what was said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from skills.media import steering
from skills.media.channel_names import meant_channels, named, names
from skills.media.finding import Found
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.moment_actions import MomentActions
from skills.media.scene_words import scene_step
from skills.media.schedule import local_now
from skills.media.wanted import position, wanted
from skills.message import ItemId
from skills.player import Playback
from skills.skill import ActionRequest, Ground, Grounding

NOTHING = "nothing"
"""Meant by every request that finds nothing: whichever it was, the answer is that there is no such thing."""

MEANING_FULL = 0.7
"""Cosine from which a topic fits fully: about what a title has with a request in its own words."""


class MediaGrounding:
    """Looks where the actions would look, and leaves everything as it is."""

    def __init__(self, library: MediaLibrary, now: Callable[[], datetime] = local_now) -> None:
        self._library = library
        self._now = now
        self._moments = MomentActions(library)

    def by_intent(self) -> Mapping[str, Ground]:
        """The intents that name, choose or control something, and those where a bare title may hide."""
        return {
            "find_media": self.request,
            "play_media": self.request,
            "choose_item": self.choice,
            "affirm": self.answer,
            "deny": self.answer,
            "pause": self.control,
            "resume": self.control,
            "stop": self.control,
            "next": self.step,
            "previous": self.step,
            "more": self.step,
            "set_volume": self.volume,
            "seek": self.steer,
            "set_speed": self.steer,
            "scene": self.steer,
            "repeat_media": self.steer,
            "shuffle_media": self.steer,
            "set_sleep_timer": self.steer,
            "queue_media": self.later,
            "refine": self.step,
            "other_one": self.step,
            "find_moment": self.moment,
            "next_moment": self.of_moment,
            "previous_moment": self.of_moment,
            "play_moment": self.of_moment,
            "who_speaks": self.of_moment,
            "follow": self.channel,
            "unfollow": self.channel,
            "out_of_scope": self.name_alone,
            "overheard": self.name_alone,
            "nlu_fallback": self.name_alone,
        }

    async def request(self, request: ActionRequest) -> Grounding:
        """A search: the item that would be offered first."""
        asked = wanted(request.understanding, self._now())
        if asked.is_empty and len(asked.said.split()) <= 2:
            return Grounding("resume")
        found = await self._library.find(asked)
        return self._found(found, asked.said, _in_view(request))

    async def name_alone(self, request: ActionRequest) -> Grounding:
        """A bare title, or something that is none of the house's business."""
        said = request.understanding.text
        found = await self._library.find_called(said)
        return self._found(found, said, _in_view(request)) if found else Grounding(request.understanding.intent)

    async def choice(self, request: ActionRequest) -> Grounding:
        """A place on the shelf."""
        memory = MediaMemory.read(request.memory)
        asked = wanted(request.understanding, self._now())
        if memory.shown and not request.understanding.value("ordinal") and not asked.is_empty:
            return self._found(await self._library.find(asked, within=memory.shown), asked.said, memory.shown)
        place = position(request.understanding, len(memory.shown))
        if place is None:
            return Grounding("no such place", 0.0)
        item = self._library.items.get(memory.shown[place])
        return Grounding(f"item {memory.shown[place]}", 1.0, item.title if item else "")

    async def answer(self, request: ActionRequest) -> Grounding:
        """Yes or no, where something was offered."""
        open_question = MediaMemory.read(request.memory).offered is not None
        return Grounding(request.understanding.intent, 1.0 if open_question else None)

    async def step(self, request: ActionRequest) -> Grounding:
        """A step along the shelf."""
        shown = MediaMemory.read(request.memory).shown
        return Grounding(request.understanding.intent, 1.0 if shown else None)

    async def control(self, request: ActionRequest) -> Grounding:
        """A command to a player that plays or has paused."""
        player, intent = request.utterance.player, request.understanding.intent
        fitting = (Playback.PAUSED,) if intent == "resume" else (Playback.PLAYING,)
        return Grounding(intent, 1.0 if player and player.state in fitting else None)

    async def steer(self, request: ActionRequest) -> Grounding:
        """What concerns the item that is loaded: where to, how fast, how often, until when."""
        player, intent = request.utterance.player, request.understanding.intent
        meant = _STEERED[intent](request.understanding.text)
        return Grounding(f"{intent} {meant}", 1.0 if player and player.is_loaded else None)

    async def later(self, request: ActionRequest) -> Grounding:
        """Something for the queue: as if it were asked for now."""
        if request.understanding.value("ordinal"):
            return await self.choice(request)
        if wanted(request.understanding, self._now()).is_empty:
            return Grounding(request.understanding.intent)
        return await self.request(request)

    async def moment(self, request: ActionRequest) -> Grounding:
        """Something that is said: the moment that would be told first."""
        found = await self._moments.found(request)
        if found is None or found.best is None:
            return Grounding(NOTHING, 0.0)
        return Grounding(f"moment {found.best.item} {found.best.at_ms}", min(1.0, found.meaning / MEANING_FULL))

    async def of_moment(self, request: ActionRequest) -> Grounding:
        """What goes by the moment that was found last, or by what is heard just now."""
        player, intent = request.utterance.player, request.understanding.intent
        heard = intent == "who_speaks" and player is not None and player.is_loaded
        return Grounding(intent, 1.0 if heard or MediaMemory.read(request.memory).moments else None)

    async def channel(self, request: ActionRequest) -> Grounding:
        """A channel to follow or not, if it was named."""
        understanding = request.understanding
        if not named(understanding):
            return Grounding(understanding.intent)
        found = await self._library.named(names(understanding))
        meant = await meant_channels(self._library, understanding)
        if not meant:
            return Grounding(NOTHING, 0.0)
        fit = max(name.score for name in found.values())
        return Grounding(f"{understanding.intent} {meant[0].id}", fit, meant[0].name)

    async def volume(self, request: ActionRequest) -> Grounding:
        """A volume in percent."""
        said = request.understanding
        return Grounding(f"volume {steering.volume(said.value('volume') or said.text)}")

    def _found(self, found: Found, said: str, in_view: Collection[ItemId]) -> Grounding:
        if not found.certain or not found.items or found.dropped:
            return Grounding(NOTHING, 0.0)
        first = found.items[0]
        if found.linked and first.id in in_view:
            return Grounding(f"item {first.id}", 1.0, first.title)  # what is in view is what people name
        parts = list(found.linked)
        if found.meaning is not None:
            parts.append(min(1.0, found.meaning / MEANING_FULL))
        named = bool(found.linked) or first.title.casefold() in said.casefold()
        called = first.title if named else ""  # what a topic finds is not what anybody named
        return Grounding(f"item {first.id}", sum(parts) / len(parts) if parts else None, called)


_STEERED: Mapping[str, Callable[[str], object]] = {
    "seek": steering.move,
    "set_speed": lambda said: steering.speed(said, 1.0),
    "scene": scene_step,
    "repeat_media": steering.repeat,
    "shuffle_media": steering.shuffle,
    "set_sleep_timer": steering.sleep,
}


def _in_view(request: ActionRequest) -> Collection[ItemId]:
    """The items on the shelf and the one on the page."""
    page = request.utterance.page_item
    return (*MediaMemory.read(request.memory).shown, *([page] if page else []))
