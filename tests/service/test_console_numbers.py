"""The console's numbers and home: exactly what was said at the chat's socket, each number with what is behind it."""

from __future__ import annotations

import csv
import html
import io
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import async_playwright

from assistant.accounts.rights import Role
from assistant.insights.insights import Insights
from assistant.insights.spans import Span
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.fact import FactKind, Source
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Opening, Shop
from skills.storefront import ShopAnswer, ShopAnswers
from skills.storefront.zones import zone
from tests.pages.browser import faults, launch
from tests.service.chatting import Received, chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running

SHOP = f"count-{secrets.token_hex(4)}"
GIFT = ShopAnswer(
    id="gift", question="Do you wrap things as a gift?", answer="Yes, for three dollars.", folder="Presents"
)
UNKNOWN = "who painted the sign above your door?"
PAGES = ("", "numbers", "numbers/questions", "numbers/products", "numbers/behind?measure=all")
OPENS = re.compile(r'<a href="([^"]*)" data-opens="(\d+)"')


@pytest.fixture(scope="module")
def shop(service: Running) -> Iterator[Store]:
    """A shop with one answer, in which nobody has said anything."""
    store = Store(DataPaths(service.data_dir).database_url)
    catalogues = Catalogues(store.engine)
    hours = tuple(Opening(day=day, begin=0, end=1_440) for day in range(7))
    catalogues.put_shop(Shop(id=SHOP, name="Count & Co", opening=hours, time_zone="Asia/Seoul"))
    ShopAnswers(store.engine).replace(SHOP, [GIFT])
    yield store
    forget_shop(store.engine, SHOP)
    store.close()


@pytest.fixture(scope="module")
def kim(service: Running, shop: Store) -> Iterator[Seller]:
    """The shop's owner."""
    with signed_in(service, Role.OWNER, SHOP, shop) as seller:
        yield seller


@pytest.fixture(scope="module")
def insights(shop: Store) -> Insights:
    return Insights(shop.engine)


def today() -> Span:
    return Span.of_days(1, datetime.now(UTC), zone("Asia/Seoul"))


async def test_numbers_are_what_was_said_at_the_chat(service: Running, kim: Seller, insights: Insights) -> None:
    assert "waits for its first customer" in kim.get("").text
    assert "Nothing was said in these days" in kim.get("numbers").text
    async with chatting(service, SHOP) as ann, chatting(service, SHOP) as bob, chatting(service, SHOP) as eve:
        answer = await ann.ask(GIFT.question)
        assert answer["text"] == GIFT.answer
        await ann.send("rate", seq=answer["seq"], value="good")
        await ann.until("rated")
        await bob.ask(UNKNOWN)
        await eve.ask("hello")
        await eve.answer(await eve.tap("person.ask", "A person, please"))
        conversation = eve.welcome["conversation"]
        assert kim.post(f"conversations/{conversation}/take").status_code == 303
        assert kim.post(f"conversations/{conversation}/write", text="We have none.", do="say").status_code == 303
        await eve.until("message", **{"from": "agent"})
        asked = insights.of_conversation(SHOP, ann.welcome["conversation"])
        lost = insights.of_conversation(SHOP, bob.welcome["conversation"])
    kinds = [one.fact.kind for one in asked]
    assert kinds == [FactKind.WROTE, FactKind.REPLIED, FactKind.ANSWERED, FactKind.RATED]
    assert [asked[2].fact.subject, asked[2].fact.text, asked[2].question] == ["gift", GIFT.question, 1]
    assert (asked[2].fact.score or 0) > 0.5
    assert FactKind.UNANSWERED in [one.fact.kind for one in lost]

    found = insights.summary(SHOP, today())
    assert [found.conversations, found.contained, found.handed_over, found.unsolved] == [3, 1, 1, 1]
    assert [found.liked, found.disliked, found.unanswered] == [1, 0, 1]
    assert found.people.conversations == 1
    assert [(one.subject, one.conversations) for one in insights.top_questions(SHOP, today())] == [("gift", 1)]
    assert [one.text for one in insights.unanswered_questions(SHOP, today())] == [UNKNOWN]


