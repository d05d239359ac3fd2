"""`<sori-player>` with the real service: on an item's page, in a frame, and on the pages of other sites."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from assistant.identity import Listeners
from tests.pages.browser import axe_violations, launch
from tests.service.other_site import Site
from tests.service.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ITEM = "tin-observatory-01"
TITLE = "What You See While Falling In"
WITHIN_MS = 15_000
SENTENCE = "You turn orange, then deep red"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


async def comes_into(page: Page, state: str) -> None:
    await page.locator(f"sori-player .player[data-state={state}]").wait_for(timeout=WITHIN_MS)


async def position_s(page: Page) -> float:
    position: float = await page.locator("sori-player").evaluate("player => player.currentTime")
    return position


def embedding(service: Running) -> str:
    """What another site writes to have the player."""
    script = f'<script type="module" src="{service.url}static/player/sori-player.js"></script>'
    return f'{script}<main><h1>Ours</h1><sori-player item="{ITEM}"></sori-player></main>'


async def test_a_link_to_a_moment_plays_it_and_what_is_asked_is_found(service: Running, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{service.url}watch/{ITEM}?t=20")
    await comes_into(page, "idle")
    assert await position_s(page) == 20
    await page.get_by_role("button", name="Play", exact=True).click()
    await comes_into(page, "playing")
    await expect(page.locator(".caption")).to_contain_text(SENTENCE, timeout=WITHIN_MS)

    await page.keyboard.press("/")
    await page.keyboard.type("sandwiches")
    await expect(page.get_by_role("list", name="Moments found").get_by_role("button").first).to_contain_text(
        "sandwiches", timeout=WITHIN_MS
    )
    await page.keyboard.press("Enter")
    await expect(page.locator(".caption")).to_contain_text("Good evening from the shed", timeout=WITHIN_MS)
    assert await position_s(page) < 5
    assert await axe_violations(page) == []
    await page.close()


async def test_where_somebody_stopped_another_device_goes_on(service: Running, browser: Browser) -> None:
    listeners = Listeners(service.data_dir)
    remembered = f"localStorage.setItem('sori.listener', '{listeners.token(listeners.new())}')"
    first, second = await browser.new_context(), await browser.new_context()
    for device in (first, second):
        await device.add_init_script(remembered)
    page = await first.new_page()
    await page.goto(f"{service.url}watch/{ITEM}")
    await comes_into(page, "idle")
    async with page.expect_request_finished(lambda request: request.method == "PUT"):
        await page.locator("sori-player").evaluate(
            """async (player) => {
              player.seek(25);
              await player.play();
              player.pause();
            }"""
        )
    there = await position_s(page)
    other = await second.new_page()
    await other.goto(f"{service.url}watch/{ITEM}")
    await expect(other.get_by_role("slider", name="Position")).to_have_attribute(
        "aria-valuetext", re.compile("^0:2"), timeout=WITHIN_MS
    )
    assert await position_s(other) == pytest.approx(there, abs=0.1)
    await first.close()
    await second.close()


async def test_a_site_that_may_plays_and_finds(service: Running, other_site: Site, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(other_site.put(embedding(service)))
    await comes_into(page, "idle")
    await expect(page.locator("sori-player")).to_contain_text(TITLE)
    await page.get_by_role("button", name="Play", exact=True).click()
    await comes_into(page, "playing")
    await page.keyboard.press("/")
    await page.keyboard.type("sandwiches")
    await expect(page.get_by_role("list", name="Moments found").get_by_role("button").first).to_contain_text(
        "sandwiches", timeout=WITHIN_MS
    )
    await expect(page.locator("mark").first).to_have_text("sandwiches")
    await page.close()


async def test_a_site_that_may_not_is_told_so(service: Running, stranger: Site, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(stranger.put(embedding(service)))
    await comes_into(page, "failed")
    await expect(page.get_by_role("alert")).to_contain_text("This site may not play what is here.")
    await expect(page.locator(".deck")).to_have_attribute("inert", "")
    assert await axe_violations(page) == []
    await page.close()


async def test_the_frame_that_is_given_out_plays_on_another_site(
    service: Running, other_site: Site, browser: Browser
) -> None:
    page = await browser.new_page()
    await page.goto(f"{service.url}watch/{ITEM}?t=30")
    await comes_into(page, "idle")
    await page.get_by_role("button", name="Share").click()
    await expect(page.get_by_label("Link", exact=True)).to_have_value(f"{service.url}watch/{ITEM}?t=30")
    code = await page.get_by_label("Code to embed").input_value()
    await page.goto(other_site.put(f"<main><h1>Ours</h1>{code}</main>"))
    frame = page.frame_locator("iframe")
    await frame.get_by_role("button", name="Play", exact=True).click()
    await frame.locator(".player[data-state=playing]").wait_for()
    assert await frame.locator("sori-player").evaluate("player => player.currentTime") >= 30
    assert await axe_violations(page) == []
    await page.close()


async def test_an_item_can_be_read_and_is_described_without_script(service: Running, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{service.url}watch/{ITEM}?t=12")
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    await page.get_by_text("Transcript to read").click()
    await expect(page.locator(".timed")).to_contain_text(SENTENCE)
    discovered = page.locator('link[type="application/json+oembed"]')
    await page.goto(str(await discovered.get_attribute("href")))
    await expect(page.locator("body")).to_contain_text("embed")
    missing = await page.goto(f"{service.url}watch/nothing")
    assert missing is not None
    assert missing.status == 404
    await context.close()


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({}, "{}", 401, "listener_missing"),
        ({"authorization": "Bearer made.up"}, "{}", 403, "listener_invalid"),
    ],
)
async def test_nobody_moves_anothers_place(
    http: httpx.Client, headers: dict[str, str], body: str, status: int, code: str
) -> None:
    for answer in (
        http.get("/api/v1/listener/position", headers=headers),
        http.put("/api/v1/listener/position", headers=headers, content=body),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
