"""From a cart to a paid order over HTTP and in the chat, against the running service."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from playwright.async_api import async_playwright

from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.buying.test_provider import BANK_CODE
from skills.shopping.catalogue import Catalogues
from tests.pages.browser import axe_violations, launch
from tests.service.chatting import chatting
from tests.service.running import Running
from tests.shopping.buying import ANN, a_shop, mug

SHOP = "till"
API = f"/api/v1/shops/{SHOP}"
DETAILS = {name: value for name, value in ANN.model_dump().items() if value}


@pytest.fixture(scope="module", autouse=True)
def till(service: Running) -> None:
    """A shop of our own, whose mugs nobody counts."""
    store = Store(DataPaths(service.data_dir).database_url)
    catalogues = Catalogues(store.engine)
    catalogues.put_shop(a_shop(SHOP))
    catalogues.put_product(mug(SHOP, stock=None))
    store.close()


@pytest.fixture
def shopper(http: httpx.Client) -> dict[str, str]:
    """The headers of somebody new."""
    return {"Authorization": f"Bearer {http.post(f'{API}/carts').json()['session']}"}


def ready(http: httpx.Client, shopper: dict[str, str]) -> dict[str, Any]:
    assert http.put(f"{API}/carts/mine/lines/mug", json={"quantity": 2}, headers=shopper).json()["count"] == 2
    made = http.post(f"{API}/checkout-sessions", json=DETAILS, headers=shopper)
    assert made.status_code == 201
    checkout: dict[str, Any] = made.json()
    assert (checkout["status"], checkout["totals"]["total"]["minor"]) == ("ready_for_complete", 2_890)
    return checkout


def complete(http: httpx.Client, shopper: dict[str, str], checkout: dict[str, Any], **headers: str) -> httpx.Response:
    total = {"total": checkout["totals"]["total"]["minor"]}
    return http.post(f"{API}/checkout-sessions/{checkout['id']}/complete", json=total, headers=shopper | headers)


def form_of(page: httpx.Response) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    assert found
    return found.group(1)


def code_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_a_program_buys_and_the_payment_page_needs_no_script(http: httpx.Client, shopper: dict[str, str]) -> None:
    checkout = ready(http, shopper)
    first = complete(http, shopper, checkout, **{"Idempotency-Key": "k1"})
    assert first.json()["status"] == "requires_escalation"
    assert complete(http, shopper, checkout, **{"Idempotency-Key": "k1"}).content == first.content
    address = first.json()["continue_url"]
    page = http.get(address)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in page.text
    for form in ("forged", form_of(page)[:-2]):
        assert http.post(address, data={"form": form, "card": "4242 4242 4242 4242"}).status_code == 403
    declined = http.post(address, data={"form": form_of(page), "card": "4000 0000 0000 0002"}, follow_redirects=True)
    assert "The card was declined" in declined.text
    step = http.post(address, data={"form": form_of(declined), "card": "4000 0000 0000 3220"}, follow_redirects=True)
    paid = http.post(address, data={"form": form_of(step), "code": BANK_CODE}, follow_redirects=True)
    done = http.get(f"{API}/checkout-sessions/{checkout['id']}", headers=shopper).json()
    assert done["status"] == "completed"
    assert f"Your order is {done['order']}" in paid.text
    assert http.get(f"{API}/carts/mine", headers=shopper).json()["count"] == 0
    again = complete(http, shopper, checkout).json()
    assert (again["status"], again["order"]) == ("completed", done["order"])


def test_what_is_tampered_with_is_refused_and_changes_nothing(http: httpx.Client, shopper: dict[str, str]) -> None:
    line = f"{API}/carts/mine/lines/mug"
    for body in (
        {"quantity": -1},
        {"quantity": 100},
        {"quantity": 10**30},
        {"quantity": "1"},
        {"quantity": 1, "price": 1},
    ):
        assert code_of(http.put(line, json=body, headers=shopper)) == (422, "request_invalid")
    nothing = f"{API}/carts/mine/lines/nothing"
    assert code_of(http.put(nothing, json={"quantity": 1}, headers=shopper)) == (404, "sku_unknown")
    checkout = ready(http, shopper)
    cheaper = {**checkout, "totals": {"total": {"minor": 1}}}
    assert complete(http, shopper, cheaper).json()["status"] == "ready_for_complete"
    stranger = {"Authorization": f"Bearer {http.post(f'{API}/carts').json()['session']}"}
    for headers in (stranger, {"Authorization": "Bearer forged"}, {}):
        response = complete(http, headers, checkout)
        assert response.status_code in (401, 403, 404)
    other_shop = http.get("/api/v1/shops/nordfell/carts/mine", headers=shopper)
    assert code_of(other_shop) == (403, "session_invalid")
    assert http.get("/pay/0123456789abcdef.forged").status_code == 404
    conflict = {"Idempotency-Key": "k2"}
    complete(http, shopper, cheaper, **conflict)
    assert code_of(complete(http, shopper, checkout, **conflict)) == (409, "idempotency_conflict")


async def test_the_chat_says_that_its_order_is_placed_once_it_is_paid(service: Running, http: httpx.Client) -> None:
    async with chatting(service, SHOP) as chat:
        added = await chat.answer(await chat.tap("cart.add", "Add to cart", product="mug"))
        assert added["text"] == "I put the Nordfell mug in your cart. Your cart comes to $12.00."
        opened = await chat.answer(await chat.tap("checkout.start", "Check out"))
        identity = opened["shop"]["checkout"]["id"]
        readback = await chat.answer(await chat.tap("checkout.update", "Continue", id=identity, **DETAILS))
        assert readback["text"] == "One Nordfell mug, $16.90 with delivery, to 12 Elm Street. Shall I place the order?"
        button = readback["shop"]["checkout"]["buttons"][0]
        handed = await chat.answer(await chat.tap("checkout.complete", button["label"], **button["tap"]["values"]))
        address = urljoin(service.url, handed["shop"]["checkout"]["continue_url"])
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            page = await browser.new_page(viewport={"width": 360, "height": 640})
            await page.goto(address)
            assert await axe_violations(page) == []
            await page.get_by_label("Card number").fill("4242424242424242")
            await page.get_by_role("button", name="Pay $16.90").click()
            assert "Thank you, it is paid." in await page.get_by_role("status").inner_text()
            assert await axe_violations(page) == []
            await browser.close()
        news = await chat.until("cart", count=0)
        assert news["count"] == 0
        assert chat.messages[-1]["text"].startswith("Thank you! Your order NF-")
        assert chat.messages[-1]["shop"]["checkout"]["status"] == "completed"
