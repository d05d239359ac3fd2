"""Answers that are drafted from a shop's own rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skills.shopping.deciding.delivery import country_name, usual
from skills.shopping.shop import Delivery, Profile
from skills.storefront.drafting.draft import Draft
from skills.storefront.drafting.words import days, listed, months, own, sentence

COUNTRIES_MAX = 8
"""Countries that are named one by one."""
NAMED = 10
"""Categories that are named one by one."""
DELIVERY, RETURNS, SHOP = "Delivery", "Returns", "The shop"
"""Folders."""


def rules_drafts(profile: Profile, has_hours: bool) -> Iterator[Draft]:
    """From its delivery, its returns, and what it has told about itself."""
    yield from _delivery(profile)
    yield from _returns(profile)
    yield from _shop(profile, has_hours)


def _delivery(profile: Profile) -> Iterator[Draft]:
    ways, source = profile.deliveries, "your delivery rules"
    first = usual(profile)  # which the variables speak of
    if first is None:
        return
    further = [one for one in ways if one is not first]
    others = tuple(f"{own(one.name)} takes {days(one)}." for one in further)
    yield Draft(
        "delivery-time",
        "How long does delivery take?",
        ("when will my order arrive", "how fast do you ship", "delivery time", "how many days until it is here"),
        ("It takes {delivery_days}.",) if not others else (f"{own(first.name)} takes {{delivery_days}}.", *others),
        DELIVERY,
        source,
        ("Days are counted from your order.",),
    )
    costs = tuple(
        f"{own(one.name)} costs {one.price}." if one.price.minor else f"{own(one.name)} is free." for one in further
    )
    price = "Delivery costs {delivery_price}." if not costs else f"{own(first.name)} costs {{delivery_price}}."
    yield Draft(
        "delivery-cost",
        "How much is delivery?",
        ("what does shipping cost", "shipping costs", "delivery fee", "do I pay for postage"),
        (price if first.price.minor else "Delivery is free.", *costs),
        DELIVERY,
        source,
        ("From {free_delivery_from|a certain sum} on it is free.",) if first.free_from and first.price.minor else (),
    )
    if first.free_from:
        yield Draft(
            "delivery-free",
            "When is delivery free?",
            ("do you have free shipping", "free delivery from which amount", "minimum order for free shipping"),
            ("Delivery is free from {free_delivery_from|a certain sum} on.",),
            DELIVERY,
            source,
        )
    if quick := _faster(first, further):
        yield Draft(
            "delivery-express",
            "Can I get it faster?",
            ("express delivery", "do you have next day delivery", "I need it urgently", "fastest shipping"),
            (f"Yes: {own(quick.name)} takes {days(quick)} and costs {quick.price}.",),
            DELIVERY,
            source,
        )
    countries = tuple(dict.fromkeys(country for one in ways for country in one.countries))
    everywhere = any(not one.countries for one in ways)
    where = (
        "We deliver everywhere." if everywhere else f"We deliver to {listed([country_name(one) for one in countries])}."
    )
    if everywhere or len(countries) <= COUNTRIES_MAX:
        yield Draft(
            "delivery-countries",
            "Where do you deliver to?",
            ("do you ship abroad", "international shipping", "which countries do you deliver to", "do you ship to me"),
            (where,),
            DELIVERY,
            source,
        )


def _returns(profile: Profile) -> Iterator[Draft]:
    rules, source = profile.returns, "your return rules"
    asked = ("can I send it back", "return policy", "how do I return something", "what if I do not like it")
    if not rules.days:
        yield Draft(
            "returns", "Can I return something?", asked, ("We do not take goods back, I am sorry.",), RETURNS, source
        )
        return
    cost = "Sending it back is free." if rules.free else "You pay for sending it back."
    cut = (f"We keep {rules.restocking_percent}% of the price.",) if rules.restocking_percent else ()
    yield Draft(
        "returns",
        "Can I return something?",
        asked,
        ("You can send it back within {return_days} of delivery.", cost, *cut),
        RETURNS,
        source,
        ("Tell me your order number, and I will help you with it.",),
    )
    yield Draft(
        "returns-cost",
        "Who pays for the return?",
        ("are returns free", "return shipping cost", "do I have to pay to send it back"),
        (cost, *cut),
        RETURNS,
        source,
    )
    yield Draft(
        "exchanges",
        "Can I exchange something?",
        ("can I swap it for another size", "exchange for a different colour", "it does not fit"),
        ("Yes, you can exchange it within {return_days} of delivery.",)
        if rules.exchanges
        else ("We do not exchange, but you can send it back within {return_days} and order again.",),
        RETURNS,
        source,
    )
    if rules.not_returnable:
        yield Draft(
            "returns-not",
            "What can I not return?",
            ("what is excluded from returns", "which items are final sale"),
            (f"We cannot take back {listed(rules.not_returnable[:NAMED])}.",),
            RETURNS,
            source,
        )
    if rules.cancel_hours:
        hours = "an hour" if rules.cancel_hours == 1 else f"{rules.cancel_hours} hours"
        yield Draft(
            "cancel",
            "Can I cancel my order?",
            ("how long can I cancel", "until when can an order be cancelled"),
            (f"Yes, within {hours} of ordering, as long as it is not on its way.",),
            RETURNS,
            source,
        )


def _shop(profile: Profile, has_hours: bool) -> Iterator[Draft]:
    source = "what you told about your shop"
    ways = [profile.phone and f"by phone at {own(profile.phone)}", profile.email and "by e-mail at {shop_email}"]
    if reachable := [way for way in ways if way]:
        yield Draft(
            "contact",
            "How can I contact you?",
            ("what is your phone number", "your e-mail address", "customer service", "how do I reach you"),
            (f"You can reach us {listed(reachable)}.",),
            SHOP,
            source,
            ("Or say that you would like a person, here in the chat.",),
        )
    if has_hours:
        yield Draft(
            "hours",
            "When are you open?",
            ("opening hours", "are you open today", "when can I reach somebody", "business hours"),
            ("We are here {opening_hours}.",),
            SHOP,
            "your opening hours",
        )
    if profile.address:
        yield Draft(
            "address",
            "Where is your shop?",
            ("your address", "can I visit you", "do you have a store", "where are you located"),
            (f"You find us at {sentence(profile.address)}",),
            SHOP,
            source,
        )
    if profile.payments:
        yield Draft(
            "payment",
            "How can I pay?",
            ("payment methods", "which cards do you take", "how do I pay", "what payments do you accept"),
            (f"You can pay with {listed(profile.payments)}.",),
            SHOP,
            "your ways to pay",
        )
    if profile.warranty_months:
        yield Draft(
            "warranty",
            "Is there a warranty?",
            ("how long is the guarantee", "what if it breaks", "warranty period"),
            (f"Yes, {months(profile.warranty_months)} on everything we sell.",),
            SHOP,
            "your warranty",
        )
    if profile.tagline:
        yield Draft(
            "about",
            "Who are you?",
            ("tell me about your shop", "what is this shop", "about you"),
            (f"We are {{shop_name}}. {sentence(profile.tagline)}",),
            SHOP,
            source,
        )


def _faster(first: Delivery, further: Sequence[Delivery]) -> Delivery | None:
    """The fastest way, where it is faster than the first."""
    quick = min((first, *further), key=lambda one: one.days[1])
    return quick if quick.days[1] < first.days[1] else None
