"""Whether shopping conversations hold: what was stated, the right product first, and the cart as the text says."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.paths import DataPaths
from assistant.setup.progress import Step
from assistant.shopping import Shopping, load_shops
from assistant.storage.store import Store
from benchmarks import icecat_shop
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, aim, aim_at_least, percentile, rate
from benchmarks.shopping_facts import Fact, price_now
from benchmarks.shopping_talk import Said, Talk, talks
from benchmarks.understanding import parsing
from search_index import open_encoder
from skills.face import Face
from skills.shop_view import ProductCard
from skills.shopping.finding.cards import said_name, spoken_price
from skills.shopping.memory import Ask, ShoppingMemory
from skills.shopping.product import Product, Variant
from skills.skill import ActionRequest, Entity, Understanding
from skills.turn import Channel, Hypothesis, Reply, Utterance

PRODUCTS = MEASURING_DATA / "products" / "icecat_products.jsonl.gz"
COUNT = 200
WITHIN_MS = 250
ABOUT = f"""
{COUNT} conversations of several turns: half of them in Icecat's catalogue of electronics, imported as a shop (titles
give the categories), half in the demo shops. Each is about a product drawn at random: what is said are facts of
its own, put into one of many wordings that the parser was not adjusted to: a first search with one to three
conditions, refinements, changes of mind, then an order, a comparison, and edits of the cart by reference. Everything
goes through the actions as a turn calls them; the intent and the entities are those that the trained model
understands in a shop's chat. Every product shown is held against every condition stated so far, as the catalogue has
it, without the index: one variant has to meet them all, and its price has to be the card's. The right product is first
when all that was stated is true of it and it is of the kind that was named, so that nothing said tells it from the
product that the conversation was made from. "Cheapest first" is held against everything in the catalogue that meets
the conditions. A reply's prices have to be those of its cards, and a cart has to be what was said of it. The first card
is there when the action has answered; understanding comes in addition.
"""
ACTIONS = {
    "shop_find": "action_shop_find", "shop_refine": "action_shop_refine", "shop_drop": "action_shop_drop",
    "shop_compare": "action_shop_compare", "cart_add": "action_cart_add", "cart_quantity": "action_cart_quantity",
    "cart_remove": "action_cart_remove", "shop_facets": "action_shop_facets", "choose_item": "action_choose",
    "show_cart": "action_cart_show", "clear_cart": "action_cart_clear", "shop_similar": "action_shop_similar",
    "product_details": "action_shop_details",
    "affirm": "action_affirm", "shop_stock": "action_shop_stock", "more": "action_more",
}  # fmt: skip
_priced = re.compile(r"(?:[Tt]he )?([A-Z\d][^,.;:]*?) at ([^\d\s]{1,4}[\d,.]*\d)")

Understand = Callable[[Said], Awaitable[Understanding]]


@dataclass
class _Counts:
    """What was judged, and what of it was right."""

    judged: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    milliseconds: list[float] = field(default_factory=list)

    def judge(self, what: str, right: bool, told: str) -> None:
        self.judged[what] += 1
        self.right[what] += right
        if not right:
            self.wrong[what].append(told)


def run(place: Workplace) -> Findings:
    if not PRODUCTS.is_file():
        raise FileNotFoundError(f"this is measured on a catalogue, and there is no file {PRODUCTS}")
    return asyncio.run(_run(place))


async def _run(place: Workplace) -> Findings:
    counts: dict[str, _Counts] = {"Icecat": _Counts(), "demo shops": _Counts()}
    async with _shops(place) as shopping, _understanding(place) as (understand, trained):
        catalogues, started = shopping.catalogues, time.time_ns()  # shoppers of this run: their carts are empty
        for shop in [one.id for one in catalogues.shops()]:
            everything = list(catalogues.all_products(shop))
            icecat = shop == icecat_shop.SHOP.id
            count = COUNT // 2 if icecat else COUNT // 2 // (len(catalogues.shops()) - 1)
            place.say(f"{count} conversations in {shop}")
            for number, talk in enumerate(talks(shop, everything, count)):
                told = counts["Icecat" if icecat else "demo shops"]
                await _Conversation(shopping, talk, everything, understand, told, f"{shop}-{number}-{started}").hold()
    return _findings(counts, trained)


def _findings(counts: Mapping[str, _Counts], trained: bool) -> Findings:
    names = ("meant", "stated holds", "right first", "text and cards", "order", "compared", "cart")
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            *(rate(one.right[name], one.judged[name]) for one in counts.values()),
            sum(one.judged[name] for one in counts.values()),
        )
        for name in names
    ]
    times = [one for each in counts.values() for one in each.milliseconds]
    total = {name: sum(one.judged[name] for one in counts.values()) for name in names}
    right = {name: sum(one.right[name] for one in counts.values()) for name in names}
    wrong = [
        f"{name}: {told}"
        for name in (*names[1:], names[0])
        for one in counts.values()
        for told in dict.fromkeys(text.rsplit(": ", 1)[0] for text in one.wrong[name])
    ]
    speed = Table(
        ("", "searches", "p50 ms", "p95 ms"),
        tuple(
            (name, len(one.milliseconds), percentile(one.milliseconds, 50), percentile(one.milliseconds, 95))
            for name, one in counts.items()
        ),
    )
    understood = "the trained model's" if trained else "given, since the model knows no shops"
    return Findings(
        (Table(("judged, % right", *counts, "judged"), tuple(rows)), speed),
        (
            aim_at_least(
                "products shown that meet all that was stated", right["stated holds"], total["stated holds"], 100
            ),
            aim_at_least("right product first", right["right first"], total["right first"], 90),
            aim_at_least(
                "cart and text agree",
                right["cart"] + right["text and cards"],
                total["cart"] + total["text and cards"],
                100,
            ),
            aim("the first card after a question, p95", percentile(times, 95), WITHIN_MS, "ms"),
            f"Intents and entities were {understood}.",
            f"Wrong: {'; '.join(wrong[:40]) or 'nothing'}.",
        ),
    )


class _Conversation:
    """One conversation, as a shop's chat holds it."""

    def __init__(
        self,
        shopping: Shopping,
        talk: Talk,
        everything: Sequence[Product],
        understand: Understand,
        counts: _Counts,
        name: str,
    ) -> None:
        self._shopping = shopping
        self._talk = talk
        self._kind = [one for one in everything if talk.kind in one.categories]
        self._understand = understand
        self._counts = counts
        self._name = name
        self._memory: dict[str, Any] = {}
        self._number = 0
        self._shown: tuple[ProductCard, ...] = ()
        self._said: list[str] = []

    async def hold(self) -> None:
        """Say everything, and judge what comes back."""
        for turn in self._talk.turns:
            if turn.judge == "first":
                self._judge_first(turn)
                continue
            if turn.judge == "cart add" and not self._shown:
                return
            if not await self._take(turn):
                return

    async def _take(self, turn: Said) -> bool:
        """One turn; whether the conversation can go on."""
        self._said.append(turn.text)
        understood = await self._understand(turn)
        self._counts.judge("meant", understood.intent == turn.intent, f"{turn.text}: {understood.intent}")
        started = time.perf_counter()
        reply = await self._ask(turn.text, understood)
        took = (time.perf_counter() - started) * 1000
        cards = reply.shop.products if reply.shop else ()
        if turn.intent in ("shop_find", "shop_refine"):
            self._counts.milliseconds.append(took)
            self._shown = cards
            self._judge_agreement(reply)
            if turn.judge != "detour":
                self._judge_stated(turn.stated)
            if turn.judge.startswith("order"):
                self._judge_order(turn)
        elif turn.judge == "compared":
            shown = [one.product for one in self._shown[:2]]
            table = reply.shop.comparison if reply.shop else None
            same = table is not None and [one.product for one in table.products] == shown
            self._judge("compared", same or len(shown) < 2)
        elif turn.judge.startswith("cart"):
            return await self._judge_cart(turn, reply)
        return True

    async def _ask(self, text: str, understood: Understanding) -> Reply:
        self._number += 1
        utterance = Utterance(
            conversation=self._name,
            dialog_request_id=f"00000000-0000-4000-8000-{self._number:012d}",
            channel=Channel.WIDGET,
            alternatives=(Hypothesis(text=text),),
            store=self._talk.shop,
            listener=self._name,
        )
        action = self._shopping.actions.by_name().get(ACTIONS.get(understood.intent, ""))
        if action is None:
            action = self._shopping.actions.by_name()["action_by_name"]
        result = await action(ActionRequest(utterance, understood, self._memory))
        self._memory = dict(result.memory)
        # Where an action leaves the answer to the dialogue, a fixed sentence is said: nothing is shown by it.
        return result.reply or Reply(dialog_request_id=utterance.dialog_request_id, speech="", text="")

    def _judge(self, what: str, right: bool, told: str = "") -> None:
        self._counts.judge(what, right, f"{' | '.join(self._said)} ({self._talk.shop}{f': {told}' if told else ''})")

    def _products(self) -> list[Product]:
        return self._shopping.catalogues.products(self._talk.shop, [one.product for one in self._shown])

    def _judge_stated(self, stated: Sequence[Fact]) -> None:
        """Every product shown has a variant that meets everything, for the price on its card."""
        for product, shown in zip(self._products(), self._shown, strict=True):
            meeting = [one for one in product.variants if _meets(product, one, stated)]
            prices = {round(price_now(one), 2) for one in meeting}
            self._judge("stated holds", float(shown.price.amount) in prices, shown.title[:40])

    def _judge_first(self, turn: Said) -> None:
        products = self._products()
        right = bool(products) and products[0] in self._kind
        right = right and any(_meets(products[0], one, turn.stated) for one in products[0].variants)
        self._judge("right first", right, products[0].title[:40] if products else "nothing shown")

    def _judge_order(self, turn: Said) -> None:
        """The first is the cheapest, or the dearest, of everything of the kind that meets the conditions."""
        prices = [
            min(price_now(one) for one in meeting if one.can_order() or not any(v.can_order() for v in meeting))
            for product in self._kind
            if (meeting := [one for one in product.variants if _meets(product, one, turn.stated)])
        ]
        wanted = (max if turn.judge == "order down" else min)(prices)
        first = float(self._shown[0].price.amount) if self._shown else None
        self._judge("order", first == wanted, f"{first} for {wanted}")

    def _judge_agreement(self, reply: Reply) -> None:
        """Every price that is said with a name is that of the card with this name."""
        names: dict[str, set[str]] = defaultdict(set)
        for product, shown in zip(self._products(), self._shown, strict=True):
            names[said_name(product)].add(spoken_price(shown.price))
        said = _priced.findall(f"{reply.speech} {reply.text}")
        wrong = [name for name, price in said if name in names and price not in names[name]]
        self._judge("text and cards", not wrong and (not said or bool(self._shown)), reply.speech)

    async def _judge_cart(self, turn: Said, reply: Reply) -> bool:
        """The cart is what was said, in the reply and in the store; a question for a size is answered first."""
        for _ in range(4):
            pending = ShoppingMemory.read(self._memory).pending
            if turn.judge != "cart add" or pending is None or pending.ask not in (Ask.OPTION, Ask.CONFIRM):
                break
            if pending.ask is Ask.CONFIRM:
                reply = await self._ask("yes", Understanding("yes", "affirm", 1.0))
                continue
            (product,) = self._shopping.catalogues.products(self._talk.shop, [self._shown[0].product])
            value = _to_be_had(product, pending.values.get("options"), pending.option)
            reply = await self._ask(value, Understanding(value, "shop_refine", 1.0))
        cart = reply.shop.cart if reply.shop else None
        kept = self._shopping.buying.carts.cart(self._talk.shop, self._name)
        held = {one.sku: one.quantity for one in kept.lines}
        shown = {one.sku: one.quantity for one in cart.lines} if cart else {}
        wanted = {"cart add": 1, "cart 2": 2, "cart empty": 0}[turn.judge]
        if turn.judge == "cart 2" and "only 1 left" in reply.text:  # what cannot be had is not put in
            self._judge("cart", sum(held.values()) == 1, reply.text)
            return False
        if turn.judge == "cart add" and (not self._can_order() or "sold out" in reply.text):
            self._judge("cart", not held, reply.text)
            return False
        products = {line.product for line in cart.lines} if cart else set()
        right = held == shown and sum(held.values()) == wanted
        right = right and (not wanted or products == {self._shown[0].product})
        right = right and (cart is None or not cart.lines or str(cart.totals.total) in reply.text)
        self._judge("cart", right, reply.text)
        return right

    def _can_order(self) -> bool:
        (product,) = self._shopping.catalogues.products(self._talk.shop, [self._shown[0].product])
        return any(one.can_order() for one in product.variants)


