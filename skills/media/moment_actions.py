"""The media skill's actions on moments: where something is said, the next place, just that part, and who says it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from skills.media import moment_scope, phrases
from skills.media.answers import answer
from skills.media.catalogue import Item
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.moment_finder import MomentFinder, Moments
from skills.media.moment_memory import REMEMBERED, Mark, MomentList
from skills.media.moment_scope import Asked, Scope
from skills.media.moments import Moment, speaking_at
from skills.media.presenting import CARDS
from skills.message import ItemId
from skills.player import Ability, Directive, Playback, PlayerState, Seek
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Card, Channel, QuickReply

SHOWN = 10
"""Items with moments that a number can name."""

WHOLE_MS = 1_000
"""An item that ends so close to its recording's end is not a part of it."""

NO_MOMENT = "There is no moment to go by yet. Ask me where something is said."

_FIND = re.compile(r"\b(find|search|look|is there|are there|which|who)\b")
_PART = re.compile(r"\b(just|only|part|bit|section)\b")
_FROM_THERE = re.compile(r"\bfrom (there|here|that point)\b")
_SAID = re.compile(r"\b(said|told|was)\b")


class MomentActions:
    """Finds moments and plays from them. Stateless; nothing is claimed of a transcript that is not there."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._finder = MomentFinder(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_moment": self.find,
            "action_media_moment_step": self.step,
            "action_media_moment_play": self.play,
            "action_media_who": self.who,
        }

    async def find(self, request: ActionRequest) -> ActionResult:
        """Where something is said: in what was named, else in what is at hand, else anywhere."""
        memory, asked = MediaMemory.read(request.memory), moment_scope.asked(request.understanding)
        topic, scope = await self._where(request, asked)
        if scope.problem:
            return answer(request, memory, scope.problem, expects_reply=True)
        if not topic:
            return answer(request, memory, "What shall I look for? Say what it is about.", expects_reply=True)
        found = await self._finder.find(topic, scope.items, asked.creator)
        if best := found.best:
            return self._present(request, found, best, topic, bounded=asked.part_only)
        if scope.items is None:
            return self._offer(request, found, topic, _nothing(topic))
        elsewhere = await self._finder.find(topic, None, asked.creator)
        is_known = await self._finder.has_transcript(scope.items)
        player = request.utterance.player
        loaded = player is not None and player.is_loaded
        may_leave = scope.or_else and (not loaded or _FIND.search(request.understanding.text.casefold()))
        if may_leave and (best := elsewhere.best):
            is_seen = loaded or request.utterance.page_item
            lead = "" if not is_seen else "Not in this one. " if is_known else "This one has no transcript. "
            return self._present(request, elsewhere, best, topic, lead=lead, bounded=asked.part_only)
        if not is_known:
            missing = f"I do not know what is said in {phrases.name(scope.called)}: there is no transcript."
        else:
            missing = _nothing(topic, scope.called if elsewhere.best or not scope.or_else else "")
        return self._offer(request, elsewhere if elsewhere.best or scope.or_else else found, topic, missing)

    async def found(self, request: ActionRequest) -> Moments | None:
        """What `find` would find where it looks first; None where there is nothing to look for or in."""
        asked = moment_scope.asked(request.understanding)
        topic, scope = await self._where(request, asked)
        return await self._finder.find(topic, scope.items, asked.creator) if topic and not scope.problem else None

    async def step(self, request: ActionRequest) -> ActionResult:
        """The next mention, or the one before."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if memory.moments is None:
            return answer(request, memory, NO_MOMENT)
        moments = memory.moments
        if player and player.is_loaded:
            moments = moments.heard_until(player.item, player.position_ms)
        is_next = request.understanding.intent != "previous_moment"
        following = moments.stepped(+1 if is_next else -1)
        if following is None:
            speech = "That was the last mention." if is_next else "That was the first mention."
            return answer(request, memory.model_copy(update={"moments": moments}), speech)
        moment = await self._finder.recall(following.current, following.topic)
        if moment is None:
            return answer(request, memory, "That one is no longer in the catalogue.")
        return self._start(request, memory.model_copy(update={"moments": following}), moment)

    async def play(self, request: ActionRequest) -> ActionResult:
        """The last moment again: from there on, or just that part."""
        memory = MediaMemory.read(request.memory)
        moment = await self._finder.recall(memory.moments.current, memory.moments.topic) if memory.moments else None
        if moment is None:
            return answer(request, memory, NO_MOMENT)
        said = request.understanding.text.casefold()
        bounded = bool(_PART.search(said)) and not _FROM_THERE.search(said)
        return self._start(request, memory, moment, bounded=bounded, told=True)

    async def who(self, request: ActionRequest) -> ActionResult:
        """Who is speaking in what plays, or who said what was found last."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        mark = memory.moments.current if memory.moments else None
        place: tuple[ItemId, int] | None = (mark.item, mark.at_ms) if mark else None
        if player and player.item and player.is_loaded:
            past = mark and _SAID.search(request.understanding.text.casefold()) and mark.item == player.item
            place = place if past else (player.item, player.position_ms)
        item = self._library.items.get(place[0]) if place else None
        if place is None or item is None:
            return answer(request, memory, "Nothing is playing.")
        transcript = await self._finder.transcript(item.id)
        name, by = phrases.name(item.title), f"It is by {phrases.name(item.creator)}."
        if not transcript:
            return answer(request, memory, f"I do not know what is said in {name}: it has no transcript. {by}")
        segment = speaking_at(transcript, place[1])
        if segment is None or not segment.speaker:
            return answer(request, memory, f"The transcript of {name} does not say who speaks. {by}")
        return answer(request, memory, f"That is {phrases.name(segment.speaker)}, in {name}.")

    async def _where(self, request: ActionRequest, asked: Asked) -> tuple[str, Scope]:
        """What is looked for, and where; names that the catalogue does not have are part of what is looked for."""
        memory, utterance = MediaMemory.read(request.memory), request.utterance
        named = await self._library.named(asked.names) if not asked.names.is_empty else {}
        unknown = [] if named else [asked.title, asked.series]
        topic = " ".join(part for part in (asked.topic, *unknown) if part)
        loaded = utterance.player.item if utterance.player and utterance.player.is_loaded else None
        items = self._library.items
        at_hand = items.get(loaded or utterance.page_item or memory.chosen or "")
        if not topic and "title" in named:  # "the part about the bees": what is said, not what it is called
            topic, named = asked.title, {}
        return topic, moment_scope.scope(asked, request.understanding, named, items, at_hand, memory.shown)

    def _present(
        self, request: ActionRequest, found: Moments, best: Moment, topic: str, *, lead: str = "", bounded: bool
    ) -> ActionResult:
        kept = found.found[: found.certain]
        shown = tuple(dict.fromkeys(moment.item for moment in kept))[:SHOWN]
        memory = MediaMemory(
            shown=shown, told=min(CARDS, len(shown)), chosen=best.item, moments=_remembered(kept, best, topic)
        )
        firsts = [next(moment for moment in kept if moment.item == item) for item in shown[:CARDS]]
        return self._start(request, memory, best, lead=lead, bounded=bounded, others=firsts[1:])

    def _offer(self, request: ActionRequest, found: Moments, topic: str, missing: str) -> ActionResult:
        """Nothing that was sure: the nearest, as a question."""
        nearest = found.nearest
        if nearest is None:
            return answer(request, MediaMemory.read(request.memory), missing)
        title, where = phrases.name(self._library.items[nearest.item].title), phrases.place(nearest.at_ms)
        lead = f"{title} speaks of it at {where}." if found.best else f"The nearest is {title}, at {where}."
        memory = MediaMemory(
            shown=(nearest.item,), told=1, offered=nearest.item, moments=_remembered([nearest], nearest, topic)
        )
        return answer(
            request,
            memory,
            f"{missing} {lead} Shall I play that?",
            cards=(self._card(nearest),),
            expects_reply=True,
        )

    def _start(
        self,
        request: ActionRequest,
        memory: MediaMemory,
        moment: Moment,
        *,
        lead: str = "",
        bounded: bool = False,
        told: bool = False,
        others: Sequence[Moment] = (),
    ) -> ActionResult:
        """Tell of a moment, unless that was `told` already, and hand it to the player if there is one."""
        item, player = self._library.items[moment.item], request.utterance.player
        memory = memory.model_copy(update={"chosen": item.id, "offered": None})
        lasting = phrases.duration(max(1, round((moment.end_ms - moment.start_ms) / 1000)))
        doing = f"Playing just that part, {lasting}." if bounded else "Playing from there."
        speech = "" if told else f"{lead}{_told(item, moment)} "
        directives: tuple[Directive, ...] = ()
        if player is None and request.utterance.channel is Channel.SPEAKER:
            doing = "This device cannot play it." if told else "But this device cannot play it."
        else:
            directives = (self._directive(item, moment, player, bounded=bounded),)
            if player is None:  # a program may play it, or not
                doing = "It can be played from there."
        has_next = memory.moments is not None and memory.moments.stepped(+1) is not None
        replies = [QuickReply(text="Next mention", utterance="next mention")] if has_next else []
        replies += [] if bounded else [QuickReply(text="Just that part", utterance="just that part")]
        return answer(
            request,
            memory,
            f"{speech}{doing}",
            cards=tuple(self._card(one) for one in (moment, *others)),
            quick_replies=tuple(replies) if directives else (),
            directives=directives,
        )

    def _directive(self, item: Item, moment: Moment, player: PlayerState | None, *, bounded: bool) -> Directive:
        """A seek where the item plays already, whole; a player that cannot, or plays something else, is given it."""
        if bounded:
            return self._library.play(item, moment.start_ms, moment.end_ms - moment.start_ms)
        if player and player.item == item.id and player.state is Playback.PLAYING and Ability.SEEK in player.can:
            recording = self._library.recording(item.id)
            ends_at_ms = player.ends_at_ms
            if ends_at_ms is None or recording is None or ends_at_ms >= recording.duration_ms - WHOLE_MS:
                return Seek(position_ms=moment.start_ms)
        return self._library.play(item, moment.start_ms)

    def _card(self, moment: Moment) -> Card:
        card = self._library.card(self._library.items[moment.item])
        return card.model_copy(update={"begin_ms": moment.start_ms})


def _nothing(topic: str, where: str = "") -> str:
    return f"I found nothing about {phrases.name(topic)}{f' in {phrases.name(where)}' if where else ''}."


def _told(item: Item, moment: Moment) -> str:
    says = f", {phrases.name(moment.speaker)} says" if moment.speaker else ""
    return f'In {phrases.name(item.title)}, at {phrases.place(moment.at_ms)}{says}: "{moment.quote}"'


def _remembered(found: Sequence[Moment], best: Moment, topic: str) -> MomentList:
    """The moments of the best one's item in the order of time, then the others as they were found."""
    here = sorted((one for one in found if one.item == best.item), key=lambda one: one.start_ms)
    # Of an item with more of them than are remembered, those around the best one.
    first = max(0, min(here.index(best) - REMEMBERED // 2, len(here) - REMEMBERED))
    kept = [*here[first:], *(one for one in found if one.item != best.item)][:REMEMBERED]
    marks = tuple(Mark(item=one.item, start_ms=one.start_ms, at_ms=one.at_ms, end_ms=one.end_ms) for one in kept)
    return MomentList(topic=topic, marks=marks, place=kept.index(best))
