"""How somebody is greeted: by page, language and kind of customer; the rule that fits best wins. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from skills.message import Message
from skills.storefront.behaviour.customers import CustomerKind
from skills.storefront.behaviour.texts import checked
from skills.storefront.page_pattern import PagePattern, exactness, matches

SUGGESTIONS_MAX = 4


class Greeting(Message):
    """Kind `greeting`. What is left open holds for all."""

    text: Annotated[str, checked] = Field(min_length=1, max_length=500)
    """May have variables."""
    suggestions: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(
        default=(), max_length=SUGGESTIONS_MAX
    )
    """What may be tapped to ask; without any the shop's own."""
    page: PagePattern = ""
    language: str = Field(default="", pattern=r"^([a-z]{2}(-[A-Z]{2})?)?$")
    """Of the chat on the page: `de` holds for `de-CH` too."""
    customers: tuple[CustomerKind, ...] = Field(default=(), max_length=5)
    """Any of them."""


def greeting_for(
    rules: Sequence[Greeting], page: str, language: str, kinds: frozenset[CustomerKind]
) -> Greeting | None:
    """The rule that fits best: one that names the language before one that does not, then the one that names the page
    most closely, then one that names the kind of customer, the fewer kinds the better, then the first.
    """
    fitting = [one for one in rules if _fits(one, page, language, kinds)]
    return max(fitting, key=_closeness, default=None)  # of equals, max takes the first


def _fits(rule: Greeting, page: str, language: str, kinds: frozenset[CustomerKind]) -> bool:
    return (
        rule.language in ("", language, language.split("-")[0])
        and matches(rule.page, page)
        and (not rule.customers or not kinds.isdisjoint(rule.customers))
    )


def _closeness(rule: Greeting) -> tuple[int, int, int]:
    customers = len(CustomerKind) + 1 - len(set(rule.customers)) if rule.customers else 0
    return len(rule.language), exactness(rule.page), customers
