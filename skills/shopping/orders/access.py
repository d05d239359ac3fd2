"""Which order is meant, and whether whoever asks may know of it.

Seen by: the customer whom the shop's own site vouched for, the signed session in which it was placed, and whoever has
shown a code that was sent to its mailbox. A number alone, or an address that somebody types, opens nothing; nor does
an answer tell whether a number exists.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Engine

from skills.shopping.answering import shop_answer
from skills.shopping.buying.orders import Order, Orders, tidy
from skills.shopping.buying.outbox import Outbox
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.shopping.orders.asking import Step, ask_which, say
from skills.shopping.orders.letters import code_letter
from skills.shopping.orders.numbers import read_number
from skills.shopping.orders.proof import Tried
from skills.shopping.orders.proofs import Proofs
from skills.shopping.orders.words import day, what
from skills.shopping.shop import Shop
from skills.skill import ActionRequest, ActionResult
from skills.turn import Channel

NO_NUMBER = "That doesn't look like an order number. It is in the mail about your order, for instance {example}."


class Access:
    """Finds the order that is meant, or asks for what is missing."""

    def __init__(
        self, engine: Engine, orders: Orders, proofs: Proofs, outbox: Outbox, clock: Callable[[], datetime]
    ) -> None:
        self._engine, self._orders, self._proofs, self._outbox, self._clock = engine, orders, proofs, outbox, clock

    def find(
        self, request: ActionRequest, shop: Shop, tap: str, step: Step, suits: Callable[[Order], bool]
    ) -> Order | ActionResult:
        """The order of this step, or the answer that asks for it. Of several, those that `suits` come first."""
        memory = ShoppingMemory.read(request.memory)
        number = step.number or read_number(step.order) or ""
        if step.order and not number:
            example = f"{shop.order_prefix or 'AB'}-1042"
            return self._ask_number(request, memory, tap, NO_NUMBER.format(example=example))
        if number:
            order = self._orders.by_number(shop.id, number)
            if order is not None and self.may_see(request, order):
                return order
            return self._prove(request, shop, tidy(number), tap, order)
        known = self._known(request, shop)
        fitting = [order for order in known if suits(order)] or known[:1]
        named = [order for order in fitting if order.number == memory.order]
        if len(named or fitting) == 1:
            return (named or fitting)[0]
        if not fitting:
            return self._ask_number(
                request, memory, tap, "Of course. What's the order number? It is in the mail about it."
            )
        options = [(order.number, f"{order.number}, {day(order.placed)}: {what(order)}"[:60]) for order in fitting[:6]]
        return ask_which(request, memory, "Which order do you mean?", tap, step, "number", options)

    def may_see(self, request: ActionRequest, order: Order) -> bool:
        """Whether whoever asks has proved that it is theirs."""
        said = request.utterance
        if order.customer and said.user == order.customer:
            return True
        if said.listener and said.listener == order.shopper and not order.customer:
            return True
        return bool(said.listener) and self._proofs.proved(order.shop, order.number, said.listener, self._clock())

    def prove(self, request: ActionRequest, shop: Shop, step: Step) -> ActionResult:
        """Send a code to the order's mailbox."""
        number = tidy(step.number)
        return self._prove(request, shop, number, step.then, self._orders.by_number(shop.id, number))

    def show(self, request: ActionRequest, shop: Shop, step: Step) -> Step | ActionResult:
        """Try a code: the step to go on with, or what is said instead."""
        memory, said = ShoppingMemory.read(request.memory), request.utterance
        digits = "".join(mark for mark in step.code if mark.isdigit())
        match self._proofs.show(shop.id, tidy(step.number), said.listener, digits, self._clock()):
            case Tried.RIGHT:
                return Step(number=tidy(step.number))
            case Tried.WRONG:
                again = "That is not the code I sent. Please look again: it has six digits."
                return self._ask_code(request, memory, step, again)
        pending = Pending(ask=Ask.CONFIRM, tap="order.prove", values={"number": step.number, "then": step.then})
        memory = memory.model_copy(update={"pending": pending})
        text = "There is no code that still holds. Shall I send a new one?"
        return shop_answer(request, memory, text, expects_reply=True, private=True)

    def _known(self, request: ActionRequest, shop: Shop) -> list[Order]:
        said = request.utterance
        orders = self._orders.of_customer(shop.id, said.user) if said.user else []
        if said.listener:
            orders += [one for one in self._orders.of_shopper(shop.id, said.listener) if self.may_see(request, one)]
        return sorted({order.number: order for order in orders}.values(), key=lambda one: one.placed, reverse=True)

    def _ask_number(self, request: ActionRequest, memory: ShoppingMemory, tap: str, text: str) -> ActionResult:
        memory = memory.model_copy(update={"pending": Pending(ask=Ask.ORDER, tap=tap)})
        return shop_answer(request, memory, text, expects_reply=True)

    def _prove(self, request: ActionRequest, shop: Shop, number: str, then: str, order: Order | None) -> ActionResult:
        memory, said = ShoppingMemory.read(request.memory), request.utterance
        if said.channel is not Channel.WIDGET or not said.listener:
            text = "I can tell you about that order in the shop's chat. Say: send it to my phone."
            return say(request, memory, text)
        now = self._clock()
        code = self._proofs.new_code(order, said.listener, now) if order else None
        if order and code:
            with self._engine.begin() as connection:
                self._outbox.put(connection, shop, code_letter(shop, order, code), now)
        text = (
            f"If {number} is an order of ours, a code of six digits is on its way to the e-mail address it was placed "
            "with. What's the code?"
        )
        return self._ask_code(request, memory, Step(number=number, then=then), text)

    def _ask_code(self, request: ActionRequest, memory: ShoppingMemory, step: Step, text: str) -> ActionResult:
        pending = Pending(ask=Ask.CODE, tap="order.code", values={"number": step.number, "then": step.then})
        memory = memory.model_copy(update={"pending": pending})
        return shop_answer(request, memory, text, expects_reply=True, private=bool(step.code))
