"""Conversations that find: a shopper's experience, turn by turn, through the actions and taps that a chat calls."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from skills.shop_view import ShopView, Tap
from skills.shopping.catalogue import Catalogues
from skills.shopping.finding import ProductSearch
from skills.shopping.finding.actions import FindingActions
from skills.shopping.finding.cards import said_name, spoken_price
from skills.shopping.finding.wording import WORDS
from skills.shopping.memory import ShoppingMemory
from skills.skill import ActionRequest, Entity, Understanding
from skills.turn import Channel, Hypothesis, Reply, Utterance

_named = re.compile(r"[Tt]he ([^,.;:]+?) at (\$[\d,.]*\d)")


class Chat:
    """One conversation; every reply is checked to say the prices of its cards, and few words."""

    def __init__(self, catalogues: Catalogues, search: ProductSearch, store: str | None = "nordfell") -> None:
        self._catalogues = catalogues
        actions = FindingActions(catalogues, search, lambda: datetime.now(UTC), lambda: {})
        self._actions, self._taps = actions.by_name(), actions.taps()
        self._store = store
        self._memory: Mapping[str, Any] = {}

    @property
    def memory(self) -> ShoppingMemory:
        return ShoppingMemory.read(self._memory)

    def say(self, action: str, text: str, **entities: str) -> Reply:
        return self._turn(text, action, None, entities)

    def tap(self, name: str, **values: Any) -> Reply:
        return self._turn("a button", "", Tap(name=name, values=values), {})

    def _turn(self, text: str, action: str, tap: Tap | None, entities: Mapping[str, str]) -> Reply:
        utterance = Utterance(
            conversation="c",
            dialog_request_id="r1",
            channel=Channel.WIDGET if self._store else Channel.SPEAKER,
            alternatives=(Hypothesis(text=text),),
            store=self._store,
            tap=tap,
        )
        found = tuple(Entity(name, value, value, 0, 1) for name, value in entities.items())
        act = self._taps[tap.name] if tap else self._actions[action]
        request = ActionRequest(utterance, Understanding(text, action, 1.0, found), self._memory)
        result = asyncio.run(act(request))  # type: ignore[arg-type]
        assert result.reply is not None
        self._memory = result.memory
        self._check(result.reply)
        return result.reply

    def _check(self, reply: Reply) -> None:
        cards = reply.shop.products if reply.shop else ()
        shop = self._store or self.memory.shop or ""
        names = {said_name(product): one for one in cards for product in self._catalogues.products(shop, [one.product])}
        for name, price in _named.findall(reply.speech):
            if name in names:
                assert price == spoken_price(names[name].price)
        assert len(reply.speech.split()) <= WORDS


@pytest.fixture
def chat(catalogues: Catalogues, outfitters: ProductSearch) -> Chat:
    return Chat(catalogues, outfitters)


def view(reply: Reply) -> ShopView:
    assert reply.shop is not None
    return reply.shop


def chips(reply: Reply) -> list[str]:
    return [one.label for one in view(reply).chips]


def test_a_search_is_narrowed_changed_and_widened(chat: Chat) -> None:
    assert chips(chat.say("action_shop_find", "do you have waterproof hiking boots under 200?")) == [
        "Hiking boots", "Waterproof", "Under $200",
    ]  # fmt: skip
    assert chips(chat.say("action_shop_refine", "in brown"))[-1] == "Brown"
    assert chips(chat.say("action_shop_refine", "no, black"))[-1] == "Black"
    assert "Brown" not in chips(chat.say("action_shop_refine", "only from Kestrel Run"))
    assert "Black" not in chips(chat.say("action_shop_drop", "forget the colour"))
    widened = chat.say("action_shop_drop", "any price")
    assert "Under $200" not in chips(widened)
    assert chips(chat.tap("find.drop", label="brand Kestrel Run")) == ["Hiking boots", "Waterproof"]
    assert chat.say("action_shop_drop", "start over").shop is None
    assert chat.memory.shown == ()


def test_a_new_search_inherits_nothing(chat: Chat) -> None:
    """The price cap of the boots is not that of the tents; a condition alone is about what is shown."""
    chat.say("action_shop_find", "boots under 100")
    assert chips(chat.say("action_shop_find", "tents")) == ["Tents"]
    assert chips(chat.say("action_shop_find", "and in green?")) == ["Tents", "Green"]
    assert chips(chat.say("action_shop_refine", "backpacks instead")) == ["Backpacks"]


def test_cheaper_is_cheaper_than_what_was_told(chat: Chat) -> None:
    shown = view(chat.say("action_shop_find", "sleeping bags")).products[:3]
    lowest = min(one.price.minor for one in shown)
    cheaper = view(chat.say("action_shop_refine", "cheaper"))
    assert all(one.price.minor < lowest for one in cheaper.products)
    while True:  # until there is nothing cheaper: that is said, and the cheapest is shown
        reply = chat.say("action_shop_refine", "something cheaper")
        if "Nothing that fits costs less" in reply.text:
            break
    first = view(reply).products[0]
    assert spoken_price(first.price) in reply.text
    assert first.price.minor == min(
        one.price.minor for one in view(chat.say("action_shop_find", "cheapest sleeping bag")).products
    )


def test_the_most_expensive_of_all_is_said_and_shown(chat: Chat, catalogues: Catalogues) -> None:
    tents = [one for one in catalogues.all_products("nordfell") if "Tents" in one.categories]
    dearest = max(v.price_at(datetime.now(UTC)).minor for one in tents for v in one.variants)
    reply = chat.say("action_shop_find", "what's your most expensive tent")
    first = view(reply).products[0]
    assert (first.price.minor, view(reply).total) == (dearest, len(tents))
    assert (
        reply.text == f"Of {len(tents)} tents, the most expensive is the {first.title} at {spoken_price(first.price)}."
    )
    assert chat.memory.product == first.product


def test_what_had_to_be_given_up_is_said(chat: Chat) -> None:
    reply = chat.say("action_shop_find", "red tents under 30 dollars")
    assert reply.text.startswith(
        "I found no tents in red, under $30. Leaving out \u201cin red\u201d, the nearest costs $"
    )
    assert chips(reply) == ["Tents"]
    nothing = chat.say("action_shop_find", "espresso machine")
    assert nothing.text.startswith("I couldn't find anything for \u201cespresso machine\u201d.")
    assert (nothing.shop, chat.memory.shown) == (None, ())
    unclear = chat.say("action_shop_find", "backpacks that sing")
    assert unclear.text.startswith("I can't tell which of our backpacks")


def test_products_are_compared_side_by_side(chat: Chat) -> None:
    shown = view(chat.say("action_shop_find", "tents")).products
    table = view(chat.say("action_shop_compare", "compare the first two")).comparison
    assert table is not None
    assert [one.product for one in table.products] == [one.product for one in shown[:2]]
    price = table.rows[0]
    assert price.name == "Price"
    assert price.best == (0 if shown[0].price < shown[1].price else 1)
    differing = [
        row.differs for row in table.rows if row.name not in ("Price", "Rating", "Reviewers like", "They don't")
    ]
    assert differing == sorted(differing, reverse=True)
    three = view(chat.tap("find.compare", products=[one.product for one in shown[:3]])).comparison
    assert three is not None
    assert len(three.products) == 3


def test_why_names_the_conditions_that_are_met(chat: Chat) -> None:
    chat.say("action_shop_find", "waterproof boots in brown under 250")
    why = chat.say("action_shop_why", "why the first one?", ordinal="1").text
    assert "is one of our boots" in why
    assert "is waterproof" in why
    assert "comes in brown" in why
    assert "under $250" in why
    chat.say("action_shop_find", "something for rainy days")
    assert "rain" in chat.say("action_shop_why", "why this one", ordinal="1").text.casefold()


def test_values_are_counted_and_can_be_tapped(chat: Chat) -> None:
    chat.say("action_shop_find", "jackets in red")
    (colours,) = view(chat.say("action_shop_facets", "which colours are there?")).facets
    for value in colours.values:
        narrowed = chat.tap(value.tap.name, **value.tap.values)
        assert view(narrowed).total == value.count
    (departments,) = view(chat.say("action_shop_facets", "what do you sell?")).facets
    assert [one.label for one in departments.values] == ["Gear", "Clothing", "Footwear", "Trail food"]


def test_more_shows_each_product_once(chat: Chat) -> None:
    seen = [one.product for one in view(chat.say("action_shop_find", "jackets")).products]
    while (reply := chat.say("action_more", "show me more")).shop is not None:
        seen += [one.product for one in view(reply).products]
    assert len(seen) == len(set(seen)) == len(chat.memory.shown)


def test_something_like_it_is_not_itself(chat: Chat) -> None:
    first = view(chat.say("action_shop_find", "a tent for two people")).products[0]
    alike = view(chat.tap("find.similar", product=first.product))
    assert first.product not in [one.product for one in alike.products]
    cheaper = view(chat.say("action_shop_similar", "like this but cheaper", product=first.title))
    assert cheaper.products
    assert all(one.price < first.price for one in cheaper.products)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("find.drop", {}),
        ("find.add", {"field": "price; DROP TABLE", "value": "x"}),
        ("find.add", {"field": "price", "value": "1"}),
        ("find.sort", {"by": "weight"}),
        ("find.compare", {"products": ["one"]}),
        ("find.similar", {"product": "of-another-shop"}),
    ],
)
def test_a_button_with_bad_values_changes_nothing(chat: Chat, name: str, values: dict[str, Any]) -> None:
    chat.say("action_shop_find", "tents")
    before = chat.memory.model_copy(update={"said": ""})
    assert chat.tap(name, **values).text
    assert chat.memory.model_copy(update={"said": ""}) == before


def test_a_shop_is_opened_at_the_speaker_and_left(catalogues: Catalogues, outfitters: ProductSearch) -> None:
    speaker = Chat(catalogues, outfitters, store=None)
    assert speaker.say("action_shop_find", "boots").text.startswith("You're in no shop")
    assert speaker.say("action_shop_open", "let's go shopping").expects_reply
    assert speaker.memory.shop is None
    assert "Nordfell" in speaker.say("action_shop_open", "open the north fell shop", shop="north fell").speech
    assert speaker.memory.shop == "nordfell"
    told = speaker.say("action_shop_find", "do you have tents", wanted="tents")
    assert len(view(told).products) == speaker.memory.told <= 3
    following = speaker.say("action_more", "more")
    assert {one.product for one in view(following).products}.isdisjoint(one.product for one in view(told).products)
    speaker.say("action_shop_leave", "back to music")
    assert speaker.memory.shop is None
    assert "Nordfell" in speaker.say("action_shop_open", "I want to buy a tent", wanted="tent").speech
    assert speaker.memory.query == "tent"
