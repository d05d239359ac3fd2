"""How what was found is presented: played, offered, asked about in one question, or said not to be there."""

from __future__ import annotations

from collections import Counter

from skills.media import languages, phrases, schedule, times
from skills.media.answers import HERE_IS, Answers, answer
from skills.media.catalogue import Item
from skills.media.finding import Found
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.wanted import Wanted
from skills.skill import ActionRequest, ActionResult
from skills.turn import QuickReply

CARDS = 5
"""Items presented at a time."""

LANGUAGES_SAID = 6

_LABEL = 40
"""Characters of a quick reply."""


class Presenting:
    """Turns what was found into a reply. Only what meets every condition is played without asking."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._answers = Answers(library)

    def present(self, request: ActionRequest, asked: Wanted, found: Found) -> ActionResult:
        """Answer `asked` with what was `found` for it."""
        before = MediaMemory.read(request.memory)
        if not found.items:
            return answer(request, before, self._nothing(asked, found), stages_ms=found.stages_ms)
        best = found.items[0]
        memory = MediaMemory(
            shown=tuple(item.id for item in found.items),
            told=min(CARDS, len(found.items)),
            wanted=asked,
            doubtful=found.doubtful,
        )
        if not found.certain:
            return self._offer(
                request, memory, f"I found nothing about {phrases.subject(asked)}. The nearest is", found
            )
        if found.dropped:
            lead = self._lacking(asked, found)
            return self._offer(request, memory, lead, found)
        if found.between and not before.between and (question := self._question(request, memory, found)):
            return question
        rest = f", {self._about(best, asked)}.{_others(len(found.items))}"
        return self._answers.start(
            request, memory, best, lead=HERE_IS, rest=rest, cards=found.items[:CARDS], stages=found
        )

    def _offer(self, request: ActionRequest, memory: MediaMemory, lead: str, found: Found) -> ActionResult:
        best = found.items[0]
        if self._library.recording(best.id) is None:
            speech = f"{lead} {phrases.named(best)}. There is no recording of it here yet."
            return self._answers.items(request, memory, speech, found.items[:CARDS], stages=found)
        memory = memory.model_copy(update={"offered": best.id})
        speech = f"{lead} {phrases.named(best)}. Shall I play it?"
        return self._answers.items(request, memory, speech, found.items[:CARDS], expects_reply=True, stages=found)

    def _question(self, request: ActionRequest, memory: MediaMemory, found: Found) -> ActionResult | None:
        """One question between what a name fits about equally; None where nothing that could be said tells it apart."""
        assert found.between
        items = [self._library.items[item] for item in found.between.items]
        said = phrases.between(items, found.between.field)
        if not said:
            return None
        title = f"{phrases.name(items[0].title)} " if len({item.title.casefold() for item in items}) == 1 else ""
        replies = tuple(
            QuickReply(text=phrases.shown(one)[:_LABEL], utterance=f"number {place}")
            for place, one in enumerate(said, start=1)
        )
        memory = memory.model_copy(update={"between": found.between.items, "told": len(items)})
        return answer(
            request,
            memory,
            f"Do you mean {title}{phrases.either(said)}?",
            cards=tuple(self._library.card(item) for item in items),
            quick_replies=replies,
            expects_reply=True,
            stages_ms=found.stages_ms,
        )

    def _nothing(self, asked: Wanted, found: Found) -> str:
        if found.dropped == ("language",):
            return f"I have nothing {phrases.bounds(asked)}. {self._languages()}"
        return f"I found nothing like {phrases.request(asked)}."

    def _lacking(self, asked: Wanted, found: Found) -> str:
        """What none of the catalogue meets, and what the nearest is without."""
        if found.dropped == ("period",) and asked == Wanted(
            period=asked.period, asked_at=asked.asked_at, said=asked.said
        ):
            return f"I have nothing {asked.period.words}. The latest is"
        return f"I found nothing that fits it all. {phrases.relaxed(found.dropped).capitalize()}, there is"

    def _languages(self) -> str:
        """The languages there are, the most frequent first."""
        counted = Counter(item.language for item in self._library.items.values())
        there = [languages.name(code) for code, _ in counted.most_common(LANGUAGES_SAID)]
        return f"There is {phrases.listed(there)}."

    def _about(self, item: Item, asked: Wanted) -> str:
        """How long it is, or when it is on, and whether only a preview of it can be played."""
        recording = self._library.recording(item.id)
        about = self._showing(item, asked) or phrases.duration(item.duration_s)
        return about if recording is None or recording.complete else f"{about}; this is a short preview"

    def _showing(self, item: Item, asked: Wanted) -> str:
        start = schedule.next_start(item, asked.asked_at) if asked.asked_at else None
        if start is None or asked.asked_at is None:
            return ""
        return "live now" if start <= asked.asked_at else times.moment(start, asked.asked_at)


def _others(count: int) -> str:
    if count == 1:
        return ""
    return f" I have {count - 1} more: say next, or a number." if count > 2 else " There is one more: say next."
