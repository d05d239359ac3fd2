"""Messages that come by themselves beside a page, and never too often. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from skills.message import Message
from skills.storefront.behaviour.customers import CustomerKind
from skills.storefront.behaviour.doing import CardButton
from skills.storefront.behaviour.hours import DAY_MIN, Range
from skills.storefront.behaviour.texts import checked
from skills.storefront.page_pattern import PagePattern, matches

NIGHT = Range(begin=20 * 60 + 55, end=32 * 60)
"""From 20:55 to 8:00, when the great shops send no adverts."""


class ProactiveMessage(Message):
    """Kind `proactive`. It never comes over an open chat, and only to visitors whom the chat may remember: to others
    the limit could not be kept.
    """

    text: Annotated[str, checked] = Field(min_length=1, max_length=300)
    """May have variables."""
    page: PagePattern = ""
    language: str = Field(default="", pattern=r"^([a-z]{2}(-[A-Z]{2})?)?$")
    customers: tuple[CustomerKind, ...] = Field(default=(), max_length=5)
    after_s: int = Field(default=20, ge=0, le=3_600)
    """On the page."""
    every_days: int = Field(default=7, ge=1, le=365)
    """One visitor gets it once in so long."""
    quiet: Range | None = NIGHT
    """By the shop's clock; None for no such hours."""
    only_open: bool = False
    """Only while people answer."""
    buttons: tuple[CardButton, ...] = Field(default=(), max_length=3)
    on: bool = True


def fits(
    rule: ProactiveMessage, page: str, language: str, kinds: frozenset[CustomerKind], now: datetime, where: ZoneInfo
) -> bool:
    """Whether somebody who comes to a page now gets it, once the seconds are over."""
    shown = now + timedelta(seconds=rule.after_s)
    return (
        rule.on
        and matches(rule.page, page)
        and rule.language in ("", language, language.split("-")[0])
        and (not rule.customers or not kinds.isdisjoint(rule.customers))
        and not (rule.quiet and is_quiet(rule.quiet, shown, where))
    )


def is_quiet(quiet: Range, at: datetime, where: ZoneInfo) -> bool:
    """Whether a time lies within, by the clock on the wall."""
    local = at.astimezone(where)
    minute = local.hour * 60 + local.minute
    return quiet.begin <= minute < quiet.end or quiet.begin <= minute + DAY_MIN < quiet.end
