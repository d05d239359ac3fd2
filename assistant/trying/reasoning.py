"""Why the bot would answer as it would, in a shop owner's words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.turn_report import Outcome, TurnReport
from skills.fact import Fact, FactKind, Source
from skills.storefront import LIKELY, SURE, Match, ShopAnswer
from skills.storefront.choosing import Moment, checks

MEANT = {
    "ask_shop": "a question to your shop",
    "ask_product": "a question about a product",
    "product_details": "a wish to know more about a product",
    "shop_find": "a search for products",
    "shop_refine": "a narrower search",
    "shop_reviews": "a question about reviews",
    "shop_stock": "a question about what is in stock",
    "shop_delivery": "a question about delivery",
    "shop_compare": "a comparison of products",
    "shop_facets": "a question about what you sell",
    "cart_add": "a wish to put something into the cart",
    "checkout": "a wish to check out",
    "order_status": "a question about an order",
    "cancel_order": "a wish to cancel an order",
    "return_item": "a wish to send something back",
    "exchange_item": "a wish to exchange something",
    "ask_refund": "a question about a refund",
    "talk_to_person": "a wish to talk to a person",
    "greet": "a greeting",
    "thanks": "thanks",
    "goodbye": "a goodbye",
    "help": "a question about what the bot can do",
    "affirm": "a yes",
    "deny": "a no",
    "out_of_scope": "something that the bot does not do",
    "overheard": "something that was not meant for the bot",
}
"""What the assistant takes words for, where that says something to a shop owner."""


@dataclass(frozen=True)
class Candidate:
    """An answer that comes into question; `percent` is how well its `wording` fits."""

    answer: ShopAnswer
    percent: int
    wording: str
    verdict: str
    conditions: tuple[tuple[str, bool], ...]
    """What it asks for, in words, and whether it is so in the situation."""
    given: bool

    @property
    def tone(self) -> str:
        """Of the verdict, as the console colours it."""
        return "good" if self.given else "quiet"


def understood(report: TurnReport) -> str:
    """What the assistant took the words for."""
    if report.outcome in (Outcome.NO_INPUT, Outcome.NO_MATCH):
        return "Nothing that could be understood was heard."
    meant = MEANT.get(report.understanding.intent, "something else than a question to your shop")
    named = dict.fromkeys(one.text for one in report.understanding.entities)
    about = f" It made out: {', '.join(f'“{text}”' for text in named)}." if named else ""
    return f"The bot took this for {meant}.{about}"


def given(facts: Sequence[Fact]) -> str | None:
    """The id of the shop's answer that was given."""
    own = (one.subject for one in facts if one.kind is FactKind.ANSWERED and one.source == Source.SHOP)
    return next(own, None)


def candidates(found: Sequence[Match], facts: Sequence[Fact], moment: Moment) -> list[Candidate]:
    """The answers that come into question."""
    chosen = given(facts)
    return [_candidate(one, tuple(checks(one.answer, moment)), one.answer.id == chosen, chosen) for one in found]


def _candidate(match: Match, wanted: tuple[tuple[str, bool], ...], given: bool, chosen: str | None) -> Candidate:
    percent = max(0, min(100, round(100 * match.score)))
    if given:
        verdict = "This is the answer"
    elif not all(holds for _, holds in wanted):
        verdict = "Does not hold here"
    elif match.score < LIKELY:
        verdict = "Not sure enough"
    elif match.score < SURE and chosen is None:
        verdict = "Sure enough only for a plain question to your shop"
    else:
        verdict = "Another answer came first"
    return Candidate(match.answer, percent, match.wording, verdict, wanted, given)
