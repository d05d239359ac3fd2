"""The media skill's actions: what the dialogue calls, each from a request to a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from skills.media import phrases
from skills.media.answers import HERE_IS, Answers, answer
from skills.media.catalogue import Item
from skills.media.choosing import ChoosingActions
from skills.media.library import Found, MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.places import Places
from skills.media.playback import PlaybackActions
from skills.media.scene_actions import SceneActions
from skills.media.wanted import Wanted, refined, wanted
from skills.skill import Action, ActionRequest, ActionResult

CARDS = 5
"""Items presented at a time."""


class MediaActions:
    """Finds and presents; what steers and what chooses is beside it. Stateless: memory comes with each request."""

    def __init__(self, library: MediaLibrary, places: Places) -> None:
        self._library = library
        self._answers = Answers(library)
        self._playback = PlaybackActions(library)
        self._choosing = ChoosingActions(library, places)
        self._scenes = SceneActions(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        own: Mapping[str, Action] = {
            "action_media_find": self.find,
            "action_media_play": self.play,
            "action_media_refine": self.refine,
            "action_media_more": self.more,
            "action_media_by_name": self.by_name_alone,
            "action_media_affirm": self.affirm,
            "action_media_deny": self.deny,
            "action_repeat": self.repeat,
        }
        return {**own, **self._playback.by_name(), **self._choosing.by_name(), **self._scenes.by_name()}

    async def find(self, request: ActionRequest) -> ActionResult:
        """Search, present the results and start the best."""
        asked = wanted(request.understanding)
        found = await self._library.find(asked)
        return self._present(request, asked, found)

    async def play(self, request: ActionRequest) -> ActionResult:
        """Play what was named; "play" alone goes on with what is there."""
        asked = wanted(request.understanding)
        if asked.is_empty and len(asked.said.split()) <= 2:
            return await self._choosing.resume(request)
        found = await self._library.find(asked)
        return self._present(request, asked, found)

    async def refine(self, request: ActionRequest) -> ActionResult:
        """The last search with one thing changed: "shorter", "something newer", "under ten minutes"."""
        memory = MediaMemory.read(request.memory)
        example = self._library.items.get(memory.chosen or next(iter(memory.shown), ""))
        if memory.wanted is None or example is None:
            return answer(request, memory, "There is nothing to compare with yet. Ask me for something first.")
        change = refined(memory.wanted, request.understanding.text, example)
        if change is None:
            return answer(request, memory, "In what way? Say shorter, longer, newer or older.", expects_reply=True)
        found = await self._library.find(change)
        if not found.items or not found.certain or found.dropped:
            return answer(request, memory, f"Of what you asked for, I have nothing {phrases.bounds(change)}.")
        return self._present(request, change, found)

    def _present(self, request: ActionRequest, asked: Wanted, found: Found) -> ActionResult:
        memory = MediaMemory.read(request.memory)
        if not found.items:
            return answer(request, memory, f"I found nothing like {phrases.request(asked)}.")
        best = found.items[0]
        shown = tuple(item.id for item in found.items)
        memory = MediaMemory(shown=shown, told=min(CARDS, len(found.items)), wanted=asked)
        cards = found.items[:CARDS]
        if not found.certain:
            nearest = f"The nearest is {phrases.named(best)}. Shall I play it?"
            speech = f"I found nothing about {phrases.subject(asked)}. {nearest}"
            return self._answers.items(
                request, memory.model_copy(update={"offered": best.id}), speech, cards, expects_reply=True, stages=found
            )
        lead = (
            f"I found nothing that fits it all; {phrases.relaxed(found.dropped)} there is "
            if found.dropped
            else HERE_IS
        )
        rest = f", {self._length(best)}.{_others(len(found.items))}"
        return self._answers.start(request, memory, best, lead=lead, rest=rest, cards=cards, stages=found)

    async def by_name_alone(self, request: ActionRequest) -> ActionResult:
        """Play what the whole utterance names, if it names anything; otherwise leave the answer to the dialogue."""
        said = request.understanding.text
        found = await self._library.find_called(said)
        if found is None:
            return ActionResult(None, request.memory, {"named": False})
        return replace(self._present(request, Wanted(said=said), found), slots={"named": True})

    async def more(self, request: ActionRequest) -> ActionResult:
        """The next results of the last search."""
        memory = MediaMemory.read(request.memory)
        rest = [
            self._library.items[item]
            for item in memory.shown[memory.told : memory.told + CARDS]
            if item in self._library.items
        ]
        if not rest:
            return answer(request, memory, "That is all I found. Ask me for something else.")
        places = range(memory.told + 1, memory.told + len(rest) + 1)
        memory = memory.model_copy(update={"told": memory.told + len(rest)})
        titles = phrases.listed([item.title for item in rest[:3]])
        speech = f"There is also {titles}. Say a number to play one." if len(rest) > 1 else f"There is also {titles}."
        return self._answers.items(request, memory, speech, rest, choices=places, expects_reply=True)

    async def affirm(self, request: ActionRequest) -> ActionResult:
        """Yes, to the open question."""
        memory = MediaMemory.read(request.memory)
        item = self._library.items.get(memory.offered) if memory.offered else None
        if item is None:
            return answer(request, memory, "Good. What would you like to hear?", expects_reply=True)
        return self._answers.start(request, memory, item)

    async def deny(self, request: ActionRequest) -> ActionResult:
        """No, to the open question."""
        memory = MediaMemory.read(request.memory).model_copy(update={"offered": None})
        return answer(request, memory, "All right. What would you like instead?", expects_reply=True)

    async def repeat(self, request: ActionRequest) -> ActionResult:
        """Say the last answer again."""
        memory = MediaMemory.read(request.memory)
        return answer(request, memory, memory.said or "I have not said anything yet.")

    def _length(self, item: Item) -> str:
        recording = self._library.recording(item.id)
        length = phrases.duration(item.duration_s)
        return length if recording is None or recording.complete else f"{length}; this is a short preview"


def _others(count: int) -> str:
    if count == 1:
        return ""
    return f" I have {count - 1} more: say next, or a number." if count > 2 else " There is one more: say next."
