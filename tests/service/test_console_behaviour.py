"""The pages on the bot's behaviour: filled in well and badly, with script and without, by keyboard, by two at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.store import Store
from assistant.web.console.behaviour.kinds import KINDS
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Opening, Shop
from skills.storefront.entries import Entries
from tests.pages.browser import faults, launch
from tests.service.console import Seller, signed_in
from tests.service.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHOP = "kept-words"
EVIL = "<img src=x onerror=\"document.title='evil'\">{{ 7 * 7 }}</script>"


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    store = Store(DataPaths(service.data_dir).database_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def seller(service: Running, store: Store) -> Iterator[Seller]:
    """The owner of a shop that has set nothing yet."""
    hours = tuple(Opening(day=day, begin=540, end=1_080) for day in range(5))
    Catalogues(store.engine).put_shop(Shop(id=SHOP, name="Kept Words", greeting="Hello!", opening=hours))
    with signed_in(service, Role.OWNER, SHOP, store) as found:
        yield found
    forget_shop(store.engine, SHOP)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


def kept(store: Store, kind: str) -> list[dict[str, Any]]:
    return [one.data for one in Entries(store.engine).drafts(SHOP, kind)]


async def test_every_page_is_there_and_teaches(seller: Seller) -> None:
    assert "Behaviour" in seller.get("behaviour").text
    for kind in KINDS.values():
        page = seller.get(f"behaviour/{kind.name}")
        assert (page.status_code, kind.title in page.text) == (200, True)
        if not kind.single and kind.name != "wording":
            assert "Make the first one" in page.text
            assert seller.get(f"behaviour/{kind.name}/new").status_code == 200
    assert seller.get("behaviour/wording/cart.empty").status_code == 200
    for nowhere in ("nothing", "greeting/none", "hours/hours", "wording/none", "wording/new", "greeting/a%2F..%2Fb"):
        assert seller.get(f"behaviour/{nowhere}").status_code == 404, nowhere
        assert seller.post(f"behaviour/{nowhere}", do="save").status_code in (404, 422), nowhere


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("greeting/g1", {"text": ""}),
        ("greeting/g1", {"text": "x" * 20_000}),
        ("greeting/g1", {"text": EVIL + " {customer_name", "page": EVIL, "customers[]": "king"}),
        ("keyword/k1", {"text": EVIL, "phrases": "yes", "buttons.0.label": EVIL, "buttons.0.does": EVIL}),
        ("keyword/k1", {f"buttons.{number}.label": EVIL for number in range(200)}),
        ("menu", {"items.0.label": EVIL, "items.0.does": "link", "items.0.link": "javascript:alert(1)"}),
        ("menu", {"items." + "0.items." * 40 + "0.label": "deep", "items.0.label": "x"}),
        ("card/c1", {"name": EVIL, "cards.0.title": EVIL, "cards.0.picture": "data:text/html,x"}),
        ("hours", {"days.monday.ranges.0.begin": EVIL, "days.9.ranges.0.begin": "9", "time_zone": "../etc/passwd"}),
        ("away/a1", {"when": "dates", "text": "{opens} {opens", "first": "tomorrow"}),
        ("proactive/p1", {"text": EVIL, "after_s": "1e9", "every_days": "-1", "quiet.begin": EVIL}),
        ("handover", {"after_unanswered": "often", "phrases": "\n".join(map(str, range(500)))}),
        ("wording/cart.empty", {"text": "{{shop_name}}"}),
    ],
)
async def test_what_cannot_be_kept_is_told_shown_again_and_changes_nothing(
    seller: Seller, store: Store, path: str, fields: dict[str, str]
) -> None:
    page = seller.post(f"behaviour/{path}", do="save", seen="0", **fields)
    assert page.status_code == 422, page.text[-500:]
    assert "nothing you wrote is lost" in page.text
    assert EVIL not in page.text
    assert "49" not in re.findall(r">(\d+)<", page.text)
    assert kept(store, path.split("/")[0]) == []


async def test_saved_twice_is_saved_once_and_of_two_editors_neither_loses(seller: Seller, store: Store) -> None:
    hello = {"do": "save", "seen": "0", "text": "Hello {customer_name|you}", "page": "/sale*", "customers[]": "new"}
    for _ in range(2):
        assert seller.post("behaviour/greeting/g2", **hello).status_code == 303
    assert kept(store, "greeting") == [{"text": "Hello {customer_name|you}", "page": "/sale*", "customers": ["new"]}]
    mine = seller.get("behaviour/greeting/g2").text
    seen = re.search(r'name="seen" value="(\d+)"', mine)
    assert seen
    assert seller.post("behaviour/greeting/g2", **hello | {"seen": seen[1], "text": "Theirs"}).status_code == 303
    warned = seller.post("behaviour/greeting/g2", **hello | {"seen": seen[1], "text": "Mine"})
    assert warned.status_code == 409
    assert "Mine</textarea>" in warned.text
    assert "Theirs" in warned.text
    assert kept(store, "greeting")[0]["text"] == "Theirs"
    again = re.search(r'name="seen" value="(\d+)"', warned.text)
    assert again
    assert seller.post("behaviour/greeting/g2", **hello | {"seen": again[1], "text": "Mine"}).status_code == 303
    assert kept(store, "greeting")[0]["text"] == "Mine"
    listed = seller.get("behaviour/greeting").text
    assert "Not yet published" in listed
    assert f"/console/{SHOP}/publish" in listed
    assert seller.post("behaviour/greeting/g2", do="remove", seen="1").status_code == 303
    assert len(kept(store, "greeting")) == 1, "removed by somebody who has not seen the last version"
    last = Entries(store.engine).drafts(SHOP, "greeting")[0].revision
    assert seller.post("behaviour/greeting/g2", do="remove", seen=str(last)).status_code == 303
    assert kept(store, "greeting") == []


async def test_a_published_wording_that_is_reset_can_be_put_back(seller: Seller, store: Store) -> None:
    entries, path = Entries(store.engine), "behaviour/wording/cart.empty"
    assert seller.post(path, do="save", seen="0", text="Your basket has nothing in it.").status_code == 303
    saved = entries.drafts(SHOP, "wording")[0]
    entries.publish(SHOP, "Test", saved.at)
    found = seller.get("behaviour/wording?q=basket").text
    assert "Your basket has nothing in it." in found
    assert "Somebody says hello" not in found
    assert seller.post(path, do="remove", seen=str(saved.revision)).status_code == 303
    assert kept(store, "wording") == []
    assert seller.post(path, do="restore", seen="0").status_code == 303
    assert kept(store, "wording") == [{"reply": "cart.empty", "text": "Your basket has nothing in it."}]


async def test_who_may_only_look_sees_everything_and_changes_nothing(
    service: Running, store: Store, seller: Seller
) -> None:
    with signed_in(service, Role.VIEWER, SHOP, store) as viewer:
        page = viewer.get("behaviour/hours")
        assert page.status_code == 200
        assert "Save</button>" not in page.text.replace('aria-hidden="true">Save</button>', "")
        assert viewer.post("behaviour/handover", do="save", seen="0", bad_rating="yes").status_code == 403
    assert kept(store, "handover") == []


async def test_the_hours_are_set_without_script(
    service: Running, seller: Seller, store: Store, browser: Browser
) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    known = await seller.page(browser, "behaviour")
    await context.add_cookies(await known.context.cookies())
    await known.context.close()
    page = await context.new_page()
    await page.goto(f"{service.url}console/{SHOP}/behaviour/hours")
    await expect(page.get_by_label("Monday, hours 1, from")).to_have_value("09:00")
    monday = page.get_by_role("group", name="Monday", exact=True)
    await monday.get_by_role("button", name="Add more hours").click()
    await page.get_by_label("Monday, hours 2, from").fill("20:00")
    await page.get_by_label("Monday, hours 2, until").fill("02:00")
    await monday.locator("summary").click()
    await monday.get_by_label("Sunday").check()
    await monday.get_by_role("button", name="Copy Monday").click()
    await expect(page.get_by_label("Sunday, hours 2, until")).to_have_value("02:00")
    await page.get_by_role("button", name="Add a day").click()
    await page.get_by_label("Name (optional)").fill("Christmas")
    await page.get_by_label("Day", exact=True).last.fill("2026-12-25")
    await page.get_by_label("Every year").check()
    await page.get_by_role("button", name="Show the next two weeks").click()
    await expect(page.locator("#outlook")).to_contain_text("9:00 to 18:00, 20:00 to 2:00")
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_role("status").first).to_contain_text("Saved")
    (hours,) = kept(store, "hours")
    assert {"day": 6, "begin": 1_200, "end": 1_560} in hours["week"]
    assert hours["special"] == [{"name": "Christmas", "first": "2026-12-25", "yearly": True}]
    await context.close()


async def test_a_menu_is_built_by_keyboard_and_drawn_as_the_widget_draws_it(
    seller: Seller, store: Store, browser: Browser
) -> None:
    page = await seller.page(browser, "behaviour/menu", width=360, height=740)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    preview = page.locator("#preview")

    async def press(name: str) -> None:
        await page.get_by_role("button", name=name).last.focus()
        await page.keyboard.press("Enter")

    await press("Add an item")
    await expect(page.locator('[name="items.0.label"]')).to_be_focused()
    await page.keyboard.type("Orders")
    await page.get_by_label("What it does").select_option("items")
    await press("Add an item")
    await expect(page.locator('[name="items.1.label"]')).to_be_focused()
    await page.keyboard.type("Sizes")
    await page.locator('[name="items.1.does"]').select_option("link")
    await page.locator('[name="items.1.link"]').fill("/sizes")
    await press("Add an item on this level")
    await page.locator('[name="items.0.items.0.label"]').fill("Track it")
    await page.locator('[name="items.0.items.0.say"]').fill("Where is my order?")
    await expect(preview.get_by_text("Track it")).to_be_attached()
    await press("Move Sizes up")
    await expect(page.locator('[name="items.0.label"]')).to_have_value("Sizes")
    await expect(page.get_by_role("button", name="Move Sizes down")).to_be_focused()
    await expect(page.locator("#editor-status")).to_have_text("Moved up.")
    assert await faults(page) == []
    await page.set_viewport_size({"width": 1280, "height": 800})
    assert await faults(page) == []
    titles = page.locator("[data-part='items.0'] > legend"), page.locator("[data-part='items.1'] > legend")
    for first in ("Orders", "Sizes"):
        await titles[0].drag_to(titles[1])
        await expect(page.locator('[name="items.0.label"]')).to_have_value(first)
    await page.get_by_role("button", name="Save", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("Saved")
    track = {"label": "Track it", "say": "Where is my order?"}
    assert kept(store, "menu") == [
        {"items": [{"label": "Sizes", "link": "/sizes"}, {"label": "Orders", "items": [track]}]}
    ]
    assert mistakes == []
    await page.context.close()


async def test_cards_are_drawn_while_they_are_written_light_and_dark(seller: Seller, browser: Browser) -> None:
    page = await seller.page(browser, "behaviour/card/new")
    await page.emulate_media(reduced_motion="reduce")
    preview = page.locator("#preview")
    await page.get_by_label("Title").fill(EVIL)
    await page.get_by_role("button", name="Add a button").click()
    await page.get_by_label("Label").fill("Show me")
    await page.get_by_label("What it says").fill("Boots")
    await expect(preview.get_by_text(EVIL)).to_be_visible()
    await expect(preview.get_by_role("button", name="Show me")).to_be_visible()
    for theme in ("Light", "Dark"):
        await page.get_by_label(theme, exact=True).check()
        await expect(preview).to_have_attribute("theme", theme.lower())
        assert await faults(page) == []
    assert await page.title() != "evil"
    await page.context.close()
