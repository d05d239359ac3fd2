"""The media skill's actions: what the dialogue calls, each from a request to a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from skills.media import phrases
from skills.media.catalogue import Item
from skills.media.library import Found, MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.wanted import Wanted, position, wanted
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Control, Directive, Playback, PlayerState, QuickReply, Reply, SetVolume

CARDS = 5
"""Items presented at a time."""

VOLUME_STEP = 15
"""Percent."""


class MediaActions:
    """Finds, chooses and plays. Stateless: what is remembered comes and goes with each request."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_find": self.find,
            "action_media_play": self.play,
            "action_media_choose": self.choose,
            "action_media_control": self.control,
            "action_media_volume": self.volume,
            "action_media_now_playing": self.now_playing,
            "action_media_more": self.more,
            "action_media_by_name": self.by_name_alone,
            "action_media_affirm": self.affirm,
            "action_media_deny": self.deny,
            "action_repeat": self.repeat,
        }

    async def find(self, request: ActionRequest) -> ActionResult:
        """Search, present the results and start the best."""
        asked = wanted(request.understanding)
        found = await self._library.find(asked)
        return self._present(request, asked, found)

    async def play(self, request: ActionRequest) -> ActionResult:
        """Play what was named; "play" alone goes on with what is there."""
        asked = wanted(request.understanding)
        if asked.is_empty and len(asked.said.split()) <= 2:
            return await self._resume(request)
        found = await self._library.find(asked)
        return self._present(request, asked, found)

    def _present(self, request: ActionRequest, asked: Wanted, found: Found) -> ActionResult:
        memory = MediaMemory.read(request.memory)
        if not found.items:
            return _answer(request, memory, f"I found nothing like {phrases.request(asked)}.")
        best = found.items[0]
        memory = MediaMemory(shown=tuple(item.id for item in found.items), told=min(CARDS, len(found.items)))
        cards = found.items[:CARDS]
        if not found.certain:
            nearest = f"The nearest is {phrases.named(best)}. Shall I play it?"
            speech = f"I found nothing about {phrases.subject(asked)}. {nearest}"
            return self._answer_with(
                request, memory.model_copy(update={"offered": best.id}), speech, cards, expects_reply=True, stages=found
            )
        lead = (
            f"I found nothing that fits it all; {phrases.relaxed(found.dropped)} there is "
            if found.dropped
            else "Here is "
        )
        speech = f"{lead}{phrases.named(best)}, {self._length(best)}.{_others(len(found.items))}"
        return self._start(request, memory, best, speech, cards, found)

    async def choose(self, request: ActionRequest) -> ActionResult:
        """Play the result that was named by its place: "the second one"."""
        memory = MediaMemory.read(request.memory)
        if not memory.shown:
            return _answer(
                request, memory, "There is nothing to choose from yet. Ask me for a topic, a title or a mood."
            )
        asked = wanted(request.understanding)
        if not request.understanding.value("ordinal") and not asked.is_empty:
            found = await self._library.find(asked, within=memory.shown)
            if not found.certain or found.dropped:
                return _answer(request, memory, "None of these is like that. Say a number, or ask for something else.")
            return self._move(request, memory, memory.shown.index(found.items[0].id))
        place = position(request.understanding, len(memory.shown))
        if place is None:
            count = len(memory.shown)
            return _answer(
                request,
                memory,
                f"I have {count} here: say a number from 1 to {count}." if count > 1 else "There is only one here.",
            )
        return self._move(request, memory, place)

    async def by_name_alone(self, request: ActionRequest) -> ActionResult:
        """Play what the whole utterance names, if it names anything; otherwise leave the answer to the dialogue."""
        said = request.understanding.text
        found = await self._library.find_called(said)
        if found is None:
            return ActionResult(None, request.memory, {"named": False})
        return replace(self._present(request, Wanted(said=said), found), slots={"named": True})

    async def control(self, request: ActionRequest) -> ActionResult:
        """Pause, resume, stop, next, previous."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        match request.understanding.intent:
            case "next":
                return self._step(request, memory, +1)
            case "previous":
                return self._step(request, memory, -1)
            case "resume":
                return await self._resume(request)
            case "stop":
                if player is None or player.state not in (Playback.PLAYING, Playback.PAUSED):
                    return _answer(request, memory, "All quiet already.")
                return _answer(request, memory, "Stopping.", directives=[Control(type="stop")])
            case _:
                if player is None or player.state is not Playback.PLAYING:
                    return _answer(request, memory, "Nothing is playing.")
                return _answer(request, memory, "Pausing.", directives=[Control(type="pause")])

    async def volume(self, request: ActionRequest) -> ActionResult:
        """Louder, quieter, or a percentage."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player is None:
            return _answer(request, memory, "There is no player here whose volume I could change.")
        volume = _new_volume(request, player)
        if volume == player.volume:
            speech = {0: "It is silent already.", 100: "That is as loud as it goes."}.get(
                volume, f"It is at {volume} percent already."
            )
            return _answer(request, memory, speech)
        return _answer(request, memory, f"Volume {volume} percent.", directives=[SetVolume(volume=volume)])

    async def now_playing(self, request: ActionRequest) -> ActionResult:
        """What the player reports, never what was merely asked of it."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        item = self._library.items.get(player.item) if player and player.item else None
        if player is None or item is None or player.state not in (Playback.PLAYING, Playback.PAUSED):
            return _answer(request, memory, "Nothing is playing.")
        state = "This is" if player.state is Playback.PLAYING else "Paused is"
        left = item.duration_s - player.position_ms // 1000
        recording = self._library.recording(item.id)
        rest = f", with {phrases.duration(left)} to go" if recording and recording.complete and left > 0 else ""
        return self._answer_with(request, memory, f"{state} {phrases.named(item)}{rest}.", [item])

    async def more(self, request: ActionRequest) -> ActionResult:
        """The next results of the last search."""
        memory = MediaMemory.read(request.memory)
        rest = [
            self._library.items[item]
            for item in memory.shown[memory.told : memory.told + CARDS]
            if item in self._library.items
        ]
        if not rest:
            return _answer(request, memory, "That is all I found. Ask me for something else.")
        places = range(memory.told + 1, memory.told + len(rest) + 1)
        memory = memory.model_copy(update={"told": memory.told + len(rest)})
        titles = phrases.listed([item.title for item in rest[:3]])
        speech = f"There is also {titles}. Say a number to play one." if len(rest) > 1 else f"There is also {titles}."
        return self._answer_with(request, memory, speech, rest, choices=places, expects_reply=True)

    async def affirm(self, request: ActionRequest) -> ActionResult:
        """Yes, to the open question."""
        memory = MediaMemory.read(request.memory)
        item = self._library.items.get(memory.offered) if memory.offered else None
        if item is None:
            return _answer(request, memory, "Good. What would you like to hear?", expects_reply=True)
        return self._start(
            request, memory.model_copy(update={"offered": None}), item, f"Here is {phrases.named(item)}.", [item]
        )

    async def deny(self, request: ActionRequest) -> ActionResult:
        """No, to the open question."""
        memory = MediaMemory.read(request.memory).model_copy(update={"offered": None})
        return _answer(request, memory, "All right. What would you like instead?", expects_reply=True)

    async def repeat(self, request: ActionRequest) -> ActionResult:
        """Say the last answer again."""
        memory = MediaMemory.read(request.memory)
        return _answer(request, memory, memory.said or "I have not said anything yet.")

    async def _resume(self, request: ActionRequest) -> ActionResult:
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player and player.state is Playback.PLAYING:
            return _answer(request, memory, "It is playing already.")
        if player and player.state is Playback.PAUSED and player.item:
            return _answer(request, memory, "Going on.", directives=[Control(type="resume")])
        current = memory.offered or memory.chosen or (memory.shown[0] if memory.shown else None)
        item = self._library.items.get(current) if current else None
        if item is None:
            return _answer(request, memory, "What shall I play? Name a topic, a title or a mood.", expects_reply=True)
        begin_ms = player.position_ms if player and player.item == item.id and player.state is Playback.STOPPED else 0
        return self._start(request, memory, item, f"Here is {phrases.named(item)}.", [item], begin_ms=begin_ms)

    def _step(self, request: ActionRequest, memory: MediaMemory, step: int) -> ActionResult:
        if not memory.shown:
            return _answer(request, memory, "There is no list to move in yet. Ask me for something first.")
        place = memory.shown.index(memory.chosen) + step if memory.chosen in memory.shown else 0
        if not 0 <= place < len(memory.shown):
            end = "That was the last one." if step > 0 else "That was the first one."
            return _answer(request, memory, f"{end} Ask me for something else.")
        return self._move(request, memory, place)

    def _move(self, request: ActionRequest, memory: MediaMemory, place: int) -> ActionResult:
        item = self._library.items.get(memory.shown[place])
        if item is None:
            return _answer(request, memory, "That one is no longer in the catalogue.")
        memory = memory.model_copy(update={"told": max(memory.told, place + 1)})
        return self._start(request, memory, item, f"Here is {phrases.named(item)}.", [item])

    def _start(
        self,
        request: ActionRequest,
        memory: MediaMemory,
        item: Item,
        speech: str,
        cards: Sequence[Item],
        found: Found | None = None,
        begin_ms: int = 0,
    ) -> ActionResult:
        """Hand `item` to the player if there is a recording of it, and say so if there is none."""
        if self._library.recording(item.id) is None:
            speech = f"{speech} There is no recording of it here yet."
            return self._answer_with(request, memory, speech, cards, stages=found)
        memory = memory.model_copy(update={"chosen": item.id, "offered": None})
        directives = [self._library.play(item, begin_ms)]
        return self._answer_with(request, memory, speech, cards, directives=directives, stages=found)

    def _length(self, item: Item) -> str:
        recording = self._library.recording(item.id)
        length = phrases.duration(item.duration_s)
        return length if recording is None or recording.complete else f"{length}; this is a short preview"

    def _answer_with(
        self,
        request: ActionRequest,
        memory: MediaMemory,
        speech: str,
        items: Sequence[Item],
        *,
        choices: range | None = None,
        directives: Sequence[Directive] = (),
        expects_reply: bool = False,
        stages: Found | None = None,
    ) -> ActionResult:
        choices = choices or range(1, len(items) + 1)
        replies = [
            QuickReply(text=f"Number {place}", utterance=f"number {place}") for place in choices if len(items) > 1
        ]
        return _answer(
            request,
            memory,
            speech,
            cards=tuple(self._library.card(item) for item in items),
            quick_replies=tuple(replies) if len(items) > 1 else (),
            directives=tuple(directives),
            expects_reply=expects_reply,
            stages_ms=stages.stages_ms if stages else {},
        )


def _answer(
    request: ActionRequest,
    memory: MediaMemory,
    text: str,
    *,
    stages_ms: Mapping[str, float] | None = None,
    **parts: Any,
) -> ActionResult:
    speech = phrases.spoken(text)
    reply = Reply(dialog_request_id=request.utterance.dialog_request_id, speech=speech, text=text, **parts)
    kept = memory.model_copy(update={"said": text}).model_dump(mode="json")
    return ActionResult(reply, kept, stages_ms=stages_ms or {})


def _new_volume(request: ActionRequest, player: PlayerState) -> int:
    understanding = request.understanding
    named = understanding.value("volume")
    if named.isdigit():
        return min(100, int(named))
    step = VOLUME_STEP if understanding.intent != "quieter" else -VOLUME_STEP
    return max(0, min(100, player.volume + step))


def _others(count: int) -> str:
    if count == 1:
        return ""
    return f" I have {count - 1} more: say next, or a number." if count > 2 else " There is one more: say next."
