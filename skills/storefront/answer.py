"""An answer of a shop's: the questions that it answers, what it shows, and when it holds."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from skills.message import ItemId, Message
from skills.shop_view import Address, Link
from skills.storefront.naming import RESERVED
from skills.storefront.page_pattern import PagePattern
from skills.storefront.template import problems

VARIANTS_MAX = 200
"""Ways to ask one question."""
WORDING_MAX, ANSWER_MAX = 500, 2_000
"""Characters of a way to ask, and of an answer."""
BUTTONS_MAX, LINKS_MAX, PICTURES_MAX = 6, 5, 5
FOLDERS_MAX = 5
"""Folders within one another."""


_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that no keyboard types, and that some databases refuse or that turn lines round."""


def on_one_line(text: str) -> str:
    """With single blanks for all white space, and without characters that cannot be seen."""
    if not (found := " ".join(_UNSEEN.sub(" ", text).split())):
        raise ValueError("Please fill this in.")
    return found


def _on_lines(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _own_id(identity: str) -> str:
    if identity in RESERVED:
        raise ValueError("No answer can be called so: a page of the console is.")
    return identity


def _answer(text: str) -> str:
    if not (text := _on_lines(text)):
        raise ValueError("Please fill this in.")
    if found := problems(text):
        raise ValueError(found[0].text)
    return text


def _label(text: str) -> str:
    return on_one_line(text.replace("->", "\u2192"))


def _folder(path: str) -> str:
    names = [" ".join(name.split()) for name in _UNSEEN.sub("", path).split("/")]
    kept = [name for name in names if name]
    if len(kept) > FOLDERS_MAX:
        raise ValueError(f"Folders can stand in one another {FOLDERS_MAX} times at most.")
    return "/".join(kept)


def _blank(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def _link(link: Link) -> Link:
    return link.model_copy(update={"label": on_one_line(link.label)})


Wording = Annotated[str, Field(min_length=1, max_length=WORDING_MAX), AfterValidator(on_one_line)]
Folder = Annotated[str, Field(max_length=120), AfterValidator(_folder)]
"""A path of folders: "Orders/Returns"; empty is outside all of them."""
Label = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_label)]


class AnswerButton(Message):
    """What may be tapped below an answer: it says something, opens a web address, or shows a product."""

    label: Label
    say: Wording | None = None
    url: Address | None = None
    product: ItemId | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum(map(bool, (self.say, self.url, self.product))) != 1:
            raise ValueError("A button either says something, or opens an address, or shows a product.")
        return self


class AnswerPicture(Message):
    """A picture of the shop's own: its name among those that were uploaded, and what is to be seen, in words."""

    name: str = Field(pattern=r"^[0-9a-f]{20}\.jpg$")
    alt: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(on_one_line)]


class Conditions(Message):
    """When an answer holds; all that is said has to be true, and what is empty is not asked about."""

    page: PagePattern = ""
    """Where the chat stands."""
    products: tuple[ItemId, ...] = Field(default=(), max_length=20)
    """One of them is on the page."""
    category: Annotated[str, Field(max_length=120), AfterValidator(_blank)] = ""
    """A product of it is on the page."""
    signed_in: bool | None = None
    """The shop's site vouches for the customer, or does not."""
    in_hours: bool | None = None
    """The shop's people answer now, or do not."""


class ShopAnswer(Message):
    """What a shop answers to a question, however it is put. All texts are plain, without markup."""

    id: Annotated[ItemId, AfterValidator(_own_id)]
    question: Wording
    variants: tuple[Wording, ...] = Field(default=(), max_length=VARIANTS_MAX)
    """Other ways to ask it."""
    answer: Annotated[str, Field(min_length=1, max_length=ANSWER_MAX), AfterValidator(_answer)]
    """May have variables: see `skills.storefront.template`."""
    folder: Folder = ""
    buttons: tuple[AnswerButton, ...] = Field(default=(), max_length=BUTTONS_MAX)
    links: tuple[Annotated[Link, AfterValidator(_link)], ...] = Field(default=(), max_length=LINKS_MAX)
    pictures: tuple[AnswerPicture, ...] = Field(default=(), max_length=PICTURES_MAX)
    begins: date | None = None
    ends: date | None = None
    """The first and the last day on which it holds, by the shop's calendar."""
    conditions: Conditions = Conditions()

    @model_validator(mode="before")
    @classmethod
    def _of_older_files(cls, data: Any) -> Any:
        """Folders were topics, and the only buttons were those that say their own label."""
        if not isinstance(data, dict) or not data.keys() & {"topic", "quick"}:
            return data
        data = dict(data)
        topic, quick = data.pop("topic", ""), data.pop("quick", ())
        older = {"folder": topic, "buttons": [{"label": one, "say": one} for one in quick]}
        return {**older, **data}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins and self.ends and self.ends < self.begins:
            raise ValueError("The last day is before the first one.")
        return self

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every way to ask, the question first."""
        return (self.question, *self.variants)

    @property
    def specificity(self) -> int:
        """How much has to be true for it to hold; more conditions always count more than some of the same."""
        when = self.conditions
        dated = self.begins is not None or self.ends is not None
        asked = (when.products, when.page, when.category, dated, when.signed_in is not None, when.in_hours is not None)
        return sum(bool(one) << weight for weight, one in enumerate(reversed(asked)))
