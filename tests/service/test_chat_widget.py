"""`<sori-chat>` with the real service: the whole way on a shop's page, in frames, and where it may not be."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, FrameLocator, Locator, Page, async_playwright, expect

from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.buying.orders import Orders, OrderState
from tests.pages.browser import launch
from tests.service.chat_shops import OPEN
from tests.service.other_site import Site
from tests.service.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCRIPT = "static/chat/sori-chat.js"
SHOP = "nordfell"
WITHIN_MS = 20_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


def embedding(service: Running, shop: str) -> str:
    """What a shop writes into a frame to have its chat there."""
    script = f'<script type="module" src="{service.url}{SCRIPT}"></script>'
    return f'{script}<main><h1>Ours</h1><sori-chat store="{shop}" consent="granted" fill></sori-chat></main>'


def answers_in(page: Page | FrameLocator) -> Locator:
    return page.locator("[data-from=bot][data-seq]")


async def ask(page: Page | FrameLocator, text: str) -> Locator:
    """Types a question; returns its answer."""
    answers = answers_in(page)
    count = await answers.count()
    field = page.get_by_label("Write a message")
    await field.fill(text)
    await field.press("Enter")
    await expect(answers).to_have_count(count + 1, timeout=WITHIN_MS)
    return answers.last


async def press(page: Page, label: str) -> Locator:
    """Takes what the last answer offers; returns what is answered."""
    answers = answers_in(page)
    count = await answers.count()
    await answers.last.get_by_role("button", name=label).first.click()
    await expect(answers).to_have_count(count + 1, timeout=WITHIN_MS)
    return answers.last


async def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Goes on by the Tab key until the control that is meant has the focus."""
    for _ in range(60):
        await page.keyboard.press(key)
        here = "(chat, selector) => chat.shadowRoot.activeElement?.matches(selector) ?? false"
        if await page.locator("sori-chat").evaluate(here, selector):
            return
    raise AssertionError(f"the Tab key does not lead to {selector}")


async def fits(page: Page) -> None:
    """Nothing can be scrolled to the side."""
    for part in ("html", ".panel", ".log"):
        assert await page.locator(part).evaluate("node => node.scrollWidth - node.clientWidth") <= 0, part


def is_told(mistakes: list[str], page: Page) -> None:
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda said: said.type == "error" and mistakes.append(said.text))


