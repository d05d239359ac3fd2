"""What the seller's skill is given: a shop's numbers, in the shop's own calendar, and where its pages are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import quote

from assistant.chat.archive import Archive
from assistant.insights.assisted import revenue
from assistant.insights.insights import Insights
from assistant.insights.spans import Span
from assistant.shopping import Shopping
from skills.seller import MOST, Asking, Editing, Figures, Period, SellerActions, Told
from skills.shopping.catalogue import Catalogues
from skills.shopping.product import ShopId
from skills.storefront import ShopAnswer
from skills.storefront.entries import Entries
from skills.storefront.zones import zone


class ShopNumbers:
    """`skills.seller.Numbers` from what the chats have left."""

    def __init__(self, insights: Insights, catalogues: Catalogues, entries: Entries, archive: Archive) -> None:
        self._insights = insights
        self._catalogues = catalogues
        self._entries = entries
        self._archive = archive

    def figures(self, shop: ShopId, period: Period) -> Figures:
        """The period as a whole."""
        span = self._span(shop, period)
        told, orders = self._insights.summary(shop, span), self._insights.orders(shop, span)
        return Figures(
            conversations=told.conversations,
            contained=told.contained,
            handed_over=told.handed_over,
            liked=told.liked,
            disliked=told.disliked,
            unanswered=told.unanswered,
            orders=len(orders),
            revenue=revenue(orders),
        )

    def searches(self, shop: ShopId, period: Period) -> list[Told]:
        """What was searched for without result."""
        found = self._insights.searches(shop, self._span(shop, period), MOST)
        return [Told(one.text or one.subject, one.conversations) for one in found]

    def unanswered(self, shop: ShopId, period: Period) -> list[Told]:
        """Questions that were not answered."""
        found = self._insights.unanswered_questions(shop, self._span(shop, period), MOST)
        return [Told(one.text or one.subject, one.conversations) for one in found]

    def questions(self, shop: ShopId, period: Period) -> list[Told]:
        """The shop's answers that were given; those that are gone have no name any more."""
        found = self._insights.top_questions(shop, self._span(shop, period), MOST)
        entries = {one.id: one for one in self._entries.live(shop, "answer")} if found else {}
        return [
            Told(entries[one.subject].read(ShopAnswer).question, one.conversations)
            for one in found
            if one.subject in entries
        ]

    def products(self, shop: ShopId, period: Period) -> list[Told]:
        """Products that were asked about; those that are gone have no name any more."""
        found = self._insights.products(shop, self._span(shop, period), MOST)
        titles = {one.id: one.title for one in self._catalogues.products(shop, [one.subject for one in found])}
        return [Told(titles[one.subject], one.conversations) for one in found if one.subject in titles]

    def busiest(self, shop: ShopId, period: Period) -> list[tuple[int, int, int]]:
        """Days, hours and conversations, the busiest first."""
        hours = self._insights.overview(shop, self._span(shop, period)).hours
        return sorted(((day, hour, count) for (day, hour), count in hours.items()), key=lambda one: -one[2])

    def waiting(self, shop: ShopId) -> int:
        """Conversations that wait for a person."""
        return self._archive.waiting(shop)

    def today(self, shop: ShopId) -> date:
        """The day by the shop's clock."""
        found = self._catalogues.shop(shop)
        return datetime.now(zone(found.time_zone if found else "UTC")).date()

    def _span(self, shop: ShopId, period: Period) -> Span:
        found = self._catalogues.shop(shop)
        return Span(period.first, period.last, zone(found.time_zone if found else "UTC"), datetime.now(UTC))


def seller_actions(shopping: Shopping, insights: Insights, archive: Archive) -> SellerActions:
    """The seller's skill among a house's parts."""
    numbers = ShopNumbers(insights, shopping.catalogues, shopping.entries, archive)
    asking = Asking(numbers, numbers.today, console)
    return SellerActions(asking, Editing(shopping.entries, shopping.desk, lambda: datetime.now(UTC), console))


def console(shop: ShopId) -> str:
    """Where a shop's pages of the console begin."""
    return f"/console/{quote(shop)}/"
