"""Buying as one part of shopping: everything that its parts do for the dialogue and for taps."""

from __future__ import annotations

from collections.abc import Mapping

from skills.shopping.buying.basket import Basket
from skills.shopping.buying.cart_actions import CartActions
from skills.shopping.buying.checkout_actions import CheckoutActions
from skills.shopping.buying.checkouts import Checkouts
from skills.shopping.buying.confirming import Confirming, Taps
from skills.shopping.buying.naming import Named
from skills.shopping.buying.orders import Orders
from skills.shopping.buying.reordering import ReorderActions
from skills.shopping.buying.voice_actions import VoiceActions
from skills.shopping.buying.voice_buyers import VoiceBuyers
from skills.shopping.catalogue import Catalogues
from skills.skill import Action


class BuyingActions:
    """Cart, checkout, voice buying, ordering again, and the answers to open questions."""

    def __init__(
        self,
        catalogues: Catalogues,
        basket: Basket,
        checkouts: Checkouts,
        orders: Orders,
        voice: VoiceBuyers,
        find_named: Named,
        taps: Taps,
    ) -> None:
        """`find_named` finds a product of a shop by its name; `taps` are all of shopping's."""
        self._parts = (
            CartActions(catalogues, basket, find_named),
            CheckoutActions(catalogues, basket, checkouts, orders, voice),
            VoiceActions(catalogues, voice, orders),
            ReorderActions(catalogues, basket, orders),
            Confirming(taps),
        )

    def by_name(self) -> Mapping[str, Action]:
        """The actions of the dialogue."""
        return {name: action for part in self._parts for name, action in part.by_name().items()}

    def taps(self) -> Mapping[str, Action]:
        """The buttons."""
        return {name: action for part in self._parts for name, action in part.taps().items()}
