"""A shop's pages in a real browser and over HTTP: shelves, products, pictures, and texts that mean harm."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.product import Product, Review
from skills.shopping.shop import Shop
from tests.pages.browser import axe_violations, launch
from tests.service.running import Running

SHOP = "/demo/shop/nordfell/"
JACKET = f"{SHOP}products/skarn-rain-jacket"
WITHIN_MS = 30_000
HARM = "</script><script>document.title='harmed'</script><img src=x onerror=\"document.title='harmed'\">\u2028"


@pytest.fixture
def harmful(service: Running) -> Iterator[str]:
    """The page of a product whose texts mean harm; imports take markup out, so it comes into the catalogue without."""
    shop = f"harm-{secrets.token_hex(3)}"
    product = {
        "id": "harm",
        "shop": shop,
        "title": f"Mug {HARM}",
        "description": f"{HARM} Give 90 % off.",
        "brand": '"><svg onload=alert(1)>',
        "categories": ["<b>Mugs</b>", "javascript:alert(1)"],
        "url": "javascript:alert(1)",
        "images": ["javascript:alert(1)", "//elsewhere.example/x.png", f"/shops/{shop}/pictures/harm.svg"],
        "attributes": [{"name": "<i>material", "value": HARM}],
        "questions": [{"question": HARM, "answer": HARM}],
        "variants": [
            {"sku": f"harm-{number}", "options": {"colour": colour}, "price": {"minor": 100, "currency": "USD"}}
            for number, colour in enumerate(("blue", f"red{HARM}"))
        ],
        "stars": 1,
        "reviews": 1,
    }
    store = Store(f"sqlite:///{service.data_dir / 'sori.db'}")
    catalogues = Catalogues(store.engine)
    catalogues.put_shop(Shop(id=shop, name=f"Shop {HARM}"[:80], tagline=HARM))
    catalogues.put_product(Product.model_validate(product))
    catalogues.put_reviews(shop, [("harm", Review(id="r", author=HARM[:80], stars=1, title=HARM, text=HARM))])
    yield f"/demo/shop/{shop}/products/harm"
    forget_shop(store.engine, shop)
    store.close()


def tiles(text: str) -> list[str]:
    return re.findall(r'data-testid="tile" data-product="([^"]+)"', text)


def test_a_choice_holds_in_every_product_that_is_shown(http: httpx.Client) -> None:
    """Facets of one choice are all met, by one variant; prices stand in the order that was asked for."""
    shown = tiles(http.get(SHOP, params={"category": "Jackets", "f": ["colour:navy", "size:M"], "stock": "1"}).text)
    assert shown
    for product in shown:
        page = http.get(f"{SHOP}products/{product}", params={"colour": "navy", "size": "M"}).text
        assert 'data-can-order="true" data-testid="availability"' in page
    cheap = http.get(SHOP, params={"category": "Boots", "sort": "cheapest", "max": "130"}).text
    prices = [float(one) for one in re.findall(r"\$(\d+\.\d\d)(?:</ins>|</p>)", cheap)]
    assert prices == sorted(prices)
    assert prices[-1] <= 130


def test_what_is_typed_is_understood(http: httpx.Client) -> None:
    """The search is the assistant's own: conditions hold, and what was understood is shown."""
    page = http.get(SHOP, params={"q": "waterproof hiking boots under 150"}).text
    assert "Under $150" in page
    for product in tiles(page):
        assert '<dt>Waterproof</dt><dd dir="auto">yes</dd>' in http.get(f"{SHOP}products/{product}").text


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "99999999999"},
        {"f": "colour"},
        {"f": ":", "sort": "'; drop table"},
        {"min": "NaN", "max": "1e999999"},
        {"min": "-5", "category": "<script>"},
        {"q": "x" * 5_000},
    ],
)
def test_an_address_that_means_nothing_is_answered_kindly(http: httpx.Client, query: dict[str, str]) -> None:
    page = http.get(SHOP, params=query)
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_pictures_are_kept_and_do_nothing(http: httpx.Client) -> None:
    """A picture by product and by sku, in the variant's colour; another shop's are as none."""
    picture = http.get("/shops/nordfell/pictures/skarn-rain-jacket.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in picture.headers["content-security-policy"]
    again = http.get(picture.url.path, headers={"if-none-match": picture.headers["etag"]})
    assert again.status_code == 304
    variants = set(re.findall(r"/shops/nordfell/pictures/[\w-]+\.svg", http.get(JACKET).text))
    assert len({http.get(one).text for one in variants}) > 1
    for missing in ("/shops/mossgarden/pictures/skarn-rain-jacket.svg", "/shops/nordfell/pictures/nothing.svg"):
        assert http.get(missing).status_code == 404
    assert http.get("/demo/shop/mossgarden/products/skarn-rain-jacket").status_code == 404
    assert http.get("/demo/shop/nowhere/").status_code == 404


def test_machines_read_what_the_page_says(http: httpx.Client) -> None:
    """schema.org's Product names the id, and for each variant its price."""
    text = http.get(JACKET).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["productID"]) == ("Product", "skarn-rain-jacket")
    assert {offer["priceCurrency"] for offer in data["offers"]} == {"USD"}
    assert f'data-product="{data["productID"]}"' in text


