"""What a seller asks: how it went, what was wanted and not found, what could not be answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from skills.seller.memory import SellerMemory
from skills.seller.numbers import MOST, Figures, Numbers, Told
from skills.seller.period import Period, read_period
from skills.seller.replying import answer, counted, listed, named
from skills.shop_view import Link
from skills.shopping.product import ShopId
from skills.shopping.words import joined
from skills.skill import Action, ActionRequest, ActionResult
from skills.storefront.hours_words import DAYS

_HOURS = 24

Line = Callable[[Figures, Period], str]

Page = tuple[str, str]
"""A page of the console: how a link to it is called, and its path below the shop."""

NUMBERS, TEACH, TALKS = (
    ("All the numbers", "numbers"),
    ("Teach me the answers", "questions"),
    ("Conversations", "conversations"),
)
NOT_FOUND = "Customers looked for {0} {1} and found nothing: {2}."
UNANSWERED = "I could not answer {0} {1}. Most asked: {2}."
ANSWERED = "I answered {0} {1}. Most asked: {2}."
PRODUCTS = "Customers asked about {0} {1}: {2}."


@dataclass(frozen=True)
class _List:
    """A list that is told: `some` takes how many, when, and the first; `none` when."""

    find: Callable[[ShopId, Period], list[Told]]
    one: str
    some: str
    none: str
    link: Page = NUMBERS

    @property
    def plural(self) -> str:
        return self.one.replace("kind", "kinds") if self.one.startswith("kind") else f"{self.one}s"


class Asking:
    """`today` is the day by a shop's clock; `console` the address of a shop's pages, ending in a slash."""

    def __init__(self, numbers: Numbers, today: Callable[[ShopId], date], console: Callable[[ShopId], str]) -> None:
        self._numbers = numbers
        self._today = today
        self._console = console

    def by_name(self) -> Mapping[str, Action]:
        """The actions of questions."""
        numbers = self._numbers
        lists = {
            "action_seller_not_found": _List(
                numbers.searches, "thing", NOT_FOUND, "Nothing was looked for in vain {}."
            ),
            "action_seller_unanswered": _List(
                numbers.unanswered, "question", UNANSWERED, "I had an answer to every question {}.", TEACH
            ),
            "action_seller_top_questions": _List(
                numbers.questions, "kind of question", ANSWERED, "None of your answers was asked for {}."
            ),
            "action_seller_products": _List(numbers.products, "product", PRODUCTS, "Nobody asked about a product {}."),
        }
        return {
            "action_seller_summary": partial(self._count, _summary),
            "action_seller_orders": partial(self._count, _orders),
            "action_seller_satisfaction": partial(self._count, _satisfaction),
            "action_seller_handed_over": self._people,
            "action_seller_hours": self._hours,
            **{name: partial(self._tell, one) for name, one in lists.items()},
        }

    async def _count(self, line: Line, request: ActionRequest) -> ActionResult:
        shop, period = self._asked(request)
        figures = await asyncio.to_thread(self._numbers.figures, shop, period)
        links = [self._link(shop, NUMBERS)]
        return answer(request, SellerMemory.read(request.memory), line(figures, period), links=links)

    async def _tell(self, what: _List, request: ActionRequest) -> ActionResult:
        shop, period = self._asked(request)
        found = await asyncio.to_thread(what.find, shop, period)
        many = f"at least {MOST}" if len(found) >= MOST else str(len(found))
        things = f"{many} {what.plural if len(found) > 1 else what.one}"
        speech = what.some.format(things, period.said, named(found)) if found else what.none.format(period.said)
        links = [self._link(shop, what.link)]
        return answer(request, SellerMemory.read(request.memory), speech, shown=listed(found), links=links)

    async def _people(self, request: ActionRequest) -> ActionResult:
        shop, period = self._asked(request)
        figures, waiting = await asyncio.gather(
            asyncio.to_thread(self._numbers.figures, shop, period), asyncio.to_thread(self._numbers.waiting, shop)
        )
        now = "Nobody is waiting now." if not waiting else f"{_customers(waiting)} waiting for you now."
        speech = f"{now} {counted(figures.handed_over, 'conversation').capitalize()} went to a person {period.said}."
        links = [self._link(shop, TALKS)]
        return answer(request, SellerMemory.read(request.memory), speech, links=links)

    async def _hours(self, request: ActionRequest) -> ActionResult:
        shop, period = self._asked(request)
        found = await asyncio.to_thread(self._numbers.busiest, shop, period)
        if found:
            day, hour, _ = found[0]
            speech = f"Most customers wrote {period.said} on {DAYS[day]} between {_clock(hour)} and {_clock(hour + 1)}."
            shown = [f"{DAYS[day]} {_clock(hour)} to {_clock(hour + 1)} ({count})" for day, hour, count in found[:5]]
        else:
            speech, shown = f"Nobody has written {period.said}.", []
        links = [self._link(shop, NUMBERS)]
        return answer(request, SellerMemory.read(request.memory), speech, shown=shown, links=links)

    def _asked(self, request: ActionRequest) -> tuple[ShopId, Period]:
        shop = request.utterance.store or ""
        said = request.understanding.value("period") or request.utterance.text
        return shop, read_period(said, self._today(shop))

    def _link(self, shop: ShopId, page: Page) -> Link:
        label, path = page
        return Link(label=label, url=self._console(shop) + path)


def _summary(figures: Figures, period: Period) -> str:
    if not figures.conversations:
        return f"There were no conversations {period.said}."
    contained = round(100 * figures.contained / figures.conversations)
    began = counted(figures.conversations, "conversation").capitalize()
    speech = f"{began} {period.said}; I managed {contained} percent alone."
    if figures.unanswered:
        speech += f" In {figures.unanswered} I had no answer."
    return f"{speech} {_sold(figures)}"


def _orders(figures: Figures, period: Period) -> str:
    return f"{_sold(figures)[:-1]} {period.said}."


def _sold(figures: Figures) -> str:
    orders = f"{counted(figures.orders, 'order').capitalize()} followed from the chat"
    return f"{orders}, worth {joined(list(map(str, figures.revenue)))}." if figures.revenue else f"{orders}."


def _satisfaction(figures: Figures, period: Period) -> str:
    rated = figures.liked + figures.disliked
    if not rated:
        return f"Nobody has rated an answer {period.said}."
    share = round(100 * figures.liked / rated)
    bad = (
        "None was bad."
        if not figures.disliked
        else f"{counted(figures.disliked, 'conversation').capitalize()} had a bad rating."
    )
    return f"{share} percent of those who rated {period.said} were content. {bad}"


def _customers(count: int) -> str:
    return "One customer is" if count == 1 else f"{count} customers are"


def _clock(hour: int) -> str:
    hour %= _HOURS
    return {0: "midnight", 12: "noon"}.get(hour, f"{hour % 12} {'am' if hour < 12 else 'pm'}")
