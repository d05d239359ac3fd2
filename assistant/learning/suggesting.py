"""Proposes answers for a group of questions, from what the shop has already said somewhere: replies of its people, its
rules, its products. A person reads and confirms each; each says what it was made from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Engine

from assistant.chat.server_messages import Sender
from assistant.chat.tables import conversations, messages
from assistant.learning.personal import without_personal
from assistant.learning.question import Question
from assistant.storage.transactions import reading
from search_index import terms_of
from skills.shopping.buying.orders import Orders
from skills.shopping.product import Product
from skills.storefront import AnswerDesk

OFFERED = 4
READ = 20
"""The newest questions of a group whose conversations are looked into."""
AFTER = 40
"""Messages after a question within which a person's reply may be to it."""
WORDS_MIN = 4
"""A reply of fewer words ("One moment") answers nothing."""
COMPARED = 12
"""Texts that are compared by their meaning; more are chosen from by their words."""
LEAST = 0.3
"""The cosine from which a text can be about the question."""
PRODUCTS = 3
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


class Source(StrEnum):
    """What a suggestion was made from."""

    REPLY = "reply"
    POLICY = "policy"
    PRODUCT = "product"


@dataclass(frozen=True)
class Suggestion:
    """`text` may be the answer; `made_from` says in words what it comes from, `compared` is what was weighed."""

    text: str
    source: Source
    made_from: str
    compared: str
    conversation: str = ""
    seq: int = 0
    """Of a reply: where it stands."""
    near: float = 0.0
    """How near it is to the question, a cosine."""


Policies = Callable[[str], Iterable[tuple[str, str, str]]]
"""What a shop's rules answer: question, answer, and what it was made from."""
Products = Callable[[str, str, Sequence[str]], Sequence[Product]]
"""The products of a shop that a question may be about: those of these ids, and those that its words find."""


class Suggesting:
    """Of all shops; every method blocks. Raises ServiceError(`storage_failed`), and what its parts raise."""

    def __init__(
        self, engine: Engine, desk: AnswerDesk, orders: Orders, policies: Policies, products: Products
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._orders = orders
        self._policies = policies
        self._products = products

    def for_group(self, shop: str, title: str, asked: Sequence[Question]) -> list[Suggestion]:
        """The best suggestions for a group, the nearest first; what the shop's people wrote comes before the rest."""
        replies = self.replies(shop, asked[:READ])
        rules = [Suggestion(answer, Source.POLICY, made, question) for question, answer, made in self._policies(shop)]
        about = Counter(one.product for one in asked if one.product)
        named = [product for product, _ in about.most_common(PRODUCTS)]
        known = [one for product in self._products(shop, title, named) for one in from_product(product)]
        found = self._nearest(title, replies, COMPARED) + self._nearest(title, [*rules, *known], COMPARED)
        return distinct(found)[:OFFERED]

    def replies(self, shop: str, asked: Sequence[Question]) -> list[Suggestion]:
        """What people of the shop wrote after these questions, without what is a customer's own."""
        after = [
            and_(messages.c.conversation == one.conversation, messages.c.seq.between(one.seq + 1, one.seq + AFTER))
            for one in asked
        ]
        if not after:
            return []
        wanted = (
            select(messages, conversations.c.shopper, conversations.c.customer)
            .join(conversations, conversations.c.id == messages.c.conversation)
            .where(conversations.c.shop == shop, messages.c.sender == Sender.AGENT.value, or_(*after))
            .order_by(messages.c.at.desc())
            .limit(100)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(wanted).all()
        names: dict[str, tuple[str, ...]] = {}
        found = []
        for row in rows:
            if row.conversation not in names:
                names[row.conversation] = self._names(shop, row.shopper, row.customer)
            writer = str(row.body.get("name") or "")
            text = without_personal(row.body["text"], (*names[row.conversation], writer))
            if len(text.split()) >= WORDS_MIN:
                by = writer or "a colleague"
                made = f"What {by} wrote on {row.at:%-d %B}"
                found.append(Suggestion(text, Source.REPLY, made, text, row.conversation, row.seq))
        return found

    def _names(self, shop: str, shopper: str, customer: str | None) -> tuple[str, ...]:
        """What the shop knows of the one who asked, which may stand in a reply."""
        found = [customer or ""]
        for order in self._orders.of_shopper(shop, shopper, 5):
            given = order.details
            found += [given.name, given.street, given.city, given.postal_code, given.email, given.phone]
        return tuple(one for one in dict.fromkeys(found) if one)

    def _nearest(self, title: str, found: Sequence[Suggestion], most: int) -> list[Suggestion]:
        """Those near enough to the question, the nearest first."""
        chosen = by_words(title, found, most)
        near = self._desk.nearness(title, [one.compared for one in chosen])
        weighed = [replace(one, near=score) for one, score in zip(chosen, near, strict=True) if score >= LEAST]
        return sorted(weighed, key=lambda one: -one.near)


def by_words(title: str, found: Sequence[Suggestion], most: int) -> Sequence[Suggestion]:
    """At most so many, those first that share more words with the question. Pure."""
    asked = set(terms_of(title, stemmed=True))
    return sorted(found, key=lambda one: -len(asked & set(terms_of(one.compared, stemmed=True))))[:most]


def distinct(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Each text once. Pure."""
    kept = {one.text.casefold(): one for one in reversed(found)}
    return [one for one in found if kept[one.text.casefold()] is one]


def from_product(product: Product) -> list[Suggestion]:
    """What a product's own texts may answer: its questions, its details, the sentences of its description. Pure."""
    title = product.title

    def made(text: str, what: str, compared: str) -> Suggestion:
        return Suggestion(text, Source.PRODUCT, f"{what} {title}", compared)

    asked = [made(one.answer, "A question about", one.question) for one in product.questions]
    details = [
        made(f"{title}: {one.name} {one.value}.", "The details of", f"{one.name} {one.value}")
        for one in product.attributes
    ]
    sentences = [one.strip() for one in _SENTENCE.findall(product.description)]
    described = [made(one, "The description of", one) for one in sentences if len(one.split()) >= WORDS_MIN]
    return [*asked, *details, *described]
