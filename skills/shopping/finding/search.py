"""Searching shops: an index for each, and answers that are checked against the database before anyone sees them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from search_index import (
    Boost,
    Document,
    Encoder,
    Equals,
    Explanation,
    Filter,
    Hit,
    NameHit,
    Query,
    Weights,
    passes,
    passing_variants,
)
from search_index.documents import values_of
from search_index.filters import Not, OneVariant
from search_index.understanding import Answer, Collection, Constraint, Understood, search_within
from search_index.understanding.understood import joined
from skills.message import ItemId
from skills.shopping.catalogue.reading import Reading
from skills.shopping.finding.asking import Asked, Line, named_in, read_line, understood
from skills.shopping.finding.documents import Described, describe
from skills.shopping.finding.found import Found
from skills.shopping.finding.shop_index import Opened, ShopIndex
from skills.shopping.product import Product, Variant

IDS_MAX = 200
"""Products of one answer that are remembered; as many as a conversation keeps."""
PAGE = 10
WEIGHTS = Weights(words=0.5, meaning=0.5, sound=0.15, ties=0.1)
BOOSTS = (Boost("popularity", 0.08), Boost("orderable", 0.15))
"""What sells comes before what does not, and what can be ordered before what is sold out, if all else is alike."""
ABOUT = 0.38
ABOUT_WITH_WORDS = ((0.6, 0.1), (0.25, 0.3))
"""What a hit needs to be about what was asked for: the cosine alone, or a share of the best match by words with a
cosine. Read off the demo shops with MiniLM: of "lawnmower", "espresso machine" and "wedding dress" an outdoor shop has
none, though something is always nearest; "keep my hands warm" and "for rainy days" it has.
"""
TAIL = 0.5
"""Share of the best score below which a product is no longer an answer."""
NAMED = 0.62
"""Likeness of characters and sound from which a product's name was said."""
SIMILAR_LEAST = 0.35
PREFERRED, PREFERRED_MEANING = 0.4, 0.2
"""What a value that was preferred adds to a score, of which the best is about 1, and the cosine that it takes: what is
light to carry is no light to read by.
"""


