"""The set-up, publishing and versions, as a seller uses them; and what others must not be able to do there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Opening, Shop
from skills.storefront import Entries, ShopAnswer
from skills.storefront.behaviour import Hours, OwnWording
from skills.storefront.behaviour.hours import HOURS_ID
from skills.storefront.profile import profile_of
from tests.pages.browser import axe_violations, launch
from tests.service import new_seller
from tests.service.console import Seller, signed_in
from tests.service.running import Running

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Own:
    """A shop of one test's own, with the owner signed in."""

    seller: Seller
    entries: Entries
    catalogues: Catalogues

    @property
    def id(self) -> str:
        return self.seller.shop

    def save(self, identity: str, says: str, by: str = "Ben") -> None:
        answer = ShopAnswer(id=identity, question=f"What about {identity}?", answer=says)
        self.entries.save(self.id, "answer", identity, answer, by, NOW)

    def hidden(self, path: str, name: str) -> str:
        """A hidden field of a page."""
        found = re.search(f'name="{name}" value="([^"]*)"', self.seller.get(path).text)
        assert found
        return found[1]

    @property
    def shop(self) -> Shop:
        shop = self.catalogues.shop(self.id)
        assert shop is not None
        return shop


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    store = Store(DataPaths(service.data_dir).database_url)
    yield store
    store.close()


@pytest.fixture
def own(service: Running, store: Store) -> Iterator[Own]:
    catalogues, shop = Catalogues(store.engine), f"lamps-{uuid4().hex[:8]}"
    catalogues.put_shop(Shop(id=shop, name="Lamps"))
    with signed_in(service, Role.OWNER, shop, store) as seller:
        yield Own(seller, Entries(store.engine), catalogues)
    forget_shop(store.engine, shop)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_from_an_invitation_to_a_bot_that_answers(browser: Browser, service: Running, store: Store) -> None:
    """All on a phone; each page is looked at by axe."""
    shop = f"lamps-{uuid4().hex[:8]}"
    page = await browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(new_seller.WITHIN_MS)
    journey = new_seller.Journey(page, axe=True)
    try:
        await new_seller.begin(journey, service.url + new_seller.invited(store, shop))
        await new_seller.describe(journey)
        await new_seller.skip_products(journey)
        await new_seller.bring_questions(journey)
        await new_seller.publish(journey)
        asked = [(question, answer) for question, answer, _ in new_seller.QUESTIONS[:2]]
        assert await new_seller.ask_all(journey, asked) == []
        assert journey.violations == []
    finally:
        await page.close()
        forget_shop(store.engine, shop)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_changes_is_seen_before_it_is_live(browser: Browser, own: Own) -> None:
    """And what was before can be had back, after it was shown."""
    own.save("pay", "By card.")
    own.entries.publish(own.id, "Ben", NOW, "First")
    own.save("pay", "By card or on account.")
    own.save("post", "Two days.")
    page = await own.seller.page(browser, "publish", width=360)
    assert await page.locator("td.diff ins").first.inner_text() == " or on account"
    assert await axe_violations(page) == []
    await page.get_by_label("What is new").fill("Accounts")
    await page.get_by_test_id("publish-all").click()
    await page.get_by_text("Live now: 2 changes.").wait_for()
    assert {one.data["answer"] for one in own.entries.live(own.id, "answer")} == {"By card or on account.", "Two days."}
    await page.get_by_role("link", name="Earlier versions").click()
    await expect(page.get_by_test_id("version")).to_have_count(2)
    assert await axe_violations(page) == []
    await page.get_by_role("link", name="Go back to version 1").click()
    await page.get_by_text("These are the 2 changes").wait_for()
    assert await axe_violations(page) == []
    await page.get_by_test_id("go-back").click()
    await page.get_by_text("Live now: what version 1 was.").wait_for()
    assert [one.data["answer"] for one in own.entries.live(own.id, "answer")] == ["By card."]
    await page.context.close()


def test_nothing_is_published_that_was_not_seen(own: Own) -> None:
    own.save("pay", "By card.")
    seen = own.hidden("publish", "seen")
    own.save("pay", "Never.", by="Ben")
    told = own.seller.post("publish", which="all", seen=seen)
    assert told.status_code == 422
    assert "Somebody has changed something" in told.text
    assert own.entries.live(own.id, "answer") == []
    tick = f"answer pay {own.entries.changes(own.id)[0].revision}"
    assert own.seller.post("publish", which="chosen").status_code == 422
    assert own.seller.post("publish", which="chosen", entry=tick).status_code == 303
    assert own.seller.post("publish", which="chosen", entry=tick).status_code == 303, "sent twice"
    assert own.entries.revision(own.id) == 1
    assert "nothing left to publish" in own.seller.get("publish").text


def test_two_who_fill_in_the_same_are_told_and_other_parts_are_kept(own: Own) -> None:
    was = own.hidden("setup/shop", "was")
    theirs = profile_of(own.shop).model_copy(update={"accent": "#5b3fa0"})
    own.entries.save(own.id, "profile", "shop", theirs, "Ben", NOW, 0)
    form = {"name": "Lamplight", "time_zone": "Europe/Berlin", "email": "a@lamps.example", "sites": "lamps.example"}
    assert own.seller.post("setup/shop", was=was, **form).status_code == 303, "another part is no conflict"
    told = own.seller.post("setup/shop", was=was, **form | {"name": "Lanterns"})
    assert told.status_code == 409
    assert "has saved this too" in told.text
    assert 'value="Lanterns"' in told.text
    again = re.search('name="was" value="([^"]*)"', told.text)
    assert again
    assert own.seller.post("setup/shop", was=again[1], **form | {"name": "Lanterns"}).status_code == 303
    entry = own.entries.draft(own.id, "profile", "shop")
    assert entry is not None
    assert (entry.data["name"], entry.data["accent"]) == ("Lanterns", "#5b3fa0")
    assert entry.data["origins"] == ["https://lamps.example"]
    assert own.shop.name == "Lamps", "nothing is live before it is published"


