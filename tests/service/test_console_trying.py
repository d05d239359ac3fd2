"""A seller tries the drafts, by words and by voice, and replays what customers really asked."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import async_playwright
from sqlalchemy import func, select

from assistant.accounts.rights import Role
from assistant.chat.tables import conversations, facts
from assistant.paths import DataPaths
from assistant.storage.store import Store
from assistant.storage.tables import turns
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront import Entries, ShopAnswer
from skills.storefront.answer import Conditions
from tests.pages.browser import faults, launch
from tests.service.chatting import chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running
from tests.service.speech import say

SHOP = "tried-shop"
RETURNS = ShopAnswer(id="returns", question="Can I send things back?", variants=("return policy",), answer="30 days.")
MEMBERS = RETURNS.model_copy(
    update={"id": "members", "answer": "Members have 90 days.", "conditions": Conditions(signed_in=True)}
)
WARRANTY = ShopAnswer(id="warranty", question="Is there a warranty?", answer="Two years on everything.")


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    """A shop that has published one answer; three drafts differ from that."""
    opened = Store(DataPaths(service.data_dir).database_url)
    catalogues, entries, now = Catalogues(opened.engine), Entries(opened.engine), datetime.now(UTC)
    catalogues.put_shop(Shop(id=SHOP, name="The Tried Shop"))
    entries.save(SHOP, "answer", "returns", RETURNS, "Ann", now)
    entries.publish(SHOP, "Ann", now)
    drafts = (RETURNS.model_copy(update={"answer": "60 days."}), MEMBERS, WARRANTY)
    entries.save_many(SHOP, "answer", {one.id: one for one in drafts}, "Ann", now)
    yield opened
    forget_shop(opened.engine, SHOP)
    opened.close()


@pytest.fixture(scope="module")
def seller(service: Running, store: Store) -> Iterator[Seller]:
    with signed_in(service, Role.MANAGER, SHOP, store) as found:
        yield found


def traces(store: Store) -> tuple[int, ...]:
    """How much is kept of conversations."""
    counted = (select(func.count()).select_from(table) for table in (conversations, facts, turns))
    with store.engine.connect() as connection:
        return tuple(connection.execute(one).scalar_one() for one in counted)


def asked(seller: Seller, text: str, **fields: str) -> str:
    """The simulator's page after a question in a new conversation."""
    answered = seller.post("try", text=text, **fields)
    assert answered.status_code == 303, answered.text
    return seller.get(answered.headers["location"]).text


def test_the_drafts_answer_with_why_and_leave_no_trace(seller: Seller, store: Store) -> None:
    before = traces(store)
    page = asked(seller, "can I send something back?")
    assert "60 days." in page  # the draft, and what is live beside it
    assert "30 days." in page
    assert "This is the answer" in page
    assert "Members have 90 days." not in page
    assert "Not so here" in page  # the members' answer was considered, and its condition named
    assert "Members have 90 days." in asked(seller, "can I send something back?", signed_in="1")
    assert "was cleared" not in asked(seller, "empty my cart")
    assert traces(store) == before


def test_what_cannot_be_asked_is_explained_and_asks_nothing(seller: Seller, service: Running) -> None:
    for wrong in ({"product": "of-another-shop"}, {"at": "soon"}, {"language": "<b>"}, {"page": "/" * 400}):
        refused = seller.post("try", text="warranty?", **wrong)
        assert refused.status_code == 422
        assert 'class="problem"' in refused.text
        assert "Two years" not in refused.text
    assert seller.get("try/no-such-talk/0/speech").status_code == 404
    assert seller.get("try/no-such-talk/99999/speech").status_code == 404
    noise = seller.post("try/voice", files={"recording": ("x.wav", b"no sound at all", "audio/wav")})
    assert noise.status_code == 422
    with signed_in(service, shop="nordfell") as stranger:
        assert stranger.get(f"/console/{SHOP}/try").status_code == 404
        assert stranger.post(f"/console/{SHOP}/try", text="warranty?").status_code == 404
        talk = re.search(r"talk=(\w+)", seller.post("try", text="warranty?").headers["location"])
        assert talk
        assert "Two years" not in stranger.get(f"try?talk={talk[1]}").text


def test_a_question_is_spoken_and_its_answer_heard(seller: Seller) -> None:
    recording = {"recording": ("question.wav", say("is there a warranty"), "audio/wav")}
    answered = seller.post("try/voice", files=recording)
    assert answered.status_code == 303, answered.text
    page = seller.get(answered.headers["location"]).text
    assert "heard as" in page
    assert "Two years on everything." in page
    listen = re.search(r'href="([^"]+/speech)"', page)
    assert listen
    assert seller.get(listen[1]).content[:4] == b"RIFF"


async def test_a_seller_tries_in_a_browser(seller: Seller) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await seller.page(browser, "try", width=360)
        await page.get_by_test_id("text").fill("is there a warranty?")
        await page.get_by_test_id("send").click()
        await page.get_by_text("Two years on everything.").first.wait_for()
        assert await page.get_by_test_id("text").input_value() == ""
        assert await page.get_by_test_id("candidates").get_by_text("This is the answer").is_visible()
        assert await faults(page) == []
        await page.goto(page.url.split("/try")[0] + "/try/replay")
        assert await faults(page) == []


async def test_real_questions_are_replayed(seller: Seller, service: Running) -> None:
    """What the drafts would answer is better; what a draft leaves out is worse; each opens its conversation."""
    async with chatting(service, SHOP) as shopper:
        await shopper.ask("is there a warranty?")
        await shopper.ask("can I send something back?")
        conversation = shopper.welcome["conversation"]
    today = datetime.now(UTC).date()
    days = {"first": str(today - timedelta(days=1)), "last": str(today)}
    assert seller.post("try/replay", first=days["last"], last=days["first"]).status_code == 422
    assert seller.post("try/replay", **days).status_code == 303
    assert seller.post("try/replay/stop").status_code == 303
    assert seller.post("try/replay/resume").status_code == 303
    page, until = "", time.monotonic() + 30
    while "2 questions compared" not in page and time.monotonic() < until:
        page = seller.get("try/replay").text
        await asyncio.sleep(0.05)
    numbers = dict(re.findall(r'data-testid="count-([\w-]+)"[^>]*>(\d+)', page))
    assert (numbers["better"], numbers["different"]) == ("1", "1"), page
    assert "Two years on everything." in page
    assert f"conversations/{conversation}" in page
