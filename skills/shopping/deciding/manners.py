"""A shop's own words where the dialogue only greets, thanks, helps or did not understand."""

from __future__ import annotations

from zlib import crc32

from skills.shopping.shop import Shop
from skills.shopping.system_replies import SYSTEM_REPLIES, Wordings
from skills.turn import Utterance

LEAVING = "To go back to your music, say: leave the shop."


def wording(says: Wordings, shop: Shop | None, utterance: Utterance, name: str) -> str | None:
    """The response called `name` as a shop says it; None where the dialogue's own will do. Turns vary it.

    Without a shop it is one that was opened at the speaker, which can be left again.
    """
    if name not in SYSTEM_REPLIES:
        return None
    # No chance in it: the same request is always answered in the same words.
    request = utterance.dialog_request_id
    turn = crc32(request.encode())
    if shop and name == "utter_greet" and shop.greeting and turn % 2 == 0 and not says.has(name):
        return shop.greeting
    suggestion = shop.suggestions[turn % len(shop.suggestions)] if shop and shop.suggestions else ""
    try_ = f"For instance: {suggestion}{'' if suggestion[-1:] in '?!.' else '.'}" if suggestion else ""
    said = says.say(name, turn=request, suggestion=try_)
    return f"{said} {LEAVING}" if shop is None and name in ("utter_help", "utter_goodbye") else said
