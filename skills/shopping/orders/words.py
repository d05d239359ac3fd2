"""Orders and returns in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from skills.shopping.buying.counting import amount, listed
from skills.shopping.buying.orders import Order, OrderState
from skills.shopping.orders.returns import Return, ReturnState
from skills.shopping.shop import Delivery


def day(at: datetime | date) -> str:
    """A day: "20 November"."""
    return f"{at.day} {at:%B}"


def counted(quantity: int, title: str) -> str:
    """So many of a thing by its title, of which nobody knows the plural: "two Nordfell mug"."""
    return title if quantity == 1 else f"{amount(quantity)} {title}"


def what(order: Order) -> str:
    """What was ordered, in short."""
    return listed(order.lines, at_most=2)


def arrival(placed: datetime, delivery: Delivery, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last day on which an order should arrive, counted in working days (Monday to Friday)."""
    ordered = placed.astimezone(zone).date()
    least, longest = delivery.days
    return _working_days_after(ordered, least), _working_days_after(ordered, longest)


def status(order: Order, returns: Sequence[Return], zone: ZoneInfo) -> str:
    """Where an order is, and what is still to come of it."""
    head = f"Order {order.number} from {day(order.placed.astimezone(zone))}, {what(order)},"
    told = {event.state: event.at.astimezone(zone) for event in order.events if event.state}
    match order.state:
        case OrderState.PLACED | OrderState.PAID:
            where = f"{head} is being prepared.{_expected(order, zone)}"
        case OrderState.PACKED:
            where = f"{head} is packed and leaves soon.{_expected(order, zone)}"
        case OrderState.SHIPPED:
            where = f"{head} is on its way.{_expected(order, zone)}"
        case OrderState.DELIVERED:
            where = f"{head} was delivered on {day(told.get(OrderState.DELIVERED, order.placed))}."
        case OrderState.CANCELED:
            where = f"{head} was cancelled."
        case OrderState.RETURNED:
            where = f"{head} has come back, and was paid back."
    sent_back = [return_status(one) for one in returns if one.state is not ReturnState.CANCELED]
    return " ".join([where, *sent_back])


def return_status(one: Return) -> str:
    """Where a return is."""
    thing = counted(one.quantity, one.title)
    match one.state:
        case ReturnState.REQUESTED:
            then = f"{one.replacement_title} is sent" if one.replacement else f"{one.refund} is paid back"
            return f"Return {one.number}: {thing} may be sent back; {then} once it is here."
        case ReturnState.RECEIVED:
            return f"Return {one.number}: {thing} has arrived and is being looked at."
        case ReturnState.REFUNDED:
            return f"Return {one.number}: {one.refund} was paid back for {thing}."
        case ReturnState.EXCHANGED:
            return f"Return {one.number}: {one.replacement_title} was sent in place of {thing}."
        case ReturnState.REJECTED:
            return f"Return {one.number}: {thing} could not be taken back. A person can tell you why."
        case ReturnState.CANCELED:
            return f"Return {one.number} was cancelled."


def masked(email: str) -> str:
    """An address that its owner knows again, and nobody else learns: "a***@x.org"."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


def _expected(order: Order, zone: ZoneInfo) -> str:
    if order.delivery is None:
        return ""
    first, last = arrival(order.placed, order.delivery, zone)
    return f" It should arrive by {last:%A}, {day(last)}." if first != last else f" It should arrive on {day(last)}."


def _working_days_after(start: date, days: int) -> date:
    while days > 0:
        start += timedelta(days=1)
        days -= start.weekday() < 5
    return start