@pytest.mark.parametrize(
    ("step", "fields", "said"),
    [
        ("shop", {"name": "", "time_zone": "UTC"}, "Please fill this in"),
        ("shop", {"name": "x" * 81, "time_zone": "UTC"}, "at most 80"),
        ("shop", {"name": "L", "time_zone": "Mars/Olympus"}, "not known"),
        ("shop", {"name": "L", "time_zone": "UTC", "email": "nobody"}, "anna@example.org"),
        ("shop", {"name": "L", "time_zone": "UTC", "sites": "javascript:alert(1)"}, "no address of a site"),
        ("voice", {"greeting": "Hi {customer", "tone": "warm"}, "problem"),
        ("voice", {"greeting": "Hi", "tone": "rude"}, "choose one of these"),
        ("look", {"accent": "#ffee88"}, "hard to read"),
        ("look", {"accent": "red;}"}, "Please choose a colour"),
        ("hours", {"begin-0": "9", "end-0": "25:00"}, "Monday like 09:00"),
        (
            "delivery",
            {"ways.0.name": "Post", "ways.0.price": "-1", "ways.0.least": "5", "ways.0.most": "2"},
            "sum like",
        ),
        ("delivery", {"ways.0.name": "<script>alert(1)</script>", "ways.0.price": "x"}, "&lt;script&gt;"),
        ("returns", {"days": "999", "cancel_hours": "2", "warranty_months": "0"}, "730 or less"),
        ("products", {"address": "file:///etc/passwd"}, "https://"),
        ("questions", {"pasted": "  "}, "Choose a file"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    own: Own, step: str, fields: dict[str, str], said: str
) -> None:
    told = own.seller.post(f"setup/{step}", was=own.hidden("setup/shop", "was"), seen="0", **fields)
    assert told.status_code == 422
    assert said in told.text
    assert "<script>alert" not in told.text
    assert own.entries.waiting(own.id) == {}


def test_strangers_find_nothing_and_viewers_change_nothing(service: Running, store: Store, own: Own) -> None:
    own.save("pay", "By card.")
    own.entries.publish(own.id, "Ben", NOW)
    own.save("pay", "Never.")
    with signed_in(service, Role.OWNER, "nordfell", store) as stranger:
        for path in ("setup", "setup/live", "publish", "versions", "versions/1/back", "versions/compare?from=0&to=1"):
            assert stranger.get(f"/console/{own.id}/{path}").status_code == 404
        for path in ("publish", "publish/discard", "versions/1/back", "setup/live"):
            assert stranger.post(f"/console/{own.id}/{path}", which="all", entry="answer pay 2").status_code == 404
    with signed_in(service, Role.VIEWER, own.id, store) as viewer:
        assert viewer.get("publish").status_code == 200
        assert viewer.post("publish", which="all").status_code == 403
        assert viewer.post("publish/discard", entry="answer pay 2").status_code == 403
        assert viewer.post("versions/1/back", where="live").status_code == 403
        assert viewer.post("setup/shop", name="Mine").status_code == 403
    assert own.seller.get("versions/77/back").status_code == 404
    assert own.seller.get("versions/compare?from=0&to=99999999999").status_code == 404
    assert [one.data["answer"] for one in own.entries.live(own.id, "answer")] == ["By card."]
    assert [one.after and one.after["answer"] for one in own.entries.changes(own.id)] == ["Never."]


def test_a_tone_changes_the_assistants_words_but_not_the_sellers(own: Own) -> None:
    form = {"greeting": "Hello!", "suggestions": "Where is my order?", "was": own.hidden("setup/voice", "was")}
    assert own.seller.post("setup/voice", seen="0", tone="warm", **form).status_code == 303
    warm = {one.id: str(one.data["text"]) for one in own.entries.drafts(own.id, "wording")}
    assert "pleasure" in warm["utter_thanks"]
    mine = own.entries.drafts(own.id, "wording")[0]
    ours = OwnWording(reply=mine.id, text="As we say it.")
    own.entries.save(own.id, "wording", mine.id, ours, "Olga", NOW)
    form["was"] = own.hidden("setup/voice", "was")
    assert (
        own.seller.post("setup/voice", seen=own.hidden("setup/voice", "seen"), tone="plain", **form).status_code == 303
    )
    left = {one.id: str(one.data["text"]) for one in own.entries.drafts(own.id, "wording")}
    assert left == {mine.id: "As we say it."}


def test_a_change_that_somebody_has_edited_since_is_not_discarded_unseen(own: Own) -> None:
    own.save("parcel", "Two days.")
    shown = own.hidden("publish", "entry")
    own.save("parcel", "Three days.", by="Cleo")
    assert own.seller.post("publish/discard", entry=shown).status_code == 303
    assert "somebody has changed it meanwhile" in own.seller.get("publish").text
    draft = own.entries.draft(own.id, "answer", "parcel")
    assert draft is not None
    assert draft.read(ShopAnswer).answer == "Three days."


def test_a_week_that_the_step_only_shows_stays(own: Own) -> None:
    week = tuple(Opening(day=0, begin=begin, end=begin + 180) for begin in (540, 780))
    own.entries.save(own.id, "hours", HOURS_ID, Hours(week=week), "Ben", NOW)
    seen = own.hidden("setup/hours", "seen")
    assert own.seller.post("setup/hours", seen=seen).status_code == 303
    draft = own.entries.draft(own.id, "hours", HOURS_ID)
    assert draft is not None
    assert draft.read(Hours).week == week
