"""Whether an answer holds at a moment: its dates, and what is said of the page, the customer and the hours. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from skills.message import ItemId
from skills.storefront.answer import ShopAnswer
from skills.storefront.page_pattern import matches


@dataclass(frozen=True)
class Moment:
    """What conditions are about, when a question is asked."""

    today: date
    """By the shop's calendar."""
    page: str = ""
    """The address of the page that the chat is on."""
    product: ItemId | None = None
    """On the page."""
    categories: frozenset[str] = frozenset()
    """Of that product, in small letters."""
    signed_in: bool = False
    in_hours: bool = False


def allows(answer: ShopAnswer, moment: Moment) -> bool:
    """Whether all that the answer asks for is true."""
    return all(holds for _, holds in checks(answer, moment))


def checks(answer: ShopAnswer, moment: Moment) -> Iterator[tuple[str, bool]]:
    """Each thing that the answer asks for, as a sentence, and whether it is true."""
    when = answer.conditions
    if answer.begins:
        yield f"From {answer.begins} on.", answer.begins <= moment.today
    if answer.ends:
        yield f"Until {answer.ends}.", moment.today <= answer.ends
    if when.page:
        yield f"On the page {when.page}.", matches(when.page, moment.page)
    if when.products:
        yield f"On the page of {' or '.join(when.products)}.", moment.product in when.products
    if when.category:
        yield f"On the page of a product in {when.category}.", when.category.casefold() in moment.categories
    if when.signed_in is not None:
        who = "Customers who have signed in." if when.signed_in else "Customers who have not signed in."
        yield who, when.signed_in is moment.signed_in
    if when.in_hours is not None:
        hours = "While your people answer." if when.in_hours else "While nobody of your people answers."
        yield hours, when.in_hours is moment.in_hours