def _to_be_had(product: Product, options: object, name: str) -> str:
    """A value of an option with which the product can be ordered, given those that are chosen ("size=M")."""
    chosen = dict(one.split("=", 1) for one in options) if isinstance(options, list) else {}
    fitting = [one for one in product.variants if one.can_order() and chosen.items() <= one.options.items()]
    return fitting[0].options[name]


def _meets(product: Product, variant: Variant, stated: Sequence[Fact]) -> bool:
    return all(one.holds(product, variant) for one in stated)


@asynccontextmanager
async def _shops(place: Workplace) -> AsyncIterator[Shopping]:
    """All shops in a data directory of their own, where the indexes are kept for the next run."""
    paths = DataPaths(place.kept / "shopping")
    paths.root.mkdir(parents=True, exist_ok=True)
    store = Store(f"sqlite:///{paths.root / 'sori.db'}")
    shopping = Shopping(store.engine, paths, open_encoder("minilm", place.paths.encoder, threads=1))
    try:
        load_shops(store.engine, Step("the shops"))
        if shopping.catalogues.shop(icecat_shop.SHOP.id) is None:
            shopping.catalogues.put_shop(icecat_shop.SHOP)
        version = shopping.catalogues.new_version(icecat_shop.SHOP.id, whole=True)
        batch: list[Product] = []
        for product in icecat_shop.products(PRODUCTS):
            batch.append(product)
            if len(batch) == 500:
                version.put(batch)
                batch = []
        version.put(batch)
        version.finish()
        place.say("indexing the shops")
        for shop in shopping.catalogues.shops():
            shopping.search.refresh(shop.id)
        yield shopping
    finally:
        shopping.close()
        store.close()


@asynccontextmanager
async def _understanding(place: Workplace) -> AsyncIterator[tuple[Understand, bool]]:
    """What the trained model understands in a shop's chat; what is meant, where it knows no shops."""
    async with parsing(place.model) as dialogue:
        (probe,) = await dialogue.understand(["do you have waterproof boots"], face=Face.SHOP)
        trained = probe.intent == "shop_find"

        async def understand(turn: Said) -> Understanding:
            if trained:
                (found,) = await dialogue.understand([turn.text], face=Face.SHOP)
                return found
            ordinals = (Entity("ordinal", turn.ordinal, "first", 0, 0),) if turn.ordinal else ()
            quantities = (Entity("quantity", "2", "two", 0, 0),) if turn.judge == "cart 2" else ()
            return Understanding(turn.text, turn.intent, 1.0, (*ordinals, *quantities))

        yield understand, trained


BENCHMARK = Benchmark("shopping_conversations", "Shopping conversations", ABOUT, run)
