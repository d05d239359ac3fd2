"""People instead of the assistant, and another device instead of this one: what is asked for; a chat carries it out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from skills.shop_view import ShopView
from skills.shopping.answering import shop_answer
from skills.shopping.memory import ShoppingMemory
from skills.shopping.product import ShopId
from skills.shopping.system_replies import default
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Channel, Utterance

ASK, LEAVE, CONTACT = "hand_over", "back_to_bot", "leave_contact"
"""`Reply.action`: the chat does it, and says in place of these words what has come of it."""

Pair = Callable[[ShopId, Utterance], Awaitable[str]]
"""Makes a code that opens the utterance's conversation on another device."""

_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
EMAIL_MAX = 254

IN_THE_CHAT = "People answer in the shop's chat. Say: send it to my phone. I will give you a code for it."
NO_ADDRESS = default("person.no_email")


class HandingActions:
    """A person, the assistant again, the phone."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def by_name(self) -> Mapping[str, Action]:
        """By the names that the dialogue has for them."""
        return {
            "action_hand_over": self.hand_over,
            "action_back_to_bot": self.back_to_bot,
            "action_shop_send_to_phone": self.send_to_phone,
        }

    def taps(self) -> Mapping[str, Action]:
        """By the names of taps."""
        return {
            "person.ask": self.hand_over,
            "person.leave": self.back_to_bot,
            "person.email": self.leave_contact,
            "person.phone": self.send_to_phone,
        }

    async def hand_over(self, request: ActionRequest) -> ActionResult:
        """A person, please."""
        memory = ShoppingMemory.read(request.memory)
        if request.utterance.channel is not Channel.WIDGET:
            return shop_answer(request, memory, IN_THE_CHAT, quick=("send it to my phone",))
        return shop_answer(request, memory, "One moment, please.", action=ASK)

    async def back_to_bot(self, request: ActionRequest) -> ActionResult:
        """The assistant again."""
        memory = ShoppingMemory.read(request.memory)
        action = LEAVE if request.utterance.channel is Channel.WIDGET else None
        return shop_answer(request, memory, "I am listening. What are you looking for?", action=action)

    async def leave_contact(self, request: ActionRequest) -> ActionResult:
        """Where people are to write; the tap's `email`."""
        memory = ShoppingMemory.read(request.memory)
        email = request.utterance.tap.values.get("email") if request.utterance.tap else None
        if not isinstance(email, str) or len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
            return shop_answer(request, memory, NO_ADDRESS)
        return shop_answer(request, memory, "One moment, please.", action=CONTACT)

    async def send_to_phone(self, request: ActionRequest) -> ActionResult:
        """A code that opens this conversation on another device."""
        memory = ShoppingMemory.read(request.memory)
        shop = request.utterance.store or memory.shop
        if shop is None:
            return shop_answer(request, memory, "Which shop? Say for example: open the Nordfell shop.")
        code = await self._pair(shop, request.utterance)
        half = len(code) // 2
        spelled = f"{' '.join(code[:half])}, {' '.join(code[half:])}"
        return shop_answer(
            request,
            memory,
            f"Open this shop's chat on your phone and enter {code[:half]}-{code[half:]}. "
            "The code works once, for ten minutes.",
            speech=f"Open the shop's chat on your phone and enter {spelled}. It works once, for ten minutes.",
            view=ShopView(pair_code=code),
        )
