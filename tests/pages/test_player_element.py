"""`<sori-player>` in a real browser, under the strictest content security policy: playing, reading, failing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.pages.browser import axe_violations
from tests.pages.player_site import FILM_MS, SCENE_S, SENTENCES, Site, player_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

WITHIN_MS = 20_000
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with player_site() as site:
        yield site


@asynccontextmanager
async def player(browser: Browser, site: Site, query: str, state: str = "idle") -> AsyncIterator[Page]:
    """A page with the element, which has come into this state; nothing goes wrong in it that the test did not want."""
    mistakes: list[str] = []
    page = await browser.new_page(viewport=DESKTOP)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: "Content Security" in message.text and mistakes.append(message.text))
    await page.goto(f"{site.origin}/page?{query}")
    await comes_into(page, state)
    yield page
    await page.close()
    assert mistakes == []


async def comes_into(page: Page, state: str) -> None:
    await page.locator(f"sori-player .player[data-state={state}]").wait_for()


def element(page: Page) -> Locator:
    return page.locator("sori-player")


async def position_s(page: Page) -> float:
    position: float = await element(page).evaluate("player => player.currentTime")
    return position


async def check_looks(page: Page) -> None:
    """Accessible, and within the screen."""
    assert await axe_violations(page) == []
    await check_width(page)


async def check_width(page: Page) -> None:
    """At phone and desktop width."""
    for size in (PHONE, DESKTOP):
        await page.set_viewport_size(size)
        assert await page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") <= 0


async def test_it_plays_by_keyboard_and_says_where_it_is(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=talk&start=9") as page:
        await expect(element(page)).to_contain_text("Ines Okafor · Weather for everyone")
        assert await position_s(page) == 9
        await page.get_by_role("button", name="Play", exact=True).focus()
        await page.keyboard.press("k")
        await comes_into(page, "playing")
        await expect(page.locator(".caption")).to_have_text(SENTENCES[2], timeout=WITHIN_MS)
        await expect(page.get_by_role("button", name=SENTENCES[2])).to_have_attribute("aria-current", "true")
        await page.keyboard.press("k")
        await comes_into(page, "paused")

        slider = page.get_by_role("slider", name="Position")
        await slider.focus()
        before = await position_s(page)
        await page.keyboard.press("ArrowRight")
        assert await position_s(page) == pytest.approx(before + 5, abs=0.1)
        await expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^0:1\d of 0:24, Lightning$"))
        await page.keyboard.press("l")
        assert await position_s(page) == pytest.approx(FILM_MS / 1000, abs=0.1)
        await page.keyboard.press("j")
        assert await position_s(page) == pytest.approx(FILM_MS / 1000 - 15, abs=0.1)
        await page.keyboard.press(">")
        assert await page.locator("video").evaluate("media => media.playbackRate") == 1.25
        await check_looks(page)


async def test_what_is_looked_for_plays_from_a_sentence_before(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=talk") as page:
        await page.get_by_role("button", name="Play", exact=True).focus()
        await page.keyboard.press("/")
        await page.keyboard.type("channels")
        found = page.get_by_role("list", name="Moments found").get_by_role("button")
        await expect(found).to_contain_text(SENTENCES[3], timeout=WITHIN_MS)
        await expect(found.locator("mark")).to_have_text("channels")
        await check_looks(page)
        await page.keyboard.press("Enter")
        await comes_into(page, "playing")
        assert 8 <= await position_s(page) < 12

        await page.get_by_role("tab", name="Transcript").click()
        await page.get_by_role("button", name=SENTENCES[5]).click()
        assert await position_s(page) >= 20


async def test_a_film_is_leafed_through_like_a_book(browser: Browser, site: Site) -> None:
    """By keys, buttons, thumbnails and fingers; a speed for one scene ends with it."""
    async with player(browser, site, "item=film&view=slides") as page:
        book, count = page.get_by_role("region", name="Slides"), page.locator(".page-count")
        await expect(count).to_have_text("Scene 1 of 3")
        await page.get_by_role("button", name="Play", exact=True).focus()
        await page.keyboard.press("ArrowRight")
        await expect(count).to_have_text("Scene 2 of 3")
        await expect(page.locator(".page-text")).to_have_text(" ".join(SENTENCES[2:4]))
        assert (
            await page.locator(".page-image").evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
        )
        await book.get_by_role("button", name="Previous scene").click()
        await expect(count).to_have_text("Scene 1 of 3")
        await page.get_by_role("button", name=re.compile("^Scene 3")).click()
        assert await position_s(page) == 2 * SCENE_S
        await check_looks(page)

        box = await page.locator(".page").bounding_box()
        assert box
        await page.mouse.move(box["x"] + 200, box["y"] + 100)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 300, box["y"] + 100)
        await page.mouse.up()
        await expect(count).to_have_text("Scene 2 of 3")

        await page.get_by_label("Speed of this scene").select_option("2")
        rate = "media => media.playbackRate"
        assert await page.locator("video").evaluate(rate) == 2
        await element(page).evaluate(f"player => {{ player.seek({2 * SCENE_S - 0.5}); player.play() }}")
        await expect(count).to_have_text("Scene 3 of 3", timeout=WITHIN_MS)
        assert await page.locator("video").evaluate(rate) == 1

        await page.keyboard.press("s")
        await expect(book).to_be_hidden()
        await comes_into(page, "playing")
        cues = "media => media.textTracks[0].mode + ' ' + media.textTracks[0].cues.length"
        assert await page.locator("video").evaluate(cues) == f"showing {len(SENTENCES)}"


async def test_from_right_to_left_pages_turn_the_other_way(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=film&view=slides&dir=rtl") as page:
        await page.get_by_role("button", name="Play", exact=True).focus()
        await page.keyboard.press("ArrowLeft")
        await expect(page.locator(".page-count")).to_have_text("Scene 2 of 3")
        await check_width(page)


async def test_a_shared_link_has_the_time(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=talk&start=13") as page:
        await page.get_by_role("button", name="Share").click()
        link, code = page.get_by_label("Link", exact=True), page.get_by_label("Code to embed")
        await expect(link).to_have_value(f"{site.origin}/watch/talk?t=13")
        assert f'src="{site.origin}/embed/talk?t=13"' in await code.input_value()
        assert 'title="The weather in four parts, told from the ground up"' in await code.input_value()
        await page.get_by_label("Begin at 0:13").uncheck()
        await expect(link).to_have_value(f"{site.origin}/watch/talk")
        await check_looks(page)
        await page.keyboard.press("Escape")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        await check_looks(page)


async def test_a_link_that_expires_is_replaced_and_it_goes_on_where_it_was(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=film&start=5") as page:
        site.links += 1  # what the page holds is no longer good
        await element(page).evaluate("player => player.play()")
        await comes_into(page, "playing")
        assert 5 <= await position_s(page) < 12
        await element(page).evaluate("player => player.pause()")

        site.broken.add("link")
        await page.reload()
        await comes_into(page, "idle")
        await element(page).evaluate("player => player.play()")
        await comes_into(page, "failed")
        await expect(page.get_by_role("alert")).to_contain_text("could not be played")
        await check_looks(page)
        site.broken.clear()
        await page.get_by_role("button", name="Try again").click()
        await comes_into(page, "playing")
        assert 5 <= await position_s(page) < 12


async def test_pictures_whose_links_have_expired_are_asked_for_again(browser: Browser, site: Site) -> None:
    site.links, site.expires_at = 0, 1
    site.broken.add("first")
    async with player(browser, site, "item=film&view=slides") as page:
        picture = page.locator(".page-image")
        await expect(picture).to_have_attribute("src", re.compile("link=2$"), timeout=WITHIN_MS)
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    site.expires_at = Site.expires_at
    site.broken.clear()


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [("item=nothing", "not_found", "There is no such item."), ("item=announced", "no_recording", "no recording")],
)
async def test_what_cannot_be_played_says_so(browser: Browser, site: Site, query: str, code: str, said: str) -> None:
    async with player(browser, site, query, "failed") as page:
        await expect(page.get_by_role("alert")).to_contain_text(said)
        await expect(page.locator(".deck")).to_have_attribute("inert", "")
        assert await page.locator(".notice").get_attribute("data-code") == code
        await check_looks(page)


async def test_without_a_connection_it_waits_for_one(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=talk") as page:
        await page.context.set_offline(True)
        await element(page).evaluate("player => { player.item = 'film' }")
        await expect(page.get_by_role("alert")).to_contain_text("You are offline", timeout=WITHIN_MS)
        await page.context.set_offline(False)
        await comes_into(page, "idle")
        await expect(element(page)).to_contain_text("How a storm is made")


async def test_several_on_a_page_are_each_their_own_and_tell_what_happens(browser: Browser, site: Site) -> None:
    async with player(browser, site, "item=talk") as page:
        told: list[Any] = await page.evaluate(
            """async () => {
              const told = [];
              const second = document.createElement("sori-player");
              for (const name of ["sori-ready", "sori-scene", "sori-error"])
                document.addEventListener(name, (event) => told.push([name, event.target === second, event.detail]));
              const ready = new Promise((done) => second.addEventListener("sori-ready", done));
              second.item = "film";
              document.querySelector("main").append(second);
              await ready;
              second.nextScene();
              await new Promise((done) => setTimeout(done, 0));
              const first = document.querySelector("sori-player");
              return [told, first.currentTime, second.currentTime, second.scenes.length];
            }"""
        )
        events, first, second, scenes = told
        assert ["sori-ready", True, {"item": "film", "duration": FILM_MS / 1000}] in events
        assert ["sori-scene", True, {"index": 1, "start": SCENE_S, "count": 3}] in events
        assert (first, second, scenes) == (0, SCENE_S, 3)
