"""`<sori-chat>` with the real service: on our own pages, on a shop's site, and where it may not be."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.pages.browser import axe_violations, launch
from tests.service.chat_shops import OPEN
from tests.service.other_site import Site
from tests.service.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCRIPT = "static/chat/sori-chat.js"
WITHIN_MS = 20_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


def embedding(service: Running, shop: str) -> str:
    """What a shop writes to have its chat."""
    script = f'<script type="module" src="{service.url}{SCRIPT}"></script>'
    return f'{script}<main><h1>Ours</h1></main><sori-chat store="{shop}" consent="granted"></sori-chat>'


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("Write a message").fill(text)
    await page.keyboard.press("Enter")


async def test_what_is_asked_is_found_and_shown_as_it_is_priced(service: Running, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{service.url}nowhere")  # a small page of ours
    await page.evaluate(
        """(script) => {
          const [loaded, chat] = ["script", "sori-chat"].map((name) => document.createElement(name));
          Object.assign(loaded, { type: "module", src: script });
          chat.setAttribute("store", "nordfell");
          document.querySelector("main").append(loaded, chat);
        }""",
        f"/{SCRIPT}",
    )
    await page.get_by_role("button", name="Open chat").click()
    await ask(page, "waterproof boots under 200")
    await expect(page.get_by_role("button", name="Remove Under $200")).to_be_visible(timeout=WITHIN_MS)
    prices = await page.locator(".card .price strong").all_text_contents()
    assert prices
    assert all(float(price.split("$")[1]) <= 200 for price in prices)
    assert not [one for one in await axe_violations(page) if "sori-chat" in one]
    await page.close()


async def test_on_the_shops_own_site_a_conversation_is_found_again(
    service: Running, other_site: Site, chat_shops: None, browser: Browser
) -> None:
    page = await browser.new_page()
    await page.goto(other_site.put(embedding(service, OPEN)))
    await page.get_by_role("button", name="Open chat").click()
    await ask(page, "Do you have <b>kettles</b>?")
    answers = page.locator("[data-from=bot][data-seq]")
    await expect(answers).to_have_count(1, timeout=WITHIN_MS)
    await page.reload()
    await expect(answers).to_have_count(1, timeout=WITHIN_MS)
    await expect(page.locator("[data-from=shopper] .bubble")).to_have_text("Do you have <b>kettles</b>?")
    await page.get_by_role("button", name="Talk to a person").click()
    await expect(page.locator(".panel")).to_have_attribute("data-state", "waiting", timeout=WITHIN_MS)
    await page.close()


async def test_where_it_may_not_be_it_says_so(
    service: Running, stranger: Site, chat_shops: None, browser: Browser
) -> None:
    page = await browser.new_page()
    await page.goto(stranger.put(embedding(service, OPEN)))
    await page.get_by_role("button", name="Open chat").click()
    await expect(page.locator(".banner")).to_contain_text("This page may not have this shop's chat.")
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
