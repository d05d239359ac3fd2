"""Who asks for something in which shop: what every action of buying begins with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.buying.checkouts import Buyer
from skills.shopping.catalogue import Catalogues
from skills.shopping.memory import ShoppingMemory
from skills.shopping.shop import Shop
from skills.skill import Action, ActionRequest, ActionResult

NO_SHOP = "Which shop do you mean? Say, for example, open the shop, and its name."
BAD_TAP = "This button does not fit any more. What would you like to do?"


@dataclass(frozen=True)
class Scene:
    """A turn in a shop."""

    request: ActionRequest
    memory: ShoppingMemory
    shop: Shop

    @property
    def buyer(self) -> Buyer:
        """Whose cart is meant."""
        utterance = self.request.utterance
        return Buyer(self.shopper, utterance.user or "", utterance.conversation)

    @property
    def shopper(self) -> str:
        """The session that the cart belongs to."""
        return self.request.utterance.listener or self.request.utterance.conversation

    @property
    def has_screen(self) -> bool:
        """A shop's own chat can show forms and open pages; the speaker cannot."""
        return self.request.utterance.store is not None

    @property
    def tapped(self) -> dict[str, str | int | bool | list[str]]:
        """The values of the button that was tapped."""
        tap = self.request.utterance.tap
        return dict(tap.values) if tap else {}

    def said(self, *entities: str) -> str:
        """The first of these entities that was said."""
        return next(filter(None, (self.request.understanding.value(entity) for entity in entities)), "")

    def remembering(self, **changes: object) -> Scene:
        """The same with other things in mind."""
        return replace(self, memory=self.memory.model_copy(update=changes))


def in_shop(catalogues: Catalogues, act: Callable[[Scene], Awaitable[ActionResult]]) -> Action:
    """An action that needs a shop, and says so where none is meant."""

    async def action(request: ActionRequest) -> ActionResult:
        scene = await asyncio.to_thread(scene_of, request, catalogues)
        return await act(scene) if scene else no_shop(request)

    return action


def scene_of(request: ActionRequest, catalogues: Catalogues) -> Scene | None:
    """The shop and the memory of a turn; None where no shop is meant. It blocks."""
    shop = catalogues.shop(shop_of(request) or "")
    return Scene(request, ShoppingMemory.read(request.memory), shop) if shop else None


def no_shop(request: ActionRequest) -> ActionResult:
    """What is said where no shop is meant."""
    return shop_answer(request, ShoppingMemory.read(request.memory), NO_SHOP, expects_reply=True)


def bad_tap(scene: Scene) -> ActionResult:
    """What is said to a button whose values make no sense."""
    return shop_answer(scene.request, scene.memory, BAD_TAP)
