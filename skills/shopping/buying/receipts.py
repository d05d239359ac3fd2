"""The letter about an order: what was bought, what it cost, where it goes; as plain text, and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from skills.shopping.buying.details import Details
from skills.shopping.buying.outbox import Letter
from skills.shopping.buying.quote import Quote, named
from skills.shopping.shop import Delivery, Shop


def receipt(shop: Shop, number: str, quote: Quote, details: Details, delivery: Delivery | None) -> Letter:
    """The receipt of an order that was just placed; whatever catalogues or people wrote is text in it."""
    rows = [(f"{line.quantity} x {named(line.title, line.options)}", str(line.total)) for line in quote.lines]
    sums = total_rows(quote)
    way = f"{delivery.name}, {days_words(delivery)}" if delivery else ""
    intro = f"Thank you for your order {number} at {shop.name}."
    contact = f"Questions? Write to {shop.email}." if shop.email else ""
    lines = [intro, "", *_lines(rows), "", *_lines(sums), "", f"To: {details.address}"]
    lines += [f"Delivery: {way}"] if way else []
    lines += ["", contact] if contact else []
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(intro)}</title>'
        f"<body><p>{escape(intro)}</p><table>{_table(rows)}</table><table>{_table(sums)}</table>"
        f"<p>To: {escape(details.address)}</p>"
        + (f"<p>Delivery: {escape(way)}</p>" if way else "")
        + (f"<p>{escape(contact)}</p>" if contact else "")
        + "</body></html>"
    )
    return Letter(details.email, f"Your order {number} at {shop.name}", "\n".join([*lines, ""]), html)


def total_rows(quote: Quote) -> list[tuple[str, str]]:
    """What the order costs, line by line, as a receipt lists it."""
    totals = quote.totals
    rows = [("Subtotal", str(totals.subtotal))]
    if totals.discount is not None:
        rows.append((f"Discount ({quote.coupon})", str(totals.discount)))
    if totals.delivery is not None:
        rows.append(("Delivery", "free" if totals.delivery.minor == 0 else str(totals.delivery)))
    rows.append(("Total", str(totals.total)))
    if totals.tax is not None:
        rows.append(("Tax contained", str(totals.tax)))
    return rows


def days_words(delivery: Delivery) -> str:
    """How long it takes: "2-4 working days"."""
    least, longest = delivery.days
    days = f"{least}" if least == longest else f"{least}-{longest}"
    return f"{days} working day{'' if longest == 1 else 's'}"


def _lines(rows: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{what}: {cost}" for what, cost in rows]


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<tr><td>{escape(what)}</td><td>{escape(cost)}</td></tr>" for what, cost in rows)
