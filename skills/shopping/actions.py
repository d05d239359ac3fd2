"""Everything that the shop's actions and taps do, put together from the parts of shopping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from skills.shop_view import Tap
from skills.shopping.answering import shop_answer
from skills.shopping.memory import ShoppingMemory
from skills.shopping.orders.choosing import chosen
from skills.skill import Action, ActionRequest, ActionResult

MAY_ANSWER = ("action_choose", "action_by_name", "action_shop_find", "action_shop_refine", "action_shop_inform")
"""What an answer to "which of them?" may be taken for: "the boots", "the second", "money back"."""

NOTHING_SAID = "I haven't said anything yet. What are you looking for?"


class Part(Protocol):
    """One part of shopping: what it does for the dialogue's actions, and for taps."""

    def by_name(self) -> Mapping[str, Action]:
        """The part's actions by the names that the dialogue calls them by."""

    def taps(self) -> Mapping[str, Action]:
        """What the part's buttons do, by their taps' names."""


class ShoppingActions:
    """The skill's actions and taps; each belongs to one part."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Two parts that offer the same are a mistake of ours."""
        self._actions: dict[str, Action] = {"action_repeat": self._repeat}
        self._taps: dict[str, Action] = {}
        for part in parts:
            _add(self._actions, part.by_name())
            _add(self._taps, part.taps())
        for name in MAY_ANSWER:
            self._actions[name] = self._answering(self._actions.get(name, self._nothing))

    def by_name(self) -> Mapping[str, Action]:
        """All actions."""
        return self._actions

    def taps(self) -> Mapping[str, Action]:
        """All taps."""
        return self._taps

    def _answering(self, action: Action) -> Action:
        """The action, unless what was said names one of the things that were asked about."""

        async def act(request: ActionRequest) -> ActionResult:
            said, pending = request.understanding, ShoppingMemory.read(request.memory).pending
            key = chosen(pending, said.text, said.value("ordinal"))
            if pending is None or key is None:
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


def _add(to: dict[str, Action], offered: Mapping[str, Action]) -> None:
    twice = to.keys() & offered.keys()
    assert not twice, f"offered by two parts: {sorted(twice)}"
    to.update(offered)