async def test_what_is_looked_for_and_asked_about_is_told(service: Running, insights: Insights) -> None:
    """At a demo shop, whose products are there."""
    async with chatting(service, "nordfell") as shopper:
        found = await shopper.ask("waterproof hiking boots")
        first, *_ = shown(found)
        await shopper.answer(await shopper.tap("product.details", "Details", product=first))
        await shopper.answer(await shopper.tap("product.reviews", "Reviews", product=first))
        await shopper.ask("waterproof hiking boots under 1 dollar")
        told = [one.fact for one in insights.of_conversation("nordfell", shopper.welcome["conversation"])]
    searches = [(one.text, one.count) for one in told if one.kind is FactKind.SEARCHED]
    assert [text for text, _ in searches] == ["waterproof hiking boots", "waterproof hiking boots under 1 dollar"]
    assert [bool(count) for _, count in searches] == [True, False]
    assert [one.subject for one in told if one.kind is FactKind.ASKED_ABOUT] == [first, first]
    sources = [(one.source, one.subject) for one in told if one.kind is FactKind.ANSWERED]
    assert sources == [(Source.PRODUCT, first), (Source.REVIEWS, first)]
    assert [one.subject for one in told if one.kind is FactKind.SHOWN][: len(shown(found))] == shown(found)
    assert sum(one.kind is FactKind.REPLIED for one in told) == 4


def shown(message: Received) -> list[str]:
    return [one["product"] for one in message["shop"]["products"]]


def test_every_number_on_a_page_opens_as_many_conversations(kim: Seller) -> None:
    opened = 0
    for path in PAGES[:-1]:
        page = kim.get(f"{path}?span=1")
        assert page.status_code == 200
        assert len(page.content) < 100_000
        for address, count in OPENS.findall(page.text):
            listed = kim.get(html.unescape(address)).text
            assert listed.count('data-testid="row"') == int(count), address
            rows = re.findall(rf'href="/console/{SHOP}/(conversations/\w+)"', listed)
            assert {kim.get(row).status_code for row in rows} == {200}
            opened += 1
    assert opened >= 15


def test_tables_and_pictures_are_files_and_what_there_is_not_is_not_found(kim: Seller) -> None:
    for name in ("days", "hours", "topics", "answers", "unanswered", "searches", "products", "orders"):
        answer = kim.get(f"numbers/files/{name}.csv?span=1")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert f'filename="{SHOP}-' in answer.headers["content-disposition"]
    answered = list(csv.reader(io.StringIO(kim.get("numbers/files/answers.csv?span=1").content.decode("utf-8-sig"))))
    assert answered == [["Question", "Conversations", "Times"], [GIFT.question, "1", "1"]]
    for name in ("days", "hours", "topics"):
        assert kim.get(f"numbers/files/{name}.svg").headers["content-type"] == "image/svg+xml"
    for wrong in ("files/orders.svg", "files/..%2Fdays.csv", "files/days.exe", "behind?measure=all%00", "behind"):
        assert kim.get(f"numbers/{wrong}").status_code == 404, wrong
    for odd in (
        "?span=own&from=2026-99-99",
        "?span=%3Cscript%3E",
        "/behind?measure=topic&subject=%3Cscript%3E&page=-1",
    ):
        page = kim.get(f"numbers{odd}")
        assert page.status_code == 200
        assert "<script>" not in page.text


async def test_the_pages_are_whole_for_everybody_on_phone_and_desktop(kim: Seller) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await kim.page(browser)
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        for path in PAGES:
            await page.goto(f"{kim.url.rstrip('/')}/console/{SHOP}/{path}")
            for details in await page.locator("main details").all():
                await details.evaluate("node => (node.open = true)")
            assert await faults(page) == [], path
        await page.goto(f"{kim.url.rstrip('/')}/console/{SHOP}/numbers")
        async with page.expect_download() as saving:
            await page.get_by_role("button", name="PNG").first.click()
        saved = await saving.value
        assert saved.suggested_filename == "days.png"
        assert (await saved.path()).read_bytes().startswith(b"\x89PNG")
        assert mistakes == []
        await browser.close()
