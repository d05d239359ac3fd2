"""Everything that the assistant says in a shop by itself in fixed sentences, which a shop may say in its own words.

Like a catalogue of translations: each sentence by an id, with what is said unless the shop says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

_VARIABLE = re.compile(r"\{([a-z_]*)\}")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class SystemReply:
    """`place` and `when` are for those who reword it: the part of the assistant, and when it says this."""

    place: str
    when: str
    defaults: tuple[str, ...]
    """They take turns."""
    variables: tuple[str, ...] = ()
    """What may stand in braces, beside `{shop_name}`."""

    def problem(self, text: str) -> str:
        """Why a text cannot stand for it, in a sentence; empty where it can."""
        allowed = ("shop_name", *self.variables)
        for name in _VARIABLE.findall(text):
            if name not in allowed:
                there = " and ".join(f"{{{one}}}" for one in allowed)
                return f"There is no {{{name}}} in this reply. There is {there}."
        if _BRACE.search(_VARIABLE.sub("", text)):
            return "A brace stands alone. Variables are written like {shop_name}."
        return ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables; what they hold is never read again, and braces that are none stay."""
    said = _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
    return " ".join(said.split())


@dataclass(frozen=True)
class Wordings:
    """How a shop says what the assistant says by itself: its own wordings by id, of one shop."""

    shop_name: str = "the shop"
    own: Mapping[str, str] | None = None

    def has(self, reply: str) -> bool:
        """Whether the shop has put it in its own words."""
        return reply in (self.own or {})

    def say(self, reply: str, *, turn: str = "", **values: str) -> str:
        """A reply; of several wordings the one that is this turn's, whatever `turn` is: never chance."""
        defaults = SYSTEM_REPLIES[reply].defaults
        text = (self.own or {}).get(reply) or defaults[crc32(turn.encode()) % len(defaults)]
        return filled(text, {"shop_name": self.shop_name, **values})

    def reworded(self, text: str) -> str:
        """A fixed sentence as the shop says it; any other text as it is."""
        reply = _BY_TEXT.get(text)
        own = reply and (self.own or {}).get(reply)
        return filled(own, {"shop_name": self.shop_name}) if own else text


def default(reply: str) -> str:
    """What is said unless the shop says otherwise."""
    return SYSTEM_REPLIES[reply].defaults[0]


_TALK, _PEOPLE, _ANSWERS, _FINDING, _BUYING, _ORDERS = (
    "Small talk",
    "People",
    "Answers",
    "Finding products",
    "Cart and checkout",
    "Orders",
)

