"""Cart by words and by taps: add, change, take out, show, empty, coupons."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from skills.message import ItemId
from skills.shopping.answering import shop_answer
from skills.shopping.buying.basket import Basket
from skills.shopping.buying.cart_answers import EMPTY, ask_line, ask_option, ask_product, cart_answer, edit_answer
from skills.shopping.buying.choosing import choose, parsed
from skills.shopping.buying.counting import counted, listed, the
from skills.shopping.buying.matching import spoken_code, value_meant
from skills.shopping.buying.naming import CHOICES, Named, lines_meant, products_meant, quantity_said
from skills.shopping.buying.quote import named
from skills.shopping.buying.scene import Scene, bad_tap, in_shop
from skills.shopping.catalogue import Catalogues
from skills.shopping.memory import Ask, Pending
from skills.shopping.options import options_in
from skills.shopping.product import QUANTITY_MAX, Product
from skills.skill import Action, ActionResult

_OFF = re.compile(r"\b(remove|without|no|drop|take|off|delete|cancel)\b")


class AddTap(BaseModel):
    """`cart.add` and `cart.option`: `options` are written "size=M"; `option` answers which `name` it shall be."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    product: ItemId | None = None
    sku: ItemId | None = None
    options: list[str] = Field(default_factory=list, max_length=5)
    name: str = Field(default="", max_length=60)
    option: str = Field(default="", max_length=1_000)
    quantity: int = Field(default=1, ge=1, le=QUANTITY_MAX, strict=True)


