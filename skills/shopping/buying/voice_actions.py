"""Turning buying by voice on, which takes a screen, and off, which takes a word."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from skills.shop_view import Form, FormField, ShopView, Tap
from skills.shopping.answering import shop_answer
from skills.shopping.buying.checkout_words import ON_SCREEN, refusal
from skills.shopping.buying.details import Details, form_fields, missing, read_details
from skills.shopping.buying.orders import Orders
from skills.shopping.buying.scene import Scene, in_shop
from skills.shopping.buying.test_provider import STORED_CARD
from skills.shopping.buying.voice_buyers import VoiceBuyers, VoiceRefusal, pin_problem
from skills.shopping.catalogue import Catalogues
from skills.skill import Action, ActionResult

_OFF = re.compile(r"\b(off|stop|disable|deactivate|cancel|no (?:more|longer)|don't|do not|never)\b")
CONSENT = "Pay with the stored test card ending in 4242"


class VoiceActions:
    """Who may buy by voice, and with which PIN; a PIN is never repeated, written into an answer or kept as it is."""

    def __init__(self, catalogues: Catalogues, voice: VoiceBuyers, orders: Orders) -> None:
        self._catalogues, self._voice, self._orders = catalogues, voice, orders

    def by_name(self) -> Mapping[str, Action]:
        """The actions of the dialogue."""
        return {"action_voice_buying": in_shop(self._catalogues, self._asked)}

    def taps(self) -> Mapping[str, Action]:
        """The buttons."""
        return {
            "voice.set": in_shop(self._catalogues, self._set),
            "voice.off": in_shop(self._catalogues, self._turn_off),
        }

    async def _asked(self, scene: Scene) -> ActionResult:
        if _OFF.search(scene.request.utterance.text.casefold()):
            return await self._turn_off(scene)
        if not scene.shop.voice_buying.allowed:
            text = refusal(VoiceRefusal.NOT_ALLOWED, scene.shop)
            return shop_answer(scene.request, scene.memory, text)
        if not scene.has_screen:
            text = f"Buying by voice is turned on on a screen, where you choose a PIN. {ON_SCREEN}"
            return shop_answer(scene.request, scene.memory, text)
        details = await asyncio.to_thread(self._known_details, scene)
        text = "Choose a PIN, and where orders by voice go. I ask for the PIN each time before I buy something."
        return self._form(scene, text, details, {}, {})

    async def _turn_off(self, scene: Scene) -> ActionResult:
        was_on = await asyncio.to_thread(self._voice.off, scene.shop.id, scene.shopper)
        text = "Buying by voice is off now." if was_on else "Buying by voice is off."
        return shop_answer(scene.request, scene.memory, text)

    async def _set(self, scene: Scene) -> ActionResult:
        if not scene.has_screen or not scene.shop.voice_buying.allowed:
            return await self._asked(scene)
        values = scene.tapped
        details, errors = read_details(values, Details(), scene.shop)
        errors |= {field: "Please fill this in." for field in missing(details, scene.shop) if field not in errors}
        pin = values.get("pin")
        if problem := pin_problem(pin if isinstance(pin, str) else ""):
            errors["pin"] = problem
        if values.get("consent") != "yes":
            errors["consent"] = "Without this I cannot buy by voice."
        if errors:
            return self._form(scene, "Please look at this again.", details, errors, values)
        await asyncio.to_thread(self._voice.set, scene.shop.id, scene.shopper, str(pin), details, STORED_CARD)
        rules = scene.shop.voice_buying
        most = f"up to {rules.most} each, " if rules.most else ""
        text = (
            f"Buying by voice is on at {scene.shop.name}: {most}{rules.orders_a_day} orders a day at most, and only "
            "with your PIN. Say turn off voice shopping at any time."
        )
        return shop_answer(scene.request, scene.memory, text, private=True)

    def _known_details(self, scene: Scene) -> Details:
        """What was set before, or where the last order went."""
        if found := self._voice.find(scene.shop.id, scene.shopper):
            return found.details
        last = self._orders.of_shopper(scene.shop.id, scene.shopper, 1)
        return last[0].details if last else Details()

    def _form(
        self, scene: Scene, text: str, details: Details, errors: Mapping[str, str], given: Mapping[str, object]
    ) -> ActionResult:
        pin = FormField(name="pin", label="PIN of 4 to 8 digits", type="pin", error=errors.get("pin", ""))
        consent = FormField(
            name="consent",
            label="Payment",
            type="choice",
            choices=(("yes", CONSENT), ("no", "Do not pay by voice")),
            value="yes" if given.get("consent") == "yes" else "",
            error=errors.get("consent", ""),
        )
        form = Form(
            title="Buy by voice",
            fields=(pin, *form_fields(details, scene.shop, errors, given), consent),
            tap=Tap(name="voice.set"),
            submit="Turn on",
        )
        return shop_answer(scene.request, scene.memory, text, view=ShopView(form=form), private=bool(given))
