"""How the console answers a seller: short, with what may be tapped next."""

from __future__ import annotations

from collections.abc import Sequence

from skills.seller.memory import SellerMemory
from skills.seller.numbers import Told
from skills.shop_view import Link, ShopView
from skills.skill import ActionRequest, ActionResult
from skills.turn import QuickReply, Reply

NAMED = 3
"""Things that are named aloud."""
LISTED = 10
"""Things that are shown."""
YES, NO = "Yes", "No"


def answer(
    request: ActionRequest,
    memory: SellerMemory,
    speech: str,
    *,
    shown: Sequence[str] = (),
    quick: Sequence[str] = (),
    links: Sequence[Link] = (),
    expects_reply: bool = False,
) -> ActionResult:
    """`shown` are lines that are read, not heard; `memory` is kept as it is given."""
    reply = Reply(
        dialog_request_id=request.utterance.dialog_request_id,
        speech=speech,
        text="\n".join((speech, *shown)),
        quick_replies=tuple(QuickReply(text=one[:40], utterance=one) for one in quick),
        shop=ShopView(links=tuple(links)) if links else None,
        expects_reply=expects_reply,
    )
    return ActionResult(reply, memory.model_copy(update={"said": speech}).model_dump(mode="json"))


def listed(found: Sequence[Told]) -> list[str]:
    """Lines that show what came up, and how often."""
    return [f"{one.name} ({one.count})" for one in found[:LISTED]]


def named(found: Sequence[Told]) -> str:
    """The first of what came up, for the ear."""
    parts = [f"{one.name}, {times(one.count)}" for one in found[:NAMED]]
    return "; ".join(parts)


def times(count: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: int, one: str) -> str:
    """A number of things: "no order", "1 order", "3 orders"."""
    return f"{count or 'no'} {one if count <= 1 else one + 's'}"