async def test_from_a_question_to_a_paid_order_and_its_return(
    service: Running, http: httpx.Client, browser: Browser
) -> None:
    """On a phone; by keyboard alone as far as the form, with a reload and a second tab on the way."""
    mistakes: list[str] = []
    context = await browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = await context.new_page()
    is_told(mistakes, page)
    await page.goto(f"{service.url}demo/shop/{SHOP}/")
    answers = answers_in(page)

    await page.locator(".launcher").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.type("waterproof hiking boots under 250")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Remove Under $250")).to_be_visible(timeout=WITHIN_MS)
    prices = await page.locator(".card .price strong").all_text_contents()
    assert prices
    assert all(float(price.split("$")[1]) <= 250 for price in prices)
    await tab_to(page, ".consent .primary", "Shift+Tab")
    await page.keyboard.press("Enter")
    await tab_to(page, "[data-key^='cart.add']", "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(answers).to_have_count(2, timeout=WITHIN_MS)
    while not await page.locator(".cart").count():
        count = await answers.count()
        await tab_to(page, ".message:last-child [data-key^='cart.option']")
        await page.keyboard.press("Enter")
        await expect(answers).to_have_count(count + 1, timeout=WITHIN_MS)
    await fits(page)
    await tab_to(page, "[data-key^='checkout.start']")
    await page.keyboard.press("Enter")
    await expect(page.locator("form.form")).to_be_visible(timeout=WITHIN_MS)
    await tab_to(page, "[name=email]")
    for typed in ("ada@example.org", "Ada", "12 Elm Street", "", "Boise", "83702", "", "United S", "", "Standard"):
        await page.keyboard.type(typed)
        await page.keyboard.press("Tab")
    await fits(page)
    await page.keyboard.press("Enter")
    await expect(answers.last).to_contain_text("Shall I place the order?", timeout=WITHIN_MS)
    assert "12 Elm Street" in await answers.last.inner_text()

    said = await page.locator(".bubble").all_text_contents()
    await page.reload()
    await expect(answers.last).to_contain_text("Shall I place the order?", timeout=WITHIN_MS)
    assert await page.locator(".bubble").all_text_contents() == said
    await expect(page.get_by_role("button", name="Cart, 1 thing")).to_be_visible()
    second = await context.new_page()
    await second.goto(page.url)
    await second.get_by_role("button", name="Open chat").click()
    await expect(answers_in(second).last).to_contain_text("Shall I place the order?", timeout=WITHIN_MS)
    assert await second.locator(".bubble").all_text_contents() == said

    await press(page, "Place the order")
    await fits(page)
    async with context.expect_page() as opened:
        await answers.last.get_by_role("link", name="Continue").click()
    paying = await opened.value
    is_told(mistakes, paying)
    for tab in (page, second):
        await tab.keyboard.press("Escape")
    for card, told in (("4000 0000 0000 0002", "declined"), ("4242 4242 4242 4242", "it is paid")):
        await paying.get_by_label("Card number").fill(card)
        await paying.get_by_role("button", name="Pay $").click()
        await expect(paying.locator("[role=alert], [role=status]")).to_contain_text(told)
    await paying.get_by_role("link", name="Back to").click()
    await expect(paying).to_have_url(page.url)
    await expect(second.get_by_role("button", name="Open chat, 1 new")).to_be_visible(timeout=WITHIN_MS)
    await expect(page.get_by_test_id("cart")).to_have_text("Cart")
    await page.get_by_role("button", name="Open chat, 1 new").click()
    await expect(answers.last).to_contain_text("Thank you! Your order")
    await expect(second.get_by_role("button", name="Open chat", exact=True)).to_be_visible()
    await expect(page.locator(".head .count")).to_be_hidden()

    shown = await (await ask(page, "where is my order?")).inner_text()
    number = re.search(r"NF-\d+", shown)
    assert number
    delivered(service, number[0])
    await ask(page, "I want to send the boots back")
    await press(page, "Too small")
    await press(page, "Money back")
    done = await press(page, "Set up the return")
    await expect(done).to_contain_text(re.compile(r"Return RT-\d+ is set up"))
    await fits(page)
    assert (await Axe().run(page, context="sori-chat")).response["violations"] == []
    assert mistakes == []
    await context.close()


def delivered(service: Running, number: str) -> None:
    """The shop's people have sent the order, and it has arrived."""
    store = Store(DataPaths(service.data_dir).database_url)
    for state in (OrderState.SHIPPED, OrderState.DELIVERED):
        assert Orders(store.engine).move(SHOP, number, state, datetime.now(UTC))
    store.close()


@pytest.mark.usefixtures("chat_shops")
async def test_in_frames_it_is_where_the_shop_allows_it(
    service: Running, other_site: Site, stranger: Site, browser: Browser
) -> None:
    """A page of the shop's site has three frames: the shop's own, a stranger's, and a page of ours."""
    frames = [other_site.put(embedding(service, OPEN)), stranger.put(embedding(service, OPEN))]
    frames.append(f"{service.url}demo/shop/{SHOP}/")
    tags = "".join(
        f'<iframe id="frame-{n}" src="{src}" title="{n}" height="500"></iframe>' for n, src in enumerate(frames)
    )
    page = await browser.new_page()
    await page.goto(other_site.put(tags))
    allowed, refused, ours = (page.frame_locator(f"#frame-{n}") for n in range(3))
    await ask(allowed, "Do you have <b>kettles</b>?")
    await expect(refused.locator(".banner")).to_contain_text("This page may not have this shop's chat.")
    assert await ours.locator("sori-chat").count() == 0
    await page.reload()
    await expect(answers_in(allowed)).to_have_count(1, timeout=WITHIN_MS)
    await expect(allowed.locator("[data-from=shopper] .bubble")).to_have_text("Do you have <b>kettles</b>?")
    await allowed.get_by_role("button", name="Talk to a person").click()
    await expect(allowed.locator(".panel")).to_have_attribute("data-state", "waiting", timeout=WITHIN_MS)
    await page.close()


async def test_the_module_comes_compressed_and_only_when_it_has_changed(http: httpx.Client) -> None:
    first = http.get(f"/{SCRIPT}", headers={"accept-encoding": "gzip"})
    assert (first.status_code, first.headers["content-encoding"]) == (200, "gzip")
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["content-type"].startswith("text/javascript")
    plain = http.get(f"/{SCRIPT}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text
    assert http.get(f"/{SCRIPT}", headers={"if-none-match": first.headers["etag"]}).status_code == 304
