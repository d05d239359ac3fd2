"""How a shop's assistant behaves beside its answers: a module for each kind of rule that a seller edits, and its pure
reading.
"""

from __future__ import annotations

from collections.abc import Mapping

from skills.message import Message
from skills.storefront.behaviour.away import AwayReply
from skills.storefront.behaviour.card import Cards
from skills.storefront.behaviour.greeting import Greeting
from skills.storefront.behaviour.handover import HandoverRules
from skills.storefront.behaviour.hours import Hours
from skills.storefront.behaviour.keyword import KeywordReply
from skills.storefront.behaviour.menu import Menu
from skills.storefront.behaviour.proactive import ProactiveMessage
from skills.storefront.behaviour.wording import OwnWording

BEHAVIOUR: Mapping[str, type[Message]] = {
    "greeting": Greeting,
    "hours": Hours,
    "away": AwayReply,
    "keyword": KeywordReply,
    "menu": Menu,
    "card": Cards,
    "proactive": ProactiveMessage,
    "handover": HandoverRules,
    "wording": OwnWording,
}
"""By the name of the kind."""

__all__ = [
    "BEHAVIOUR",
    "AwayReply",
    "Cards",
    "Greeting",
    "HandoverRules",
    "Hours",
    "KeywordReply",
    "Menu",
    "OwnWording",
    "ProactiveMessage",
]
