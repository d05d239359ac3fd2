"""What a shop's people try out has no effect: no cart, no order, no letter, no code for another device."""

from __future__ import annotations

from skills.shopping.answering import shop_answer
from skills.shopping.memory import ShoppingMemory
from skills.skill import Action, ActionRequest, ActionResult

EFFECTS = {
    ("action_cart_", "cart."): "the cart is shown or changed",
    ("action_checkout", "checkout.", "action_order_again", "order.again"): "the checkout begins",
    ("action_order_", "order.", "return."): "the customer's orders are looked up or changed",
    ("action_voice_buying", "voice."): "buying by voice is set up",
    ("action_shop_send_to_phone", "person.phone"): "the conversation moves to the customer's phone",
}
"""By how the names of actions and taps begin, what happens in the real chat."""


def without_effect(name: str, action: Action) -> Action:
    """The action called `name`, which says what it would do where it is only tried."""
    effect = next((what for begins, what in EFFECTS.items() if name.startswith(begins)), None)
    if effect is None:
        return action

    async def act(request: ActionRequest) -> ActionResult:
        if not request.utterance.trial:
            return await action(request)
        memory = ShoppingMemory.read(request.memory)
        return shop_answer(request, memory, f"(Here {effect}. That is left out while you try things.)")

    return act
