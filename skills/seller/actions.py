"""The seller's actions, by name, and the console's wording of the dialogue's own responses."""

from __future__ import annotations

from collections.abc import Mapping

from skills.seller.asking import Asking
from skills.seller.editing import Editing
from skills.seller.memory import SellerMemory
from skills.seller.replying import answer
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Utterance

_WORDS = {
    "utter_greet": "Hello. Ask me how the week was, or tell me what to change.",
    "utter_help": (
        "Ask me: what did customers fail to find this week? Or tell me: change my shipping answer to three days. "
        "I read it back before anything is published."
    ),
    "utter_thanks": "You're welcome.",
    "utter_goodbye": "Goodbye.",
    "utter_out_of_scope": "I can tell you what customers asked and wanted, and change what the shop answers.",
    "utter_fallback": "I did not follow that. You could say: which questions could you not answer?",
}


class SellerActions:
    """What the console can be asked and told."""

    def __init__(self, asking: Asking, editing: Editing) -> None:
        self._asking = asking
        self._editing = editing

    def by_name(self) -> Mapping[str, Action]:
        """Every action of the seller's face."""
        own = {"action_repeat": _repeat, "action_by_name": _by_name, "action_more": _more}
        return {**self._asking.by_name(), **self._editing.by_name(), **own}

    def words(self, _utterance: Utterance, name: str) -> str | None:
        """The wording of a response of the dialogue."""
        return _WORDS.get(name)


async def _repeat(request: ActionRequest) -> ActionResult:
    memory = SellerMemory.read(request.memory)
    return answer(request, memory, memory.said or "I have not said anything yet.", expects_reply=bool(memory.proposal))


async def _by_name(request: ActionRequest) -> ActionResult:
    """Nothing here goes by a name alone: the dialogue says that it did not understand."""
    return ActionResult(None, request.memory, slots={"named": False})


async def _more(request: ActionRequest) -> ActionResult:
    return answer(
        request, SellerMemory.read(request.memory), "That is all I have. The pages of the console show the rest."
    )
