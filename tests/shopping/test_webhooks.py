"""A shop's systems hear of what happens: signed, until it has arrived, and never at a private address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Network
from threading import Thread

import pytest

from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.retries import ATTEMPTS
from skills.shopping.webhooks import Call, CallState, Endpoint, Refused, Webhooks, tell
from skills.shopping.webhooks.calling import refusal
from skills.shopping.webhooks.endpoint import BOTH, ENDPOINTS_MAX
from skills.shopping.webhooks.webhooks import EACH
from tests.shopping.shops import a_shop

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = [IPv4Network("127.0.0.0/8")]
PLACED = "order.placed"


class Listening(ThreadingHTTPServer):
    """A shop's own system, which answers as it is told and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.heard: list[tuple[str, Message, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sori"


class Handler(BaseHTTPRequestHandler):
    server: Listening

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append((self.path, self.headers, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def system() -> Iterator[Listening]:
    server = Listening()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(store: Store) -> str:
    identity = f"hook-{secrets.token_hex(4)}"
    Catalogues(store.engine).put_shop(a_shop(identity))
    return identity


@pytest.fixture
def webhooks(store: Store) -> Iterator[Webhooks]:
    made = Webhooks(store.engine, HERE)
    yield made
    made.close()


def added(webhooks: Webhooks, shop: str, url: str, *events: str) -> Endpoint:
    found = webhooks.add(shop, url, events or (PLACED,), NOW)
    assert isinstance(found, Endpoint)
    return found


def happens(store: Store, shop: str, event: str = PLACED, number: str = "NF-1") -> None:
    with store.engine.begin() as connection:
        tell(connection, shop, event, {"number": number}, NOW)


def the_call(webhooks: Webhooks, endpoint: Endpoint) -> Call:
    (found,) = webhooks.calls(endpoint.shop, endpoint.id)
    return found


def is_signed(secret: str, headers: Message, body: bytes) -> bool:
    """As the standard says it is to be checked: one of the signatures fits."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), content, hashlib.sha256)
    return f"v1,{base64.b64encode(mac).decode()}" in headers["webhook-signature"].split(" ")


def test_what_is_wanted_is_told_signed_and_once(store: Store, webhooks: Webhooks, shop: str, system: Listening) -> None:
    endpoint = added(webhooks, shop, system.url, PLACED)
    happens(store, shop)
    happens(store, shop, "conversation.waiting")
    assert webhooks.deliver(lambda: NOW) == 1
    assert webhooks.deliver(lambda: NOW + timedelta(days=1)) == 0
    ((path, headers, body),) = system.heard
    assert (path, json.loads(body)["type"], json.loads(body)["data"]) == ("/sori", PLACED, {"number": "NF-1"})
    assert is_signed(endpoint.secret, headers, body)
    assert not is_signed("whsec_" + base64.b64encode(b"another").decode(), headers, body)
    call = the_call(webhooks, endpoint)
    assert (call.id, call.state, call.status, call.problem) == (headers["webhook-id"], CallState.ARRIVED, 204, "")


def test_what_is_taken_back_is_not_told(store: Store, webhooks: Webhooks, shop: str, system: Listening) -> None:
    added(webhooks, shop, system.url)
    with store.engine.connect() as connection:
        tell(connection, shop, PLACED, {}, NOW)
        connection.rollback()
    assert webhooks.deliver(lambda: NOW) == 0


def test_it_is_tried_again_later_and_at_last_given_up(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    """A redirect is no success, and nobody follows it; the id stays, so that nothing is done twice there."""
    endpoint = added(webhooks, shop, system.url)
    system.answers = [302, 500] + [503] * ATTEMPTS
    happens(store, shop)
    now = NOW
    for attempt in range(1, ATTEMPTS + 1):
        assert webhooks.deliver(lambda: now) == 1  # noqa: B023 - called at once
        call = the_call(webhooks, endpoint)
        assert call.attempts == attempt
        assert call.problem
        now = call.next_at
    assert the_call(webhooks, endpoint).state is CallState.GIVEN_UP
    assert webhooks.deliver(lambda: now + timedelta(days=9)) == 0
    assert {(path, headers["webhook-id"]) for path, headers, _ in system.heard} == {("/sori", call.id)}
    system.answers = []
    assert webhooks.again(shop, endpoint.id, call.id, now)
    assert webhooks.deliver(lambda: now) == 1
    assert the_call(webhooks, endpoint).state is CallState.ARRIVED


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/x", Refused.PRIVATE),
        ("http://10.0.0.8/x", Refused.PRIVATE),
        ("http://[::1]:8080/x", Refused.PRIVATE),
        ("http://169.254.169.254/latest/meta-data", Refused.PRIVATE),
        ("http://localhost/x", Refused.PRIVATE),
        ("http://2130706433/x", Refused.PRIVATE),
        ("file:///etc/passwd", Refused.INVALID),
        ("https://user:pass@shop.example/x", Refused.INVALID),
        ("https://shop.example:99999999/x", Refused.INVALID),
        ("https://shop.example/a b", Refused.INVALID),
        ("https://1.1.1.1/caf\u00e9", Refused.INVALID),
        ("https:///x", Refused.INVALID),
        ("https://no-such-shop.invalid/x", Refused.UNKNOWN),
        ("x" * 3_000, Refused.INVALID),
    ],
)
def test_an_address_that_leads_astray_is_refused(url: str, why: Refused) -> None:
    assert refusal(url) is why
    assert why.sentence


def test_an_address_that_has_become_private_is_not_called(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    endpoint = added(webhooks, shop, system.url)
    happens(store, shop)
    guarded = Webhooks(store.engine)
    assert guarded.deliver(lambda: NOW) == 1
    guarded.close()
    assert system.heard == []
    assert "not a public address" in the_call(webhooks, endpoint).problem


def test_for_a_day_calls_bear_the_old_signature_too(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    old = added(webhooks, shop, system.url)
    new = webhooks.renew(shop, old.id, NOW)
    assert new is not None
    assert new.secret != old.secret
    happens(store, shop)
    webhooks.deliver(lambda: NOW)
    happens(store, shop)
    webhooks.deliver(lambda: NOW + BOTH)
    assert [[is_signed(one.secret, headers, body) for one in (old, new)] for _, headers, body in system.heard] == [
        [True, True],
        [False, True],
    ]


def test_the_test_button_says_what_came_back(webhooks: Webhooks, shop: str, system: Listening) -> None:
    endpoint = added(webhooks, shop, system.url)
    system.answers = [404]
    failed = webhooks.test(shop, endpoint.id, NOW)
    assert failed is not None
    assert (failed.state, failed.status, failed.problem) == (CallState.GIVEN_UP, 404, "The address answered 404.")
    arrived = webhooks.test(shop, endpoint.id, NOW)
    assert arrived is not None
    assert arrived.state is CallState.ARRIVED


def test_an_address_with_much_to_hear_leaves_room_for_the_others(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    busy, other = added(webhooks, shop, system.url, PLACED), added(webhooks, shop, system.url, "order.changed")
    for number in range(EACH + 3):
        happens(store, shop, PLACED, f"NF-{number}")
    happens(store, shop, "order.changed")
    assert webhooks.deliver(lambda: NOW) == EACH + 1
    assert the_call(webhooks, other).state is CallState.ARRIVED
    assert webhooks.deliver(lambda: NOW) == 3
    assert {call.state for call in webhooks.calls(shop, busy.id)} == {CallState.ARRIVED}


def test_nothing_of_another_shop_can_be_seen_or_changed(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    other = f"{shop}-2"
    Catalogues(store.engine).put_shop(a_shop(other))
    mine = added(webhooks, shop, system.url)
    happens(store, other)
    assert webhooks.deliver(lambda: NOW) == 0
    happens(store, shop)
    webhooks.deliver(lambda: NOW)
    assert webhooks.calls(other, mine.id) == []
    assert not webhooks.again(other, mine.id, the_call(webhooks, mine).id, NOW)
    assert webhooks.test(other, mine.id, NOW) is webhooks.renew(other, mine.id, NOW) is None
    assert webhooks.change(other, mine.id, system.url, (), paused=True) is None
    assert not webhooks.remove(other, mine.id)
    assert webhooks.all(shop) == [mine]


def test_an_address_that_is_gone_can_still_be_paused(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    endpoint = added(webhooks, shop, system.url)
    strict = Webhooks(store.engine)  # to which it is private, as it were
    changed = strict.change(shop, endpoint.id, endpoint.url, (PLACED,), paused=True)
    assert isinstance(changed, Endpoint)
    assert changed.paused
    assert strict.change(shop, endpoint.id, f"{endpoint.url}/2", (PLACED,), paused=True) is Refused.PRIVATE
    assert webhooks.one(shop, endpoint.id) == changed
    strict.close()


def test_a_paused_address_is_not_told_and_there_is_an_end_to_addresses(
    store: Store, webhooks: Webhooks, shop: str, system: Listening
) -> None:
    endpoint = added(webhooks, shop, system.url)
    webhooks.change(shop, endpoint.id, system.url, (PLACED,), paused=True)
    happens(store, shop)
    assert webhooks.calls(shop, endpoint.id) == []
    for number in range(ENDPOINTS_MAX - 1):
        added(webhooks, shop, f"{system.url}/{number}")
    assert webhooks.add(shop, f"{system.url}/more", (PLACED,), NOW) is Refused.TOO_MANY
    assert webhooks.remove(shop, endpoint.id)
