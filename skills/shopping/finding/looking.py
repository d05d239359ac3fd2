"""Looking closer at what was found: side by side, why it is shown, and what there is of which kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from search_index.understanding.tokens import key
from skills.fact import asked_about
from skills.message import ItemId
from skills.shop_view import ShopView
from skills.shopping.answering import shop_answer
from skills.shopping.catalogue.reading import Reading
from skills.shopping.deciding.reviews import summary
from skills.shopping.deciding.which import Choosing
from skills.shopping.finding.asking import Asked
from skills.shopping.finding.cards import card, said_name
from skills.shopping.finding.comparing import COMPARED, compare, difference
from skills.shopping.finding.explaining import why
from skills.shopping.finding.search import ProductSearch
from skills.shopping.finding.searching import Scene
from skills.shopping.finding.views import facet_view, with_buttons
from skills.shopping.product import Product
from skills.shopping.system_replies import default
from skills.shopping.words import joined
from skills.skill import ActionResult

REVIEWS_READ = 60
FACETS_SAID = 5
WHICH_TO_COMPARE = default("find.compare")
WHICH = default("find.which")
_how_many = re.compile(r"\b(?:first|top|last|these|those|all)\s+(two|three|2|3)\b|\b(two|three|both)\b")
_COUNTS = {"two": 2, "2": 2, "both": 2, "three": 3, "3": 3}
_shop_wide = re.compile(r"\b(?:do|does|can) (?:you|the shop)|\b(?:sell|carry|stock|kinds?|categories|departments?)\b")


class Looking:
    """Blocking; each method makes the answer of one turn."""

    def __init__(self, catalogues: Reading, search: ProductSearch, choosing: Choosing, clock: Callable[[], datetime]):
        self._catalogues = catalogues
        self._search = search
        self._choosing = choosing
        self._clock = clock

    def compare(self, scene: Scene, ids: Sequence[ItemId] = ()) -> ActionResult:
        """Two or three products: those given, named or counted, else those compared before or shown first."""
        products = self._catalogues.products(scene.shop, list(dict.fromkeys(ids or self._meant(scene)))[:COMPARED])
        if len(products) < 2:
            return shop_answer(scene.request, scene.memory, WHICH_TO_COMPARE, expects_reply=True)
        now = self._clock()
        cards = [with_buttons(card(one, now)) for one in products]
        said = [summary(self._catalogues.reviews(scene.shop, one.id, REVIEWS_READ)) for one in products]
        table = compare(products, cards, said)
        memory = scene.memory.model_copy(update={"compared": tuple(one.id for one in products), "product": None})
        text = f"{joined([said_name(one) for one in products])}, side by side."
        spoken = difference(products, table)
        view, facts = ShopView(comparison=table), [asked_about(one.id, scene.said) for one in products]
        return shop_answer(scene.request, memory, f"{text} {spoken}", speech=spoken, view=view, facts=facts)

    def why(self, scene: Scene) -> ActionResult:
        """Why the product that is meant, or the first that is shown, is an answer to what was asked."""
        product = self.meant(scene)
        if product is None or product.id not in scene.memory.shown:
            text = WHICH if scene.memory.shown else "I haven't shown you anything yet. What are you looking for?"
            return shop_answer(scene.request, scene.memory, text, expects_reply=True)
        memory = scene.memory.model_copy(update={"product": product.id})
        if like := scene.memory.like:
            other = self._catalogues.product(scene.shop, like)
            name = said_name(other) if other else "what you liked"
            text = f"Its texts are among the most like those of the {name}."
            return shop_answer(scene.request, memory, text)
        now = self._clock()
        found = self._search.find(scene.shop, scene.memory.query, scene.memory.dropped)
        checked = self._search.among(scene.shop, scene.asked, [product.id])
        if product.id not in found.ids and not checked.products:
            return shop_answer(scene.request, memory, "It no longer fits what you asked for; it has changed since.")
        return shop_answer(scene.request, memory, why(found, product, now))

    def facets(self, scene: Scene) -> ActionResult:
        """Which brands, colours or kinds there are among what is meant, and how many of each."""
        label, field = self._field(scene)
        asked = self._about(scene)
        fields = ("department", "category") if field == "category" else (field,)
        counts, total = self._search.counts(scene.shop, asked, fields)
        values = next((counts[one] for one in fields if len(counts.get(one, {})) > 1), counts.get(field, {}))
        if not values:
            text = f"I don't know the {label} of these. Ask me for something else."
            return shop_answer(scene.request, scene.memory, text)
        said = joined([f"{value} ({count})" for value, count in list(values.items())[:FACETS_SAID]])
        among = f"Among {total:,} products" if total else "Here"
        more = len(values) - FACETS_SAID
        tail = f", and {more} more" if more > 0 else ""
        text = f"{among} there's {said}{tail}."
        names = joined(list(values)[:FACETS_SAID])
        view = ShopView(facets=(facet_view(label[:1].upper() + label[1:], field, values),))
        memory = scene.memory.model_copy(update={"query": asked.text, "dropped": asked.dropped})
        return shop_answer(scene.request, memory, text, speech=f"There's {names}{tail}.", view=view)

    def meant(self, scene: Scene) -> Product | None:
        """The product that the turn is about; of several shown the first."""
        which = self._choosing.which(scene.request, scene.shop)
        return which.product or next(iter(which.candidates), None)

    def _meant(self, scene: Scene) -> Sequence[ItemId]:
        entities = scene.request.understanding.entities
        places = [one.value for one in entities if one.name == "ordinal"]
        shown = scene.memory.shown
        count = next((one for found in _how_many.findall(scene.said.casefold()) for one in found if one), "")
        if count and len(places) < 2:
            return shown[-_COUNTS[count] :] if "last" in scene.said.casefold() else shown[: _COUNTS[count]]
        named = [self._search.named(scene.shop, one.value) for one in entities if one.name == "product"]
        counted = [shown[number] for one in places if (number := _place(one, len(shown))) is not None]
        chosen = [*counted, *(one for one in named if one)]
        if len(chosen) == 1 and scene.memory.product:
            chosen.append(scene.memory.product)
        return chosen if len(chosen) > 1 else scene.memory.compared or shown[:2]

    def _field(self, scene: Scene) -> tuple[str, str]:
        """What was asked about, as it is called and as the index has it; the kinds of things where nothing is named."""
        words = self._search.plan_words(scene.shop)
        said = key(scene.said)
        named = [(len(word), word) for word in words if key(word) in said and len(word) > 2]
        if not named and "color" in said and "colour" in words:
            named = [(6, "colour")]
        if not named and "maker" in said:
            named = [(5, "brand")]
        word = max(named)[1] if named else "category"
        return ("kind" if word == "category" else word), words.get(word, "category")

    def _about(self, scene: Scene) -> Asked:
        """What the values are counted over: a kind of thing that is named, what is shown, or all that is sold."""
        wanted = scene.request.understanding.value("wanted")
        line = self._search.read_line(scene.shop, wanted) if wanted else None
        if line is not None and any(one.field == "category" for one in line.understood.constraints):
            return Asked().then(line.text)
        return Asked() if _shop_wide.search(scene.said.casefold()) else scene.asked


def _place(ordinal: str, length: int) -> int | None:
    """The index that an ordinal stands for among so many; None where there is none."""
    if not ordinal.lstrip("-").isdigit() or len(ordinal) > 4:
        return None
    number = int(ordinal)
    index = number - 1 if number > 0 else length + number
    return index if number and 0 <= index < length else None
