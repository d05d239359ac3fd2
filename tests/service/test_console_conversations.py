"""A shop's people in the console: they see who waits, step in, and what they write reaches the customer's chat."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import async_playwright, expect

from assistant.accounts.rights import Role
from assistant.chat.log import ChatLog
from assistant.chat.records import Body
from assistant.chat.sessions import Shopper as Somebody
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Opening, Shop
from tests.pages.browser import faults, launch
from tests.service.chatting import Shopper, chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running

SHOP, OTHER = f"desk-{secrets.token_hex(4)}", f"desk-{secrets.token_hex(4)}"
HOSTILE = '<img src=x onerror="document.title=1"> my boots leak'


@pytest.fixture(scope="module")
def shops(service: Running) -> Iterator[Store]:
    """Two shops whose people are always there."""
    store = Store(DataPaths(service.data_dir).database_url)
    hours = tuple(Opening(day=day, begin=0, end=1_440) for day in range(7))
    for identity in (SHOP, OTHER):
        Catalogues(store.engine).put_shop(Shop(id=identity, name=f"Shop {identity}", opening=hours))
    yield store
    for identity in (SHOP, OTHER):
        forget_shop(store.engine, identity)
    store.close()


@pytest.fixture(scope="module")
def mia(service: Running, shops: Store) -> Iterator[Seller]:
    """An agent of the shop."""
    with signed_in(service, Role.AGENT, SHOP, shops) as seller:
        yield seller


def conversation(shopper: Shopper) -> str:
    return f"conversations/{shopper.welcome['conversation']}"


async def test_a_person_sees_who_waits_takes_over_writes_and_hands_back(
    service: Running, mia: Seller, shops: Store
) -> None:
    assert (
        mia.post("conversations/canned", shortcut="/Wrap", text="{shop_name} wraps gifts for free.").status_code == 303
    )
    async with async_playwright() as playwright, chatting(service, SHOP) as shopper:
        browser = await launch(playwright)
        page = await mia.page(browser, "conversations")
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        await expect(page.get_by_test_id("list")).to_contain_text("Nobody is waiting")
        await shopper.ask(HOSTILE)
        await shopper.answer(await shopper.tap("person.ask", "A person, please"))
        waiting = page.get_by_test_id("list").get_by_role("link", name="my boots leak")
        await expect(waiting).to_be_visible()
        await expect(page.get_by_role("link", name="Conversations 1 waiting")).to_be_visible()
        alerts = page.get_by_test_id("alerts")
        for pressed in ("true", "false"):
            await alerts.click()
            await expect(alerts).to_have_attribute("aria-pressed", pressed)
        assert await faults(page) == []
        await waiting.click()
        await expect(page.get_by_test_id("talk")).to_contain_text(HOSTILE)
        await page.get_by_test_id("take").click()
        await shopper.until("state", state="agent", name="Agent Page")
        await expect(page.get_by_test_id("state")).to_have_text("With you")

        await page.get_by_test_id("text").press_sequentially("/wr")
        await shopper.until("typing", **{"from": "agent"})
        await page.get_by_test_id("text").press("Tab")
        await expect(page.get_by_test_id("text")).to_have_value(f"Shop {SHOP} wraps gifts for free.")
        await page.get_by_test_id("text").press("Enter")
        assert (await shopper.until("message", **{"from": "agent"}))["text"] == f"Shop {SHOP} wraps gifts for free."
        await expect(page.get_by_test_id("text")).to_have_value("")
        await page.get_by_test_id("text").fill("always polite")
        await shopper.say("the brown ones")
        await expect(page.get_by_test_id("talk")).to_contain_text("the brown ones")
        await expect(page.get_by_test_id("text")).to_have_value("always polite")
        await page.get_by_test_id("note").click()
        await expect(page.locator('[data-from="internal"]')).to_contain_text("always polite")
        assert await faults(page) == []

        with signed_in(service, Role.MANAGER, SHOP, shops) as ben:
            refused = ben.post(f"{conversation(shopper)}/take")
            assert refused.status_code == 303
            assert "A colleague answers there already" in ben.get(conversation(shopper)).text
            assert ben.post(f"{conversation(shopper)}/write", text="me too", do="say").status_code == 422
        transcript = mia.get(f"{conversation(shopper)}/transcript")
        assert "Customer: the brown ones" in transcript.text
        assert "always polite" not in transcript.text
        await page.get_by_test_id("hand-back").click()
        await shopper.until("state", state="bot")
        await expect(page.get_by_test_id("state")).to_have_text("With the bot")
        assert "me too" not in str(shopper.received)
        assert "always polite" not in str(shopper.received)
        assert mistakes == []
        assert await page.title() != "1"
        await browser.close()


async def test_who_waits_in_vain_is_told_by_whoever_sees_it(service: Running, mia: Seller) -> None:
    async with chatting(service, SHOP) as shopper:
        await shopper.answer(await shopper.tap("person.ask", "A person, please"))
        assert mia.post(f"{conversation(shopper)}/hand-back").status_code == 303
        note = await shopper.until("message", **{"from": "note"})
        assert note["shop"]["form"]["tap"]["name"] == "person.email"
        await shopper.until("state", state="bot")


async def test_every_conversation_says_why_the_bot_answered_so_and_how_it_was_rated(
    service: Running, mia: Seller
) -> None:
    async with chatting(service, SHOP) as shopper:
        answer = await shopper.ask("do you have a loyalty card?")
        await shopper.send("rate", seq=answer["seq"], value="bad", comment="I <b>wanted</b> that")
        await shopper.until("rated", seq=answer["seq"])
        at = mia.get(f"{conversation(shopper)}?at={answer['seq']}")
        assert at.status_code == 200
        for expected in ("Why this answer?", "Rated badly", "I &lt;b&gt;wanted&lt;/b&gt; that", "data-sought"):
            assert expected in at.text
        assert len(at.content) < 100_000
        found = mia.get("conversations?view=all&q=LOYALTY")
        assert conversation(shopper) in found.text
        for odd in ("?at=9999999999999", "?from=-1", "?from=x&at=y", "?reply=../../x"):
            assert mia.get(conversation(shopper) + odd).status_code == 200


def begin(store: Store, shop: str) -> str:
    """A conversation that is there, as the log keeps it."""
    identity = secrets.token_hex(16)
    now = datetime.now(UTC)
    ChatLog(store.engine).accept(identity, Somebody(shop, "eve"), "en", "m1", Body(text="hello"), now, ask=False)
    return identity


def test_who_may_not_write_changes_nothing(service: Running, mia: Seller, shops: Store) -> None:
    mine, theirs = begin(shops, SHOP), begin(shops, OTHER)
    log = ChatLog(shops.engine)
    with signed_in(service, Role.VIEWER, SHOP, shops) as viewer:
        shown = viewer.get(f"conversations/{mine}")
        assert shown.status_code == 200
        assert "<textarea" not in shown.text
        for act in ("take", "write", "close", "hand-back", "typing"):
            assert viewer.post(f"conversations/{mine}/{act}", text="hello", do="say").status_code == 403
        assert viewer.get("conversations/canned").status_code == 403
    for path in (f"conversations/{theirs}", f"conversations/{theirs}/transcript", "conversations/nothing"):
        assert mia.get(path).status_code == 404
    for act in ("take", "write", "close", "hand-back", "typing"):
        assert mia.post(f"conversations/{theirs}/{act}", text="hello", do="note").status_code == 404
    assert mia.http.post(mia.address(f"conversations/{mine}/take")).status_code != 303
    found = log.conversation(theirs, OTHER)
    assert found
    assert (found.thread.agent, found.seq) == ("", 1)


def test_what_cannot_be_sent_is_kept_in_the_form_and_told(mia: Seller, shops: Store) -> None:
    path = f"conversations/{begin(shops, SHOP)}"
    for text, sentence in (("", "Please write something first."), ("x" * 1_001, "at most 1,000 characters")):
        refused = mia.post(f"{path}/write", text=text, do="say")
        assert refused.status_code == 422
        assert sentence in refused.text
        assert text in refused.text
    refused = mia.post(f"{path}/write", text="Hello?", do="say")
    assert refused.status_code == 422
    assert "Take it over first" in refused.text
    assert ">\nHello?</textarea>" in refused.text


def test_canned_replies_are_checked_and_their_variables_known(mia: Seller) -> None:
    wrong = {
        ("no spaces", "Hello"): "small letters, digits and dashes",
        ("hello", "Hello {customer_nmae}"): "customer_nam",
        ("hello", ""): "Please fill this in.",
    }
    for (shortcut, text), sentence in wrong.items():
        refused = mia.post("conversations/canned", shortcut=shortcut, text=text)
        assert (refused.status_code, sentence in refused.text) == (422, True), shortcut
    assert mia.post("conversations/canned", shortcut="hello", folder="Greetings", text="Hi!").status_code == 303
    again = mia.post("conversations/canned", shortcut="hello", text="Hi!")
    assert (again.status_code, "already" in again.text) == (422, True)
    page = mia.get("conversations/canned").text
    assert "Greetings" in page
    identity = page.split("/hello</strong>")[1].split('name="id" value="')[1].split('"')[0]
    assert mia.post("conversations/canned", id=identity, shortcut="hallo", text="Hi {shop_name}").status_code == 303
    assert "/hallo</strong>" in mia.get("conversations/canned").text
    assert mia.post("conversations/canned", id=identity, do="remove").status_code == 303
    assert "/hallo</strong>" not in mia.get("conversations/canned").text