class LineTap(BaseModel):
    """`cart.quantity` and `cart.remove`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    sku: ItemId
    quantity: int = Field(default=0, ge=0, le=QUANTITY_MAX, strict=True)


class CartActions:
    """What is done to the cart."""

    def __init__(self, catalogues: Catalogues, basket: Basket, find_named: Named) -> None:
        """`find_named` finds a product of a shop by its name."""
        self._catalogues, self._basket, self._find_named = catalogues, basket, find_named

    def by_name(self) -> Mapping[str, Action]:
        """The actions of the dialogue."""
        return {
            "action_cart_add": in_shop(self._catalogues, self._add),
            "action_cart_remove": in_shop(self._catalogues, self._remove),
            "action_cart_quantity": in_shop(self._catalogues, self._quantity),
            "action_cart_show": in_shop(self._catalogues, self._show),
            "action_cart_clear": in_shop(self._catalogues, self._clear),
            "action_cart_coupon": in_shop(self._catalogues, self._coupon),
        }

    def taps(self) -> Mapping[str, Action]:
        """The buttons."""
        return {
            "cart.add": in_shop(self._catalogues, self._add_tap),
            "cart.option": in_shop(self._catalogues, self._add_tap),
            "cart.quantity": in_shop(self._catalogues, self._line_tap),
            "cart.remove": in_shop(self._catalogues, self._line_tap),
            "cart.show": in_shop(self._catalogues, self._show),
            "cart.clear": in_shop(self._catalogues, self._clear),
            "cart.coupon": in_shop(self._catalogues, self._coupon),
        }

    async def _add(self, scene: Scene) -> ActionResult:
        meant = await asyncio.to_thread(products_meant, scene, self._catalogues, self._find_named)
        quantity = quantity_said(scene)
        quantity = 1 if quantity is None else quantity
        if not 1 <= quantity <= QUANTITY_MAX:
            return shop_answer(scene.request, scene.memory, f"I can put in 1 to {QUANTITY_MAX} of one thing.")
        if not meant:
            name = scene.said("product", "wanted")
            text = f"I can't find {name[:60]} here. " if name else ""
            return shop_answer(scene.request, scene.memory, f"{text}Which product would you like?", expects_reply=True)
        if len(meant) > 1:
            return ask_product(scene, meant, quantity)
        product, memory = meant[0], scene.memory
        options, unknown = self._options_said(scene, product)
        if not options and not unknown and memory.product == product.id:
            known = product.variant(memory.sku or "")
            options = dict(known.options if known else memory.options)
        return await self._put(scene, product, options, quantity, unknown)

    async def _add_tap(self, scene: Scene) -> ActionResult:
        try:
            tap = AddTap.model_validate(scene.tapped)
        except ValidationError:
            return bad_tap(scene)
        if tap.sku:
            return await self._add_sku(scene, tap.sku, tap.quantity)
        product = await asyncio.to_thread(self._catalogues.product, scene.shop.id, tap.product or "")
        if product is None:
            return bad_tap(scene)
        options, unknown = parsed(tap.options), ""
        if tap.name:
            value = value_meant(tap.option, product.options.get(tap.name, ()))
            options |= {tap.name: value} if value else {}
            unknown = "" if value else tap.option[:40]
        return await self._put(scene, product, options, tap.quantity, unknown)

    def _options_said(self, scene: Scene, product: Product) -> tuple[dict[str, str], str]:
        """Sizes and colours within what was said, and one that is not among the product's."""
        said, unknown = options_in(scene.request.utterance.text, product), ""
        for entity in scene.request.understanding.entities:
            if entity.name != "option":
                continue
            meant = {name: value_meant(entity.value, values) for name, values in product.options.items()}
            known = {name: value for name, value in meant.items() if value is not None}
            said |= known
            unknown = unknown if known else entity.value[:40]
        return said, unknown

    async def _put(
        self, scene: Scene, product: Product, options: Mapping[str, str], quantity: int, unknown: str
    ) -> ActionResult:
        """Put a product in, once it is clear which variant of it."""
        chosen = choose(product, options)
        if chosen.is_said and not unknown:
            return await self._add_sku(scene, chosen.sku, quantity)
        return ask_option(scene, product, chosen, quantity, unknown, self._basket.now())

    async def _add_sku(self, scene: Scene, sku: str, quantity: int) -> ActionResult:
        done = await asyncio.to_thread(self._basket.add, scene.shop, scene.shopper, sku, quantity)
        things = the(done.name) if quantity == 1 else counted(quantity, done.title, done.options)
        return edit_answer(scene, done, f"I put {things} in your cart.", added=True)

    async def _line_tap(self, scene: Scene) -> ActionResult:
        try:
            tap = LineTap.model_validate(scene.tapped)
        except ValidationError:
            return bad_tap(scene)
        is_removal = scene.request.utterance.tap is not None and scene.request.utterance.tap.name == "cart.remove"
        return await self._set(scene, tap.sku, 0 if is_removal else tap.quantity)

    async def _quantity(self, scene: Scene) -> ActionResult:
        return await self._on_line(scene, removing=False)

    async def _remove(self, scene: Scene) -> ActionResult:
        return await self._on_line(scene, removing=True)

    async def _on_line(self, scene: Scene, *, removing: bool) -> ActionResult:
        """Make the line that is meant so many, or so many less where some are taken out."""
        held = await asyncio.to_thread(self._basket.held, scene.shop, scene.shopper)
        if not held.quote.lines:
            return cart_answer(scene, held, EMPTY)
        meant, said = lines_meant(scene, held.cart, held.quote.lines), quantity_said(scene)
        if not meant:
            return cart_answer(scene, held, f"I don't see that in your cart. You have {listed(held.quote.lines)}.")
        if said is not None and not 0 <= said <= QUANTITY_MAX:
            return cart_answer(scene, held, f"I can make it 1 to {QUANTITY_MAX}.")
        if not removing and said is None:
            return cart_answer(scene, held, "How many would you like?")
        if len(meant) > 1:
            return ask_line(scene, meant[:CHOICES], 0 if removing else said or 0)
        line = meant[0]
        less = max(0, line.quantity - said) if said else 0
        return await self._set(scene, line.sku, less if removing else said or 0)

    async def _set(self, scene: Scene, sku: str, quantity: int) -> ActionResult:
        done = await asyncio.to_thread(self._basket.set, scene.shop, scene.shopper, sku, quantity)
        if quantity == 0:
            return edit_answer(scene, done, f"I took {the(done.name) if done.name else 'that'} out of your cart.")
        return edit_answer(scene, done, f"You now have {counted(quantity, done.title, done.options)} in your cart.")

    async def _show(self, scene: Scene) -> ActionResult:
        held = await asyncio.to_thread(self._basket.held, scene.shop, scene.shopper)
        if not held.quote.lines:
            return cart_answer(scene, held, EMPTY)
        notes = [f"{named(line.title, line.options)}: {line.note}." for line in held.quote.lines if line.note]
        return cart_answer(scene, held, " ".join([f"You have {listed(held.quote.lines)}.", *notes]))

    async def _clear(self, scene: Scene) -> ActionResult:
        held = await asyncio.to_thread(self._basket.clear, scene.shop, scene.shopper)
        return cart_answer(scene, held, "I have emptied your cart.")

    async def _coupon(self, scene: Scene) -> ActionResult:
        tapped, said = scene.tapped.get("code"), scene.said("code")
        if tapped is None and not said and not _OFF.search(scene.request.utterance.text.casefold()):
            asking = scene.remembering(pending=Pending(ask=Ask.CODE, tap="cart.coupon"))
            return shop_answer(asking.request, asking.memory, "What is the code?", expects_reply=True)
        code = (tapped if isinstance(tapped, str) else spoken_code(said))[:40]
        held = await asyncio.to_thread(self._basket.coupon, scene.shop, scene.shopper, code)
        off = held.quote.totals.discount
        if not code:
            return cart_answer(scene, held, "I have taken the code off.")
        if off is None or held.quote.refused:
            return cart_answer(scene, held, held.quote.refused or EMPTY)
        return cart_answer(scene, held, f"{held.quote.coupon} takes {str(off).removeprefix('-')} off.")
