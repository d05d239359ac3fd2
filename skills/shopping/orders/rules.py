"""What the shop's own rules allow after a purchase, and what is paid back. Pure; times are passed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from skills.shopping.buying.orders import Order, OrderState
from skills.shopping.money import Money
from skills.shopping.shop import Returns


class Reason(StrEnum):
    """Why something comes back."""

    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"
    CHANGED_MIND = "changed_mind"
    NOT_AS_DESCRIBED = "not_as_described"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"

    @property
    def words(self) -> str:
        """As a button says it."""
        return self.value.replace("_", " ").capitalize()

    @property
    def is_shops_fault(self) -> bool:
        """Whether the shop bears what it costs."""
        return self in (Reason.NOT_AS_DESCRIBED, Reason.DAMAGED, Reason.WRONG_ITEM)


@dataclass(frozen=True)
class Refusal:
    """Why something is not possible; `code` is stable, `text` is said."""

    code: str
    text: str


def cancel_refusal(order: Order, rules: Returns, now: datetime) -> Refusal | None:
    """Why the order cannot be cancelled any more; None where it can."""
    match order.state:
        case OrderState.CANCELED:
            return Refusal("already_canceled", f"Order {order.number} is cancelled already.")
        case OrderState.SHIPPED:
            return Refusal(
                "on_its_way", f"Order {order.number} is on its way already. Once it is there, you can return it."
            )
        case OrderState.DELIVERED | OrderState.RETURNED:
            return Refusal("delivered", f"Order {order.number} has been delivered. You can return it instead.")
    if now - order.placed > timedelta(hours=rules.cancel_hours):
        return Refusal(
            "too_late",
            f"Orders can be cancelled within {hours(rules.cancel_hours)}, and {order.number} is older than that. "
            "Once it is there, you can return it.",
        )
    return None


def return_refusal(order: Order, rules: Returns, delivered: datetime | None, now: datetime) -> Refusal | None:
    """Why nothing of the order can be returned; None where what its categories allow can be."""
    if rules.days == 0:
        return Refusal("no_returns", "This shop does not take things back, unless they arrive damaged.")
    if order.state is OrderState.CANCELED:
        return Refusal("already_canceled", f"Order {order.number} was cancelled.")
    if order.state is OrderState.RETURNED:
        return Refusal("already_returned", f"Everything of order {order.number} has come back already.")
    if delivered is None:
        return Refusal("not_delivered", f"Order {order.number} has not arrived yet. You can return it once it has.")
    if now - delivered > timedelta(days=rules.days):
        return Refusal(
            "too_late",
            f"Things can be sent back for {rules.days} days, and {order.number} arrived more than that ago. "
            "If something is wrong with it, a person can help.",
        )
    return None


def takes_back(categories: Sequence[str], rules: Returns) -> bool:
    """Whether the shop takes things of these categories back."""
    barred = {name.casefold() for name in rules.not_returnable}
    return not any(name.casefold() in barred for name in categories)


def refund(order: Order, returned: Money, reason: Reason, rules: Returns) -> Money:
    """What is paid back for goods that cost `returned` in the order's lines.

    Their share of the order's discount stays with the shop, and so does its restocking fee, unless the shop is at
    fault. What was paid for delivery is paid back where a fault of the shop's brings everything back.
    """
    totals = order.totals
    paid = totals.subtotal + totals.discount if totals.discount else totals.subtotal
    everything = returned.minor >= totals.subtotal.minor
    share = paid.minor if everything else paid.minor * returned.minor // max(1, totals.subtotal.minor)
    back = Money(minor=share, currency=returned.currency)
    if reason.is_shops_fault:
        return back + totals.delivery if everything and totals.delivery else back
    return back - back.percent(rules.restocking_percent)


def hours(count: int) -> str:
    """A number of hours in words: "1 hour", "2 days"."""
    number, unit = (count // 24, "day") if count >= 24 and count % 24 == 0 else (count, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
