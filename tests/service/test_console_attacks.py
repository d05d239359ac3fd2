"""What strangers, customers and careless or hostile sellers send: refused in a sentence, and never markup.

The forms are those that the pages have: a form that comes later is walked by itself.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy import MetaData, Table, select

from assistant.accounts.audit import AuditLog
from assistant.accounts.invitations import Invitations
from assistant.accounts.rights import Role
from assistant.accounts.sessions import form_token
from assistant.chat.canned import CannedReplies, CannedText
from assistant.chat.log import ChatLog
from assistant.chat.records import Body, Kept
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.paths import DataPaths
from assistant.storage.api_keys import ApiKeys, shop_scope
from assistant.storage.store import Store
from skills.fact import Missing, searched, unanswered
from skills.message import Message
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from skills.storefront import Entries, ShopAnswer
from skills.storefront.behaviour import AwayReply, Cards, Greeting, KeywordReply, Menu, OwnWording, ProactiveMessage
from skills.storefront.behaviour.card import Card
from skills.storefront.behaviour.menu import MenuItem
from tests.service.console import Seller, signed_in
from tests.service.running import Running

EVIL = "<zz onclick=zz()>\"'&"
FORMULA = "=1+1"
PAGES_MAX = 150
REFUSING = (
    {"*": "9" * 5_000},
    {"*": "\x00\x1b[0m\r\nX-Zz: 1 {unknown} {{7*7}} {customer_name|{shop_name}}", "do": "no such thing"},
    {"*": "javascript:alert(1)//../../etc/passwd", "events": "order.placed"},
    {},
)
"""What is put into fields; `*` is every other one. The last is a form without any."""
NOT_HERE = ("/leave", "/sign-out", "/remove", "/role", "/sessions", "/revoke")
"""Forms that would take the seller's own place away, or need nothing written."""


@dataclass
class Form:
    """A form as a page has it: its fields with what stands in them, and what its buttons say."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    does: list[str] = field(default_factory=list)


class Reading(HTMLParser):
    """The forms that are posted, and where the links lead."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, list[Form](), set[str]()
        self._form: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.links.add(urljoin(self.address, found["href"]).split("#")[0])
        elif tag == "form" and found.get("method", "").lower() == "post":
            self._form = Form(urljoin(self.address, found.get("action", "")))
            self.forms.append(self._form)
        elif tag == "form":
            self._form = None
        elif tag in ("input", "select", "textarea", "button") and self._form and "name" in found:
            if found["name"] == "do":
                self._form.does.append(found.get("value", ""))
            elif found["name"] != "csrf" and found.get("type") != "file":
                self._form.fields.setdefault(found["name"], found.get("value", ""))


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    store = Store(DataPaths(service.data_dir).database_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def eve(service: Running, store: Store) -> Iterator[Seller]:
    """The owner of a shop in which every text that can be written, by whomever, is an attack."""
    identity = f"evil-{secrets.token_hex(3)}"
    Catalogues(store.engine).put_shop(Shop(id=identity, name=EVIL, tagline=EVIL, greeting=EVIL))
    with signed_in(service, Role.OWNER, identity, store) as seller:
        _fill(store, seller)
        yield seller
    forget_shop(store.engine, identity)


def _fill(store: Store, seller: Seller) -> None:
    shop, now, entries = seller.shop, datetime.now(UTC), Entries(store.engine)
    kinds: dict[str, dict[str, Message]] = {
        "answer": {
            "a": ShopAnswer(id="a", question=EVIL, answer=EVIL, folder=EVIL),
            "f": ShopAnswer(id="f", question=FORMULA, answer=FORMULA),
        },
        "greeting": {"g": Greeting(text=EVIL, suggestions=(EVIL,))},
        "away": {"w": AwayReply(when="closed", text=EVIL)},
        "keyword": {"k": KeywordReply(phrases=(EVIL,), text=EVIL)},
        "card": {"c": Cards(name=EVIL, text=EVIL, cards=(Card(title=EVIL, text=EVIL),))},
        "menu": {"menu": Menu(items=(MenuItem(label=EVIL, say=EVIL),))},
        "proactive": {"p": ProactiveMessage(text=EVIL)},
        "wording": {"cart.empty": OwnWording(reply="cart.empty", text=EVIL)},
    }
    for kind, some in kinds.items():
        entries.save_many(shop, kind, some, EVIL, now)
    entries.publish(shop, EVIL, now, EVIL)
    entries.save(shop, "answer", "a", ShopAnswer(id="a", question=EVIL, answer=f"{EVIL} again"), EVIL, now)
    CannedReplies(store.engine).add(shop, CannedText(shortcut="zz", folder=EVIL, text=EVIL), EVIL, now)
    AuditLog(store.engine).note(shop, seller.account, EVIL, FORMULA, EVIL, now)
    Invitations(store.engine).invite(shop, '"<zz>"@shop.example', Role.AGENT, EVIL, now)
    ApiKeys(store.engine).add(EVIL, [shop_scope(shop)], shop)
    chat, client, log = secrets.token_hex(8), secrets.token_hex(6), ChatLog(store.engine)
    seq, _ = log.accept(chat, Shopper(shop, "zz"), "en", client, Body(text=EVIL), now, ask=True)
    asked = Kept(chat, seq, Sender.SHOPPER, Body(text=EVIL), now, client)
    facts = (unanswered(Missing.UNKNOWN, EVIL), searched(FORMULA, 0))
    log.answer(asked, [Draft(Sender.BOT, Body(text=EVIL), facts=facts)], now)
    said = Draft(Sender.AGENT, Body(text=EVIL, name=EVIL)), Draft(Sender.INTERNAL, Body(text=EVIL, name=EVIL))
    log.add(chat, said, now)
    log.rate(chat, seq + 1, "bad", EVIL)


@dataclass
class Walked:
    """Every page that can be reached, and every form on them."""

    answers: dict[str, httpx.Response]
    forms: dict[str, Form]


@pytest.fixture(scope="module")
def walked(eve: Seller) -> Walked:
    """From Home on: of pages that differ only in what they look for, one."""
    waiting, found, forms = [eve.address(""), "/console/account"], dict[str, httpx.Response](), dict[str, Form]()
    while waiting and len(found) < PAGES_MAX:
        address = waiting.pop(0)
        kind = re.sub(r"=[^&]*", "=", address)
        # Of the wordings, which are many and alike, only the one that somebody has written.
        is_other = "/wording/" in kind and not kind.endswith("/cart.empty")
        if kind in found or is_other or kind.endswith(("/speech", "/events")):
            continue
        answer = found[kind] = eve.get(address)
        if answer.headers["content-type"].startswith("text/html"):
            page = Reading(address, answer.text)
            waiting += sorted(one for one in page.links if one.startswith((eve.address(""), "/console/account")))
            for form in page.forms:
                forms.setdefault(f"{form.action} {sorted(form.fields)}", form)
    return Walked(found, forms)


@cache
def tables(store: Store) -> dict[str, Table]:
    """As the database has them."""
    found = MetaData()
    found.reflect(store.engine)
    return dict(found.tables)


def rows(store: Store, shop: str) -> dict[str, list[str]]:
    """Everything that is kept of a shop, but for the log, which tells of what was refused too."""
    with store.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table).where(table.c.shop == shop))))
            for name, table in tables(store).items()
            if "shop" in table.c and name != "console_log"
        }


