"""A shop is connected: addresses that hear of it, programs with a key, and persons who ask for their data."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Network

import httpx
import pytest
from playwright.async_api import async_playwright, expect

from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.api_keys import ApiKeys, answers_of, shop_scope
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.shopping.webhooks import Endpoint, Webhooks
from tests.pages.browser import faults, launch
from tests.service.chatting import chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running

SHOP = f"connect-{secrets.token_hex(4)}"
ANSWER = {"question": "Where do you park?", "answer": "Behind the house."}


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    opened = Store(DataPaths(service.data_dir).database_url)
    Catalogues(opened.engine).put_shop(Shop(id=SHOP, name="Connect & Co"))
    yield opened
    forget_shop(opened.engine, SHOP)
    opened.close()


@pytest.fixture(scope="module")
def ada(service: Running, store: Store) -> Iterator[Seller]:
    with signed_in(service, Role.OWNER, SHOP, store) as seller:
        yield seller


@pytest.fixture
def keyed(service: Running, store: Store) -> Iterator[httpx.Client]:
    """A program of the shop's."""
    _, secret = ApiKeys(store.engine).add("Shop system", [answers_of(SHOP)], SHOP)
    with httpx.Client(
        base_url=f"{service.url.rstrip('/')}/api/v1/shops/{SHOP}", headers={"Authorization": f"Bearer {secret}"}
    ) as one:
        yield one


def test_a_private_address_is_refused_explained_and_logged(ada: Seller) -> None:
    refused = ada.post("connect/webhooks", url="http://169.254.169.254/latest", events="order.placed")
    assert refused.status_code == 422
    assert "lies in a private network" in refused.text
    assert "http://169.254.169.254/latest" in refused.text
    assert "was refused an address" in ada.get("log").text
    assert "webhooks" not in ada.get("connect").text.split("hooks-title")[2].split("</section>")[0].split("<details")[0]
    nothing = ada.post("connect/webhooks", url="https://shop.example/sori")
    assert "Please choose what shall be told." in nothing.text


async def test_an_address_is_tried_renewed_and_removed(ada: Seller, store: Store) -> None:
    webhooks = Webhooks(store.engine, [IPv4Network("127.0.0.0/8")])
    endpoint = webhooks.add(SHOP, "http://127.0.0.1:9/sori", ["order.placed"], datetime.now(UTC))
    assert isinstance(endpoint, Endpoint)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await ada.page(browser, "connect")
        await expect(page.get_by_test_id("embed")).to_contain_text(f'<sori-chat store="{SHOP}">')
        assert await faults(page) == []
        await page.get_by_role("link", name="Open").click()
        await page.get_by_role("button", name="Send a test").click()
        await expect(page.get_by_role("status")).to_contain_text("The test has not arrived.")
        await expect(page.get_by_test_id("calls")).to_contain_text("not a public address")
        assert await faults(page) == []
        await page.get_by_role("button", name="Make a new secret").click()
        await page.get_by_text("Show the secret").click()
        secret = await page.get_by_test_id("secret").inner_text()
        assert secret.startswith("whsec_")
        assert secret != endpoint.secret
        await page.get_by_role("button", name="Remove the address").click()
        await expect(page.get_by_text("Removed. Nothing is sent there any more.")).to_be_visible()
        await browser.close()
    assert webhooks.all(SHOP) == []
    webhooks.close()


async def test_a_program_writes_an_answer_that_customers_hear_once_published(
    service: Running, keyed: httpx.Client
) -> None:
    made = keyed.put("answers/parking", json=ANSWER)
    assert (made.status_code, made.json()["changed"], made.json()["live"], made.json()["by"]) == (
        200,
        True,
        False,
        "Shop system",
    )
    revision = made.json()["revision"]
    stale = keyed.put(
        "answers/parking", json=ANSWER | {"answer": "On the roof."}, headers={"If-Match": str(revision + 5)}
    )
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "answer_changed")
    published = keyed.post("versions", json={"note": "Parking", "answers": ["parking"]})
    assert (published.status_code, published.json()["changes"]) == (201, 1)
    assert keyed.post("versions", json={}).json()["error"]["code"] == "nothing_to_publish"
    async with chatting(service, SHOP) as ann:
        reply = await ann.ask("Where do you park?")
        assert reply["text"].startswith("Behind the house.")
        listed = keyed.get("conversations").json()["conversations"]
        assert ann.welcome["conversation"] in [one["id"] for one in listed]
        whole = keyed.get(f"conversations/{ann.welcome['conversation']}").json()
    assert [one["from"] for one in whole["messages"]] == ["shopper", "bot"]
    assert keyed.get("numbers").json()["conversations"] >= 1
    assert [one["answer"]["id"] for one in keyed.get("answers").json()["answers"]] == ["parking"]
    assert keyed.delete("answers/parking").status_code == 204
    assert keyed.get("answers/parking").status_code == 404


def test_a_key_of_another_kind_or_shop_lets_nobody_in(service: Running, store: Store, keyed: httpx.Client) -> None:
    for scopes in ([shop_scope(SHOP)], [answers_of("nordfell")]):
        _, secret = ApiKeys(store.engine).add("Another", scopes)
        headers = {"Authorization": f"Bearer {secret}"}
        for path in ("answers", "versions", "numbers", "conversations"):
            assert keyed.get(path, headers=headers).status_code == 403
        assert keyed.put("answers/x", json=ANSWER, headers=headers).status_code == 403
    for body in ("[]", "{", '{"question": ""}', json.dumps(ANSWER | {"answer": "x" * 9_000})):
        assert keyed.put("answers/x", content=body, headers={"Content-Type": "application/json"}).status_code in (
            400,
            422,
        )
    assert keyed.get("numbers", params={"first": "2026-01-01", "last": "1999-01-01"}).status_code == 422


async def test_a_person_gets_their_data_and_is_forgotten(service: Running, ada: Seller) -> None:
    async with chatting(service, SHOP) as ann:
        await ann.ask("my secret hobby is knitting")
        conversation = ann.welcome["conversation"]
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await ada.page(browser, "privacy")
        await page.get_by_label("E-mail address").fill("nobody@example.org")
        await page.get_by_role("button", name="Look").click()
        await expect(page.get_by_text("Nothing is kept of anybody")).to_be_visible()
        await page.get_by_label("E-mail address").fill(conversation)
        await page.get_by_role("button", name="Look").click()
        await expect(page.get_by_test_id("held")).to_contain_text("Conversations")
        assert conversation not in page.url
        assert await faults(page) == []
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download everything").click()
        data = json.loads((await (await downloading.value).path()).read_text())
        assert data["conversations"][0]["messages"][0]["text"] == "my secret hobby is knitting"
        await page.get_by_role("button", name="Forget this person").click()
        await expect(page.get_by_text("Please tick that you are sure.")).to_be_visible()
        await page.get_by_label("I am sure").check()
        await page.get_by_role("button", name="Forget this person").click()
        await expect(page.get_by_role("status")).to_contain_text("Erased.")
        await browser.close()
    assert ada.get(f"conversations/{conversation}").status_code == 404
    assert "knitting" not in ada.get("log").text
    assert "erased a person" in ada.get("log").text


def test_only_owners_see_what_is_personal(service: Running, store: Store) -> None:
    for role in (Role.VIEWER, Role.AGENT, Role.MANAGER):
        with signed_in(service, role, SHOP, store) as seller:
            assert seller.get("privacy").status_code == 403
            assert seller.post("privacy/erase", who="ann@example.org", sure="1").status_code == 403
            assert seller.post("connect/webhooks", url="https://a.example/", events="order.placed").status_code == 403
