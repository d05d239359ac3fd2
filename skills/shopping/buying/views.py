"""Cart, checkout and order as clients draw them; made from the same quotes as the words."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from skills.shop_view import Button, CartLine, CartView, CheckoutView, OrderView, Tap
from skills.shopping.buying.cart import Cart
from skills.shopping.buying.checkout import OPEN, Checkout
from skills.shopping.buying.details import delivery_of, delivery_words
from skills.shopping.buying.orders import Order, OrderState
from skills.shopping.buying.quote import Quote, QuotedLine
from skills.shopping.finding.cards import safe_url
from skills.shopping.shop import Shop

STATES = {
    OrderState.PLACED: "Placed",
    OrderState.PAID: "Paid",
    OrderState.PACKED: "Packed",
    OrderState.SHIPPED: "On its way",
    OrderState.DELIVERED: "Delivered",
    OrderState.CANCELED: "Cancelled",
    OrderState.RETURNED: "Returned",
}


def cart_line(line: QuotedLine) -> CartLine:
    """A line as it is drawn."""
    return CartLine(
        sku=line.sku,
        product=line.product,
        title=line.title,
        options=line.options,
        quantity=line.quantity,
        price=line.price,
        total=line.total,
        image_url=safe_url(line.image),
        note=line.note,
    )


def cart_view(cart: Cart, quote: Quote) -> CartView:
    """The cart; what nobody sells any more is not in it."""
    buttons = (
        Button(label="Check out", tap=Tap(name="checkout.start"), style="primary"),
        Button(label="Empty the cart", tap=Tap(name="cart.clear")),
    )
    return CartView(
        lines=tuple(cart_line(line) for line in quote.lines),
        totals=quote.totals,
        coupon=quote.coupon,
        count=quote.count,
        revision=cart.revision,
        buttons=buttons if quote.lines else (),
    )


def checkout_view(checkout: Checkout, shop: Shop, continue_url: str) -> CheckoutView:
    """The checkout, with the taps that its state allows."""
    total = checkout.quote.totals.total
    buttons: list[Button] = []
    if checkout.status == "ready_for_complete":
        place = Tap(name="checkout.complete", values={"id": checkout.id, "total": total.minor})
        buttons.append(Button(label=f"Place the order, {total}", tap=place, style="primary"))
    if checkout.status in ("incomplete", "ready_for_complete"):
        change = Tap(name="checkout.update", values={"id": checkout.id})
        buttons.append(Button(label="Change the details", tap=change))
    if checkout.status in OPEN:
        buttons.append(Button(label="Cancel", tap=Tap(name="checkout.cancel", values={"id": checkout.id})))
    delivery = delivery_of(checkout.details, shop)
    return CheckoutView(
        id=checkout.id,
        status=checkout.status,
        lines=tuple(cart_line(line) for line in checkout.quote.lines),
        totals=checkout.quote.totals,
        delivery=delivery_words(delivery) if delivery else "",
        address=checkout.details.address,
        email=checkout.details.email,
        messages=checkout.messages,
        continue_url=continue_url,
        order=checkout.order,
        buttons=tuple(buttons),
    )


def order_view(order: Order, buttons: Sequence[Button], zone: ZoneInfo) -> OrderView:
    """The order, as its customer may see it, with the days of the shop's own time zone."""
    told = [(one.at.astimezone(zone), STATES[one.state] if one.state else "", one.note) for one in order.events]
    events = [f"{at:%-d %b %Y}: {' - '.join(filter(None, (state, note)))}" for at, state, note in told]
    return OrderView(
        number=order.number,
        status=STATES[order.state],
        placed=order.placed.astimezone(zone).date().isoformat(),
        lines=tuple(cart_line(line) for line in order.lines),
        totals=order.totals,
        events=tuple(events),
        buttons=tuple(buttons),
    )
