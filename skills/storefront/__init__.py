"""What a shop's own people decide: edited as drafts, live once published; answers are found by meaning."""

from skills.storefront.answer import ShopAnswer
from skills.storefront.desk import FEW, LIKELY, SURE, AnswerDesk
from skills.storefront.entries import Entries
from skills.storefront.entry import Change, Conflict, Entry, Saved, Version, Waiting
from skills.storefront.errors import StorefrontError
from skills.storefront.files import load_answers, read_answers
from skills.storefront.shelf import Match
from skills.storefront.store import ShopAnswers

__all__ = [
    "FEW",
    "LIKELY",
    "SURE",
    "AnswerDesk",
    "Change",
    "Conflict",
    "Entries",
    "Entry",
    "Match",
    "Saved",
    "ShopAnswer",
    "ShopAnswers",
    "StorefrontError",
    "Version",
    "Waiting",
    "load_answers",
    "read_answers",
]
