"""What comes after a purchase: status, cancelling, returns and exchanges, refunds, receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine

from skills.shop_view import Button, OrderView, ShopView, Tap
from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkouts import Checkouts
from skills.shopping.buying.orders import Order, Orders, OrderState
from skills.shopping.buying.outbox import Outbox
from skills.shopping.buying.quote import Quote
from skills.shopping.buying.receipts import receipt
from skills.shopping.buying.views import checkout_view, order_view
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding.delivery import zone_of
from skills.shopping.memory import ShoppingMemory
from skills.shopping.orders.access import Access
from skills.shopping.orders.asking import Step, ask_whether, blocking, say, step_of
from skills.shopping.orders.letters import note_letter
from skills.shopping.orders.return_book import ReturnBook
from skills.shopping.orders.returning import EXCHANGE, RETURN, Returning, delivered_at
from skills.shopping.orders.returns import Return
from skills.shopping.orders.rules import cancel_refusal, return_refusal
from skills.shopping.orders.words import masked, return_status, status, what
from skills.shopping.shop import Shop
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Channel

STATUS, CANCEL, RECEIPT, REFUND = "order.status", "order.cancel", "order.receipt", "order.refund"
PROVE, CODE = "order.prove", "order.code"
SENT = "Receipt sent again"
SENT_EVERY = timedelta(minutes=10)

NOT_ORDERED = "All right: nothing was ordered, and your cart is as it was."
NO_SHOP = "Which shop was it? Open it first, and ask me there."
ON_THE_PHONE = "I do that in the shop's chat only, where I know it is you. Say: send it to my phone."


class OrderActions:
    """The actions and taps about orders; who may ask is `Access`'s."""

    def __init__(
        self,
        engine: Engine,
        catalogues: Catalogues,
        orders: Orders,
        checkouts: Checkouts,
        book: ReturnBook,
        outbox: Outbox,
        access: Access,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._catalogues, self._orders, self._book = engine, catalogues, orders, book
        self._checkouts = checkouts
        self._outbox, self._access, self._clock = outbox, access, clock
        self._returning = Returning(engine, catalogues, book, outbox, clock)
        self._steps: Mapping[str, Callable[[ActionRequest, Shop, Step], ActionResult]] = {
            STATUS: self._status,
            CANCEL: self._cancel,
            RETURN: lambda request, shop, step: self._return(request, shop, step, RETURN),
            EXCHANGE: lambda request, shop, step: self._return(request, shop, step, EXCHANGE),
            REFUND: self._refund,
            RECEIPT: self._receipt,
            PROVE: self._access.prove,
            CODE: self._code,
        }

    def by_name(self) -> Mapping[str, Action]:
        """The actions that the dialogue calls."""
        return {
            "action_order_status": self._action(STATUS),
            "action_order_cancel": self._action(CANCEL),
            "action_order_return": self._action(RETURN),
            "action_order_exchange": self._action(EXCHANGE),
            "action_order_refund": self._action(REFUND),
            "action_order_receipt": self._action(RECEIPT),
        }

    def taps(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {name: self._action(name) for name in self._steps}

    def _action(self, tap: str) -> Action:
        def work(request: ActionRequest) -> ActionResult:
            memory = ShoppingMemory.read(request.memory)
            shop = self._catalogues.shop(shop_of(request) or "")
            if shop is None:
                return say(request, memory, NO_SHOP)
            if request.utterance.channel is not Channel.WIDGET and tap not in (STATUS, REFUND):
                return say(request, memory, ON_THE_PHONE)
            return self._steps[tap](request, shop, step_of(request))

        return blocking(work)

    def _status(self, request: ActionRequest, shop: Shop, step: Step) -> ActionResult:
        waiting = self._checkouts.waiting(shop, request.utterance.listener)
        if waiting and not step.number and not step.order:
            return self._unpaid(request, shop, waiting)
        order = self._access.find(request, shop, STATUS, step, lambda _: True)
        return order if isinstance(order, ActionResult) else self._tell(request, shop, order)

    def _unpaid(self, request: ActionRequest, shop: Shop, checkout: Checkout) -> ActionResult:
        """What was not paid for is no order yet."""
        memory, total = ShoppingMemory.read(request.memory), checkout.quote.totals.total
        text = f"It is not placed yet: it waits for your yes. It comes to {total}."
        if checkout.status == "requires_escalation":
            text = f"It is not placed yet: {total} is still to be paid on the payment page."
        view = ShopView(checkout=checkout_view(checkout, shop, self._checkouts.continue_url(checkout)))
        return shop_answer(request, memory.model_copy(update={"pending": None}), text, view=view)

    def _refund(self, request: ActionRequest, shop: Shop, step: Step) -> ActionResult:
        over = (OrderState.CANCELED, OrderState.RETURNED)
        order = self._access.find(request, shop, REFUND, step, lambda one: one.state in over or bool(self._back(one)))
        if isinstance(order, ActionResult):
            return order
        memory, back = ShoppingMemory.read(request.memory), self._back(order)
        if back:
            text = " ".join(return_status(one) for one in back)
        elif order.state is OrderState.CANCELED:
            text = f"Order {order.number} was cancelled, and {order.totals.total} went back the way you had paid."
        else:
            text = f"Nothing of order {order.number} is to be paid back so far."
        return say(request, memory, text, order=self._view(shop, order), number=order.number)

    def _receipt(self, request: ActionRequest, shop: Shop, step: Step) -> ActionResult:
        order = self._access.find(request, shop, RECEIPT, step, lambda _: True)
        if isinstance(order, ActionResult):
            return order
        memory, now = ShoppingMemory.read(request.memory), self._clock()
        if any(event.note == SENT and now - event.at < SENT_EVERY for event in order.events):
            text = f"I sent the receipt for {order.number} to {masked(order.email)} a moment ago."
            return say(request, memory, text, number=order.number)
        quote = Quote(lines=order.lines, totals=order.totals, coupon=order.coupon)
        with self._engine.begin() as connection:
            letter = receipt(shop, order.number, quote, order.details, order.delivery)
            self._outbox.put(connection, shop, letter, now)
            self._orders.note(shop.id, order.number, SENT, now, connection)
        text = f"The receipt for {order.number} is on its way to {masked(order.email)}."
        return say(request, memory, text, number=order.number)

    def _cancel(self, request: ActionRequest, shop: Shop, step: Step) -> ActionResult:
        now, said = self._clock(), request.utterance
        if not step.number and not step.order and (waiting := self._checkouts.waiting(shop, said.listener)):
            self._checkouts.cancel(shop, said.listener, waiting.id)
            return say(request, ShoppingMemory.read(request.memory), NOT_ORDERED)
        can = lambda one: cancel_refusal(one, shop.returns, now) is None  # noqa: E731 - a rule, named where it is used
        order = self._access.find(request, shop, CANCEL, step, can)
        if isinstance(order, ActionResult):
            return order
        memory, step = ShoppingMemory.read(request.memory), Step(number=order.number, confirmed=step.confirmed)
        if refused := cancel_refusal(order, shop.returns, now):
            return say(request, memory, refused.text, order=self._view(shop, order), number=order.number)
        if not step.confirmed:
            text = f"Order {order.number}: {what(order)}, {order.totals.total}. Shall I cancel it?"
            return ask_whether(request, memory, text, CANCEL, step, "Cancel the order")
        canceled = self._book.cancel(order, now)
        if canceled is None:
            text = f"Order {order.number} has just left, so I could not cancel it. Once it is there, you can return it."
            return say(request, memory, text, number=order.number)
        text = f"Order {order.number} is cancelled. {order.totals.total} goes back the way you paid."
        with self._engine.begin() as connection:
            subject = f"Your order {order.number} is cancelled"
            self._outbox.put(connection, shop, note_letter(shop, order, subject, text), now)
        return say(request, memory, text, order=self._view(shop, canceled), number=order.number)

    def _return(self, request: ActionRequest, shop: Shop, step: Step, tap: str) -> ActionResult:
        now = self._clock()

        def can(one: Order) -> bool:
            return return_refusal(one, shop.returns, delivered_at(one), now) is None

        order = self._access.find(request, shop, tap, step, can)
        return order if isinstance(order, ActionResult) else self._returning.go_on(request, shop, order, step, tap)

    def _code(self, request: ActionRequest, shop: Shop, step: Step) -> ActionResult:
        shown = self._access.show(request, shop, step)
        if isinstance(shown, ActionResult):
            return shown
        go_on = self._steps.get(step.then) if step.then not in (PROVE, CODE) else None
        return (go_on or self._status)(request, shop, shown)

    def _tell(self, request: ActionRequest, shop: Shop, order: Order) -> ActionResult:
        memory = ShoppingMemory.read(request.memory)
        returns = self._book.of_order(shop.id, order.number)
        text = status(order, returns, zone_of(shop))
        return say(request, memory, text, order=self._view(shop, order), number=order.number)

    def _back(self, order: Order) -> list[Return]:
        return self._book.of_order(order.shop, order.number)

    def _view(self, shop: Shop, order: Order) -> OrderView:
        """The order with what can be done with it now."""
        now, buttons = self._clock(), [_button("Send the receipt", RECEIPT, order)]
        if cancel_refusal(order, shop.returns, now) is None:
            buttons.append(_button("Cancel the order", CANCEL, order))
        if return_refusal(order, shop.returns, delivered_at(order), now) is None:
            buttons.append(_button("Send something back", RETURN, order))
        buttons.append(_button("Order it again", "order.again", order))
        return order_view(order, buttons, zone_of(shop))


def _button(label: str, tap: str, order: Order) -> Button:
    return Button(label=label, tap=Tap(name=tap, values={"number": order.number}))
