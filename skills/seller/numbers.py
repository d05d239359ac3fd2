"""What the skill is told of a shop's conversations: the service counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from skills.seller.period import Period
from skills.shopping.money import Money
from skills.shopping.product import ShopId

MOST = 50
"""Things of a kind that are counted; the console's pages have them all."""


@dataclass(frozen=True)
class Figures:
    """A period in numbers of conversations; `orders` are those upon which a conversation had a part, `revenue` what
    they came to in each currency.
    """

    conversations: int
    contained: int
    handed_over: int
    liked: int
    disliked: int
    unanswered: int
    orders: int
    revenue: tuple[Money, ...]


@dataclass(frozen=True)
class Told:
    """Something that came up, and in how many conversations."""

    name: str
    count: int


class Numbers(Protocol):
    """Every method blocks and is one shop's; lists come with the most frequent first, of `MOST` at most."""

    def figures(self, shop: ShopId, period: Period) -> Figures:
        """The period as a whole."""

    def searches(self, shop: ShopId, period: Period) -> list[Told]:
        """What was searched for without result."""

    def unanswered(self, shop: ShopId, period: Period) -> list[Told]:
        """Questions that were not answered."""

    def questions(self, shop: ShopId, period: Period) -> list[Told]:
        """The shop's answers that were given."""

    def products(self, shop: ShopId, period: Period) -> list[Told]:
        """Products that were asked about."""

    def busiest(self, shop: ShopId, period: Period) -> list[tuple[int, int, int]]:
        """Days of the week (0 is Monday), hours of the day, and conversations in which shoppers wrote then."""

    def waiting(self, shop: ShopId) -> int:
        """Conversations that wait for a person at this moment."""
