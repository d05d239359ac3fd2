"""What can be set of the bot's behaviour, in a shop owner's words."""

from __future__ import annotations

from dataclasses import dataclass

from skills.message import Message
from skills.storefront.behaviour.away import AwayReply
from skills.storefront.behaviour.card import Cards
from skills.storefront.behaviour.greeting import Greeting
from skills.storefront.behaviour.handover import HANDOVER_ID, HandoverRules
from skills.storefront.behaviour.hours import HOURS_ID, Hours
from skills.storefront.behaviour.keyword import KeywordReply
from skills.storefront.behaviour.menu import MENU_ID, Menu
from skills.storefront.behaviour.proactive import ProactiveMessage
from skills.storefront.behaviour.wording import OwnWording


@dataclass(frozen=True)
class Kind:
    """A page, or a list of things that have one each."""

    name: str
    """Of the entries' kind, and in the path."""
    model: type[Message]
    title: str
    one: str
    """A single one, within a sentence."""
    lead: str
    teaching: str
    """What it is good for, said where there is none yet."""
    single: str = ""
    """The id of the one entry, where there is only one."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "greeting",
            Greeting,
            "Greetings",
            "greeting",
            "The first words of a chat, with up to four questions to tap. Everybody gets the one that fits best.",
            "Everybody is welcomed by your shop's own greeting. Add one for the visitors of a page, for a language, or "
            "for customers who come back: “Looking for a present? Tell me for whom.” on your gift page.",
        ),
        Kind(
            "menu",
            Menu,
            "Menu",
            "menu",
            "Stays below the conversation: up to four items, and below each up to four more, on three levels.",
            "Without a menu customers type. Give them the two or three things most of them come for: track an order, "
            "send something back, talk to a person.",
            MENU_ID,
        ),
        Kind(
            "keyword",
            KeywordReply,
            "Keyword replies",
            "keyword reply",
            "When a customer says one of these words, they get exactly this reply, before anything else is considered.",
            "Good for words that you print somewhere: “WINTER” on a flyer, the name of a campaign, an order code. For "
            "ordinary questions write an answer instead: it is found in other words too.",
        ),
        Kind(
            "card",
            Cards,
            "Cards",
            "set of cards",
            "Pictures with a title and buttons, side by side. Keyword replies, menu items and buttons can show them.",
            "Make one for a collection, your stores, or how sizes run: a picture, a line of text and a button say more "
            "than a paragraph.",
        ),
        Kind(
            "proactive",
            ProactiveMessage,
            "Messages by themselves",
            "message",
            "Appear beside the chat button after a while on a page: at most so often, never at night, never over an "
            "open chat.",
            "Offer help where people hesitate: “Not sure about the size? I can help.” after 30 seconds on a page with "
            "shoes. One or two are enough; more would be a nuisance.",
        ),
        Kind(
            "hours",
            Hours,
            "Opening hours",
            "opening hours",
            "When your people answer. The bot answers at any time, and says when somebody is there again.",
            "Tell the bot when somebody of yours is there, so that it never promises a person at night.",
            HOURS_ID,
        ),
        Kind(
            "away",
            AwayReply,
            "Away replies",
            "away reply",
            "Said once to whoever writes while you are away. The bot answers all the same.",
            "Say when you read messages: “We are closed now and write to you {opens}.” Nobody hears it twice in the "
            "time that you set.",
        ),
        Kind(
            "handover",
            HandoverRules,
            "Handing over to a person",
            "hand-over rules",
            "Customers can ask for a person at any time. Here you say when the bot asks for one by itself.",
            "Until you set something here, a person is asked for only when a customer wants one.",
            HANDOVER_ID,
        ),
        Kind(
            "wording",
            OwnWording,
            "Wording",
            "wording",
            "Every sentence that the bot says by itself, and yours in its place.",
            "The bot speaks plainly and politely. Where your shop would say it differently, write it your way.",
        ),
    )
}

LANGUAGES: dict[str, str] = {
    "": "Any language",
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "pl": "Polish",
    "sv": "Swedish",
    "da": "Danish",
    "nb": "Norwegian",
    "fi": "Finnish",
    "cs": "Czech",
    "tr": "Turkish",
    "ar": "Arabic",
    "he": "Hebrew",
    "ja": "Japanese",
    "ko": "Korean",
    "zh": "Chinese",
}
"""Of the page that the chat is on."""

CUSTOMERS: dict[str, str] = {
    "new": "Write for the first time",
    "returning": "Have written before",
    "signed_in": "Are signed in at your shop",
    "first_purchase": "Have not bought in the last two years",
    "repurchase": "Have bought in the last six months",
}
