"""Why the bot answered as it did, in sentences, from the facts of an answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skills.fact import Fact, FactKind, HandOver, Missing, Source
from skills.storefront import SURE

VERY_SURE = 0.75


@dataclass(frozen=True)
class Reason:
    """A sentence, and the page below the shop that has more, if one has."""

    text: str
    path: str = ""


Name = Callable[[str], str]
"""The title of an answer or a product by its id."""

_KNOWN = {
    Source.PRODUCT: "From what your catalogue says of {name}.",
    Source.REVIEWS: "From the reviews of {name}.",
    Source.STOCK: "From the stock of {name}.",
    Source.DELIVERY: "From your ways of sending.",
    Source.ORDER: "From the customer's order.",
}
_MISSING = {
    Missing.UNKNOWN: "The bot understood the question and found no answer to it.",
    Missing.UNCLEAR: "The bot did not understand this.",
    Missing.BEYOND: "This is nothing that the bot does.",
    Missing.FAILED: "Something went wrong while the bot was answering.",
}
_HANDED = {
    HandOver.QUEUED: "The customer asked for a person.",
    HandOver.OFFLINE: "The customer asked for a person outside your hours.",
    HandOver.TAKEN: "A person took over.",
    HandOver.NOBODY_CAME: "The customer waited for a person, and nobody came.",
}


def reasons(facts: Iterable[Fact], answer: Name, product: Name) -> list[Reason]:
    """What an answer came from and what it came to; facts that say nothing about why are left out."""
    found = (_reason(one, answer, product) for one in facts)
    return list(dict.fromkeys(one for one in found if one))


def _reason(fact: Fact, answer: Name, product: Name) -> Reason | None:
    match fact.kind:
        case FactKind.ANSWERED if fact.source == Source.SHOP:
            fit = f" It fits {_fit(fact.score)}." if fact.score is not None else ""
            return Reason(f"Your answer “{answer(fact.subject) or fact.subject}”.{fit}", f"answers/{fact.subject}")
        case FactKind.ANSWERED if fact.source in _KNOWN:
            return Reason(_KNOWN[Source(fact.source)].format(name=product(fact.subject) or "the product"))
        case FactKind.UNANSWERED if fact.source in _MISSING:
            return Reason(_MISSING[Missing(fact.source)], "questions")
        case FactKind.SEARCHED if fact.text:
            count = f"{fact.count:,}" if fact.count else "nothing"
            return Reason(f"The bot looked for “{fact.text}” and found {count}.")
        case FactKind.ASKED_ABOUT:
            return Reason(f"The customer asked about {product(fact.subject) or 'a product'}.")
        case FactKind.ORDERED:
            return Reason(f"Order {fact.subject} was placed.")
        case FactKind.KEYWORD:
            return Reason("One of your keyword replies.", "behaviour")
        case FactKind.HANDED_OVER if fact.subject in _HANDED:
            return Reason(_HANDED[HandOver(fact.subject)])
    return None


def _fit(score: float) -> str:
    if score >= VERY_SURE:
        return "very well"
    return "well" if score >= SURE else "just well enough"