class ProductSearch:
    """Every shop's search. Thread-safe; all methods block. A shop without an index finds nothing."""

    def __init__(self, folder: Path, encoder: Encoder, catalogues: Reading, clock: Callable[[], datetime]) -> None:
        """`folder` has a folder for each shop; `clock` gives the time by which sales begin and end."""
        self._folder = folder
        self._encoder = encoder
        self._catalogues = catalogues
        self._clock = clock
        self._lock = Lock()
        self._shops: dict[str, ShopIndex] = {}

    def refresh(self, shop: str) -> None:
        """Bring the shop's index in line with its catalogue; at once where it is of this revision already.

        Raises `SearchError` and CatalogueStoreError; the index before then stays.
        """
        profile = self._catalogues.shop(shop)
        revision = self._catalogues.revision(shop)
        if profile is None or self._shop(shop).revision == revision:
            return
        self._shop(shop).refresh(lambda: self._catalogues.all_products(shop), profile.currency, revision, self._clock())

    def revision(self, shop: str) -> int | None:
        """The revision of the catalogue that is indexed; None where nothing is."""
        return self._shop(shop).revision

    def changed(self, shop: str, products: Sequence[ItemId]) -> None:
        """Prices or stock of these products have changed."""
        self._shop(shop).update(self._catalogues.products(shop, products), self._clock())

    def close(self) -> None:
        """Let go of all files, once what is running is done."""
        with self._lock:
            for one in self._shops.values():
                one.close()
            self._shops.clear()

    def read_line(self, shop: str, text: str, about: ItemId | None = None) -> Line | None:
        """What was said, made to stand by itself: "cheaper" than the product it is `about`. None without an index."""
        product = self._catalogues.product(shop, about) if about else None
        with self._shop(shop).using() as opened:
            if opened is None:
                return None
            reference = None
            if product is not None:
                now = self._clock()
                reference = describe(product, opened.plan, now).document
                values = values_of(opened.index.schema, reference)
                offered = [one for one in product.variants if one.can_order()] or list(product.variants)
                price = min(one.price_at(now).minor for one in offered)
                reference = replace(reference, values=values | {"price": price}, variants=())
            return read_line(text, opened.collection, reference)

    def understood(self, shop: str, asked: Asked) -> Understood:
        """What is asked for, without searching it."""
        with self._shop(shop).using() as opened:
            return Understood("") if opened is None else understood(asked, opened.collection)

    def meant(self, shop: str, asked: Asked, text: str) -> tuple[Constraint, ...]:
        """Which of the conditions that hold words like "forget the colour" or "any price" are about."""
        with self._shop(shop).using() as opened:
            if opened is None:
                return ()
            return named_in(text, understood(asked, opened.collection).constraints, opened.collection)

    def find(
        self,
        shop: str,
        text: str,
        dropped: Sequence[str] = (),
        *,
        like: ItemId | None = None,
        limit: int = PAGE,
    ) -> Found:
        """What meets the lines of `text` less what was `dropped`, the first `limit` as they are in the database.

        `like`: what resembles this product; where it is not there, nothing.
        """
        started = time.perf_counter()
        index = self._shop(shop)
        if due := index.due(self._clock()):
            self.changed(shop, due)
        with index.using() as opened:
            if opened is None or (like and opened.index.get(like) is None):
                return Found()
            wanted = understood(Asked(text, tuple(dropped)), opened.collection)
            query = Query(
                limit=IDS_MAX,
                like=like or "",
                filter=Not(Equals("id", like)) if like else None,
                weights=WEIGHTS,
                boosts=BOOSTS,
                min_score=SIMILAR_LEAST if like and not wanted.words else 0.0,
            )
            answer = _search(opened.collection, wanted, query)
            answer = _preferring(answer if like else _telling(answer), opened)
            found = self._checked(shop, opened, answer, limit)
        return replace(found, milliseconds=(time.perf_counter() - started) * 1000)

    def similar(self, shop: str, product: ItemId, limit: int = PAGE) -> Found:
        """What resembles a product, the product itself not among it."""
        return self.find(shop, "", like=product, limit=limit)

    def among(self, shop: str, asked: Asked, products: Sequence[ItemId]) -> Found:
        """These products as the answer to what was asked, in this order; without searching again."""
        with self._shop(shop).using() as opened:
            if opened is None:
                return Found()
            wanted = understood(asked, opened.collection)
            there = self._catalogues.products(shop, products)
            return self._meeting(opened, wanted, there, Found(ids=tuple(products), understood=wanted))

    def conditions(self, shop: str, asked: Asked) -> Asked:
        """What was asked for without its words: only the conditions."""
        wanted = self.understood(shop, asked)
        hard = [one for one in wanted.constraints if one.hard]
        return Asked("\n".join(wanted.text[one.start : one.end] for one in hard))

    def counts(self, shop: str, asked: Asked, fields: Sequence[str]) -> tuple[dict[str, dict[str, int]], int]:
        """By field how many of what matches have each value, and how many match."""
        with self._shop(shop).using() as opened:
            if opened is None:
                return {}, 0
            wanted = understood(asked, opened.collection)
            wanted = wanted.without(*(one for one in wanted.constraints if one.field in fields and one.hard))
            names = tuple(one for one in fields if one in opened.index.schema.fields)
            query = Query(limit=1, facets=names, weights=WEIGHTS, boosts=BOOSTS, min_score=TAIL)
            answer = _search(opened.collection, wanted, query)
            counted = {
                name: {str(value): count for value, count in values.items()}
                for name, values in answer.results.facets.items()
            }
            return counted, answer.results.total

    def plan_words(self, shop: str) -> dict[str, str]:
        """By the name that people call it the field of each thing that has named values."""
        with self._shop(shop).using() as opened:
            if opened is None:
                return {}
            found = {"brand": "brand", "category": "category"}
            return found | {one.word: one.name for one in opened.plan.fields if one.kind == "named"}

    def link(self, shop: str, text: str, limit: int = 5) -> list[NameHit]:
        """The products whose names are most like `text` by characters and sound, best first."""
        with self._shop(shop).using() as opened:
            if opened is None or not text.strip():
                return []
            return opened.index.link(text[:200], "title", limit)

    def named(self, shop: str, text: str) -> ItemId | None:
        """The product that `text` names; None where it names none, or two of them as well."""
        hits = self.link(shop, text, 2)
        if not hits or hits[0].score < NAMED:
            return None
        return None if len(hits) > 1 and hits[1].score > 0.97 * hits[0].score else hits[0].id

    def _shop(self, shop: str) -> ShopIndex:
        with self._lock:
            if shop not in self._shops:
                self._shops[shop] = ShopIndex(self._folder / shop / "index", self._encoder)
            return self._shops[shop]

    def _checked(self, shop: str, opened: Opened, answer: Answer, limit: int) -> Found:
        """The answer's first products as the database has them: the index may be older than a price or a stock."""
        ids = [hit.id for hit in answer.results.hits]
        results = answer.results
        found = Found(
            total=results.total,
            exact=results.exact,
            understood=answer.understood,
            relaxed=answer.relaxed,
            explanations={hit.id: hit.explanation for hit in results.hits},
            collection=opened.collection,
        )
        products: list[Product] = []
        meeting: dict[str, tuple[Variant, ...]] = {}
        place = gone = 0
        while place < len(ids) and len(products) < limit:
            some = ids[place : place + limit]
            place += len(some)
            there = self._catalogues.products(shop, some)
            checked = self._meeting(opened, answer.understood, there, found)
            products += checked.products
            meeting |= checked.meeting
            gone += len(some) - len(checked.products)
        products = self._in_order(products, meeting, answer.understood)[:limit]
        shown = [one.id for one in products]
        return replace(
            found, ids=(*shown, *ids[place:]), products=tuple(products), meeting=meeting, total=results.total - gone
        )

    def _in_order(
        self, products: list[Product], meeting: Mapping[str, tuple[Variant, ...]], wanted: Understood
    ) -> list[Product]:
        """As they were, or by the prices of now where an order by price was asked for."""
        if wanted.sort is None or wanted.sort.field != "price":
            return products
        now = self._clock()

        def price(product: Product) -> int:
            meant = meeting[product.id]
            return min(one.price_at(now).minor for one in [v for v in meant if v.can_order()] or meant)

        return sorted(products, key=price, reverse=wanted.sort.descending)

    def _meeting(self, opened: Opened, wanted: Understood, products: Sequence[Product], found: Found) -> Found:
        """`found` with those of `products` that meet what is wanted, and their variants that do."""
        now = self._clock()
        kept: list[Product] = []
        meeting: dict[str, tuple[Variant, ...]] = {}
        for product in products:
            described = describe(product, opened.plan, now)
            if (variants := _variants(described, wanted.filter, opened)) is not None:
                kept.append(product)
                meeting[product.id] = variants
        return replace(found, products=tuple(kept), meeting=meeting, collection=opened.collection)


