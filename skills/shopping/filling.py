"""What variables in a shop's texts hold for whoever reads them: what is theirs to know, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from skills.message import ItemId
from skills.shopping.buying.orders import Order, Orders, OrderState
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding.delivery import usual
from skills.shopping.finding.cards import card
from skills.shopping.product import Product, ShopId
from skills.shopping.shop import Shop
from skills.storefront.drafting.words import days
from skills.storefront.front import Front
from skills.storefront.hours_words import hours_in_words
from skills.turn import Channel, Utterance

_STATES: Mapping[OrderState, str] = {
    OrderState.PLACED: "being prepared",
    OrderState.PAID: "being prepared",
    OrderState.PACKED: "packed and leaving soon",
    OrderState.SHIPPED: "on its way",
    OrderState.DELIVERED: "delivered",
    OrderState.CANCELED: "cancelled",
    OrderState.RETURNED: "back with us",
}
_PRIVATE = frozenset({"customer_name", "order_number"})
"""Said in a customer's own chat alone, and at no speaker, which the whole room hears."""


@dataclass(frozen=True)
class Reader:
    """Who reads a text, and where. `customer` is one whom the shop's site vouches for."""

    listener: str = ""
    """The session; empty for nobody."""
    customer: str | None = None
    product: ItemId | None = None
    """On the page."""
    draft: bool = False
    """What is not published yet counts."""


class Filling:
    """Looks up what texts ask for. Blocking; raises what its parts raise."""

    def __init__(self, catalogues: Catalogues, orders: Orders, front: Front, clock: Callable[[], datetime]) -> None:
        self._catalogues, self._orders, self._front, self._clock = catalogues, orders, front, clock

    def said(self, utterance: Utterance, names: Collection[str], shop: ShopId | None = None) -> Mapping[str, str]:
        """What variables of these names hold for whoever said this, in the shop of the chat or the one given."""
        profile = self._catalogues.shop(shop or utterance.store or "")
        reader = Reader(utterance.listener, utterance.user, utterance.page_item, utterance.draft)
        known = set(names) if utterance.channel is Channel.WIDGET else set(names) - _PRIVATE
        return self.values(profile, known, reader) if profile else {}

    def values(self, shop: Shop, names: Collection[str], reader: Reader) -> Mapping[str, str]:
        """What is known of these names; nothing else is looked up."""
        found: dict[str, str] = {}
        asked = set(names)
        shop = self._front.shop(shop, draft=reader.draft)
        if asked & {"shop_name", "shop_email", "return_days"}:
            found |= {"shop_name": shop.name, "shop_email": shop.email, "return_days": _days(shop.returns.days)}
        if asked & {"delivery_days", "delivery_price", "free_delivery_from"}:
            found |= _of_delivery(shop)
        if "opening_hours" in asked:
            hours = self._front.of(shop.id, reader.draft).timetable(shop).hours
            found["opening_hours"] = hours_in_words(hours.week)
        if asked & {"product_name", "product_price"} and reader.product:
            found |= self._of_product(self._catalogues.product(shop.id, reader.product))
        if asked & {"customer_name", "order_number", "order_status"}:
            found |= _of_order(self._last_order(shop.id, reader))
        return {name: found[name] for name in asked & found.keys() if found[name]}

    def _of_product(self, product: Product | None) -> Mapping[str, str]:
        if product is None:
            return {}
        shown = card(product, self._clock())
        return {"product_name": product.title, "product_price": str(shown.price)}

    def _last_order(self, shop: ShopId, reader: Reader) -> Order | None:
        """The newest that is the reader's own: a vouched customer's, or one that nobody in particular has placed in
        this very session.
        """
        if reader.customer:
            return next(iter(self._orders.of_customer(shop, reader.customer, 1)), None)
        placed = self._orders.of_shopper(shop, reader.listener) if reader.listener else []
        return next((order for order in placed if not order.customer), None)


def _of_delivery(shop: Shop) -> Mapping[str, str]:
    way = usual(shop)
    if way is None:
        return {}
    return {
        "delivery_days": days(way),
        "delivery_price": str(way.price) if way.price.minor else "nothing",
        "free_delivery_from": str(way.free_from) if way.free_from else "",
    }


def _of_order(order: Order | None) -> Mapping[str, str]:
    if order is None:
        return {}
    first_name = next(iter(order.details.name.split()), "")
    return {"customer_name": first_name, "order_number": order.number, "order_status": _STATES[order.state]}


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}" if count else ""
