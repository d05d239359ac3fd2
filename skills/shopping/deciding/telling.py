"""What is said about a product's reviews and about delivery: pure text from what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from search_index import terms_of
from skills.shop_view import ReviewSummary
from skills.shopping.deciding.asking.sources import number_word
from skills.shopping.deciding.delivery import COUNTRIES, Estimate, country_name, estimates, home
from skills.shopping.deciding.reviews import Opinion, opinions, pros_and_cons
from skills.shopping.deciding.reviews.aspects import KNOWN
from skills.shopping.finding.cards import said_name
from skills.shopping.money import Money
from skills.shopping.product import Product, Review
from skills.shopping.shop import Shop
from skills.shopping.words import joined, listed


def of_reviews(product: Product, reviews: Sequence[Review], told: ReviewSummary, topic: str = "") -> str:
    """What customers say of a product, or of one topic."""
    name = said_name(product)
    if not reviews:
        return f"Nobody has reviewed the {name} yet."
    found = opinions(reviews, product.title)
    count = "One review gives" if told.count == 1 else f"{number_word(told.count)} reviews give"
    if topic:
        return _of_topic(name, topic, found, told.count)
    pros, cons = pros_and_cons(found)
    liked, not_liked = joined([_the(one) for one in pros]), joined([_the(one) for one in cons])
    praise = f" They praise {liked}" if pros else ""
    blame = f"{' and' if pros else ' They'} criticise {not_liked}" if cons else ""
    said = f"{praise}{blame}." if pros or cons else ""
    if told.count == 1:
        said = (
            said.replace("They praise", "It praises")
            .replace("They criticise", "It criticises")
            .replace("and criticise", "and criticises")
        )
    return f"{count} the {name} {told.stars:g} out of 5 stars{'' if told.count == 1 else ' on average'}.{said}"


def of_delivery(shop: Shop, now: datetime, country: str, subtotal: Money | None) -> str:
    """When something ordered now would be there, and what that costs."""
    found = estimates(shop, now, country, subtotal)
    where = f" to {country_name(country)}" if country else ""
    if not found:
        served = sorted({code for one in shop.deliveries for code in one.countries}, key=lambda one: one != home(shop))
        there = (
            f" It delivers to {listed([country_name(one) for one in served if one in COUNTRIES])}." if served else ""
        )
        return f"Sorry, {shop.name} does not deliver{where}.{there}"
    first, *others = found
    text = f"Ordered now{where and ' and sent' + where}, it would arrive {first.words()} by {_way(first)}."
    return text + "".join(f" By {_way(one)} it would be {one.words()}." for one in others[:2])


def _way(one: Estimate) -> str:
    """As in "standard delivery ($6.90, free from $75.00)"."""
    name = f"{one.delivery.name} delivery" if "deliver" not in one.delivery.name.lower() else one.delivery.name
    if not one.price.minor:
        return f"{name}, free of charge"
    free = f", free from {one.delivery.free_from}" if one.delivery.free_from else ""
    return f"{name} ({one.price}{free})"


def _of_topic(name: str, topic: str, found: Sequence[Opinion], count: int) -> str:
    words = topic.lower().split()
    meant = {topic.lower(), *(KNOWN[word] for word in words if word in KNOWN)}
    stems = set(terms_of(topic, stemmed=True))
    one = next((o for o in found if o.aspect in meant or set(terms_of(o.aspect, stemmed=True)) == stems), None)
    if one is None:
        of = "the one review" if count == 1 else f"the {count} reviews"
        return f"Nobody says anything about the {topic} of the {name} in {of}."
    sides = [f"{one.well} like it" if one.well > 1 else "one likes it"] if one.well else []
    sides += [f"{one.badly} complain" if one.badly > 1 else "one complains"] if one.badly else []
    quote = (one.praise if one.is_good else one.blame) or one.praise or one.blame
    said = f" One says: \u201c{quote[0]}\u201d" if quote else ""
    return f"On {_the(one)} of the {name}: {joined(sides)}.{said}"


def _the(one: Opinion) -> str:
    return one.aspect if one.aspect in ("ease of use",) else f"the {one.aspect}"
