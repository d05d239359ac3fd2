"""A shop's own rules, by the chat's real socket: greeting, keywords, cards, menu, away replies, people, wording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest

from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.message import Message
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront import Entries, ShopAnswer
from skills.storefront.behaviour import (
    AwayReply,
    Cards,
    Greeting,
    HandoverRules,
    Hours,
    KeywordReply,
    Menu,
    OwnWording,
    ProactiveMessage,
)
from skills.storefront.behaviour.card import Card
from skills.storefront.behaviour.doing import CardButton
from skills.storefront.behaviour.menu import MenuItem
from tests.service.chatting import Received, chatting
from tests.service.running import Running

pytestmark = pytest.mark.asyncio

RULED = "ruled-shop"
SALE = {"url": "https://ruled.example/sale/boots?x=1", "title": "Sale", "product": None}

Publish = Callable[[Mapping[str, Mapping[str, Message]]], None]


@pytest.fixture(scope="module")
def entries(service: Running) -> Iterator[Entries]:
    """Of a shop without hours, in which nobody is ever there."""
    store = Store(DataPaths(service.data_dir).database_url)
    catalogues = Catalogues(store.engine)
    catalogues.put_shop(Shop(id=RULED, name="Ruled", email="help@ruled.example"))
    yield Entries(store.engine)
    forget_shop(store.engine, RULED)
    store.close()


@pytest.fixture
def publish(entries: Entries) -> Publish:
    """Makes these the only rules of the shop, live at once."""

    def now(kinds: Mapping[str, Mapping[str, Message]]) -> None:
        for kind in ("greeting", "hours", "away", "keyword", "menu", "card", "proactive", "handover", "wording"):
            entries.save_many(RULED, kind, kinds.get(kind, {}), "Ada", datetime.now(UTC), instead=True)
        entries.save_many(RULED, "answer", kinds.get("answer", {}), "Ada", datetime.now(UTC), instead=True)
        entries.publish(RULED, "Ada", datetime.now(UTC))

    return now


def texts(messages: list[Received]) -> list[tuple[str, str]]:
    return [(one["from"], one["text"]) for one in messages]


async def test_a_published_rule_counts_at_the_next_message(service: Running, publish: Publish) -> None:
    """Keywords before anything is understood, cards and menu, in a conversation that was open all the time."""
    publish({})
    async with chatting(service, RULED) as shopper:
        assert shopper.welcome["shop"]["menu"] == []
        before = await shopper.ask("size chart")
        show = CardButton(label="See it", card="chart")
        chart = Card(
            title="Sizes of {shop_name}", text="In cm.", picture="https://a.example/c.png", described="A table"
        )
        publish(
            {
                "keyword": {
                    "sizes": KeywordReply(
                        phrases=("Size chart",), text="Here, {customer_name|friend}.", buttons=(show,)
                    )
                },
                "card": {"chart": Cards(name="Chart", cards=(chart,))},
                "menu": {
                    "menu": Menu(items=(MenuItem(label="Sizes", items=(MenuItem(label="Chart", card="chart"),)),))
                },
            }
        )
        told = await shopper.ask("size CHART!")
        assert "friend" not in before["text"]
        assert told["text"] == "Here, friend."
        [button] = told["shop"]["buttons"]
        shown = await shopper.answer(
            await shopper.tap(button["tap"]["name"], button["label"], **button["tap"]["values"])
        )
        [card] = shown["shop"]["cards"]
        assert (card["title"], card["alt"]) == ("Sizes of Ruled", "A table")
        gone = await shopper.answer(await shopper.tap("card.show", "Gone", card="other"))
        assert gone["shop"] is None
        await shopper.send("new")
        [sizes] = (await shopper.until("welcome"))["shop"]["menu"]
        assert sizes["items"][0]["tap"] == {"name": "card.show", "values": {"card": "chart"}}


async def test_the_greeting_is_that_of_the_page_the_language_and_the_customer(
    service: Running, publish: Publish
) -> None:
    publish(
        {
            "greeting": {
                "all": Greeting(text="Hello at {shop_name}."),
                "sale": Greeting(text="The sale is on!", page="/sale/*", suggestions=("What is cheap?",)),
                "german": Greeting(text="Guten Tag!", language="de"),
                "back": Greeting(text="You are back.", customers=("returning",)),
            },
            "proactive": {
                "now": ProactiveMessage(text="Ask {shop_name}.", page="/sale*", after_s=0, quiet=None),
                "elsewhere": ProactiveMessage(text="No.", page="/other", quiet=None),
            },
        }
    )

    async def greeting(**hello: object) -> Received:
        async with chatting(service, RULED, **hello) as shopper:
            shop: Received = shopper.welcome["shop"]
            return shop

    assert (await greeting())["greeting"] == "Hello at Ruled."
    sale = await greeting(page=SALE)
    assert (sale["greeting"], sale["suggestions"]) == ("The sale is on!", ["What is cheap?"])
    assert (await greeting(page=SALE, language="de-AT"))["greeting"] == "Guten Tag!"
    async with chatting(service, RULED) as shopper:
        await shopper.ask("hello")
        session = shopper.welcome["session"]
    assert (await greeting(session=session))["greeting"] == "You are back."
    with service.http as http:
        asked = {"store": RULED, "url": SALE["url"]}
        config = http.get("/api/v1/chat/config", params=asked).json()
        assert config["greeting"] == "The sale is on!"
        assert [(one["id"], one["text"], one["after_s"]) for one in config["proactive"]] == [("now", "Ask Ruled.", 0)]
        back = http.get("/api/v1/chat/config", params={"store": RULED}, headers={"Authorization": f"Bearer {session}"})
        assert back.json()["greeting"] == "You are back."
        for wrong in ({"url": "x" * 3_000}, {"product": "<b>"}):
            assert http.get("/api/v1/chat/config", params={"store": RULED, **wrong}).status_code == 422
        stolen = http.get("/api/v1/chat/config", params={"store": RULED}, headers={"Authorization": "Bearer forged"})
        assert stolen.status_code == 403


async def test_who_writes_while_it_is_closed_is_told_once_on_all_devices(service: Running, publish: Publish) -> None:
    away = AwayReply(when="closed", text="{shop_name} is closed. {opens} Bye.")
    publish({"away": {"night": away}, "hours": {"hours": Hours()}})
    async with chatting(service, RULED) as shopper:
        await shopper.ask("hello")
        await shopper.ask("thank you")
        assert [text for sender, text in texts(shopper.messages) if sender == "note"] == ["Ruled is closed. Bye."]
        session = shopper.welcome["session"]
    async with chatting(service, RULED, session=session) as phone:
        await phone.send("new")
        phone.welcome = await phone.until("welcome")
        await phone.ask("hello")
        assert [one["from"] for one in phone.messages] == ["bot"]
    always = Hours(week=tuple({"day": day, "begin": 0, "end": 1_440} for day in range(7)))
    publish({"away": {"night": away}, "hours": {"hours": always}})
    async with chatting(service, RULED) as other:
        await other.ask("hello")
        assert "note" not in [one["from"] for one in other.messages]


async def test_people_are_called_by_the_shops_rules_and_in_its_own_words(service: Running, publish: Publish) -> None:
    rules = HandoverRules(after_unanswered=2, phrases=("my lawyer",), topics=("Complaints",), bad_rating=True)
    answer = ShopAnswer(id="broken", question="It came broken", answer="We are sorry.", folder="Complaints/Broken")
    publish(
        {
            "handover": {"handover": rules},
            "answer": {"broken": answer},
            "wording": {
                "person.offline": OwnWording(reply="person.offline", text="{shop_name} sleeps. {opens}"),
                "person.offer": OwnWording(reply="person.offer", text="Not good? Ask {shop_name}."),
                "answers.unknown": OwnWording(reply="answers.unknown", text="No idea."),
                "utter_thanks": OwnWording(reply="utter_thanks", text="Any time at {shop_name}."),
            },
        }
    )
    async with chatting(service, RULED) as shopper:
        assert (await shopper.ask("thank you"))["text"] == "Any time at Ruled."
        assert (await shopper.ask("I will call my lawyer about boots"))["text"].endswith("Ruled sleeps.")
        broken = await shopper.ask("It came broken")
        assert broken["text"] == "We are sorry.\n\nRuled sleeps."
        assert broken["shop"]["form"]["tap"]["name"] == "person.email"
        await shopper.ask("thank you")
        first = await shopper.ask("blorb zank frimmel")
        second = await shopper.ask("zork gubbel mipfen")
        assert first["text"] != "Ruled sleeps."
        assert second["text"] == "Ruled sleeps."
        for _ in range(2):
            await shopper.send("rate", seq=first["seq"], value="bad")
        await shopper.until("rated", value="bad")
        offer = await shopper.until("message", text="Not good? Ask Ruled.")
        assert [one["tap"]["name"] for one in offer["shop"]["buttons"]] == ["person.ask"]
        await shopper.ask("thank you")
        assert [text for _, text in texts(shopper.messages)].count("Not good? Ask Ruled.") == 1
