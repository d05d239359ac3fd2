"""Searching within a conversation: a new search, what refines it, what is taken back, and its next page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from skills.fact import Fact, searched
from skills.message import ItemId
from skills.shopping.answering import shop_answer
from skills.shopping.catalogue.reading import Reading
from skills.shopping.finding.asking import Asked, Line
from skills.shopping.finding.cards import said_name, spoken_price
from skills.shopping.finding.found import Found
from skills.shopping.finding.search import ProductSearch
from skills.shopping.finding.views import found_view
from skills.shopping.finding.wording import TOLD, nothing, opening, superlative, telling
from skills.shopping.memory import ShoppingMemory
from skills.shopping.system_replies import default
from skills.skill import ActionRequest, ActionResult
from skills.turn import Channel

SHOWN = 8
"""Cards of one answer where there is a screen."""
ALIKE = 24
"""Of what resembles a product; beyond, it hardly does."""
WHAT_THEN = default("find.what")
NOT_SET = "You hadn't asked for that, so nothing has changed."
NOTHING_SHOWN = default("find.nothing_yet")
NOTHING_MORE = default("find.no_more")
_over_again = re.compile(
    r"\b(start (?:over|again)|from scratch|everything|all (?:of )?(?:the )?\w*filters?|clear all)\b"
)
_gift = re.compile(r"\b(?:gifts?|presents?)\b", re.IGNORECASE)
_person = re.compile(
    r"gifts?|presents?|birthday|christmas|anniversary|idea|ideas|for|my|a|an|the|his|her|our|who|that|and|is|are|really|very|"
    r"likes?|loves?|enjoys?|into|dad|father|mom|mum|mother|parents|brother|sister|son|daughter|husband|wife|boyfriend|"
    r"girlfriend|friend|partner|uncle|aunt|boss|colleague|grand\w+|someone|somebody|him|them|old|year"
)
"""Words of a gift that say nothing about what it may be."""


@dataclass(frozen=True)
class Scene:
    """One turn: the shop, what is remembered, and how much can be shown."""

    request: ActionRequest
    shop: str
    memory: ShoppingMemory

    @classmethod
    def of(cls, request: ActionRequest, shop: str) -> Scene:
        """From the request."""
        return cls(request, shop, ShoppingMemory.read(request.memory))

    @property
    def asked(self) -> Asked:
        """What the products shown were asked for."""
        return Asked(self.memory.query, self.memory.dropped)

    @property
    def page(self) -> int:
        """Products of one answer."""
        return SHOWN if self.request.utterance.channel is Channel.WIDGET else TOLD

    @property
    def said(self) -> str:
        """What was asked for: the description that was found in the utterance, unless conditions stand beside it."""
        return self.request.utterance.text


class Searching:
    """Blocking; each method makes the answer of one turn."""

    def __init__(self, catalogues: Reading, search: ProductSearch, clock: Callable[[], datetime]) -> None:
        self._catalogues = catalogues
        self._search = search
        self._clock = clock

    def find(self, scene: Scene, *, before: str = "") -> ActionResult:
        """A new search, which inherits nothing; save where only conditions are named, of what is shown.

        `before` opens the answer.
        """
        line = self._line(scene)
        if line is None:
            return self._empty(scene)
        refines = bool(scene.memory.query or scene.memory.like) and not line.has_subject
        return self._refined(scene, line) if refines else self._afresh(scene, line, before)

    def refine(self, scene: Scene) -> ActionResult:
        """More about what is sought; where another kind of thing is named, that is sought instead."""
        line = self._line(scene)
        if line is None:
            return self._empty(scene)
        other = any(one.field == "category" for one in line.understood.constraints) and not line.like
        return self._afresh(scene, line) if other else self._refined(scene, line)

    def drop(self, scene: Scene) -> ActionResult:
        """Take back the conditions that are named, or all."""
        if _over_again.search(scene.said.casefold()):
            return self.begin_again(scene)
        if self._search.asks(scene.shop, scene.said) and self._says_more(scene):
            return self.find(scene)  # "only Nordfell" and "no leather" sound like taking back
        meant = self._search.meant(scene.shop, scene.asked, scene.said)
        if not meant:
            return shop_answer(scene.request, scene.memory, NOT_SET)
        return self.show(scene, scene.asked.without([one.label for one in meant]), scene.memory.like)

    def _says_more(self, scene: Scene) -> bool:
        """Whether a condition is named that does not hold yet."""
        known = {one.label for one in self._search.understood(scene.shop, scene.asked).constraints}
        said = self._search.understood(scene.shop, Asked(scene.said)).constraints
        return any(one.label not in known for one in said)

    def begin_again(self, scene: Scene) -> ActionResult:
        """Forget what was sought."""
        update: dict[str, object] = {
            "shown": (),
            "told": 0,
            "query": "",
            "dropped": (),
            "like": None,
            "product": None,
            "compared": (),
        }
        memory = scene.memory.model_copy(update=update)
        return shop_answer(scene.request, memory, f"All right, from the start. {WHAT_THEN}", expects_reply=True)

    def add(self, scene: Scene, line: str) -> ActionResult:
        """Another condition, in words."""
        read = self._search.read_line(scene.shop, line)
        return self._empty(scene) if read is None else self._refined(scene, read)

    def without(self, scene: Scene, label: str) -> ActionResult:
        """Take back the condition with this label."""
        return self.show(scene, scene.asked.without([label]), scene.memory.like)

    def similar(self, scene: Scene, product: ItemId) -> ActionResult:
        """What resembles a product."""
        other = self._catalogues.product(scene.shop, product)
        if other is None:
            return shop_answer(scene.request, scene.memory, "I don't know that product.")
        return self.show(scene, Asked(), product)

    def like(self, scene: Scene, product: ItemId) -> ActionResult:
        """What resembles a product, under what else was said: "something like this but cheaper"."""
        line = self._search.read_line(scene.shop, scene.said, product)
        if line is None or not any(one.filter or one.sort for one in line.understood.constraints):
            return self.similar(scene, product)
        conditions = "\n".join(line.text[one.start : one.end] for one in line.understood.constraints)
        return self.show(scene, Asked(conditions), product)

    def more(self, scene: Scene) -> ActionResult:
        """The next page of what was found."""
        memory, page = scene.memory, scene.page
        if not memory.shown:
            return shop_answer(scene.request, memory, NOTHING_SHOWN, expects_reply=True)
        following = memory.shown[memory.told : memory.told + page]
        found = replace(self._search.among(scene.shop, scene.asked, following), total=len(memory.shown))
        if not found.products:
            return shop_answer(scene.request, memory, NOTHING_MORE, quick=self._ways(None))
        now = self._clock()
        speech, told = telling(found, now, "Here are the next.")
        shown = len(found.products) if page > TOLD else told
        rest = memory.model_copy(update={"told": memory.told + len(following), "product": None})
        if page == TOLD:
            rest = rest.model_copy(update={"told": memory.told + told})
        left = len(memory.shown) - rest.told
        text = f"Here are {len(found.products)} more." if left > 0 else "Here are the last of them."
        view = found_view(found, now, shown)
        return shop_answer(scene.request, rest, text, speech=speech, view=view)

    def show(
        self, scene: Scene, asked: Asked, like: ItemId | None, *, before: str = "", nearest: bool = False
    ) -> ActionResult:
        """Search, and answer with what was found; `nearest` as `ProductSearch.find` takes it."""
        page = scene.page
        found = self._search.find(scene.shop, asked.text, asked.dropped, like=like, limit=page, nearest=nearest)
        update: dict[str, object] = {"query": asked.text, "dropped": asked.dropped, "like": like, "sku": None}
        update["options"] = {}
        if not found.products:
            if _gift.search(asked.text) and not nearest:
                return self._gift_ideas(scene, asked, found.understood.words)
            memory = scene.memory.model_copy(update={**update, "shown": (), "told": 0, "product": None})
            facts = (_searched(asked, found, like),)
            return shop_answer(scene.request, memory, nothing(found), quick=("What do you sell?",), facts=facts)
        now = self._clock()
        other = self._catalogues.product(scene.shop, like) if like else None
        alike = f"These are most like the {said_name(other)}" if other else ""
        first = f"{before}{superlative(found, now) or opening(found, now, alike)}"
        speech, told = telling(found, now, first)
        if superlative(found, now):
            speech, told = first, 1
        ids = tuple(found.ids[:ALIKE] if like else found.ids)
        one = ids[0] if len(ids) == 1 or superlative(found, now) else None
        shown = len(found.products) if page > TOLD else told
        memory = scene.memory.model_copy(update={**update, "shown": ids, "told": shown, "product": one})
        return shop_answer(
            scene.request,
            memory,
            first,
            speech=speech,
            view=found_view(found, now, shown),
            quick=self._ways(found),
            stages_ms={"search": found.milliseconds},
            facts=(_searched(asked, found, like),),
        )

    def _gift_ideas(self, scene: Scene, asked: Asked, words: str) -> ActionResult:
        """What comes nearest to what they like; where nothing is said of that, what most people like."""
        liked = " ".join(word for word in words.split() if not _person.fullmatch(word.strip(".,'\u2019").casefold()))
        conditions = self._search.conditions(scene.shop, asked)
        if liked:
            return self.show(scene, conditions.then(liked), None, nearest=True)
        return self.show(scene, conditions, None, before="I don't know their taste, so I start with what most like. ")

    def reference(self, scene: Scene) -> ItemId | None:
        """The product that "cheaper" or "like this" is measured by: the one spoken about, on the page, or shown."""
        memory = scene.memory
        if memory.product or not memory.shown:
            return memory.product or scene.request.utterance.page_item
        shown = self._catalogues.products(scene.shop, memory.shown[:TOLD])
        if not shown:
            return None
        now = self._clock()
        dear = re.search(r"\b(?:expensive|pricier|dearer)\b", scene.said.casefold())
        lowest = {one.id: min(variant.price_at(now).minor for variant in one.variants) for one in shown}
        return (max if dear else min)(lowest, key=lambda one: lowest[one])

    def _line(self, scene: Scene) -> Line | None:
        said = self._search.read_line(scene.shop, scene.said, self.reference(scene))
        wanted = scene.request.understanding.value("wanted")
        if said is None or not wanted:
            return said
        narrower = self._search.read_line(scene.shop, wanted, self.reference(scene))
        # What stands beside the description may be a condition ("under fifty", "anything but") or mere manners.
        return narrower if narrower is not None and _conditions(narrower) == _conditions(said) else said

    def _afresh(self, scene: Scene, line: Line, before: str = "") -> ActionResult:
        return self.show(scene, Asked().then(line.text), line.like or None, before=before)

    def _refined(self, scene: Scene, line: Line) -> ActionResult:
        like = line.like or scene.memory.like
        base = Asked() if line.like else scene.asked
        labels = [one.label for one in line.understood.constraints]
        asked = base.then(line.text, labels)
        cheaper = [one for one in line.relative if one.is_price]
        if cheaper:
            found = self._search.find(scene.shop, asked.text, asked.dropped, like=like, limit=1)
            if not found.products or found.relaxed:
                return self._no_cheaper(scene, like, dearer=str(cheaper[0].operator) == "over")
        return self.show(scene, asked, like)

    def _no_cheaper(self, scene: Scene, like: ItemId | None, *, dearer: bool) -> ActionResult:
        """Nothing is beyond what is shown: what it is measured by is the end."""
        product = self._catalogues.product(scene.shop, self.reference(scene) or "")
        order = "most expensive first" if dearer else "cheapest first"
        limit = ""
        if product is not None:
            shown = self._search.among(scene.shop, scene.asked, [product.id])
            price = shown.card(product, self._clock()).price
            limit = f"Nothing that fits costs {'more' if dearer else 'less'} than the {said_name(product)} at"
            limit = f"{limit} {spoken_price(price)}. "
        return self.show(scene, scene.asked.then(order), like, before=limit)

    def _ways(self, found: Found | None) -> Sequence[str]:
        """What may be said next."""
        if found is None:
            return ("What do you sell?",)
        ways = []
        if found.total > 1 and found.understood.sort is None:
            ways.append("Cheaper")
        if len(found.products) > 1:
            ways.append("Compare the first two")
        if len(found.ids) > len(found.products):
            ways.append("Show me more")
        return ways

    def _empty(self, scene: Scene) -> ActionResult:
        return shop_answer(scene.request, scene.memory, "This shop has nothing for sale yet. Please come back soon.")


def _searched(asked: Asked, found: Found, like: ItemId | None) -> Fact:
    """What was looked for; where something had to be given up, or it only comes near, nothing of it was found."""
    text = ", ".join(asked.text.split("\n")) or (f"like {like}" if like else "everything")
    return searched(text, 0 if found.relaxed or found.vague else found.total)


def _conditions(line: Line) -> list[tuple[object, ...]]:
    """What a line asks for, wherever in it that is said."""
    return [(one.field, one.operator, one.values) for one in line.understood.constraints]
