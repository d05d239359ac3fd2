"""The pages on answers: written, found, moved, taken in and out as files, by keyboard, by two at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import av
import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.media.images import as_jpeg, read_info
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswer, ShopAnswers
from tests.pages.browser import NARROW, faults, launch
from tests.service.chatting import chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHOP = "well-answered"
EVIL = "<img src=x onerror=\"document.title='evil'\">{{ 7 * 7 }}</script>"
RETURNS = {
    "question": "Can I send it back?",
    "variants": "return policy\nmoney back",
    "answer": "Within {return_days}.",
}


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    store = Store(DataPaths(service.data_dir).database_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def seller(service: Running, store: Store) -> Iterator[Seller]:
    """The owner of a shop that has no answers yet."""
    Catalogues(store.engine).put_shop(Shop(id=SHOP, name="Well Answered"))
    with signed_in(service, Role.OWNER, SHOP, store) as found:
        yield found
    forget_shop(store.engine, SHOP)


@pytest.fixture(autouse=True)
def answers(store: Store, seller: Seller) -> Iterator[ShopAnswers]:
    """Those of the shop; each test begins without any."""
    answers = ShopAnswers(store.engine)
    yield answers
    answers.replace(SHOP, [])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def drafts(answers: ShopAnswers) -> list[ShopAnswer]:
    return answers.all(SHOP, draft=True)


def given(answers: ShopAnswers, *some: ShopAnswer) -> None:
    answers.save_many(SHOP, "answer", {one.id: one for one in some}, "Somebody", datetime.now(UTC))


def a_picture() -> bytes:
    return as_jpeg(av.VideoFrame(64, 48, "rgb24"), 64, 48)


async def test_an_answer_is_written_published_and_given(service: Running, seller: Seller, answers: ShopAnswers) -> None:
    assert "No answers yet" in seller.get("answers").text
    form = seller.get("answers/new?question=Can+I+send+it+back%3F")
    assert "Can I send it back?" in form.text
    more = {"buttons.0.label": "How?", "buttons.0.does": "say", "buttons.0.say": "How do I return it?"}
    sent = RETURNS | more | {"token": hidden(form, "token"), "seen": "0", "do": "save", "folder": "Orders / Returns"}
    for _ in range(2):  # a double click
        saved = seller.post("answers/new", **sent)
        assert saved.status_code == 303
    (kept,) = drafts(answers)
    assert (kept.wordings, kept.folder) == (("Can I send it back?", "return policy", "money back"), "Orders/Returns")
    listed = seller.get("answers").text
    assert "New, not published" in listed
    assert answers.all(SHOP) == []
    assert seller.post("answers", id=kept.id, do="publish").status_code == 303
    assert answers.all(SHOP) == [kept]
    async with chatting(service, SHOP) as shopper:
        answer = await shopper.ask("what is your return policy?")
    assert answer["text"] == "Within 30 days."
    assert answer["quick_replies"] == [{"text": "How?", "utterance": "How do I return it?"}]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answer": "Hi {custmer_name}"}, "{customer_name}"),
        ({"answer": "Hi {customer_name|{shop_name}}"}, "within another one"),
        ({"answer": "Hi\n{shop_name"}, "line 2, character 1"),
        ({"answer": ""}, "Please fill this in."),
        ({"question": EVIL * 20}, "at most 500"),
        ({"answer": EVIL}, "braces"),
        ({"folder": "a/b/c/d/e/f"}, "5 times"),
        ({"begins": "2026-02-30"}, "2026-03-31"),
        ({"begins": "2026-03-02", "ends": "2026-03-01"}, "before the first"),
        ({"buttons.0.label": EVIL, "buttons.0.does": "link", "buttons.0.link": "javascript:alert(1)"}, "like https:"),
        ({"buttons.0.label": "x", "buttons.0.does": "card", "buttons.0.card": "no such thing"}, "no product"),
        ({"links.0.label": "x", "links.0.url": "data:text/html,x"}, "like https:"),
        ({"pictures.0.name": "../../secret.key", "pictures.0.alt": "x"}, "upload it again"),
        ({"pictures.0.name": f"{1:020}.jpg", "pictures.0.alt": "x"}, "upload it again"),
        ({"conditions.page": "/a b"}, "blanks"),
        ({f"buttons.{number}.label": "x" for number in range(199)}, "6"),
    ],
)
async def test_what_cannot_be_kept_is_told_shown_again_and_changes_nothing(
    seller: Seller, answers: ShopAnswers, fields: dict[str, str], said: str
) -> None:
    page = seller.post("answers/new", do="save", seen="0", token="abc123", **RETURNS | fields)
    assert page.status_code == 422, page.text[-500:]
    assert said in page.text.replace("&#39;", "'").replace("&quot;", '"')
    assert "nothing you wrote is lost" in page.text
    assert EVIL not in page.text
    assert drafts(answers) == []


async def test_of_two_editors_neither_loses_and_nobody_else_sees_it(
    service: Running, seller: Seller, answers: ShopAnswers
) -> None:
    given(answers, ShopAnswer(id="hours", question="When are you open?", answer="9 to 5."))
    seen = hidden(seller.get("answers/hours"), "seen")
    mine = {"question": "When are you open?", "answer": "10 to 6.", "do": "save", "seen": seen}
    assert seller.post("answers/hours", **mine | {"answer": "8 to 4."}).status_code == 303
    warned = seller.post("answers/hours", **mine)
    assert warned.status_code == 409
    assert "10 to 6." in warned.text
    assert "8" in warned.text
    assert drafts(answers)[0].answer == "8 to 4."
    assert seller.post("answers/hours", **mine | {"seen": hidden(warned, "seen")}).status_code == 303
    assert drafts(answers)[0].answer == "10 to 6."
    with signed_in(service, Role.OWNER) as other:
        for path in ("answers/hours", f"/console/{SHOP}/answers/hours", f"/console/{SHOP}/answers"):
            assert other.get(path).status_code == 404
            assert other.post(path, **mine).status_code == 404
    with signed_in(service, Role.AGENT, SHOP) as agent:
        assert agent.get("answers/hours").status_code == 200
        assert agent.post("answers/hours", **mine).status_code == 403
        assert agent.post("answers", id="hours", do="delete").status_code == 403
    assert drafts(answers)[0].answer == "10 to 6."


async def test_a_picture_is_drawn_anew_and_what_only_says_that_it_is_one_is_refused(
    seller: Seller, answers: ShopAnswers
) -> None:
    fields = RETURNS | {"do": "upload", "seen": "0", "token": "abc123"}
    jpeg = a_picture() + b"<script>alert(1)</script>"
    for wrong in (
        ("size.png", jpeg, "image/png"),
        ("size.jpg", jpeg, "image/png"),
        ("size.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("size.jpg", b"\xff\xd8\xff" + bytes(99), "image/jpeg"),
        ("size.jpg", b"", "image/jpeg"),
    ):
        refused = seller.post("answers/new", files={"picture": wrong}, **fields)
        assert refused.status_code == 422, wrong[0]
        assert "Within {return_days}." in refused.text
    shown = seller.post("answers/new", files={"picture": ("Size Chart.JPG", jpeg, "image/jpeg")}, **fields)
    name = hidden(shown, "pictures.0.name")
    picture = seller.http.get(f"/shops/{SHOP}/answers/{name}")
    assert picture.headers["content-type"] == "image/jpeg"
    assert b"script" not in picture.content
    assert read_info(picture.content).width == 64
    assert seller.http.get(f"/shops/nordfell/answers/{name}").status_code == 404
    saved = fields | {"do": "save", "pictures.0.name": name, "pictures.0.alt": ""}
    assert seller.post("answers/new", **saved).status_code == 422, "a picture has a text for those who do not see it"
    assert seller.post("answers/new", **saved | {"pictures.0.alt": "Sizes"}).status_code == 303
    assert drafts(answers)[0].pictures[0].alt == "Sizes"


async def test_many_are_moved_dated_deleted_and_all_of_it_is_taken_back(seller: Seller, answers: ShopAnswers) -> None:
    given(answers, *(ShopAnswer(id=f"a{n}", question=f"What is {n}?", answer=f"{n}", folder="Old") for n in range(60)))
    assert seller.get("answers?page=2").text.count('data-testid="answer"') == 10
    some: dict[str, Any] = {"id": ["a1", "a2", "of another shop"]}
    moved = seller.post("answers", do="move", folder_new="New/Deep", **some)
    assert [one.folder for one in drafts(answers)[:4]] == ["Old", "New/Deep", "New/Deep", "Old"]
    assert seller.post("answers", do="dates", ends="2020-01-01", **some).status_code == 303
    assert seller.get("answers?show=expired").text.count('data-testid="answer"') == 2
    assert seller.post("answers", do="dates", begins="soon", **some).status_code == 422
    assert seller.post("answers", do="undate", **some).status_code == 303
    everything = seller.post("answers", do="delete", everything="1", folder="Old")
    assert [one.id for one in drafts(answers)] == ["a1", "a2"]
    back = seller.get(f"/console/{SHOP}/{everything.headers['location'].split('/', 3)[3]}")
    assert seller.post("answers/undo", undo=hidden(back, "undo")).status_code == 303
    assert len(drafts(answers)) == 60
    stale = seller.get(f"/console/{SHOP}/{moved.headers['location'].split('/', 3)[3]}")
    assert seller.post("answers/undo", undo=hidden(stale, "undo")).status_code == 303
    assert drafts(answers)[1].folder == "New/Deep", "changed since: it stays"
    assert "cannot be taken back" in seller.get(seller.post("answers/undo", undo="x").headers["location"]).text


async def test_a_file_is_looked_at_before_its_good_rows_are_taken(seller: Seller, answers: ShopAnswers) -> None:
    table = f"Frage;Text\nGr\xf6\xdfe 52?;Ja, bis 60.\n{EVIL}?;\nPreis?;=1+1\n".encode("cp1252")
    looked = seller.post("answers/import", files={"file": ("fragen.csv", table, "text/csv")})
    assert "Windows-1252" in looked.text
    assert "Import the" in looked.text
    assert EVIL not in looked.text
    assert drafts(answers) == []
    token = hidden(looked, "token")
    other = seller.post("answers/import", token=token, names="yes", column=["Answer", "Question"], do="look")
    assert "How they will be" in other.text
    taken = seller.post("answers/import", token=token, names="yes", column=["Question", "Answer"], do="take")
    assert taken.status_code == 303
    assert [(one.question, one.answer) for one in drafts(answers)] == [("Größe 52?", "Ja, bis 60."), ("Preis?", "=1+1")]
    assert seller.post("answers/import", token=token, do="take").status_code == 422, "taken twice"
    for kind in ("csv", "json"):
        export = seller.get(f"answers/export?as={kind}")
        again = seller.post("answers/import", files={"file": (f"a.{kind}", export.content, "text/csv")})
        assert "all of this already" in again.text, kind
    for name, content in (
        ("wide.csv", ",".join(f"c{n}" for n in range(10_000)).encode()),
        ("a.csv", b""),
        ("a.xlsx", bytes(range(256)) * 9),
        ("a.json", b'[{"question'),
    ):
        refused = seller.post("answers/import", files={"file": (name, content, "text/csv")})
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    for token in ("../../secret.key", "0" * 32, ""):
        assert seller.post("answers/import", token=token, do="take").status_code == 422
    assert len(drafts(answers)) == 2


async def test_ten_thousand_answers_make_no_page_heavy(seller: Seller, answers: ShopAnswers) -> None:
    many = (ShopAnswer(id=f"m{n}", question=f"Question {n} " + "x" * 400, answer="y" * 2_000) for n in range(10_000))
    given(answers, *many)
    for path in ("answers", "answers?page=200", "answers?show=changed&page=7", "answers/m77"):
        page = seller.get(path)
        assert page.status_code == 200
        assert len(page.content) < 100_000, path


async def test_every_page_is_fit_for_all(seller: Seller, answers: ShopAnswers, browser: Browser) -> None:
    given(
        answers,
        ShopAnswer(id="back", question="Can I send it back?", answer="Within 30 days."),
        ShopAnswer(id="return", question="Can I send things back?", answer="Within 60 days."),
    )
    answers.publish(SHOP, "Somebody", datetime.now(UTC))
    page = await seller.page(browser, "answers", width=NARROW)
    for path in ("answers", "answers/back", "answers/import", "answers/export", "answers?q=nothing+like+that"):
        await page.goto(seller.url.rstrip("/") + seller.address(path))
        assert await faults(page) == []
    await page.goto(seller.url.rstrip("/") + seller.address("answers/check"))
    await expect(page.get_by_test_id("contradiction")).to_contain_text("30 days")
    assert await faults(page) == []
    await page.goto(seller.url.rstrip("/") + seller.address("answers/import"))
    table = b"question,answer\nWhere?,Here\nWhen?,\n"
    await page.locator("#file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": table})
    await page.get_by_test_id("look").click()
    await expect(page.get_by_test_id("wrong")).to_contain_text("There is no answer.")
    assert await faults(page) == []
    await page.context.close()


async def test_the_editor_checks_while_one_writes_and_shows_what_customers_meet(
    seller: Seller, answers: ShopAnswers, browser: Browser
) -> None:
    given(answers, ShopAnswer(id="back", question="Can I send it back?", answer="Within 30 days."))
    page = await seller.page(browser, "answers/new", width=360, height=740)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    await page.get_by_label("Question", exact=True).fill("Can I send things back?")
    await page.get_by_label("Answer", exact=True).fill("Hi {custmer_name}, within 60 days.")
    await expect(page.get_by_test_id("told")).to_contain_text("{customer_name}")
    await expect(page.get_by_test_id("like")).to_contain_text("60 days")
    await page.get_by_label("Answer", exact=True).fill("Hi {customer_name}, of course.")
    await expect(page.get_by_test_id("told")).to_contain_text("{customer_name|there}")
    await expect(page.locator("#preview")).to_contain_text("Hi Ada, of course.")
    await page.get_by_role("button", name="Add a button").press("Enter")
    await expect(page.get_by_label("Label")).to_be_focused()
    await page.keyboard.type("How?")
    await page.get_by_label("What it says").fill("How does it work?")
    await expect(page.locator("#preview").get_by_role("button", name="How?")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_test_id("save").press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert next(one for one in drafts(answers) if one.id != "back").buttons[0].say == "How does it work?"
    assert mistakes == []
    await page.context.close()
