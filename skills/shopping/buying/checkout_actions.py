"""Checkout by words and by taps: what is missing, the read-back, the order; at the speaker with a PIN."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from skills.fact import ordered
from skills.shop_view import Form, ShopView, Tap
from skills.shopping.answering import shop_answer
from skills.shopping.buying.basket import Basket
from skills.shopping.buying.cart_answers import EMPTY, cart_answer
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkout_words import (
    ASK_PIN,
    ON_SCREEN,
    PIN_LOCKED,
    PIN_WRONG,
    problems_in,
    read_back,
    refusal,
    status_words,
)
from skills.shopping.buying.checkouts import Checkouts
from skills.shopping.buying.details import LABELS, Details, form_fields
from skills.shopping.buying.matching import spoken_code
from skills.shopping.buying.orders import Orders
from skills.shopping.buying.scene import Scene, bad_tap, in_shop
from skills.shopping.buying.views import cart_view, checkout_view
from skills.shopping.buying.voice_buyers import PinCheck, VoiceBuyers
from skills.shopping.catalogue import Catalogues
from skills.shopping.memory import Ask, Pending
from skills.skill import Action, ActionResult

_PLACE = re.compile(r"\b(?:place|confirm)\b|\bbuy (?:it|them|this|that)\b|\border (?:it|them)\b")


class CheckoutActions:
    """From the cart to the order. What is said of a checkout is made from it as it was kept."""

    def __init__(
        self, catalogues: Catalogues, basket: Basket, checkouts: Checkouts, orders: Orders, voice: VoiceBuyers
    ) -> None:
        self._catalogues, self._basket, self._checkouts = catalogues, basket, checkouts
        self._orders, self._voice = orders, voice

    def by_name(self) -> Mapping[str, Action]:
        """The actions of the dialogue."""
        return {"action_checkout": in_shop(self._catalogues, self._start)}

    def taps(self) -> Mapping[str, Action]:
        """The buttons."""
        return {
            "checkout.start": in_shop(self._catalogues, self._start),
            "checkout.update": in_shop(self._catalogues, self._update),
            "checkout.complete": in_shop(self._catalogues, self._complete_tap),
            "checkout.cancel": in_shop(self._catalogues, self._cancel),
        }

    async def _start(self, scene: Scene) -> ActionResult:
        pending, said = scene.memory.pending, scene.request.utterance.text.casefold()
        if pending and pending.tap == "checkout.complete" and pending.ask is Ask.CONFIRM and _PLACE.search(said):
            return await self._complete(scene, pending.values)  # a yes to "Shall I place the order?"
        held = await asyncio.to_thread(self._basket.held, scene.shop, scene.shopper)
        if not held.quote.lines:
            return cart_answer(scene, held, EMPTY)
        if not scene.has_screen:
            why = await asyncio.to_thread(self._voice.refusal, scene.shop, scene.shopper, held.quote.totals.total)
            if why is not None:
                view = ShopView(cart=cart_view(held.cart, held.quote))
                return shop_answer(scene.request, scene.memory, refusal(why, scene.shop), view=view)
        details = await asyncio.to_thread(self._known_details, scene)
        checkout = await asyncio.to_thread(self._checkouts.start, scene.shop, scene.buyer, details)
        if not scene.has_screen:  # by voice it goes where orders by voice go, whatever was typed elsewhere meanwhile
            stored = details.model_dump()
            done = await asyncio.to_thread(self._checkouts.update, scene.shop, scene.shopper, checkout.id, stored)
            checkout = done[0] if done else checkout
        return await self._tell(scene, checkout)

    async def _update(self, scene: Scene) -> ActionResult:
        values = scene.tapped
        done = await asyncio.to_thread(
            self._checkouts.update, scene.shop, scene.shopper, str(values.get("id", "")), values
        )
        if done is None:
            return bad_tap(scene)
        checkout, errors = done
        is_opened = not any(field in values for field in LABELS)
        return await self._tell(scene, checkout, errors, values, with_form=is_opened)

    async def _complete_tap(self, scene: Scene) -> ActionResult:
        return await self._complete(scene, scene.tapped)

    async def _complete(self, scene: Scene, values: Mapping[str, object]) -> ActionResult:
        identity, total = values.get("id"), values.get("total")
        if not isinstance(identity, str) or not isinstance(total, int) or isinstance(total, bool):
            return bad_tap(scene)
        if not scene.has_screen:
            return await self._complete_by_voice(scene, identity, total)
        checkout = await asyncio.to_thread(self._checkouts.complete, scene.shop, scene.buyer, identity, total)
        return await self._tell(scene, checkout) if checkout else bad_tap(scene)

    async def _complete_by_voice(self, scene: Scene, identity: str, total: int) -> ActionResult:
        """The PIN is asked for after the read-back, and everything is looked at once more with it."""
        checkout = await asyncio.to_thread(self._checkouts.find, scene.shop, scene.shopper, identity)
        if checkout is None:
            return bad_tap(scene)
        if checkout.status != "ready_for_complete":
            return await self._tell(scene, checkout)
        costs = checkout.quote.totals.total
        why = await asyncio.to_thread(self._voice.refusal, scene.shop, scene.shopper, costs)
        if why is not None:
            return shop_answer(scene.request, scene.memory, refusal(why, scene.shop))
        pin = scene.tapped.get("pin")
        if pin is None:
            return self._ask_pin(scene, identity, total, ASK_PIN)
        check = await asyncio.to_thread(self._voice.check, scene.shop.id, scene.shopper, spoken_code(str(pin)))
        if check is PinCheck.LOCKED:
            return shop_answer(scene.request, scene.memory, PIN_LOCKED, private=True)
        if check is PinCheck.WRONG:
            return self._ask_pin(scene, identity, total, PIN_WRONG)
        done = await asyncio.to_thread(self._checkouts.complete, scene.shop, scene.buyer, identity, total, stored=True)
        return await self._tell(scene, done, private=True) if done else bad_tap(scene)

    def _ask_pin(self, scene: Scene, identity: str, total: int, text: str) -> ActionResult:
        pending = Pending(ask=Ask.PIN, tap="checkout.complete", values={"id": identity, "total": total})
        asking = scene.remembering(pending=pending)
        return shop_answer(asking.request, asking.memory, text, expects_reply=True, private=True)

    async def _cancel(self, scene: Scene) -> ActionResult:
        identity = str(scene.tapped.get("id", ""))
        checkout = await asyncio.to_thread(self._checkouts.cancel, scene.shop, scene.shopper, identity)
        return await self._tell(scene, checkout) if checkout else bad_tap(scene)

    def _known_details(self, scene: Scene) -> Details:
        """Where the last order went; at the speaker what was stored for it, and nothing else."""
        if not scene.has_screen:
            buyer = self._voice.find(scene.shop.id, scene.shopper)
            return buyer.details if buyer else Details()
        customer = scene.buyer.customer
        last = self._orders.of_customer(scene.shop.id, customer, 1) if customer else []
        last = last or self._orders.of_shopper(scene.shop.id, scene.shopper, 1)
        return last[0].details if last else Details()

    async def _tell(
        self,
        scene: Scene,
        checkout: Checkout,
        errors: Mapping[str, str] | None = None,
        given: Mapping[str, object] | None = None,
        *,
        with_form: bool = False,
        private: bool = False,
    ) -> ActionResult:
        """Where the checkout stands, with the form where something is to be filled in."""
        errors = errors or {}
        url = await asyncio.to_thread(self._checkouts.continue_url, checkout)
        view = ShopView(checkout=checkout_view(checkout, scene.shop, url))
        text = " ".join(filter(None, (problems_in(list(errors.values())), status_words(checkout, scene.shop))))
        speech, quick, pending = text, [], None
        is_editable = checkout.status in ("incomplete", "ready_for_complete")
        if is_editable and (checkout.missing or errors or with_form):
            form = Form(
                title="Where does it go?",
                fields=form_fields(checkout.details, scene.shop, errors, given or {}),
                tap=Tap(name="checkout.update", values={"id": checkout.id}),
            )
            view = view.model_copy(update={"form": form})
            if "email" in checkout.missing:
                pending = Pending(ask=Ask.EMAIL, tap="checkout.update", values={"id": checkout.id})
            if not scene.has_screen:
                speech = text = f"{text} {ON_SCREEN}"
        elif checkout.status == "ready_for_complete":
            total = checkout.quote.totals.total.minor
            pending = Pending(ask=Ask.CONFIRM, tap="checkout.complete", values={"id": checkout.id, "total": total})
            quick = ["Yes", "No"]
            speech = " ".join((*checkout.messages, read_back(checkout)))
        memory = scene.memory.model_copy(update={"pending": pending, "order": checkout.order or scene.memory.order})
        return shop_answer(
            scene.request,
            memory,
            text,
            speech=speech,
            view=view,
            quick=quick,
            expects_reply=bool(pending),
            private=private,
            facts=(ordered(checkout.order),) if checkout.order else (),
        )
