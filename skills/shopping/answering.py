"""How the shop's actions answer: plain words, and the view that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from skills.fact import Fact
from skills.shop_view import ShopView
from skills.shopping.memory import ShoppingMemory
from skills.shopping.product import ShopId
from skills.skill import ActionRequest, ActionResult
from skills.turn import QuickReply, Reply


def shop_of(request: ActionRequest) -> ShopId | None:
    """The shop that a turn is about: the one whose chat it is, or the one that was opened at the speaker."""
    return request.utterance.store or ShoppingMemory.read(request.memory).shop


def shop_answer(
    request: ActionRequest,
    memory: ShoppingMemory,
    text: str,
    *,
    speech: str | None = None,
    view: ShopView | None = None,
    quick: Sequence[str | QuickReply] = (),
    action: str | None = None,
    expects_reply: bool = False,
    stages_ms: Mapping[str, float] | None = None,
    private: bool = False,
    facts: Sequence[Fact] = (),
) -> ActionResult:
    """`text` is shown; `speech` is said where it differs. `quick` are offered to be tapped, a text saying itself.

    Both are plain text: clients never read markup in it. A question that an earlier answer left open is closed by this
    one, so that no late "yes" does what nobody thinks of any more.
    """
    said = text if speech is None else speech
    reply = Reply(
        dialog_request_id=request.utterance.dialog_request_id,
        speech=said,
        text=text,
        shop=view,
        quick_replies=tuple(_tappable(one) for one in quick),
        action=action,
        expects_reply=expects_reply,
    )
    pending = memory.pending
    if pending is not None:
        is_asked = pending.said in ("", said)
        pending = pending.model_copy(update={"said": said}) if is_asked else None
    news = {"said": said, "pending": pending, "page": request.utterance.page_item}
    kept = memory.model_copy(update=news).model_dump(mode="json")
    return ActionResult(reply, kept, stages_ms=stages_ms or {}, private=private, facts=tuple(facts))


def _tappable(one: str | QuickReply) -> QuickReply:
    return one if isinstance(one, QuickReply) else QuickReply(text=one[:40], utterance=one)
