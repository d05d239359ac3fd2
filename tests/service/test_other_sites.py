"""What pages of other sites can do here, in a real browser: play where they were let, and nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.async_api import Page, Route, async_playwright, expect

from tests.pages.browser import launch
from tests.service.other_site import Site
from tests.service.running import Running
from tests.service.speech import QUESTION
from tests.service.test_browser import position_s, type_in

ITEM = "talk-falling-into-a-black-hole"
ANSWERED_WITHIN_MS = 20_000
NO_SOURCE = 3
"""A media element's networkState."""

PLAY = """<script type="module">
  const told = await fetch("{service}api/v1/items/{item}/player", {{credentials: "omit"}}).then(one => one.json());
  document.title = told.error?.code ?? "told";
  const media = Object.assign(document.createElement("video"), {{ crossOrigin: "anonymous", muted: true }});
  const seen = (event) => (document.title += ` ${{event.type}}`);
  for (const type of ["playing", "seeked", "error"]) media.addEventListener(type, seen);
  document.body.append(media);
  media.src = new URL("{url}" || told.recording.url, "{service}").href;
  await media.play();
</script>"""


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(service_workers="block")
        yield page
        await browser.close()


async def test_another_site_plays_and_seeks_with_its_own_link(service: Running, other_site: Site) -> None:
    """Its link is of no use in a window of its own, and to no other page."""
    async with browser_page() as page:
        requests: list[str] = []
        page.on("request", lambda request: "/media/recordings/" in request.url and requests.append(request.url))
        await page.goto(other_site.put(PLAY.format(service=service.url, item=ITEM, url="")))
        await expect(page).to_have_title(re.compile("playing"))
        await page.locator("video").evaluate("media => { media.currentTime = 55 }")
        await expect(page).to_have_title(re.compile("seeked"))
        assert await page.locator("video").evaluate("media => media.currentTime") >= 55

        response = await page.goto(requests[0])
        assert response
        assert response.status == 403
        await page.goto(service.url)
        stolen = "url => fetch(url).then(one => one.json()).then(one => one.error.code)"
        assert await page.evaluate(stolen, requests[0]) == "link_origin"


async def test_a_stranger_can_play_nothing(service: Running, other_site: Site, stranger: Site) -> None:
    """Neither by asking itself, nor with the link of a site that may, nor with a program's and no word of who it is."""
    with service.http as http:
        answer = http.get(f"api/v1/items/{ITEM}/player", headers={"origin": other_site.origin}).json()
        device = http.get(f"api/v1/items/{ITEM}/player").json()["recording"]["url"].lstrip("/")
    async with browser_page() as page:
        await page.goto(stranger.put(PLAY.format(service=service.url, item=ITEM, url="")))
        await expect(page).to_have_title("origin_refused")
        await page.goto(stranger.put(PLAY.format(service=service.url, item=ITEM, url=answer["recording"]["url"])))
        await expect(page).to_have_title("origin_refused error")
        hidden = f'<video src="{service.url}{device}" autoplay muted></video>'
        await page.goto(stranger.put(f'<meta name="referrer" content="no-referrer">{hidden}'))
        await expect(page.locator("video")).to_have_js_property("networkState", NO_SOURCE)


async def test_the_speaker_goes_on_where_it_was_when_its_link_has_expired(service: Running) -> None:
    """The service refuses the old link in the middle of the item, and the page asks for another."""
    asked: list[str] = []

    async def a_day_later(route: Route) -> None:
        """Until the page has asked anew, its link's end is moved back on the way: the service itself refuses it."""
        parts = urlsplit(route.request.url)
        over = urlencode(dict(parse_qsl(parts.query)) | {"expires": "1"})
        await route.continue_(url=route.request.url if asked else parts._replace(query=over).geturl())

    async with browser_page() as page:
        await page.goto(service.url)
        await page.wait_for_selector("body[data-phase=idle]")
        await type_in(page, QUESTION)
        player, media = page.get_by_test_id("player"), page.get_by_test_id("player-media")
        await expect(player).to_have_attribute("data-playback", "playing", timeout=ANSWERED_WITHIN_MS)
        await page.get_by_test_id("player-forward").click()
        before = await position_s(page)
        assert before >= 15

        await page.route(re.compile("/media/recordings/"), a_day_later)
        page.on("request", lambda request: request.url.endswith(f"{ITEM}/player") and asked.append(request.url))
        # The recording is so short that the browser has all of it already; another source makes it ask.
        await media.evaluate("media => (media.src = `${media.src}&again=1`)")
        await expect(media).not_to_have_attribute("src", re.compile("again"), timeout=ANSWERED_WITHIN_MS)
        await expect(player).to_have_attribute("data-playback", "playing", timeout=ANSWERED_WITHIN_MS)
        assert await position_s(page) > before - 1, "an MP3 is sought to the nearest frame"
    assert len(asked) == 1