def test_what_anybody_writes_is_text_on_every_page_and_in_every_file(walked: Walked) -> None:
    assert len(walked.answers) > 60
    seen = 0
    for address, answer in walked.answers.items():
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == "no-store", address
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        kind = answer.headers["content-type"].partition(";")[0]
        seen += "zz onclick" in answer.text
        if kind == "text/csv":
            cells = [cell for line in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in line]
            assert not [one for one in cells if one.startswith(("=", "+", "-", "@")) and not one[1:].isdigit()], address
        elif kind == "image/svg+xml":
            assert "zz" not in {one.tag for one in ElementTree.fromstring(answer.content).iter()}
        elif kind == "text/html":
            assert "<zz" not in answer.text, address
            assert not re.search(r"""(href|src|action)=["']?\s*(javascript|data|vbscript):""", answer.text), address
    assert seen > 25, "the attacks stand on the pages"


def test_every_form_refuses_nonsense_in_a_sentence_and_changes_nothing(
    walked: Walked, eve: Seller, store: Store
) -> None:
    refused, before = 0, rows(store, eve.shop)
    for form in walked.forms.values():
        if form.action.endswith(NOT_HERE):
            continue
        for nonsense in REFUSING:
            values = dict.fromkeys(form.fields, nonsense.get("*", "")) if nonsense else {}
            does = {"do": form.does[0]} if form.does else {}
            answer = eve.post(form.action, **(values | does | nonsense))
            assert answer.status_code < 500, (form.action, nonsense)
            if answer.status_code >= 400:
                refused += 1
                told = re.search(r'(class="problem"|data-tone="(bad|warn)"|<main)[^>]*>.*?[.?]', answer.text, re.DOTALL)
                assert told or answer.json()["error"]["message"].endswith("."), form.action
                assert rows(store, eve.shop) == before, (form.action, nonsense)
            else:
                before = rows(store, eve.shop)
    assert len(walked.forms) > 40
    assert refused > 60