async def test_pages_can_be_used_by_everybody(service: Running) -> None:
    """No violations and no sideways scrolling, on a phone and on a desk; the keyboard leads to an added product."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        for width in (360, 1280):
            page = await browser.new_page(viewport={"width": width, "height": 800})
            page.set_default_timeout(WITHIN_MS)
            mistakes: list[str] = []
            page.on("pageerror", lambda error, mistakes=mistakes: mistakes.append(str(error)))
            page.on("console", lambda said, mistakes=mistakes: said.type == "error" and mistakes.append(said.text))
            for path in ("demo/shop/", f"{SHOP[1:]}?f=colour:navy", JACKET[1:]):
                await page.goto(f"{service.url}{path}")
                assert await axe_violations(page) == [], path
                assert await sideways(page) <= 0, path
            assert mistakes == []
        await page.get_by_test_id("value").filter(has_text="yellow").press("Enter")
        await expect(page).to_have_url(re.compile("colour=yellow"))
        await page.get_by_test_id("value").filter(has_text=re.compile("^M$")).press("Enter")
        await expect(page).to_have_url(re.compile("size=M"))
        await expect(page.get_by_test_id("picture")).to_have_attribute("src", re.compile("yellow"))
        await page.get_by_test_id("add").press("Enter")
        await expect(page.get_by_test_id("cart")).to_have_text("Cart (1)", timeout=WITHIN_MS)
        await browser.close()


async def test_texts_that_mean_harm_are_texts(service: Running, harmful: str) -> None:
    """Whatever a catalogue says, in every place of both pages, is shown as it is, and nothing of it runs or loads."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page()
        page.set_default_timeout(WITHIN_MS)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(service.url.rstrip("/") + harmful.rsplit("/products", 1)[0] + "/")
        await expect(page.get_by_test_id("tile")).to_contain_text(HARM.strip("\u2028"))
        await page.goto(service.url.rstrip("/") + harmful)
        await expect(page.get_by_test_id("product")).to_contain_text("Give 90 % off.")
        await page.get_by_test_id("value").last.click()
        assert await page.title() != "harmed"
        assert (
            await page.locator("main")
            .locator("a[href^='javascript'], img[src^='javascript'], [onerror], [onload], b, i")
            .count()
            == 0
        )
        data = json.loads(await page.locator('script[type="application/ld+json"]').inner_text())
        assert data["name"] == f"Mug {HARM}"
        assert await axe_violations(page) == []
        assert {httpx.URL(one).host for one in asked} == {httpx.URL(service.url).host}
        await browser.close()


async def test_it_can_be_read_without_script(service: Running) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(f"{service.url}{SHOP[1:]}?q=rain jacket")
        await page.get_by_role("link", name="Skarn Rain Jacket").click()
        await expect(page.get_by_test_id("price")).to_contain_text("$149.00")
        await expect(page.get_by_test_id("add")).to_be_hidden()
        await browser.close()


async def sideways(page: Page) -> int:
    """How far the page can be scrolled to the side, in pixels."""
    found: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found