def _search(collection: Collection, wanted: Understood, query: Query) -> Answer:
    """Search among the kind of things that was named, where there are such: of "laptop bag" among bags."""
    kinds = [one for one in wanted.preferences if one.field == "category"]
    for some in dict.fromkeys((tuple(kinds), tuple(kinds[-1:]))):
        if some:
            only = joined([query.filter, *(one.filter for one in some)])
            answer = search_within(collection, wanted.without(*some), replace(query, filter=only))
            if answer.results.hits:
                named = tuple(replace(one, hard=True) for one in some)
                kept = replace(answer.understood, constraints=(*named, *answer.understood.constraints))
                return replace(answer, understood=kept)
    return search_within(collection, wanted, query)


def _preferring(answer: Answer, opened: Opened) -> Answer:
    """The answer with what has the values that were preferred moved up."""
    wanted = [one.filter for one in answer.understood.preferences if one.filter and one.certainty == 1.0]
    if not wanted or answer.understood.sort is not None:
        return answer

    def score(hit: Hit) -> float:
        if hit.explanation.meaning.raw < PREFERRED_MEANING:
            return hit.score
        document = Document(hit.id, hit.values)
        return hit.score + PREFERRED * sum(passes(one, document, opened.index.schema) for one in wanted)

    hits = tuple(sorted(answer.results.hits, key=score, reverse=True))
    return replace(answer, results=replace(answer.results, hits=hits))


def _variants(described: Described, condition: Filter | None, opened: Opened) -> tuple[Variant, ...] | None:
    """The variants that meet the condition; None where the product does not."""
    if condition is None:
        return _unique(described.variants)
    whole, schema = OneVariant(condition), opened.index.schema
    if not passes(whole, described.document, schema):
        return None
    numbers = passing_variants(whole, described.document, schema)
    return _unique(tuple(described.variants[number] for number in numbers))


def _unique(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    return tuple({one.sku: one for one in variants}.values())


def _telling(answer: Answer) -> Answer:
    """The answer without its tail; with nothing where even the best is not about the words that were asked for."""
    hits = answer.results.hits
    if not hits or not answer.understood.words or answer.understood.sort is not None:
        return answer
    if not any(_is_about(hit.explanation) for hit in hits[:3]):
        return replace(answer, results=replace(answer.results, hits=(), total=0))
    least = TAIL * max(hit.score for hit in hits)
    kept = tuple(hit for hit in hits if hit.score >= least)
    total = len(kept) if len(kept) < len(hits) else answer.results.total
    return replace(answer, results=replace(answer.results, hits=kept, total=total))


def _is_about(one: Explanation) -> bool:
    if one.exact.raw or one.sound.raw >= NAMED or one.meaning.raw >= ABOUT:
        return True
    return any(one.words.normalised >= words and one.meaning.raw >= cosine for words, cosine in ABOUT_WITH_WORDS)