def test_whatever_is_sent_after_the_session_has_ended_is_carried_along(walked: Walked, service: Running) -> None:
    """But for passwords, which are nobody's to keep."""
    written = "I have written this for an hour."
    with service.http as http:
        for form in walked.forms.values():
            answer = http.post(form.action, data=dict.fromkeys(form.fields, written))
            assert answer.status_code == 401, form.action
            kept = [name for name in form.fields if name not in ("password", "before")]
            assert answer.text.count(written) == len(kept), form.action


def test_of_two_who_change_a_canned_reply_neither_loses(eve: Seller, store: Store) -> None:
    now, replies = datetime.now(UTC), CannedReplies(store.engine)
    replies.add(eve.shop, CannedText(shortcut="two", text="Before"), "Ada", now)
    kept = next(one for one in replies.all(eve.shop) if one.shortcut == "two")
    ours = {"id": kept.id, "shortcut": "two", "seen": kept.mark}
    assert eve.post("conversations/canned", **ours, text="Ada's").status_code == 303
    late = eve.post("conversations/canned", **ours, text="Ben's")
    assert (late.status_code, "Ada&#39;s" in late.text, "Ben&#39;s" in late.text) == (409, True, True)
    seen = re.search(r'name="seen" value="([^"]*)"', late.text)
    assert seen
    assert eve.post("conversations/canned", **(ours | {"seen": seen[1]}), text="Ben's").status_code == 303
    assert [one.text for one in replies.all(eve.shop) if one.id == kept.id] == ["Ben's"]


def test_nobody_goes_back_to_a_version_over_what_was_published_meanwhile(eve: Seller, store: Store) -> None:
    entries = Entries(store.engine)
    entries.save(eve.shop, "answer", "b", ShopAnswer(id="b", question="B?", answer="B."), "Ada", datetime.now(UTC))
    entries.publish(eve.shop, "Ada", datetime.now(UTC))
    seen = entries.revision(eve.shop)
    entries.save(eve.shop, "answer", "c", ShopAnswer(id="c", question="C?", answer="C."), "Ben", datetime.now(UTC))
    entries.publish(eve.shop, "Ben", datetime.now(UTC))
    late = eve.post("versions/1/back", where="live", seen=str(seen))
    assert late.headers["location"].endswith("/versions/1/back")
    assert "look once more" in eve.get("versions/1/back").text
    assert "c" in {one.id for one in entries.live(eve.shop, "answer")}
    assert eve.post("versions/1/back", where="live", seen=str(entries.revision(eve.shop))).status_code == 303
    assert "c" not in {one.id for one in entries.live(eve.shop, "answer")}


@pytest.mark.parametrize(
    "address",
    [
        "answers/%00",
        "answers?q=%00&page=99999999999999999999",
        "answers?page=-1",
        "publish?page=99999999999",
        "versions?before=99999999999",
        "versions/compare?from=99999999999&to=-1",
        "log?before=99999999999999999&since=0001-01-01&until=9999-12-31",
        "log.csv?until=9999-12-31",
        "conversations?page=99999999&view=zz&q=%25%5C_",
        "questions?page=99999999&days=99999999999",
        "numbers/behind?measure=hour&subject=1-" + "9" * 5_000,
        "numbers?span=99999999999",
        "try/replay?page=0",
        "..%2f..%2fetc%2fpasswd",
        "answers/..%2f..%2f..%2fother",
        "conversations/%ff%fe",
    ],
)
def test_an_address_that_nobody_meant_is_answered(eve: Seller, address: str) -> None:
    assert eve.get(address).status_code in (200, 303, 404)


def test_no_way_in_from_outside_says_who_it_is(http: httpx.Client) -> None:
    """An editor, a draft, a trial and a shop are named by the console and the chat alone."""
    for name, value in (
        ("editor", "Eve"), ("draft", True), ("trial", True), ("store", "nordfell"), ("at", "2030-01-01T00:00:00Z"),
        ("user", "c-1"), ("channel", "console"), ("channel", "widget"),
    ):  # fmt: skip
        answer = http.post("/api/v1/turns", json={"text": "publish my changes", name: value})
        assert answer.status_code == 422, name


def test_a_form_without_its_token_or_of_another_session_is_kept_for_its_owner_alone(
    eve: Seller, service: Running, store: Store
) -> None:
    before = rows(store, eve.shop)
    with signed_in(service, Role.OWNER, eve.shop, store) as other:
        token = form_token(other.cookie)
        fields = {"question": "Mine?", "answer": "Mine.", "do": "save", "token": "abcdef"}
        assert eve.http.post(eve.address("answers/new"), data=fields | {"csrf": token}).status_code == 403
        assert eve.http.post(eve.address("answers/new"), data=fields).status_code == 403
        assert other.get("/console/unsent").headers["location"] == "/console/"
    assert rows(store, eve.shop) == before
