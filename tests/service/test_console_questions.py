"""What customers asked in vain is found in the console, taught with what the shop has said, and then answered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.async_api import async_playwright, expect

from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Opening, Shop
from tests.pages.browser import faults, launch
from tests.service.chatting import chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running, eventually

SHOP = f"teach-{secrets.token_hex(4)}"
ASKED = "Do you wrap things as a gift?"
SAID = "Yes Ann, we wrap gifts for three dollars. Your order NF-1042 comes to ann@example.org. Best, Mia"
CLEAN = "Yes, we wrap gifts for three dollars. Your order [order number] comes to [e-mail address]."


@pytest.fixture(scope="module")
def shop(service: Running) -> Iterator[Store]:
    """A shop that has no answers yet."""
    store = Store(DataPaths(service.data_dir).database_url)
    hours = tuple(Opening(day=day, begin=0, end=1_440) for day in range(7))
    Catalogues(store.engine).put_shop(Shop(id=SHOP, name="Teach & Co", opening=hours))
    yield store
    forget_shop(store.engine, SHOP)
    store.close()


@pytest.fixture(scope="module")
def ada(service: Running, shop: Store) -> Iterator[Seller]:
    """The shop's manager."""
    with signed_in(service, Role.MANAGER, SHOP, shop) as seller:
        yield seller


async def test_a_question_in_vain_is_taught_from_a_reply_published_and_answered(service: Running, ada: Seller) -> None:
    assert "Nothing to answer" in ada.get("questions").text
    async with async_playwright() as playwright, chatting(service, SHOP) as ann, chatting(service, SHOP) as bob:
        await ann.ask(ASKED)
        await bob.ask("can you gift wrap it?")
        await ann.answer(await ann.tap("person.ask", "A person, please"))
        conversation = f"conversations/{ann.welcome['conversation']}"
        assert ada.post(f"{conversation}/take").status_code == 303
        assert ada.post(f"{conversation}/write", text=SAID, do="say").status_code == 303

        browser = await launch(playwright)
        page = await ada.page(browser, "questions")
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        group = page.get_by_test_id("group")
        await expect(group).to_contain_text("2 times")
        assert await faults(page) == []
        await group.get_by_role("link", name=f"“{ASKED}”").click()
        await expect(page.locator("[data-sought]")).to_contain_text(ASKED)
        await page.go_back()

        await group.get_by_role("link", name="Teach").click()
        offered = page.get_by_test_id("suggestion").first
        await expect(offered).to_contain_text(CLEAN)
        await expect(offered).to_contain_text("Made from: What Manager Page wrote on")
        assert await faults(page) == []
        await offered.get_by_role("link", name="Use this").click()
        await expect(page.get_by_test_id("answer")).to_have_value(CLEAN)
        await page.get_by_test_id("save").click()
        await expect(page.locator(".field-problem, [role=alert]").first).to_be_visible()
        await expect(page.get_by_test_id("answer")).to_have_value(CLEAN)
        await page.get_by_test_id("answer").fill("Yes, we wrap gifts for three dollars.")
        await page.get_by_test_id("save").click()
        await expect(page.get_by_test_id("taught")).to_contain_text("Not yet published")
        await expect(page.get_by_test_id("group")).to_have_count(0)
        assert "three dollars" not in (await bob.ask("can you gift wrap it?"))["text"]
        await page.get_by_test_id("publish-taught").click()
        await expect(page.get_by_role("status")).to_contain_text("It is live")
        assert (await bob.ask("can you gift wrap it?"))["text"] == "Yes, we wrap gifts for three dollars."
        assert mistakes == []
        await browser.close()
    taught = ada.get("questions?state=taught").text
    assert "Taught by" in taught
    assert "Not yet published" not in taught


async def test_a_question_joins_an_answer_that_is_there_or_is_put_away(service: Running, ada: Seller) -> None:
    async with chatting(service, SHOP) as shopper:
        await shopper.ask("who painted the ceiling of your shop")
    eventually(lambda: "who painted" in ada.get("questions").text, 20, "the question is in the inbox")
    group = re.search(r'questions/([0-9a-f]{12})"', ada.get("questions").text)
    assert group
    path = f"questions/{group[1]}"
    assert ada.post(f"{path}/dismiss").status_code == 303
    assert "is put away" in ada.get("questions").text
    assert "who painted" not in ada.get("questions").text
    assert "who painted" in ada.get("questions?state=dismissed").text
    assert ada.post(f"{path}/restore").status_code == 303
    answer = {
        "question": "Who made the ceiling?",
        "answer": "Ada did.",
        "variants": "",
        "id": "q-ceiling",
        "do": "save",
    }
    assert ada.post(f"{path}/answer", **answer).status_code == 303
    assert ada.post(f"{path}/answer", **answer).status_code == 303, "sent twice, kept once"
    assert ada.post(f"{path}/restore").status_code == 303
    assert "Who made the ceiling?" in ada.get(path).text
    done = ada.post(f"{path}/variants", chosen="q-ceiling", way="who painted the ceiling of your shop", do="publish")
    assert done.status_code == 303
    assert "It is live" in ada.get("questions").text
    async with chatting(service, SHOP) as shopper:
        assert (await shopper.ask("who painted the ceiling of your shop"))["text"] == "Ada did."
    table = ada.get("questions/export?state=taught")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "who painted the ceiling of your shop" in table.text


async def test_what_is_wrong_or_another_shops_changes_nothing(service: Running, ada: Seller, owner: Seller) -> None:
    async with chatting(service, SHOP) as shopper:
        await shopper.ask("who invented the left socks of your founder")
    eventually(lambda: "left socks" in ada.get("questions").text, 20, "the question is in the inbox")
    page = ada.get("questions?q=LEFT+socks").text
    group = re.search(r'questions/([0-9a-f]{12})"', page)
    assert group
    path = f"questions/{group[1]}"
    good = {"question": "Socks?", "answer": "No.", "variants": ""}
    for wrong, sentence in (
        ({"answer": ""}, "Please fill this in."),
        ({"question": "x" * 501}, " 500"),
        ({"answer": "x" * 2_001}, " 2,000"),
        ({"answer": "Ask {nobody}"}, "nobody"),
        ({"answer": "Dear [name], no."}, "[name]"),
        ({"variants": "\n".join(f"way {number}" for number in range(201))}, "At most 200"),
        ({"id": "../../x"}, "nothing you wrote is lost"),
    ):
        refused = ada.post(f"{path}/answer", **good | wrong)
        assert (refused.status_code, sentence in refused.text) == (422, True), wrong
    assert ada.post(f"{path}/variants", do="save").status_code == 409
    assert ada.post(f"{path}/variants", chosen="gone", way="x", do="save").status_code == 409
    for act in ("answer", "variants", "dismiss", "restore", "publish", "part"):
        assert owner.post(f"{path}/{act}", **good).status_code == 404, "of another shop"
    assert owner.get(path).status_code == 404
    assert owner.get(f"{path}/suggestions").status_code == 404
    with signed_in(service, Role.VIEWER, SHOP) as viewer:
        assert "<textarea" not in viewer.get(path).text
        assert viewer.post(f"{path}/dismiss").status_code == 403
    for odd in ("?page=0", "?page=99999999999", "?state=x&why=y&order=z&days=-1", "?q=%25%27", "?taught=none"):
        assert ada.get(f"questions{odd}").status_code == 200
    assert "left socks" in ada.get("questions?q=left+socks").text
