"""What the parts that look after orders have in common: reading a step's values, and asking for the next of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from skills.fact import Source, answered
from skills.shop_view import Button, OrderView, ShopView, Tap
from skills.shopping.answering import shop_answer
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.shopping.orders.rules import Reason
from skills.skill import Action, ActionRequest, ActionResult

Values = dict[str, str | int | bool | list[str]]


class Step(BaseModel):
    """How far somebody has got in asking for something; each tap and each answer adds to it."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    number: str = Field(default="", max_length=40)
    order: str = Field(default="", max_length=200)
    """An order number as an answer gave it."""
    code: str = Field(default="", max_length=200)
    then: str = Field(default="", pattern=r"^(order\.[a-z]{2,20})?$")
    """The tap to go on with, once the order has been proved to be theirs."""
    sku: str = Field(default="", max_length=120)
    quantity: str = Field(default="", pattern=r"^[0-9]{0,2}$")
    reason: Reason | None = Field(default=None, strict=False)
    want: str = Field(default="", pattern=r"^(refund|exchange)?$")
    replacement: str = Field(default="", max_length=120)
    confirmed: bool = False

    @property
    def kept(self) -> Values:
        """As a tap's values."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value}


def step_of(request: ActionRequest) -> Step:
    """What is known so far; values that cannot be are as if they had not been given."""
    tap = request.utterance.tap
    if tap is None:
        return Step(order=request.understanding.value("order")[:200])
    try:
        return Step.model_validate(tap.values)
    except ValidationError:
        return Step()


def blocking(work: Callable[[ActionRequest], ActionResult]) -> Action:
    """An action made of one that waits for the database."""

    async def act(request: ActionRequest) -> ActionResult:
        return await asyncio.to_thread(work, request)

    return act


def ask_which(
    request: ActionRequest,
    memory: ShoppingMemory,
    text: str,
    tap: str,
    step: Step,
    field: str,
    options: Sequence[tuple[str, str]],
    order: OrderView | None = None,
) -> ActionResult:
    """Ask for one of `options` (key, label), to be tapped or named; the answer becomes the step's `field`.

    Whatever was agreed to before that was known has to be agreed to again.
    """
    step = step.model_copy(update={"confirmed": False})
    buttons = [Button(label=label[:60], tap=Tap(name=tap, values={**step.kept, field: key})) for key, label in options]
    keys, labels = [key for key, _ in options], [label for _, label in options]
    pending = Pending(ask=Ask.WHICH, tap=tap, values={**step.kept, "field": field, "labels": labels, "keys": keys})
    memory = memory.model_copy(update={"pending": pending, "order": step.number})
    view = ShopView(order=order, buttons=tuple(buttons))
    return shop_answer(request, memory, text, view=view, expects_reply=True)


def ask_whether(
    request: ActionRequest, memory: ShoppingMemory, text: str, tap: str, step: Step, label: str
) -> ActionResult:
    """Read back what is about to be done, and ask for a yes."""
    values: Values = {**step.kept, "confirmed": True}
    button = Button(label=label, tap=Tap(name=tap, values=values), style="primary")
    pending = Pending(ask=Ask.CONFIRM, tap=tap, values=values)
    memory = memory.model_copy(update={"pending": pending, "order": step.number})
    return shop_answer(request, memory, text, view=ShopView(buttons=(button,)), expects_reply=True)


def say(
    request: ActionRequest, memory: ShoppingMemory, text: str, *, order: OrderView | None = None, number: str = ""
) -> ActionResult:
    """An answer that leaves no question open."""
    memory = memory.model_copy(update={"pending": None, "order": number or memory.order})
    facts = (answered(Source.ORDER, number, request.understanding.text),) if number else ()
    return shop_answer(request, memory, text, view=ShopView(order=order) if order else None, facts=facts)
