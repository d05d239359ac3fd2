"""Who is supposed to ask, where and when, while a shop's people try their bot."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from skills.message import ItemId, Message
from skills.turn import Channel, Hypothesis, Utterance

CUSTOMER = "somebody-who-tries"
"""In place of a customer whom the shop's site vouches for; nobody's orders are theirs."""


class Situation(Message):
    """What an answer may depend on."""

    product: ItemId | None = None
    """On the page."""
    page: str = Field(default="", max_length=300)
    """Its address, or a path."""
    signed_in: bool = False
    at: AwareDatetime | None = None
    """None for now."""
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")


def utterance(
    shop: str,
    conversation: str,
    request: str,
    said: tuple[Hypothesis, ...],
    situation: Situation,
    *,
    spoken: bool = False,
    unknown: float = 0.0,
    draft: bool = True,
) -> Utterance:
    """What is asked, as a shopper's message of the widget would be, of which nothing is kept."""
    return Utterance(
        conversation=conversation,
        dialog_request_id=request,
        channel=Channel.WIDGET,
        alternatives=said,
        spoken=spoken,
        unknown=unknown,
        language=situation.language,
        store=shop,
        page_item=situation.product,
        page_url=situation.page,
        listener=f"try-{conversation}"[:64],
        user=CUSTOMER if situation.signed_in else None,
        draft=draft,
        trial=True,
        at=situation.at,
    )
