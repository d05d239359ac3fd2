"""A channel: its items over HTTP, its page, and following it there and by word."""

from __future__ import annotations

import httpx
import pytest
from playwright.async_api import async_playwright, expect

from skills.media.channels import ChannelKind, channel_id
from tests.pages.browser import axe_violations, launch
from tests.service.running import Running

CREATOR, SERIES = "Kofi and Marlene", "Kitchen Open Late"
CHANNEL = channel_id(ChannelKind.CREATOR, CREATOR)
ITEMS = f"/api/v1/channels/{CHANNEL}"
FOLLOWS = "/api/v1/listener/follows"


def test_a_channels_items_come_newest_first_in_parts(http: httpx.Client) -> None:
    whole = http.get(ITEMS).json()
    assert (whole["id"], whole["name"], whole["kind"], whole["next"]) == (CHANNEL, CREATOR, "creator", None)
    days = [card["published"] for card in whole["items"]]
    assert days == sorted(days, reverse=True)
    assert len(days) == whole["items_total"] > 3
    assert {card["channel"] for card in whole["items"]} == {CHANNEL}

    parts, after = [], {}
    for _ in whole["items"]:
        part = http.get(ITEMS, params={"limit": 2, **after}).json()
        parts += part["items"]
        after = {"after": part["next"]}
        if part["next"] is None:
            break
    assert parts == whole["items"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/channels/nobody-000000000000", 404, "channel_unknown"),
        ("/channels/nobody-000000000000", 404, "channel_unknown"),
        (f"{ITEMS}?after=here", 422, "cursor_invalid"),
        (f"{ITEMS}?after=2026-06-31.0.x", 422, "cursor_invalid"),
        (f"{ITEMS}?limit=0", 422, "request_invalid"),
        (f"{ITEMS}?limit=many", 422, "request_invalid"),
    ],
)
def test_what_makes_no_sense_is_named(http: httpx.Client, path: str, status: int, code: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_listener_follows_only_with_a_token_of_ours(http: httpx.Client) -> None:
    for headers in ({}, {"authorization": "Basic abc"}):
        assert http.get(FOLLOWS, headers=headers).json()["error"]["code"] == "listener_missing"
        assert http.delete(f"{FOLLOWS}/{CHANNEL}", headers=headers).status_code == 401
    forged = {"authorization": "Bearer made-up.token"}
    for ask in (http.get(FOLLOWS, headers=forged), http.put(f"{FOLLOWS}/{CHANNEL}", headers=forged)):
        assert (ask.status_code, ask.json()["error"]["code"]) == (403, "listener_invalid")

    followed = http.put(f"{FOLLOWS}/{CHANNEL}").json()
    mine = {"authorization": f"Bearer {followed['listener']}"}
    again = http.put(f"{FOLLOWS}/{CHANNEL}", headers=mine).json()
    assert again["listener"] == followed["listener"]
    stranger = http.put(f"{FOLLOWS}/{channel_id(ChannelKind.SERIES, SERIES)}").json()
    assert stranger["listener"] != followed["listener"]
    assert [one["name"] for one in http.get(FOLLOWS, headers=mine).json()["follows"]] == [CREATOR]
    for _ in range(2):
        assert http.delete(f"{FOLLOWS}/{CHANNEL}", headers=mine).status_code == 204
    assert http.get(FOLLOWS, headers=mine).json() == {"follows": []}


async def test_the_page_reads_without_script_and_follows_with_it(service: Running, http: httpx.Client) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        reader = await browser.new_page(base_url=service.url, java_script_enabled=False)
        await reader.goto(f"/channels/{CHANNEL}")
        await expect(reader.get_by_role("heading", level=1)).to_have_text(CREATOR)
        await expect(reader.get_by_test_id("channel-item")).to_have_count(http.get(ITEMS).json()["items_total"])
        await expect(reader.get_by_test_id("follow")).to_be_hidden()

        page = await browser.new_page(base_url=service.url)
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        await page.goto(f"/channels/{CHANNEL}")
        button, said = page.get_by_test_id("follow"), page.get_by_test_id("follow-said")
        await expect(button).to_have_text("Follow")
        assert await page.evaluate("localStorage.length") == 0
        await button.press("Enter")
        await expect(said).to_contain_text("You now follow")
        await page.reload()
        await expect(button).to_have_text("Unfollow")
        for width in (360, 1280):
            await page.set_viewport_size({"width": width, "height": 800})
            assert await axe_violations(page) == []
            assert await page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") <= 0
        await button.click()
        await expect(said).to_contain_text("no longer follow")
        assert mistakes == []
        await browser.close()
