"""A shop's chat within the house: what it asks of the other parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from assistant.chat.chat import Chat
from assistant.chat.surroundings import Surroundings, now
from assistant.errors import ServiceError
from assistant.interpreter import Interpreter
from skills.face import Face
from skills.shopping.errors import ShoppingError
from skills.skill import Understanding

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

    around = Surroundings(
        turn=house.turn,
        understand=understand,
        kept_turn=house.store.turn,
        shop=_as_service(shopping.catalogues.shop),
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
        except ShoppingError as error:
            raise ServiceError(error.code, str(error), 503) from error

    return asked
