"""A shop's own words where the dialogue only greets, thanks, helps or did not understand."""

from __future__ import annotations

from zlib import crc32

from skills.shopping.shop import Shop
from skills.turn import Utterance

WORDS: dict[str, tuple[str, ...]] = {
    "utter_greet": (
        "Hello, and welcome to {shop}. What can I find for you?",
        "Hi there! What are you looking for today?",
        "Hello! Tell me what you need, and I will have a look at {shop}.",
    ),
    "utter_help": (
        "Tell me what you are looking for, in your own words, and narrow it down: cheaper, in blue, size M. "
        "Ask me about any product, its reviews or its delivery, put it into your cart and check out here. {try_}",
        "I can search {shop}, compare products, answer questions about them and the shop, and look after your cart "
        "and orders. {try_} Or say: a person, please.",
    ),
    "utter_thanks": ("You're welcome.", "My pleasure.", "Glad I could help.", "Any time."),
    "utter_goodbye": (
        "Goodbye, and thank you for visiting {shop}.",
        "See you soon!",
        "Bye for now. I'm here when you need me.",
    ),
    "utter_out_of_scope": (
        "That is beyond me, I'm afraid: I only know {shop}. Shall I look for something there, or get you a person?",
        "Sorry, I can't help with that. I can find you something at {shop}, or ask a person to join us.",
        "That one I can't answer. Ask me about the products, delivery or your order, or say: a person, please.",
    ),
    "utter_fallback": (
        "I'm not sure I understood. Could you say it another way? {try_}",
        "Sorry, I didn't follow that. {try_}",
        "I didn't quite get that. Try other words, or say: a person, please.",
    ),
}
"""By the response's name; `{try_}` is something that the shop suggests to ask."""


def wording(shop: Shop, utterance: Utterance, name: str) -> str | None:
    """The response called `name` as this shop says it; None where the dialogue's own will do. Turns vary it."""
    if name not in WORDS:
        return None
    # No chance in it: the same request is always answered in the same words.
    turn = crc32(utterance.dialog_request_id.encode())
    if name == "utter_greet" and shop.greeting and turn % 2 == 0:
        return shop.greeting
    said = WORDS[name][turn % len(WORDS[name])]
    suggestion = shop.suggestions[turn % len(shop.suggestions)] if shop.suggestions else ""
    # Replaced, not formatted: a shop's texts may have braces of their own.
    try_ = f"For instance: {suggestion}{'' if suggestion[-1:] in '?!.' else '.'}" if suggestion else ""
    return " ".join(said.replace("{shop}", shop.name).replace("{try_}", try_).split())
