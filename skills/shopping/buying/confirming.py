"""The answers to open questions: yes and no, an address, a code, a number, a PIN; each goes to what asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from skills.shopping.answering import shop_answer
from skills.shopping.buying.checkout_words import NOTHING_ORDERED
from skills.shopping.buying.matching import spoken_code, spoken_email
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Tap

Taps = Callable[[], Mapping[str, Action]]
"""Every tap of shopping, by name."""

NOT_ASKED = "What can I do for you?"
LEFT = "All right, I have left it as it is."
_QUESTIONS = {
    Ask.OPTION: "Which one would you like?",
    Ask.WHICH: "Which one do you mean?",
    Ask.EMAIL: "What is your e-mail address?",
    Ask.CODE: "What is the code?",
    Ask.ORDER: "What is the number of your order?",
    Ask.PIN: "What is your PIN?",
}


class Confirming:
    """Runs the tap that an open question names. A question is open only as long as nothing else was said since."""

    def __init__(self, taps: Taps) -> None:
        self._taps = taps

    def by_name(self) -> Mapping[str, Action]:
        """The actions of the dialogue."""
        return {"action_affirm": self._affirm, "action_deny": self._deny, "action_shop_inform": self._inform}

    def taps(self) -> Mapping[str, Action]:
        """None of its own."""
        return {}

    async def _affirm(self, request: ActionRequest) -> ActionResult:
        memory = ShoppingMemory.read(request.memory)
        pending = memory.pending
        if pending is None:
            return shop_answer(request, memory, f"All right. {NOT_ASKED}")
        if pending.ask is not Ask.CONFIRM:
            return _again(request, memory, pending)
        return await self._run(request, memory, pending, pending.values)

    async def _deny(self, request: ActionRequest) -> ActionResult:
        memory = ShoppingMemory.read(request.memory)
        pending = memory.pending
        closed = memory.model_copy(update={"pending": None})
        if pending is None:
            return shop_answer(request, closed, f"All right. {NOT_ASKED}")
        return shop_answer(request, closed, NOTHING_ORDERED if pending.tap == "checkout.complete" else LEFT)

    async def _inform(self, request: ActionRequest) -> ActionResult:
        memory = ShoppingMemory.read(request.memory)
        pending = memory.pending or _unasked(request)
        if pending is None:
            return shop_answer(request, memory, "Thank you. What is this for?", expects_reply=True)
        answer = _answer(request, pending.ask)
        if not answer:
            return _again(request, memory, pending)
        return await self._run(request, memory, pending, {**pending.values, pending.ask.value: answer})

    async def _run(
        self, request: ActionRequest, memory: ShoppingMemory, pending: Pending, values: Mapping[str, object]
    ) -> ActionResult:
        action = self._taps().get(pending.tap)
        if action is None:
            return shop_answer(request, memory.model_copy(update={"pending": None}), NOT_ASKED)
        tap = Tap.model_validate({"name": pending.tap, "values": dict(values)})
        utterance = request.utterance.model_copy(update={"tap": tap})
        kept = memory.model_copy(update={"pending": None}).model_dump(mode="json")
        return await action(ActionRequest(utterance, request.understanding, kept))


def _unasked(request: ActionRequest) -> Pending | None:
    """What is meant by something that nobody asked for."""
    if request.understanding.value("order"):
        return Pending(ask=Ask.ORDER, tap="order.status")
    if request.understanding.value("code"):
        return Pending(ask=Ask.CODE, tap="cart.coupon")
    return None


def _answer(request: ActionRequest, ask: Ask) -> str:
    """What was said, as it is written; empty where it is no answer to this."""
    value, text = request.understanding.value, request.utterance.text
    match ask:
        case Ask.EMAIL:
            said = spoken_email(value("email") or next((word for word in text.split() if "@" in word), ""))
            return said[:254]
        case Ask.CODE | Ask.PIN:
            return spoken_code(value("code") or value("order") or _bare(text))[:40]
        case Ask.ORDER:
            return (value("order") or value("code") or _bare(text))[:40]
        case Ask.OPTION:
            return (value("option") or text)[:200]
        case _:
            return ""


def _bare(text: str) -> str:
    """The utterance itself, where it is short enough to be nothing but a code."""
    return text if len(text.split()) <= 8 and any(mark.isalnum() for mark in text) else ""


def _again(request: ActionRequest, memory: ShoppingMemory, pending: Pending) -> ActionResult:
    """Ask the open question once more; after a yes-or-no question, with its own words."""
    text = _QUESTIONS.get(pending.ask, memory.said or NOT_ASKED)
    asked = memory.model_copy(update={"pending": pending.model_copy(update={"said": ""})})
    return shop_answer(request, asked, text, expects_reply=True, private=pending.ask is Ask.PIN)
