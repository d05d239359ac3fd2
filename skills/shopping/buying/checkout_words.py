"""What is said of a checkout. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from skills.shopping.buying.checkout import IN_PROGRESS, Checkout
from skills.shopping.buying.counting import joined, listed
from skills.shopping.buying.details import LABELS
from skills.shopping.buying.voice_buyers import FAILURES_MAX, VoiceRefusal
from skills.shopping.finding.cards import spoken_price
from skills.shopping.shop import Shop

ON_SCREEN = "Say send it to my phone, and you can go on there."
NOTHING_ORDERED = "All right, nothing was ordered. Your cart is as it was."
ASK_PIN = "Please say your PIN."
PIN_WRONG = "That is not your PIN. Please say it again."
PIN_LOCKED = (
    f"The PIN was wrong {FAILURES_MAX} times, so buying by voice is locked. Set a new PIN on your screen to go on."
)


def read_back(checkout: Checkout) -> str:
    """What is about to be bought, before it is: "two Nordfell mugs, $36 with delivery, to 12 Elm Street. ..."."""
    quote = checkout.quote
    total = spoken_price(quote.totals.total)
    cost = f"{total} with delivery" if quote.totals.delivery is not None else total
    bought = listed(quote.lines)
    return f"{bought[0].upper()}{bought[1:]}, {cost}, to {checkout.details.street}. Shall I place the order?"


def needs(checkout: Checkout) -> str:
    """What is still missing, in a sentence."""
    labels = [LABELS[field][0][0].lower() + LABELS[field][0][1:] for field in checkout.missing]
    return f"To order, I still need your {joined(labels)}." if labels else ""


def status_words(checkout: Checkout, shop: Shop) -> str:
    """Where a checkout stands, and what comes next."""
    said = " ".join(checkout.messages)
    match checkout.status:
        case "incomplete":
            return " ".join(filter(None, (said, needs(checkout)))) or "Something is still missing."
        case "ready_for_complete":
            return " ".join(filter(None, (said, read_back(checkout))))
        case "requires_escalation":
            total = checkout.quote.totals.total
            return f"Please pay {total} on the payment page. I place the order with {shop.name} as soon as it is paid."
        case "complete_in_progress":
            return IN_PROGRESS
        case "completed":
            return placed(checkout)
        case "canceled":
            return said


def placed(checkout: Checkout) -> str:
    """Thanks, with what was bought."""
    quote = checkout.quote
    return (
        f"Thank you! Your order {checkout.order} is placed: {listed(quote.lines)}, {quote.totals.total}. "
        f"The receipt goes to {checkout.details.email}."
    )


def refusal(why: VoiceRefusal, shop: Shop) -> str:
    """Why an order cannot be placed by voice, and what to do instead."""
    rules = shop.voice_buying
    reasons = {
        VoiceRefusal.NOT_ALLOWED: f"{shop.name} does not take orders by voice.",
        VoiceRefusal.NOT_SET_UP: "Buying by voice is off until you turn it on, on a screen.",
        VoiceRefusal.LOCKED: "Buying by voice is locked until you set a new PIN on a screen.",
        VoiceRefusal.TOO_MUCH: f"By voice I can order for {rules.most} at most.",
        VoiceRefusal.TOO_OFTEN: f"By voice I can place {rules.orders_a_day} orders a day, and those are placed.",
    }
    return f"{reasons[why]} {ON_SCREEN}"


def problems_in(errors: Sequence[str]) -> str:
    """That some fields are wrong."""
    return "Please look at this again: " + " ".join(errors) if errors else ""
