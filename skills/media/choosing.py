"""The media skill's actions that go along its list of results: next, previous, go on, later, and which one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from skills.media import phrases
from skills.media.answers import Answers, also, answer, direct
from skills.media.catalogue import Item
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.places import Places
from skills.media.wanted import position, wanted
from skills.message import ItemId
from skills.player import QUEUE_MAX, Ability, Control, Enqueue, Play, Playback
from skills.skill import Action, ActionRequest, ActionResult

NEXT = ("next", "after")
"""Words by which something is queued before the others."""


class ChoosingActions:
    """Moves in what was found, and goes on with what was left. Stateless."""

    def __init__(self, library: MediaLibrary, places: Places, now: Callable[[], datetime]) -> None:
        self._library = library
        self._now = now
        self._places = places
        self._answers = Answers(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_control": self.control,
            "action_choose": self.choose,
            "action_media_queue": self.queue,
        }

    async def control(self, request: ActionRequest) -> ActionResult:
        """Pause, resume, stop, next, previous."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        match request.understanding.intent:
            case "next":
                return self._next(request, memory)
            case "previous":
                return self._step(request, memory, -1)
            case "resume":
                return await self.resume(request)
            case "stop":
                if player is None or player.state not in (Playback.PLAYING, Playback.PAUSED):
                    return answer(request, memory, "All quiet already.")
                return direct(request, memory, "Stopping.", Control(type="stop"))
            case _:
                if player is None or player.state is not Playback.PLAYING:
                    return answer(request, memory, "Nothing is playing.")
                return direct(request, memory, "Pausing.", Control(type="pause"))

    async def choose(self, request: ActionRequest) -> ActionResult:
        """Play the result that was named by its place: "the second one"."""
        memory = MediaMemory.read(request.memory)
        if not memory.shown:
            return answer(
                request, memory, "There is nothing to choose from yet. Ask me for a topic, a title or a mood."
            )
        asked = wanted(request.understanding, self._now())
        if not request.understanding.value("ordinal") and not asked.is_empty:
            found = await self._library.find(asked, within=memory.shown)
            if not found.certain or found.dropped:
                return answer(request, memory, "None of these is like that. Say a number, or ask for something else.")
            return self._move(request, memory, memory.shown.index(found.items[0].id))
        place = position(request.understanding, len(memory.shown))
        if place is None:
            return answer(request, memory, _no_such_place(memory))
        return self._move(request, memory, place)

    async def queue(self, request: ActionRequest) -> ActionResult:
        """Play something later: what was named, a result by its place, or what the talk is about."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        item, problem = await self._meant(request, memory)
        if item is None:
            return answer(request, memory, problem)
        if player is None or not player.is_loaded or self._library.recording(item.id) is None:
            return self._answers.start(request, memory, item)
        if Ability.QUEUE in player.can and len(player.queue) >= QUEUE_MAX:
            return answer(request, memory, f"The queue is full: it holds {QUEUE_MAX}.")
        called = phrases.name(item.title)
        is_next = any(word in request.understanding.text.casefold().split() for word in NEXT)
        speech = f"Adding {called}, to be played next." if is_next else f"Adding {called} to the queue."
        directive = Enqueue(items=(self._library.play(item),), place="next" if is_next else "last")
        return direct(request, memory, speech, directive)

    async def resume(self, request: ActionRequest) -> ActionResult:
        """Go on: with what has paused or stopped, or else with what this listener left last, anywhere."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player and player.state is Playback.PLAYING:
            return answer(request, memory, "It is playing already.")
        if player and player.state is Playback.PAUSED and player.item:
            return direct(request, memory, "Going on.", Control(type="resume"))
        items = self._library.items
        if item := items.get(memory.offered or ""):
            return self._answers.start(request, memory, item)
        stopped = player.item if player and player.state is Playback.STOPPED else None
        if player and (item := items.get(stopped or "")):
            return self._answers.start(request, memory, item, begin_ms=player.position_ms)
        left = await self._places.latest(request.utterance.listener)
        if left and (item := items.get(left.item)):
            lead = f"From {phrases.place(left.position_ms)} on, "
            started = self._answers.start(request, memory, item, lead=lead, begin_ms=left.position_ms)
            queue = self._playable(left.queue)
            return also(request, started, Enqueue(items=queue, place="only")) if queue else started
        if item := items.get(memory.chosen or next(iter(memory.shown), "")):
            return self._answers.start(request, memory, item)
        return answer(request, memory, "What shall I play? Name a topic, a title or a mood.", expects_reply=True)

    def _playable(self, queue: Sequence[ItemId]) -> tuple[Play, ...]:
        """What of a queue is still there."""
        items = [self._library.items[one] for one in queue if self._library.recording(one)]
        return tuple(self._library.play(item) for item in items)

    def _next(self, request: ActionRequest, memory: MediaMemory) -> ActionResult:
        player = request.utterance.player
        if player is None or not player.queue or Ability.QUEUE not in player.can:
            return self._step(request, memory, +1)
        item = self._library.items.get(player.queue[0])
        speech = f"Next is {phrases.named(item)}." if item else "Going on to the next."
        return direct(request, memory, speech, Control(type="next"))

    def _step(self, request: ActionRequest, memory: MediaMemory, step: int) -> ActionResult:
        if not memory.shown:
            return answer(request, memory, "There is no list to move in yet. Ask me for something first.")
        place = memory.shown.index(memory.chosen) + step if memory.chosen in memory.shown else 0
        if not 0 <= place < len(memory.shown):
            end = "That was the last one." if step > 0 else "That was the first one."
            return answer(request, memory, f"{end} Ask me for something else.")
        return self._move(request, memory, place)

    def _move(self, request: ActionRequest, memory: MediaMemory, place: int) -> ActionResult:
        item = self._library.items.get(memory.shown[place])
        if item is None:
            return answer(request, memory, "That one is no longer in the catalogue.")
        memory = memory.model_copy(update={"told": max(memory.told, place + 1)})
        return self._answers.start(request, memory, item)

    async def _meant(self, request: ActionRequest, memory: MediaMemory) -> tuple[Item | None, str]:
        """The item that is to be queued, or why there is none."""
        asked, items = wanted(request.understanding, self._now()), self._library.items
        if request.understanding.value("ordinal"):
            place = position(request.understanding, len(memory.shown))
            return (None, _no_such_place(memory)) if place is None else (items.get(memory.shown[place]), _GONE)
        if asked.is_empty:
            if found := await self._library.find_called(_AROUND_A_NAME.sub("", request.understanding.text.casefold())):
                return found.items[0], ""
            this = request.utterance.page_item or memory.offered or memory.chosen
            return items.get(this or ""), "Which one? Name it, or say a number."
        found = await self._library.find(asked)
        if not found.items or not found.certain or found.dropped:
            return None, f"I found nothing like {phrases.request(asked)}."
        return found.items[0], ""


_AROUND_A_NAME = re.compile(
    r"^(?:please )?(?:queue|add|put|play|stick)(?: up| on)?\b"
    r"|\b(?:next|later|after (?:this|that)|(?:to|in|on) (?:the|my) queue|please)\b"
)
"""What is said around a title that the understanding has not found: "queue how lightning finds the ground"."""

_GONE = "That one is no longer in the catalogue."


def _no_such_place(memory: MediaMemory) -> str:
    count = len(memory.shown)
    if not count:
        return "There is no list yet. Ask me for something first."
    return f"I have {count} here: say a number from 1 to {count}." if count > 1 else "There is only one here."
