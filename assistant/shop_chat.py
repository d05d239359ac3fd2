"""A shop's chat within the house: what it asks of the other parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from assistant.chat.chat import Chat
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import Surroundings, now
from assistant.errors import ServiceError
from assistant.interpreter import Interpreter
from skills.face import Face
from skills.message import ItemId
from skills.shopping.errors import ShoppingError
from skills.shopping.filling import Reader
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop
from skills.skill import Understanding
from skills.storefront.errors import StorefrontError

if TYPE_CHECKING:
    from assistant.house import House

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def open_chat(house: House) -> Chat:
    """The chat of a house whose storage and shopping are there."""
    shopping = house.shopping
    carts = shopping.buying.carts

    async def understand(text: str) -> Understanding:
        interpreter = Interpreter(house.skills, house.dialogue, house.settings.turn_timeout_s, Face.SHOP)
        return await interpreter.understand(text)

    def last_order(shopper: Shopper) -> datetime | None:
        orders = shopping.buying.orders.of_shopper(shopper.shop, shopper.id, 1)
        if shopper.customer:
            orders += shopping.buying.orders.of_customer(shopper.shop, shopper.customer, 1)
        return max((one.placed for one in orders), default=None)

    def topic(shop: ShopId, answer: ItemId) -> str:
        found = shopping.entries.draft(shop, "answer", answer)
        return str(found.data.get("folder", "")) if found else ""

    def values(shop: Shop, shopper: Shopper, product: ItemId | None, names: Collection[str]) -> Mapping[str, str]:
        return shopping.filling.values(shop, names, Reader(shopper.id, shopper.customer, product))

    around = Surroundings(
        turn=house.turn,
        understand=understand,
        kept_turn=house.store.turn,
        shop=_as_service(shopping.catalogues.shop),
        front=_as_service(shopping.front.of),
        last_order=_as_service(last_order),
        topic=_as_service(topic),
        values=_as_service(values),
        sells=_as_service(lambda shop, product: shopping.catalogues.product(shop, product) is not None),
        cart_count=_as_service(carts.count),
        take_cart=_as_service(lambda shop, guest, shopper: carts.merge(shop, guest, shopper, now()).count),
    )
    return Chat(around, house.store, house.paths.root, house.metrics)


def _as_service(ask: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """The same, whose failures are the service's."""

    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Found:
        try:
            return ask(*args, **kwargs)
        except (ShoppingError, StorefrontError) as error:
            raise ServiceError(error.code, str(error), 503) from error

    return asked
