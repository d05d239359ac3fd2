"""How the shop's actions answer: plain words, and the view that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from skills.shop_view import ShopView
from skills.shopping.memory import ShoppingMemory
from skills.skill import ActionRequest, ActionResult
from skills.turn import QuickReply, Reply


def shop_answer(
    request: ActionRequest,
    memory: ShoppingMemory,
    text: str,
    *,
    speech: str | None = None,
    view: ShopView | None = None,
    quick: Sequence[str] = (),
    action: str | None = None,
    expects_reply: bool = False,
    stages_ms: Mapping[str, float] | None = None,
) -> ActionResult:
    """`text` is shown; `speech` is said where it differs. `quick` are offered to be tapped, each saying itself.

    Both are plain text: clients never read markup in it.
    """
    said = text if speech is None else speech
    reply = Reply(
        dialog_request_id=request.utterance.dialog_request_id,
        speech=said,
        text=text,
        shop=view,
        quick_replies=tuple(QuickReply(text=one[:40], utterance=one) for one in quick),
        action=action,
        expects_reply=expects_reply,
    )
    kept = memory.model_copy(update={"said": said}).model_dump(mode="json")
    return ActionResult(reply, kept, stages_ms=stages_ms or {})
