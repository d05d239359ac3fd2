"""The last order again: its things go into the cart as far as they are still there, and what has changed is said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from skills.shopping.answering import shop_answer
from skills.shopping.buying.basket import Basket, Edited, Outcome
from skills.shopping.buying.cart_answers import cart_answer
from skills.shopping.buying.counting import amount, listed, the
from skills.shopping.buying.orders import Order, Orders
from skills.shopping.buying.quote import QuotedLine, named
from skills.shopping.buying.scene import Scene, in_shop
from skills.shopping.catalogue import Catalogues
from skills.shopping.system_replies import default
from skills.skill import Action, ActionResult

NO_ORDER = default("orders.none")


class ReorderActions:
    """Orders again what a shopper, or a customer whom the shop vouched for, has ordered before."""

    def __init__(self, catalogues: Catalogues, basket: Basket, orders: Orders) -> None:
        self._catalogues, self._basket, self._orders = catalogues, basket, orders

    def by_name(self) -> Mapping[str, Action]:
        """The actions of the dialogue."""
        return {"action_order_again": in_shop(self._catalogues, self._again)}

    def taps(self) -> Mapping[str, Action]:
        """The buttons."""
        return {"order.again": in_shop(self._catalogues, self._again)}

    async def _again(self, scene: Scene) -> ActionResult:
        order = await asyncio.to_thread(self._order, scene)
        if order is None:
            return shop_answer(scene.request, scene.memory, NO_ORDER)
        return await asyncio.to_thread(self._fill, scene, order)

    def _order(self, scene: Scene) -> Order | None:
        """The order that is meant, if it is this person's own; the last one where none was named."""
        buyer, number = scene.buyer, scene.tapped.get("number") or scene.said("order")
        if isinstance(number, str) and number:
            found = self._orders.by_number(scene.shop.id, number)
            own = found and (found.shopper == buyer.shopper or (buyer.customer and found.customer == buyer.customer))
            return found if own else None
        mine = self._orders.of_shopper(scene.shop.id, buyer.shopper, 1)
        mine += self._orders.of_customer(scene.shop.id, buyer.customer, 1)
        return max(mine, key=lambda order: order.placed, default=None)

    def _fill(self, scene: Scene, order: Order) -> ActionResult:
        done = [(line, self._basket.add(scene.shop, scene.shopper, line.sku, line.quantity)) for line in order.lines]
        added = [line for line, edited in done if edited.outcome is Outcome.DONE]
        for line, edited in done:
            if edited.outcome is Outcome.SHORT and edited.quantity < edited.left:
                self._basket.set(scene.shop, scene.shopper, line.sku, edited.left)
                added.append(line.model_copy(update={"quantity": edited.left - edited.quantity}))
        notes = list(filter(None, (_note(line, edited) for line, edited in done)))
        text = f"I put {listed(added)} in your cart, as in order {order.number}." if added else ""
        held = self._basket.held(scene.shop, scene.shopper)
        return cart_answer(scene, held, " ".join(filter(None, (text, *notes))))


def _note(line: QuotedLine, edited: Edited) -> str:
    """What is not as it was."""
    name = named(line.title, line.options)
    match edited.outcome:
        case Outcome.DONE:
            now = next((one.price for one in edited.quote.lines if one.sku == line.sku), line.price)
            return f"{name} costs {now} now, {line.price} then." if now != line.price else ""
        case Outcome.SOLD_OUT:
            return f"{name} is sold out."
        case Outcome.SHORT:
            return f"No more than {amount(edited.left)} {'is' if edited.left == 1 else 'are'} left of {the(name)}."
        case Outcome.UNKNOWN:
            return f"{name} is no longer sold."
        case _:
            return f"I could not put {name} in your cart."