SYSTEM_REPLIES: Mapping[str, SystemReply] = {
    "utter_greet": SystemReply(
        _TALK,
        "Somebody says hello",
        (
            "Hello, and welcome to {shop_name}. What can I find for you?",
            "Hi there! What are you looking for today?",
            "Hello! Tell me what you need, and I will have a look at {shop_name}.",
        ),
        ("suggestion",),
    ),
    "utter_help": SystemReply(
        _TALK,
        "Somebody asks what the assistant can do",
        (
            "Tell me what you are looking for, in your own words, and narrow it down: cheaper, in blue, size M. "
            "Ask me about any product, its reviews or its delivery, put it into your cart and check out here. "
            "{suggestion}",
            "I can search {shop_name}, compare products, answer questions about them and the shop, and look after "
            "your cart and orders. {suggestion} Or say: a person, please.",
        ),
        ("suggestion",),
    ),
    "utter_thanks": SystemReply(
        _TALK,
        "Somebody says thank you",
        ("You're welcome.", "My pleasure.", "Glad I could help.", "Any time."),
    ),
    "utter_goodbye": SystemReply(
        _TALK,
        "Somebody says goodbye",
        (
            "Goodbye, and thank you for visiting {shop_name}.",
            "See you soon!",
            "Bye for now. I'm here when you need me.",
        ),
    ),
    "utter_out_of_scope": SystemReply(
        _TALK,
        "Something is asked that has nothing to do with the shop",
        (
            "That is beyond me, I'm afraid: I only know {shop_name}. Shall I look for something there, or get you a "
            "person?",
            "Sorry, I can't help with that. I can find you something at {shop_name}, or ask a person to join us.",
            "That one I can't answer. Ask me about the products, delivery or your order, or say: a person, please.",
        ),
        ("suggestion",),
    ),
    "utter_fallback": SystemReply(
        _TALK,
        "The assistant has not understood",
        (
            "I'm not sure I understood. Could you say it another way? {suggestion}",
            "Sorry, I didn't follow that. {suggestion}",
            "I didn't quite get that. Try other words, or say: a person, please.",
        ),
        ("suggestion",),
    ),
    "no_match_again": SystemReply(
        _TALK,
        "The assistant has not understood for the second time",
        ("I still didn't get it. Tell me what you need in a few words. {suggestion} Or say: a person, please.",),
        ("suggestion",),
    ),
    "close": SystemReply(
        _TALK,
        "The assistant has not understood for the third time",
        ("I'm sorry, I don't get it. Say: a person, please, or come back to me any time.",),
    ),
    "chat.not_caught": SystemReply(
        _TALK, "Nothing could be read", ("Sorry, I did not get that. Could you put it another way?",)
    ),
    "answers.unknown": SystemReply(
        _ANSWERS,
        "A question has no answer",
        ("I don't know that, and I won't guess. Shall I ask a person?",),
    ),
    "answers.which": SystemReply(
        _ANSWERS,
        "It is not clear which product is meant",
        ("Which product do you mean? Tell me its name, or what it is for.",),
    ),
    "answers.gone": SystemReply(
        _ANSWERS,
        "A product is not sold any more",
        ("This product is not there any more. What are you looking for?",),
    ),
    "answers.card_gone": SystemReply(
        _ANSWERS,
        "A button shows a card that is not there any more",
        ("This is not there any more. What are you looking for?",),
    ),
    "person.queued": SystemReply(
        _PEOPLE,
        "A person has been asked for",
        ("I have asked for a person. They can read what we wrote, so you need not repeat it.",),
    ),
    "person.waiting": SystemReply(
        _PEOPLE,
        "A person is asked for again while nobody has come yet",
        ("I have asked already. Somebody should be here in a few minutes.",),
    ),
    "person.here": SystemReply(
        _PEOPLE, "A person is asked for who is there already", ("{agent} is here already. Just write.",), ("agent",)
    ),
    "person.offline": SystemReply(
        _PEOPLE,
        "A person is asked for outside your hours",
        (
            "Nobody is here at this hour. {opens} Leave your e-mail address and they will write to you, or go on "
            "with me.",
        ),
        ("opens",),
    ),
    "person.nobody": SystemReply(
        _PEOPLE,
        "Nobody came within five minutes",
        (
            "I am sorry, nobody is free right now. {opens} Leave your e-mail address and they will write to you, or "
            "go on with me.",
        ),
        ("opens",),
    ),
    "person.offer": SystemReply(
        _PEOPLE,
        "An answer was rated as bad, and your rules offer a person",
        ("I am sorry that this did not help. Shall I ask a person?",),
    ),
    "person.joined": SystemReply(_PEOPLE, "A person has joined", ("{agent} has joined.",), ("agent",)),
    "person.closed": SystemReply(
        _PEOPLE,
        "A person has closed the conversation",
        ("{agent} has closed the conversation. I am here if you need more.",),
        ("agent",),
    ),
    "person.handed_back": SystemReply(
        _PEOPLE,
        "A person has handed the conversation back",
        ("{agent} has handed you back to me, the assistant. What can I do for you?",),
        ("agent",),
    ),
    "person.silent": SystemReply(
        _PEOPLE,
        "Neither side has written for half an hour",
        ("{agent} has closed this conversation after a long silence. I am here if you need more.",),
        ("agent",),
    ),
    "person.left": SystemReply(
        _PEOPLE,
        "The customer goes back to the assistant",
        ("You are back with me, the assistant. What can I do for you?",),
    ),
    "person.not_left": SystemReply(
        _PEOPLE,
        "The customer asks for the assistant and has it already",
        ("You are talking to me, the assistant. What can I do for you?",),
    ),
    "person.email": SystemReply(
        _PEOPLE,
        "An e-mail address was left",
        ("Thank you. Your message is with the shop's people, and they will write to {email}.",),
        ("email",),
    ),
    "person.no_email": SystemReply(
        _PEOPLE,
        "What was left is no e-mail address",
        ("That does not look like an e-mail address. It should be like anna@example.org.",),
    ),
    "find.what": SystemReply(_FINDING, "It is not clear what to look for", ("What are you looking for?",)),
    "find.no_more": SystemReply(
        _FINDING,
        "More products are asked for, and there are no more",
        ("That's all there is. You can change a condition, or ask for something else.",),
    ),
    "find.nothing_yet": SystemReply(
        _FINDING,
        "More products are asked for before any were shown",
        ("There's nothing to show more of yet. What are you looking for?",),
    ),
    "find.which": SystemReply(
        _FINDING,
        "It is not clear which of the products shown is meant",
        ("Which one do you mean? Say \u201cthe first one\u201d, or its name.",),
    ),
    "find.compare": SystemReply(
        _FINDING,
        "It is not clear what to compare",
        ("Which ones shall I compare? Name two, or say \u201cthe first two\u201d.",),
    ),
    "cart.empty": SystemReply(_BUYING, "The cart is empty", ("Your cart is empty.",)),
    "checkout.declined": SystemReply(
        _BUYING, "A payment was declined", ("The payment was declined. Nothing was charged.",)
    ),
    "checkout.interrupted": SystemReply(
        _BUYING, "A payment was interrupted", ("The payment was interrupted. Nothing was charged.",)
    ),
    "checkout.canceled": SystemReply(
        _BUYING, "A checkout was canceled", ("This checkout was canceled. Your cart is as it was.",)
    ),
    "checkout.expired": SystemReply(
        _BUYING, "A checkout was left too long", ("This checkout was left too long. Your cart is as it was.",)
    ),
    "orders.none": SystemReply(
        _ORDERS, "An order is to be repeated, and there is none", ("I don't find an order of yours here to repeat.",)
    ),
}
"""By id, in the order in which they are shown."""

_BY_TEXT: Mapping[str, str] = {
    text: name for name, reply in SYSTEM_REPLIES.items() for text in reply.defaults if not _BRACE.search(text)
}
