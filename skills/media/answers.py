"""How the media skill's actions answer: words, items with their cards, and what goes to the player."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from skills.media import phrases
from skills.media.catalogue import Item
from skills.media.finding import Found
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.player import Directive, needs
from skills.skill import ActionRequest, ActionResult
from skills.turn import Channel, QuickReply, Reply

UNABLE = {
    "seek": "jump to another place",
    "speed": "change its speed",
    "part_speed": "change the speed of one scene alone",
    "repeat": "repeat",
    "shuffle": "shuffle",
    "queue": "keep a queue",
    "sleep": "keep a sleep timer",
}
"""What a player cannot do, by its ability."""

NO_PLAYER = "There is no player here."

HERE_IS = "Here is "
"""Before something that the player is about to play."""


def answer(
    request: ActionRequest,
    memory: MediaMemory,
    text: str,
    *,
    stages_ms: Mapping[str, float] | None = None,
    **parts: Any,
) -> ActionResult:
    """Words, in which names are marked by `phrases.name`, and whatever else is part of a reply."""
    speech, shown = phrases.spoken(text), phrases.shown(text)
    reply = Reply(dialog_request_id=request.utterance.dialog_request_id, speech=speech, text=shown, **parts)
    kept = memory.model_copy(update={"said": text}).model_dump(mode="json")
    return ActionResult(reply, kept, stages_ms=stages_ms or {})


def direct(request: ActionRequest, memory: MediaMemory, text: str, directive: Directive) -> ActionResult:
    """Tell the player to do something, or say that it cannot."""
    ability, player = needs(directive), request.utterance.player
    if player is None:
        return answer(request, memory, NO_PLAYER)
    if ability and ability not in player.can:
        return answer(request, memory, f"This player cannot {UNABLE[ability.value]}.")
    return answer(request, memory, text, directives=(directive,))


def also(request: ActionRequest, started: ActionResult, *directives: Directive) -> ActionResult:
    """Besides what an answer starts, whatever of this the player can do; an answer that starts nothing stays."""
    player, reply = request.utterance.player, started.reply
    if player is None or reply is None or not reply.directives:
        return started
    able = [one for one in directives if (ability := needs(one)) is None or ability in player.can]
    whole = reply.model_copy(update={"directives": (*reply.directives, *able)})
    return replace(started, reply=whole)


class Answers:
    """Answers about the library's items."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    def items(
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
        """Words about these items; `choices` are their places on the shelf, from the first if it is not given."""
        choices = choices or range(1, len(items) + 1)
        replies = [
            QuickReply(text=f"Number {place}", utterance=f"number {place}") for place in choices if len(items) > 1
        ]
        return answer(
            request,
            memory,
            speech,
            cards=tuple(self._library.card(item) for item in items),
            quick_replies=tuple(replies) if len(items) > 1 else (),
            directives=tuple(directives),
            expects_reply=expects_reply,
            stages_ms=stages.stages_ms if stages else {},
        )

    def start(
        self,
        request: ActionRequest,
        memory: MediaMemory,
        item: Item,
        *,
        lead: str = HERE_IS,
        rest: str = ".",
        cards: Sequence[Item] = (),
        stages: Found | None = None,
        begin_ms: int | None = None,
    ) -> ActionResult:
        """Hand `item` to the player, or say why not; from the moment that was found in it, unless told from where.

        What has not told of a player is not promised a sound: a program gets the directive, and is told what was found;
        a speaker without one is told that it cannot play.
        """
        cards, name = cards or [item], phrases.named(item)
        if begin_ms is None:
            begin_ms = memory.moments.begin_of(item.id) if memory.moments else 0
            lead = f"From {phrases.place(begin_ms)} on, " if begin_ms and lead == HERE_IS else lead
        if self._library.recording(item.id) is None:
            speech = f"{lead}{name}{rest} There is no recording of it here yet."
            return self.items(request, memory, speech, cards, stages=stages)
        memory = memory.model_copy(update={"chosen": item.id, "offered": None})
        has_player, channel = request.utterance.player is not None, request.utterance.channel
        if not has_player and lead == HERE_IS:
            lead = "I found "
        if not has_player and channel is Channel.SPEAKER:
            speech = f"{lead}{name}{rest} But this device cannot play it."
            return self.items(request, memory, speech, cards, stages=stages)
        directives = [self._library.play(item, begin_ms)]
        return self.items(request, memory, f"{lead}{name}{rest}", cards, directives=directives, stages=stages)
