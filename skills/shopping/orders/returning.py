"""Sending things back, step by step: which, how many, why, for what; then read back, and only then set up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Engine

from skills.shopping.buying.orders import Order, OrderState
from skills.shopping.buying.outbox import Outbox
from skills.shopping.buying.quote import QuotedLine, named
from skills.shopping.catalogue import Catalogues
from skills.shopping.memory import ShoppingMemory
from skills.shopping.orders.asking import Step, ask_whether, ask_which, say
from skills.shopping.orders.letters import return_letter
from skills.shopping.orders.return_book import NotTaken, ReturnBook
from skills.shopping.orders.returns import Return, left_to_return
from skills.shopping.orders.rules import Reason, Refusal, refund, return_refusal, takes_back
from skills.shopping.orders.words import counted, masked
from skills.shopping.product import Variant
from skills.shopping.shop import Shop
from skills.skill import ActionRequest, ActionResult

RETURN, EXCHANGE = "order.return", "order.exchange"
MOST_ASKED = 9
"""Of one thing; nobody taps through more."""


class Returning:
    """The guided return. Each call looks at what is known and asks for the first thing that is not."""

    def __init__(
        self, engine: Engine, catalogues: Catalogues, book: ReturnBook, outbox: Outbox, clock: Callable[[], datetime]
    ) -> None:
        self._engine, self._catalogues, self._book, self._outbox, self._clock = engine, catalogues, book, outbox, clock

    def go_on(self, request: ActionRequest, shop: Shop, order: Order, step: Step, tap: str) -> ActionResult:
        """The next question, or what was set up."""
        memory = ShoppingMemory.read(request.memory)
        step = step.model_copy(update={"number": order.number, "order": ""})
        refused = return_refusal(order, shop.returns, delivered_at(order), self._clock())
        if refused:
            return say(request, memory, refused.text, number=order.number)
        lines = self._returnable(shop, order)
        if isinstance(lines, Refusal):
            return say(request, memory, lines.text, number=order.number)
        only = next(iter(lines.values())) if len(lines) == 1 and not step.sku else (None, 0)
        line, left = lines.get(step.sku, only)
        if line is None:
            options = [(sku, named(one.title, one.options)) for sku, (one, _) in lines.items()]
            return ask_which(request, memory, "What would you like to send back?", tap, step, "sku", options)
        step = step.model_copy(update={"sku": line.sku})
        quantity = int(step.quantity or 0) if left > 1 else 1
        if not 1 <= quantity <= left:
            options = [(str(number), str(number)) for number in range(1, min(left, MOST_ASKED) + 1)]
            return ask_which(request, memory, "How many of them?", tap, step, "quantity", options)
        step = step.model_copy(update={"quantity": str(quantity)})
        if step.reason is None:
            reasons = [(one.value, one.words) for one in Reason]
            return ask_which(request, memory, "What is the reason?", tap, step, "reason", reasons)
        return self._wanted(request, shop, order, step, tap, line)

    def _wanted(
        self, request: ActionRequest, shop: Shop, order: Order, step: Step, tap: str, line: QuotedLine
    ) -> ActionResult:
        memory, quantity = ShoppingMemory.read(request.memory), int(step.quantity)
        others = self._others(shop, line, quantity) if shop.returns.exchanges else {}
        want = step.want or ("exchange" if tap == EXCHANGE else "")
        if not others:
            if tap == EXCHANGE and not step.want:
                step = step.model_copy(update={"want": "refund"})
                text = (
                    f"There is no other {line.title} I could send in its place. Would you like your money back instead?"
                )
                return ask_which(request, memory, text, RETURN, step, "want", [("refund", "Money back")])
            want = "refund"
        if not want:
            options = [("refund", "Money back"), ("exchange", "Another size or colour")]
            return ask_which(request, memory, "Your money back, or another one?", tap, step, "want", options)
        step = step.model_copy(update={"want": want})
        if want == "exchange" and step.replacement not in others:
            options = [(sku, ", ".join(one.options.values())) for sku, one in others.items()]
            return ask_which(
                request, memory, "Which one would you like instead?", tap, step, "replacement", options[:12]
            )
        replacement = others[step.replacement] if want == "exchange" else None
        return self._read_back(request, shop, order, step, tap, line, replacement)

    def _read_back(
        self,
        request: ActionRequest,
        shop: Shop,
        order: Order,
        step: Step,
        tap: str,
        line: QuotedLine,
        replacement: Variant | None,
    ) -> ActionResult:
        memory, now = ShoppingMemory.read(request.memory), self._clock()
        reason = step.reason or Reason.CHANGED_MIND
        wanted = Return(
            shop=shop.id,
            number="new",
            order=order.number,
            sku=line.sku,
            title=named(line.title, line.options),
            quantity=int(step.quantity),
            reason=reason,
            replacement=replacement.sku if replacement else None,
            replacement_title=named(line.title, replacement.options) if replacement else "",
            refund=refund(order, line.price * int(step.quantity), reason, shop.returns),
            requested=now,
        )
        thing = counted(wanted.quantity, wanted.title)
        then = f"you get {wanted.replacement_title} instead" if replacement else f"you get {wanted.refund} back"
        if not step.confirmed:
            pays = "we pay" if shop.returns.free or reason.is_shops_fault else "you pay"
            text = (
                f"So {thing} from order {order.number} comes back, {then}, and {pays} for the way. Shall I set it up?"
            )
            return ask_whether(request, memory, text, tap, step, "Set up the return")
        opened = self._book.open(order, wanted, now)
        if opened is NotTaken.SOLD_OUT:
            text = f"{wanted.replacement_title} has just sold out. Would you like your money back instead?"
            step = step.model_copy(update={"want": "", "replacement": "", "confirmed": False})
            return ask_which(request, memory, text, RETURN, step, "want", [("refund", "Money back")])
        if isinstance(opened, NotTaken):
            return say(request, memory, f"{thing} is on its way back to us already.", number=order.number)
        with self._engine.begin() as connection:
            self._outbox.put(connection, shop, return_letter(shop, order, opened), now)
        text = (
            f"Return {opened.number} is set up: once {thing} is here, {then}. "
            f"How to send it is in the mail to {masked(order.email)}."
        )
        return say(request, memory, text, number=order.number)

    def _returnable(self, shop: Shop, order: Order) -> dict[str, tuple[QuotedLine, int]] | Refusal:
        """The lines of which something can still be sent back, and how many; or why there are none."""
        known = self._book.of_order(shop.id, order.number)
        left = {line.sku: (line, left_to_return(line.quantity, known, line.sku)) for line in order.lines}
        left = {sku: (line, count) for sku, (line, count) in left.items() if count > 0}
        if not left:
            return Refusal("already", f"Everything of order {order.number} is on its way back, or back, already.")
        allowed = {sku: pair for sku, pair in left.items() if takes_back(pair[0].categories, shop.returns)}
        if not allowed:
            barred = " and ".join(named(line.title, line.options) for line, _ in left.values())
            text = f"{shop.name} does not take this back: {barred}. If something is wrong with it, a person can help."
            return Refusal("not_returnable", text)
        return allowed

    def _others(self, shop: Shop, line: QuotedLine, quantity: int) -> dict[str, Variant]:
        """What the line's thing can be exchanged for: its other variants of the same price that are there."""
        product = self._catalogues.product(shop.id, line.product)
        now = self._clock()
        return {
            one.sku: one
            for one in (product.variants if product else ())
            if one.sku != line.sku and one.can_order(quantity) and one.price_at(now) == line.price
        }


def delivered_at(order: Order) -> datetime | None:
    """When the order arrived."""
    return next((event.at for event in order.events if event.state is OrderState.DELIVERED), None)
