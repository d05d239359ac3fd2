"""Sessions of one shop each, and customers whom a shop's site vouches for."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.sessions import VOUCHED_AT_MOST_S, Sessions, Shopper, signed
from assistant.errors import ServiceError

NOW = 1_790_000_000.0
SOON = int(NOW) + 3_600


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    return Sessions(tmp_path_factory.mktemp("sessions"))


def vouching(sessions: Sessions, shop: str, claims: object) -> str:
    """What a shop's site makes."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"v1.{payload}.{signed(payload, sessions.vouching_secret(shop))}"


def refusal(sessions: Sessions, token: str, shop: str = "nordfell") -> str:
    with pytest.raises(ServiceError) as refused:
        sessions.read(token, shop, NOW)
    return refused.value.code


def test_a_session_is_its_shoppers_in_its_shop_alone(sessions: Sessions) -> None:
    shopper = sessions.new("nordfell")
    token = sessions.token(shopper)
    assert sessions.read(token, "nordfell", NOW) == shopper
    assert refusal(sessions, token, "mossgarden") == "session_invalid"
    assert sessions.new("nordfell").id != shopper.id


def test_another_service_issues_no_sessions_here(sessions: Sessions, tmp_path: Path) -> None:
    other = Sessions(tmp_path)
    assert refusal(sessions, other.token(other.new("nordfell"))) == "session_invalid"


@given(st.text(max_size=80) | st.binary(max_size=40).map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_what_is_made_up_opens_nothing(sessions: Sessions, token: str) -> None:
    assert refusal(sessions, token) == "session_invalid"


@given(st.data())
def test_a_changed_session_opens_nothing(sessions: Sessions, data: st.DataObject) -> None:
    token = sessions.token(Shopper("nordfell", "a" * 32))
    at = data.draw(st.integers(0, len(token) - 2))  # the last letter has bits that mean nothing
    letter = data.draw(st.sampled_from("ABCabc123-_.").filter(lambda one: one != token[at]))
    assert refusal(sessions, token[:at] + letter + token[at + 1 :]) == "session_invalid"


def test_a_customer_is_the_same_shopper_on_every_device_until_the_identity_ends(sessions: Sessions) -> None:
    identity = vouching(sessions, "nordfell", {"id": "c-17", "exp": SOON})
    customer = sessions.vouched(identity, "nordfell", NOW)
    assert (customer.customer, customer.until) == ("c-17", SOON)
    assert customer == sessions.vouched(identity, "nordfell", NOW + 60)
    token = sessions.token(customer)
    assert sessions.read(token, "nordfell", NOW) == customer
    with pytest.raises(ServiceError):
        sessions.read(token, "nordfell", SOON)


def test_customers_of_two_shops_are_two_shoppers(sessions: Sessions) -> None:
    found = [
        sessions.vouched(vouching(sessions, shop, {"id": "c-17", "exp": SOON}), shop, NOW).id
        for shop in ("nordfell", "mossgarden")
    ]
    assert found[0] != found[1]


@pytest.mark.parametrize(
    "claims",
    [
        {"id": "c-17", "exp": int(NOW)},
        {"id": "c-17", "exp": int(NOW) + VOUCHED_AT_MOST_S + 1},
        {"id": "", "exp": SOON},
        {"id": "x" * 65, "exp": SOON},
        {"id": "c\n17", "exp": SOON},
        {"id": "c-17", "exp": str(SOON)},
        {"id": "c-17", "exp": SOON, "admin": True},
        ["c-17", SOON],
        {"id": "c-17"},
    ],
)
def test_an_identity_that_is_signed_but_wrong_vouches_for_nobody(sessions: Sessions, claims: object) -> None:
    with pytest.raises(ServiceError, match=r".") as refused:
        sessions.vouched(vouching(sessions, "nordfell", claims), "nordfell", NOW)
    assert refused.value.code == "identity_invalid"


@pytest.mark.parametrize("other", ["v1.e30.", "v1..", "", "v2.a.b", "v1.e30.é", "."])
def test_nobody_vouches_without_the_shops_secret(sessions: Sessions, other: str) -> None:
    foreign = vouching(sessions, "mossgarden", {"id": "c-17", "exp": SOON})
    for identity in (other, foreign):
        with pytest.raises(ServiceError) as refused:
            sessions.vouched(identity, "nordfell", NOW)
        assert refused.value.code == "identity_invalid"
