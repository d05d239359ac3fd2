"""How an assistant sounds: its own sentences, and the answers that are drafted for a shop, in a tone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from skills.shopping.shop import Tone


@dataclass(frozen=True)
class Manner:
    """A tone: what it is called, what it is good for, and its sentences in place of the assistant's own."""

    name: str
    about: str
    greeting: str
    """For a shop that has none yet."""
    wordings: Mapping[str, str]
    """By the id of the system reply."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Sentences that a drafted answer begins or ends with, one of them."""


MANNERS: Mapping[Tone, Manner] = {
    Tone.PLAIN: Manner(
        "Friendly and plain", "Suits most shops.", "Welcome to {shop_name}. What can I help you with?", {}
    ),
    Tone.WARM: Manner(
        "Warm",
        "Like a neighbour behind the counter.",
        "Hello, how nice that you are here! What can I do for you today?",
        {
            "utter_greet": "Hello, how lovely that you are here! What may I find for you?",
            "utter_thanks": "You are so welcome. It was a pleasure!",
            "utter_goodbye": "Take good care, and do come back to {shop_name} soon!",
            "utter_out_of_scope": "I would love to help, but I only know my way around {shop_name}. Shall I look for "
            "something there, or bring in one of us?",
            "utter_fallback": "Oh, I did not quite follow. Would you put it in other words for me? {suggestion}",
            "answers.unknown": "I do not know that yet, and I would rather not guess. Shall I ask one of us for you?",
            "person.queued": "Gladly! One of us will be with you in a moment, and has read along, so that you need "
            "not tell it all again.",
            "find.what": "What would you like to find? I am happy to help.",
            "cart.empty": "Your cart is still empty. Shall we find something for it?",
        },
        after=("Just ask if there is more you would like to know.", "I am happy to help with anything else."),
    ),
    Tone.FORMAL: Manner(
        "Formal",
        "For advice, and for goods that are chosen with care.",
        "Good day, and welcome to {shop_name}. How may I assist you?",
        {
            "utter_greet": "Good day, and welcome to {shop_name}. How may I assist you?",
            "utter_thanks": "You are most welcome.",
            "utter_goodbye": "Thank you for visiting {shop_name}. Goodbye.",
            "utter_out_of_scope": "I regret that I can only assist with matters of {shop_name}. Would you like me to "
            "involve a member of our staff?",
            "utter_fallback": "I apologise, I did not understand your request. Could you please rephrase it? "
            "{suggestion}",
            "answers.unknown": "I do not have this information. Would you like me to involve a member of our staff?",
            "person.queued": "I have informed our staff. They are able to read our conversation, so there is no need "
            "to repeat your request.",
            "find.what": "Which product are you looking for, please?",
            "cart.empty": "Your cart does not contain any items.",
        },
        before=("Thank you for your question.",),
    ),
    Tone.BRIEF: Manner(
        "Brief",
        "For customers in a hurry.",
        "Hi. What do you need?",
        {
            "utter_greet": "Hi. What do you need?",
            "utter_thanks": "Sure.",
            "utter_goodbye": "Bye.",
            "utter_out_of_scope": "I only know {shop_name}. Shall I get you a person?",
            "utter_fallback": "I did not get that. Other words? {suggestion}",
            "answers.unknown": "I don't know. Shall I ask a person?",
            "person.queued": "A person is coming. They can read this chat.",
            "find.what": "What are you looking for?",
            "cart.empty": "Your cart is empty.",
        },
    ),
}


def reworded(own: Mapping[str, str], tone: Tone) -> dict[str, str | None]:
    """What becomes of a shop's own wordings when it takes a tone: a text, or None where none stays.

    What somebody has written, rather than a tone, is left alone, so it is not named.
    """
    written = {
        reply for reply, text in own.items() if all(manner.wordings.get(reply) != text for manner in MANNERS.values())
    }
    wanted = MANNERS[tone].wordings
    return {
        reply: wanted.get(reply)
        for reply in [*own, *(one for one in wanted if one not in own)]
        if reply not in written and own.get(reply) != wanted.get(reply)
    }


def said(tone: Tone, name: str, facts: Sequence[str], more: Sequence[str] = ()) -> str:
    """An answer of some sentences: `facts` in every tone, `more` unless it is brief; an answer that has more to say has
    one of the tone's own sentences too, which `name` settles: in every answer it would tire.
    """
    manner = MANNERS[tone]
    if not more or tone is Tone.BRIEF:
        return " ".join(facts)
    return " ".join([*_one(manner.before, name), *facts, *more, *_one(manner.after, name)])


def _one(sentences: Sequence[str], name: str) -> Sequence[str]:
    return [sentences[crc32(name.encode()) % len(sentences)]] if sentences else []
