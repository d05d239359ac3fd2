"""How what was done to a cart is told, and what is asked before it can be; from the cart as it was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from skills.shop_view import Button, ShopView, Tap
from skills.shopping.answering import shop_answer
from skills.shopping.buying.basket import Edited, Held, Outcome
from skills.shopping.buying.choosing import Chosen
from skills.shopping.buying.counting import the
from skills.shopping.buying.quote import QuotedLine, named
from skills.shopping.buying.scene import Scene
from skills.shopping.buying.views import cart_view
from skills.shopping.finding.cards import card, said_name, spoken_price
from skills.shopping.memory import Ask, Pending
from skills.shopping.product import QUANTITY_MAX, Product
from skills.shopping.system_replies import default
from skills.shopping.words import joined
from skills.skill import ActionResult

EMPTY = default("cart.empty")

Values = dict[str, str | int | bool | list[str]]


def cart_answer(scene: Scene, held: Held, text: str) -> ActionResult:
    """`text`, and the cart as it is now."""
    sum_up = " Your cart comes to {}." if held.quote.lines else ""
    total, refused = held.quote.totals.total, held.quote.refused
    why = f" {refused}" if refused and refused != text else ""
    return shop_answer(
        scene.request,
        scene.memory,
        text + sum_up.format(total) + why,
        speech=text + sum_up.format(spoken_price(total)) + why,
        view=ShopView(cart=cart_view(held.cart, held.quote)),
        quick=("Check out",) if held.quote.lines else (),
    )


def edit_answer(scene: Scene, done: Edited, text: str, *, added: bool = False) -> ActionResult:
    """What became of a change: `text` where it was done; `added` where it was to be so many more."""
    match done.outcome:
        case Outcome.DONE:
            focus = {"product": done.product or scene.memory.product, "sku": done.sku if done.quantity else None}
            return cart_answer(scene.remembering(**focus, options={}), done, text)
        case Outcome.SOLD_OUT:
            return cart_answer(scene, done, f"{done.name} is sold out, I am afraid.")
        case Outcome.SHORT:
            return _short(scene, done, added=added)
        case Outcome.TOO_MANY:
            return cart_answer(scene, done, f"I can put {QUANTITY_MAX} of one thing in your cart at most.")
        case Outcome.UNKNOWN:
            return cart_answer(scene, done, "I don't see that here, so your cart is as it was.")
        case Outcome.STALE:
            return cart_answer(scene, done, "Your cart has changed on another device. Please look at it again.")


def _short(scene: Scene, done: Edited, *, added: bool) -> ActionResult:
    """What is possible, instead of what was asked for."""
    if added and done.quantity >= done.left:
        return cart_answer(scene, done, f"All {done.left} that are left of {the(done.name)} are in your cart already.")
    values: Values = {"sku": done.sku, "quantity": done.left}
    return _ask(
        scene.remembering(pending=Pending(ask=Ask.CONFIRM, tap="cart.quantity", values=values)),
        f"There {'is' if done.left == 1 else 'are'} only {done.left} left of {the(done.name)}. "
        f"Shall I make it {done.left}?",
        quick=("Yes", "No"),
    )


def ask_option(
    scene: Scene, product: Product, chosen: Chosen, quantity: int, unknown: str, now: datetime
) -> ActionResult:
    """What is to be known before a product can be put in; `unknown` was asked for, and is no value of it."""
    name = said_name(product)
    scene = scene.remembering(product=product.id, sku=None, options=dict(chosen.options), pending=None)
    view = ShopView(products=(card(product, now),))
    lack = f"I don't have it in {unknown}. " if unknown else ""
    if not lack and chosen.refused:
        lack = f"There is none left in {chosen.refused}. "
    variant = product.variant(chosen.sku)
    if variant:
        view = ShopView(products=(card(product, now, variants=(variant,)),))
        sku_values: Values = {"sku": variant.sku, "quantity": quantity}
        offer = f"only have {name} in {joined(list(variant.options.values()))}" if variant.options else f"have {name}"
        return _ask(
            scene.remembering(pending=Pending(ask=Ask.CONFIRM, tap="cart.add", values=sku_values)),
            f"{lack}I {offer}. Shall I put that in your cart?",
            view,
            quick=("Yes", "No"),
        )
    if not chosen.values:
        return shop_answer(scene.request, scene.memory, f"{name}{_in(chosen.options)} is sold out.", view=view)
    options = [f"{key}={value}" for key, value in chosen.options.items()]
    values: Values = {"product": product.id, "name": chosen.ask, "options": options, "quantity": quantity}
    buttons = tuple(
        Button(label=value[:60], tap=Tap(name="cart.option", values=values | {"option": value}))
        for value in chosen.values[:12]
    )
    answers: Values = {"field": "option", "labels": list(chosen.values), "keys": list(chosen.values)}
    few = chosen.values if len(chosen.values) <= 6 else (*chosen.values[:5], "others")
    return _ask(
        scene.remembering(
            pending=Pending(ask=Ask.OPTION, tap="cart.option", values=values | answers, option=chosen.ask)
        ),
        f"{lack}Which {chosen.ask} of {name} would you like? I have {joined(few)}.",
        view.model_copy(update={"buttons": buttons}),
    )


def ask_product(scene: Scene, meant: Sequence[Product], quantity: int) -> ActionResult:
    """Which product is to be put in."""
    labels = [said_name(product) for product in meant]
    if len(meant) == 1:
        only: Values = {"product": meant[0].id, "quantity": quantity}
        asking = scene.remembering(pending=Pending(ask=Ask.CONFIRM, tap="cart.add", values=only), product=meant[0].id)
        return _ask(asking, f"Do you mean {the(labels[0])}?", quick=("Yes", "No"))
    return _which(scene, "cart.add", "product", labels, [product.id for product in meant], quantity)


def ask_line(scene: Scene, meant: Sequence[QuotedLine], quantity: int) -> ActionResult:
    """Which line of the cart is to become so many."""
    labels = [named(line.title, line.options) for line in meant]
    return _which(scene, "cart.quantity", "sku", labels, [line.sku for line in meant], quantity)


def _which(
    scene: Scene, tap: str, field: str, labels: Sequence[str], keys: Sequence[str], quantity: int
) -> ActionResult:
    values: Values = {"field": field, "labels": list(labels), "keys": list(keys), "quantity": quantity}
    buttons = tuple(
        Button(label=label[:60], tap=Tap(name=tap, values={field: key, "quantity": quantity}))
        for label, key in zip(labels, keys, strict=True)
    )
    return _ask(
        scene.remembering(pending=Pending(ask=Ask.WHICH, tap=tap, values=values)),
        f"Which one do you mean: {joined(labels, 'or')}?",
        ShopView(buttons=buttons),
    )


def _ask(scene: Scene, text: str, view: ShopView | None = None, quick: Sequence[str] = ()) -> ActionResult:
    return shop_answer(scene.request, scene.memory, text, view=view, quick=quick, expects_reply=True)


def _in(options: Mapping[str, str]) -> str:
    return f" in {joined(list(options.values()))}" if options else ""
