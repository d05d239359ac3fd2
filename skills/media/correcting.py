"""The media skill's actions for "not like that": a request changed, another result, and the answer to a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from skills.media import phrases
from skills.media.answers import Answers, answer
from skills.media.catalogue import Item
from skills.media.finding import Found
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.presenting import Presenting
from skills.media.refining import refined
from skills.media.wanted import position, wanted
from skills.skill import Action, ActionRequest, ActionResult

_OTHER_OF_TWO = re.compile(r"\b(the )?(other|second|latter)( one)?\b")
_SUPERLATIVES: Sequence[tuple[re.Pattern[str], Callable[[Item], float]]] = (
    (re.compile(r"\b(newer|newest|later|latest|more recent|most recent)\b"), lambda item: item.published.toordinal()),
    (re.compile(r"\b(older|oldest|earlier|earliest)\b"), lambda item: -item.published.toordinal()),
    (re.compile(r"\b(longer|longest)\b"), lambda item: item.duration_s),
    (re.compile(r"\b(shorter|shortest)\b"), lambda item: -item.duration_s),
    (re.compile(r"\b(more|most) popular\b"), lambda item: item.popularity),
)


class CorrectingActions:
    """Changes what was asked or found. Stateless."""

    def __init__(self, library: MediaLibrary, now: Callable[[], datetime]) -> None:
        self._library = library
        self._now = now
        self._answers = Answers(library)
        self._presenting = Presenting(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_refine": self.refine,
            "action_media_other": self.other,
        }

    def answering(self, action: Action) -> Action:
        """The action, unless the utterance answers the open question "do you mean ..., or ...?"."""

        async def answered(request: ActionRequest) -> ActionResult:
            return await self.picked(request) or await action(request)

        return answered

    async def picked(self, request: ActionRequest) -> ActionResult | None:
        """Play which of the alternatives the utterance means; what is by the same comes next, the rest after that.

        None if no such question is open, or the utterance does not answer it.
        """
        memory = MediaMemory.read(request.memory)
        items = [self._library.items[one] for one in memory.between if one in self._library.items]
        picked = await self._meant(request, items) if len(items) > 1 else None
        if picked is None:
            return None
        alike = [one for one in memory.shown if one in self._library.items]
        alike = [one for one in alike if self._library.items[one].creator == picked.creator]
        shown = tuple(dict.fromkeys([picked.id, *alike, *memory.shown]))
        memory = memory.model_copy(update={"shown": shown, "between": ()})
        return self._answers.start(request, memory, picked)

    async def refine(self, request: ActionRequest) -> ActionResult:
        """The last search with something changed: "shorter", "something newer", "in Spanish", "else by her"."""
        memory = MediaMemory.read(request.memory)
        example = self._library.items.get(memory.chosen or next(iter(memory.shown), ""))
        if memory.wanted is None or example is None:
            return answer(request, memory, "There is nothing to compare with yet. Ask me for something first.")
        said = wanted(request.understanding, self._now())
        change = refined(memory.wanted, said, example, memory.shown[: memory.told])
        if change is None:
            return answer(request, memory, "In what way? Say shorter, longer, newer or older.", expects_reply=True)
        found = await self._library.find(change)
        if not _fits(found):
            bounds = phrases.bounds(change)
            return answer(request, memory, f"Of what you asked for, I have nothing {bounds or 'else'}.")
        return self._presenting.present(request, change, found)

    async def other(self, request: ActionRequest) -> ActionResult:
        """Not that one: what the name may have meant instead, or else the next of what was found."""
        memory = MediaMemory.read(request.memory)
        if memory.doubtful and memory.wanted:
            change = replace(memory.wanted, unmeant=(*memory.wanted.unmeant, memory.doubtful), asked_at=self._now())
            found = await self._library.find(change)
            if _fits(found):
                return self._presenting.present(request, change, found)
        shown = [item for item in memory.shown if item in self._library.items]
        if not shown:
            return answer(
                request, memory, "There is nothing to choose from yet. Ask me for a topic, a title or a mood."
            )
        current = memory.chosen or memory.offered or shown[0]
        place = shown.index(current) + 1 if current in shown else 0
        if place == len(shown) == 2:
            place = 0  # of two, the other one of the other is the first
        if place >= len(shown):
            return answer(request, memory, "That was the last one I found. Ask me for something else.")
        memory = memory.model_copy(update={"told": max(memory.told, place + 1)})
        return self._answers.start(request, memory, self._library.items[shown[place]])

    async def _meant(self, request: ActionRequest, items: Sequence[Item]) -> Item | None:
        understanding = request.understanding
        words = understanding.text.casefold()
        if understanding.value("ordinal"):
            place = position(understanding, len(items))
            return None if place is None else items[place]
        for pattern, measure in _SUPERLATIVES:
            if pattern.search(words):
                return max(items, key=measure)
        asked, within = wanted(understanding, self._now()), [item.id for item in items]
        if asked.is_empty:
            found = await self._library.find_called(understanding.text, within)
        else:
            found = await self._library.find(asked, within)
        if found and _fits(found) and len(found.items) == 1:
            return found.items[0]
        return items[1] if _OTHER_OF_TWO.search(words) else None


def _fits(found: Found) -> bool:
    """Whether all that was asked for is met."""
    return bool(found.items) and found.certain and not found.dropped
