"""What a shop's own people have answered: kept per shop, found by meaning and letters, live once saved."""

from skills.storefront.answer import ShopAnswer
from skills.storefront.desk import AnswerDesk, Match
from skills.storefront.errors import StorefrontError
from skills.storefront.files import load_answers, read_answers
from skills.storefront.store import ShopAnswers

__all__ = ["AnswerDesk", "Match", "ShopAnswer", "ShopAnswers", "StorefrontError", "load_answers", "read_answers"]
