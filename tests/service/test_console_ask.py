"""A seller asks the console how it went, and changes an answer by saying so: in writing and aloud."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
from playwright.async_api import async_playwright, expect

from assistant.accounts.rights import Role
from assistant.accounts.sessions import form_token
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswer
from skills.storefront.entries import Entries
from skills.storefront.entry import Saved
from tests.pages.browser import faults, launch
from tests.service.chatting import chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running
from tests.service.speech import say

SHOP = f"ask-{secrets.token_hex(4)}"
SHIPPING = "We deliver within two to five working days."
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def entries(service: Running) -> Iterator[Entries]:
    """A shop with two answers."""
    store = Store(DataPaths(service.data_dir).database_url)
    Catalogues(store.engine).put_shop(Shop(id=SHOP, name="Ask & Co"))
    held = Entries(store.engine)
    for answer in (
        ShopAnswer(id="shipping", question="How long does shipping take?", answer=SHIPPING),
        ShopAnswer(id="returns", question="Can I send it back?", answer="Within 30 days, free of charge."),
    ):
        held.save(SHOP, "answer", answer.id, answer, "Ada", NOW)
    held.publish(SHOP, "Ada", NOW)
    yield held
    forget_shop(store.engine, SHOP)
    store.close()


@pytest.fixture(scope="module")
def ada(service: Running, entries: Entries) -> Iterator[Seller]:
    with signed_in(service, Role.MANAGER, SHOP) as seller:
        yield seller


def live(entries: Entries, identity: str) -> str:
    return next(one.read(ShopAnswer).answer for one in entries.live(SHOP, "answer") if one.id == identity)


def asks(seller: Seller, said: str) -> str:
    """Without script: the words of the newest answer on the page."""
    assert seller.post("ask", said=said).status_code == 303
    newest = seller.get("ask").text.split('data-from="bot"')[-1].split("</ol>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", newest)).split())


async def test_an_answer_is_changed_by_saying_so_and_customers_hear_it(
    service: Running, ada: Seller, entries: Entries
) -> None:
    """Read back, confirmed, published; nothing before the yes, and nothing by a late one."""
    proposed = asks(ada, "change my shipping answer to three days")
    assert "We deliver within three days. Shall I publish it?" in proposed
    assert live(entries, "shipping") == SHIPPING
    assert "nothing is changed" in asks(ada, "no")
    assert "nothing waiting" in asks(ada, "yes")
    assert live(entries, "shipping") == SHIPPING

    asks(ada, "change my shipping answer to three days")
    assert "Published" in asks(ada, "yes")
    async with chatting(service, SHOP) as ann:
        reply = await ann.ask("how long does shipping take?")
    assert reply["text"].startswith("We deliver within three days.")
    assert "Shall I take it back?" in asks(ada, "undo that")
    assert "Taken back" in asks(ada, "yes")
    assert live(entries, "shipping") == SHIPPING


def test_what_cannot_be_an_answer_is_refused_before_the_yes(ada: Seller, entries: Entries) -> None:
    """One answer that cannot be read would silence all of the shop's."""
    assert "I cannot write that" in asks(ada, "change my shipping answer to we ship {soon}")
    assert "nothing waiting" in asks(ada, "yes")
    assert live(entries, "shipping") == SHIPPING


def test_a_change_by_somebody_else_in_between_is_not_lost(ada: Seller, entries: Entries) -> None:
    assert "Within sixty days, free of charge." in asks(ada, "change my returns answer to sixty days")
    theirs = ShopAnswer(id="returns", question="Can I send it back?", answer="Within 14 days, free of charge.")
    assert isinstance(entries.save(SHOP, "answer", "returns", theirs, "Bob", NOW), Saved)
    assert "Bob has changed that answer in the meantime" in asks(ada, "yes")
    assert entries.draft(SHOP, "answer", "returns").read(ShopAnswer) == theirs  # type: ignore[union-attr]
    entries.discard(SHOP, [("answer", "returns")], "Bob", NOW)


def test_who_may_only_look_changes_nothing(service: Running, entries: Entries) -> None:
    with signed_in(service, Role.VIEWER, SHOP) as viewer:
        before = entries.revision(SHOP), entries.draft_revision(SHOP)
        assert "Nothing was looked for in vain this week." in asks(viewer, "what did customers fail to find this week")
        for order in ("change my shipping answer to three days", "publish my changes", "undo that"):
            assert "needs a manager or the owner" in asks(viewer, order) or "published already" in asks(viewer, order)
            asks(viewer, "yes")
        assert (entries.revision(SHOP), entries.draft_revision(SHOP)) == before


def test_a_question_is_heard_and_answered_aloud(ada: Seller) -> None:
    recording = say("what did customers fail to find this week")
    headers = {"X-CSRF-Token": form_token(ada.cookie), "Content-Type": "audio/wav", "Origin": ada.url.rstrip("/")}
    heard = ada.http.post(ada.address("ask/recording"), content=recording, headers=headers)
    assert heard.status_code == 200, heard.text
    assert heard.json()["speech"].startswith("Nothing was looked for in vain")
    sound = ada.get("ask/speech")
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content.startswith(b"RIFF")
    refused = ada.http.post(ada.address("ask/recording"), content=b"no sound", headers=headers)
    assert refused.status_code == 422


async def test_the_page_is_used_by_keyboard_alone(ada: Seller) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await ada.page(browser, "ask")
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        await page.locator("#said").focus()
        await page.keyboard.type("which questions could you not answer")
        await page.keyboard.press("Enter")
        await expect(page.locator("#newest")).to_contain_text("I had an answer to every question")
        await expect(page.locator("#said")).to_have_value("")
        await expect(page.locator("#said")).to_be_focused()
        assert await faults(page) == []
        assert mistakes == []
        await browser.close()
