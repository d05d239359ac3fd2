"""Everything that the shop's actions and taps do, put together from the parts of shopping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from skills.shop_view import Tap
from skills.shopping.answering import shop_answer
from skills.shopping.memory import ShoppingMemory
from skills.shopping.orders.choosing import chosen
from skills.shopping.rehearsing import without_effect
from skills.shopping.system_replies import Wordings
from skills.skill import Action, ActionRequest, ActionResult

MAY_ANSWER = ("action_choose", "action_by_name", "action_shop_find", "action_shop_refine", "action_shop_inform")
"""What an answer to "which of them?" may be taken for: "the boots", "the second", "money back"."""
BARE, ANY = 2, 1_000
"""Words: a bare colour or name may be taken for anything at all."""

NOTHING_SAID = "I haven't said anything yet. What are you looking for?"


class Part(Protocol):
    """One part of shopping: what it does for the dialogue's actions, and for taps."""

    def by_name(self) -> Mapping[str, Action]:
        """The part's actions by the names that the dialogue calls them by."""

    def taps(self) -> Mapping[str, Action]:
        """What the part's buttons do, by their taps' names."""


class ShoppingActions:
    """The skill's actions and taps; each belongs to one part."""

    def __init__(self, parts: Sequence[Part], wordings: Callable[[ActionRequest], Wordings] | None = None) -> None:
        """Two parts that offer the same are a mistake of ours. `wordings`, which block, say how the shop of a turn puts
        what the assistant says in fixed sentences.
        """
        self._wordings = wordings
        self._actions: dict[str, Action] = {"action_repeat": self._repeat}
        self._taps: dict[str, Action] = {}
        for part in parts:
            _add(self._actions, part.by_name())
            _add(self._taps, part.taps())
        for name in {*MAY_ANSWER, *self._actions}:
            self._actions[name] = self._answering(self._actions.get(name, self._nothing), _longest(name))

    def add(self, part: Part) -> None:
        """One more part, which could be made only once the others were there."""
        own = {name: self._answering(action, _longest(name)) for name, action in part.by_name().items()}
        _add(self._actions, own)
        _add(self._taps, part.taps())

    def by_name(self) -> Mapping[str, Action]:
        """All actions."""
        return {name: self._in_own_words(action) for name, action in self._actions.items()}

    def taps(self) -> Mapping[str, Action]:
        """All taps."""
        return {name: self._in_own_words(action) for name, action in self._taps.items()}

    def _in_own_words(self, action: Action) -> Action:
        """The action, whose fixed sentences are said as the shop has put them."""

        async def act(request: ActionRequest) -> ActionResult:
            result = await action(request)
            if self._wordings is None or result.reply is None:
                return result
            says, reply = await asyncio.to_thread(self._wordings, request), result.reply
            own = {"text": says.reworded(reply.text), "speech": says.reworded(reply.speech)}
            return replace(result, reply=reply.model_copy(update=own))

        return act

    def _answering(self, action: Action, longest: int) -> Action:
        """The action, unless what was said, of at most `longest` words, names one of the things asked about."""

        async def act(request: ActionRequest) -> ActionResult:
            said, pending = request.understanding, ShoppingMemory.read(request.memory).pending
            key = chosen(pending, said.text, said.value("ordinal"))
            if pending is None or key is None or len(said.text.split()) > longest:
                return await action(request)
            values = {name: value for name, value in pending.values.items() if name not in ("labels", "keys", "field")}
            tap = Tap(name=pending.tap, values={**values, str(pending.values["field"]): key})
            utterance = request.utterance.model_copy(update={"tap": tap})
            answered = await self._taps[pending.tap](replace(request, utterance=utterance))
            return replace(answered, slots={"named": True})

        return act

    async def _nothing(self, request: ActionRequest) -> ActionResult:
        return ActionResult(None, request.memory, {"named": False})

    async def _repeat(self, request: ActionRequest) -> ActionResult:
        memory = ShoppingMemory.read(request.memory)
        return shop_answer(request, memory, memory.said or NOTHING_SAID, expects_reply=memory.pending is not None)


def _longest(name: str) -> int:
    return ANY if name in MAY_ANSWER else BARE


def _add(to: dict[str, Action], offered: Mapping[str, Action]) -> None:
    twice = to.keys() & offered.keys()
    assert not twice, f"offered by two parts: {sorted(twice)}"
    to.update({name: without_effect(name, action) for name, action in offered.items()})
