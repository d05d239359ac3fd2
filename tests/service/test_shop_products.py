"""A shop's own machines send its products over HTTP: feeds, single ones, and what nobody may do."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.running import SORI, Running, eventually

WITHIN_S = 60
FEED = (
    "id\ttitle\tdescription\tprice\tavailability\tlink\titem_group_id\tsize\n"
    "kettle\tCopper kettle\tSings <script>alert(1)</script>\t40.00 USD\tin_stock\thttps://a.example/k\t\t\n"
    "boot-m\tMoss boot\tDry feet\t80.00 USD\tin_stock\thttps://a.example/b\tboot\tM\n"
    "boot-l\tMoss boot\tDry feet\t85.00 USD\tout_of_stock\thttps://a.example/b\tboot\tL\n"
)
TABLE = "Nummer;Bezeichnung;Preis\n1;Stuhl;12,50\n2;Tisch;99\n3;Regal;49\n"


def sori(service: Running, *arguments: str | Path) -> str:
    command = [SORI, *arguments, "--data-dir", service.data_dir]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def shop(service: Running) -> Iterator[str]:
    """A shop of its own, gone afterwards."""
    identity = f"test-{secrets.token_hex(3)}"
    sori(service, "shops", "add", identity, "--name", "Test & Sons")
    yield identity
    sori(service, "shops", "remove", identity, "--yes")


@pytest.fixture(scope="module")
def merchant(service: Running, shop: str) -> Iterator[httpx.Client]:
    key = json.loads(sori(service, "keys", "add", "robot", "--shop", shop, "--json"))
    with service.http as http:
        http.headers["Authorization"] = f"Bearer {key['key']}"
        http.base_url = http.base_url.join(f"/api/v1/shops/{shop}/products/")
        yield http
    sori(service, "keys", "revoke", key["id"])


def ended(merchant: httpx.Client, begun: httpx.Response) -> dict[str, Any]:
    """How an import came out."""
    assert begun.status_code == 202, begun.text
    at = f"imports/{begun.json()['state']['id']}"

    def state() -> str:
        return str(merchant.get(at).json()["state"]["state"])

    eventually(lambda: state() not in ("waiting", "reading", "writing"), WITHIN_S, "the import's end")
    report: dict[str, Any] = merchant.get(at).json()
    return report


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_feed_is_imported_and_its_products_are_as_it_says(merchant: httpx.Client) -> None:
    begun = merchant.post("imports?source=feed.tsv", content=FEED.encode())
    assert begun.headers["location"].endswith(f"/products/imports/{begun.json()['state']['id']}")
    report = ended(merchant, begun)
    assert (report["state"]["state"], report["state"]["rows"], report["problems"]) == ("done", 3, [])
    boot = merchant.get("boot").json()
    assert [(one["sku"], one["options"], one["availability"]) for one in boot["variants"]] == [
        ("boot-m", {"size": "M"}, "in_stock"),
        ("boot-l", {"size": "L"}, "out_of_stock"),
    ]
    assert merchant.get("kettle").json()["description"] == "Sings"
    assert merchant.get("imports").json()["imports"][0]["id"] == report["state"]["id"]


def test_a_table_asks_what_its_columns_are(merchant: httpx.Client) -> None:
    report = ended(merchant, merchant.post("imports?update=1", content=TABLE.encode()))
    assert report["state"]["state"] == "needs_mapping"
    proposal = report["state"]["proposal"]
    assert proposal["rows"][0] == {"Nummer": "1", "Bezeichnung": "Stuhl", "Preis": "12,50"}
    at = f"imports/{report['state']['id']}"
    wrong = merchant.post(at, json={"mapping": {"columns": {"Nummer": "nonsense"}}})
    assert code(wrong) == (422, "request_invalid")
    report = ended(merchant, merchant.post(at, json={"mapping": proposal["mapping"]}))
    assert (report["state"]["state"], report["state"]["added"]) == ("done", 3)
    assert merchant.get("2").json()["title"] == "Tisch"
    assert code(merchant.post(at, json={"force": True})) == (409, "import_not_asking")


def test_what_was_wrong_can_be_downloaded(merchant: httpx.Client) -> None:
    report = ended(merchant, merchant.post("imports?update=true", content=FEED.replace("40.00 USD", "40 EUR").encode()))
    assert (report["state"]["state"], report["state"]["code"]) == ("needs_confirmation", "rows_bad")
    table = merchant.get(f"imports/{report['state']['id']}/problems.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "upload,2,price,currency_other" in table.text


def test_one_product_is_put_changed_and_removed(merchant: httpx.Client, shop: str) -> None:
    told = {
        "title": "Tin <b>mug</b>",
        "url": "javascript:alert(1)",
        "variants": [{"sku": "mug", "price": {"minor": 900, "currency": "USD"}, "stock": 4}],
    }
    put = merchant.put("mug", json=told).json()
    assert (put["title"], put["url"], put["shop"]) == ("Tin mug", "", shop)
    change = {"variants": [{"sku": "mug", "price": {"minor": 1100, "currency": "USD"}, "stock": 2}]}
    changed = merchant.patch("mug", json=change).json()["variants"][0]
    assert (changed["price"]["minor"], changed["stock"]) == (1100, 2)
    assert merchant.delete("mug").status_code == 204
    assert code(merchant.get("mug")) == (404, "product_unknown")


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"variants": [{"sku": "m", "price": {"minor": 900, "currency": "USD"}}]}, "request_invalid"),
        ({"title": "x", "variants": []}, "request_invalid"),
        ({"title": "x", "variants": [{"sku": "m", "price": {"minor": 900, "currency": "EUR"}}]}, "currency_other"),
        ({"title": "x", "variants": [{"sku": "m", "price": {"minor": -1, "currency": "USD"}}]}, "price_invalid"),
        (
            {"title": "x", "variants": [{"sku": "m", "price": {"minor": 900, "currency": "USD"}, "stock": -1}]},
            "request_invalid",
        ),
        (
            {"title": "x", "prices": 0, "variants": [{"sku": "m", "price": {"minor": 9, "currency": "USD"}}]},
            "request_invalid",
        ),
        ([], "request_invalid"),
    ],
)
def test_a_product_that_is_none_is_refused_and_nothing_is_there(
    merchant: httpx.Client, told: object, refused: str
) -> None:
    assert code(merchant.put("nonsense", json=told)) == (422, refused)
    assert code(merchant.get("nonsense")) == (404, "product_unknown")


def test_a_key_opens_its_own_shop_only(service: Running, merchant: httpx.Client) -> None:
    shops = f"{service.url.rstrip('/')}/api/v1/shops"
    other = f"{shops}/nordfell/products"
    assert code(merchant.get(f"{other}/anything")) == (403, "key_scope")
    assert code(merchant.post(f"{other}/imports", content=FEED.encode())) == (403, "key_scope")
    assert code(merchant.delete(f"{shops}/no-such-shop/products/x")) == (403, "key_scope")
    with service.http as anybody:
        assert code(anybody.get(f"{other}/imports")) == (401, "key_missing")


def test_a_feed_is_not_fetched_from_inside(merchant: httpx.Client, service: Running) -> None:
    for url in (service.url, "http://169.254.169.254/latest"):
        report = ended(merchant, merchant.post("imports", json={"url": url}))
        assert (report["state"]["state"], report["state"]["code"]) == ("failed", "fetch_address")
    assert code(merchant.post("imports", json={"url": "file:///etc/passwd"})) == (422, "url_invalid")


def test_what_is_no_feed_fails_with_a_reason(merchant: httpx.Client) -> None:
    feed = b"\x89PNG\r\n\x1a\n" + bytes(500)
    headers = {"Content-Type": "text/csv"}
    report = ended(merchant, merchant.post("imports", content=feed, headers=headers))
    assert (report["state"]["state"], report["state"]["code"]) == ("failed", "feed_encoding")
    assert code(merchant.post("imports", content=b"")) == (422, "feed_empty")
