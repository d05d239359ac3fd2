"""What catalogues keep, on SQLite and on a real PostgreSQL alike."""

import json
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.storage.store import Store
from skills.errors import CatalogueError
from skills.shopping.catalogue import Catalogues, load_shop
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.forgetting import forget_shop
from skills.shopping.money import Money
from skills.shopping.product import Product, Review
from tests.shopping.shops import a_product, a_shop


@pytest.fixture
def shop(store: Store) -> str:
    identity = f"shop-{secrets.token_hex(4)}"
    Catalogues(store.engine).put_shop(a_shop(identity))
    return identity


@pytest.fixture
def kept(store: Store) -> Catalogues:
    return Catalogues(store.engine)


def take_in(kept: Catalogues, shop: str, products: Sequence[Product], *, whole: bool = True) -> bool:
    version = kept.new_version(shop, whole=whole)
    assert version.put(products) == {}
    return version.finish()


def ids(kept: Catalogues, shop: str) -> list[str]:
    return [product.id for product in kept.all_products(shop)]


def test_a_version_is_seen_as_a_whole_or_not_at_all(kept: Catalogues, shop: str) -> None:
    take_in(kept, shop, [a_product(shop, "a"), a_product(shop, "b")])
    version = kept.new_version(shop, whole=True)
    version.put([a_product(shop, "a", price="99"), a_product(shop, "c")])
    assert ids(kept, shop) == ["a", "b"]
    assert str(kept.products(shop, ["a"])[0].variants[0].price) == "$12.50"
    assert kept.variant(shop, "c") is None
    assert version.missing() == 1
    assert version.finish()
    assert ids(kept, shop) == ["a", "c"]
    assert str(kept.products(shop, ["a"])[0].variants[0].price) == "$99.00"
    assert kept.variant(shop, "b") is None


def test_what_an_import_left_half_done_never_shows(kept: Catalogues, shop: str) -> None:
    take_in(kept, shop, [a_product(shop, "a")])
    killed = kept.new_version(shop, whole=True)
    killed.put([a_product(shop, "a", price="1"), a_product(shop, "ghost")])
    take_in(kept, shop, [a_product(shop, "a"), a_product(shop, "b")])
    assert ids(kept, shop) == ["a", "b"]
    assert kept.variant(shop, "ghost") is None
    assert str(kept.products(shop, ["a"])[0].variants[0].price) == "$12.50"


def test_a_delta_leaves_what_it_does_not_name(kept: Catalogues, shop: str) -> None:
    take_in(kept, shop, [a_product(shop, one) for one in "abc"])
    delta = kept.new_version(shop, whole=False)
    delta.put([a_product(shop, "b", price="1"), a_product(shop, "d")])
    assert delta.remove(["a", "nothing"]) == 1
    delta.finish()
    assert ids(kept, shop) == ["b", "c", "d"]
    assert (delta.changes.added, delta.changes.changed, delta.changes.removed) == (1, 1, 1)


def test_an_unchanged_catalogue_changes_nothing_and_keeps_what_was_sold(
    kept: Catalogues, store: Store, shop: str
) -> None:
    products = [a_product(shop, one) for one in "ab"]
    take_in(kept, shop, products)
    revision = kept.revision(shop)
    with store.engine.begin() as connection:
        assert kept.take_stock(connection, shop, {"a": 2}) == []
    assert not take_in(kept, shop, products)
    assert kept.revision(shop) == revision
    assert kept.products(shop, ["a"])[0].variants[0].stock == 1


def test_shops_do_not_see_each_other(kept: Catalogues, store: Store, shop: str) -> None:
    other = f"{shop}-2"
    kept.put_shop(a_shop(other))
    take_in(kept, shop, [a_product(shop, "mine")])
    take_in(kept, other, [a_product(other, "theirs")])
    assert kept.product(other, "mine") is None
    assert kept.variant(other, "mine") is None
    assert kept.products(other, ["mine", "theirs"])[0].shop == other
    with store.engine.begin() as connection:
        assert kept.take_stock(connection, other, {"mine": 1}) == ["mine"]
    assert kept.put_reviews(other, [("mine", Review(id="r", stars=1))]) == 0
    with pytest.raises(CatalogueStoreError, match="no product"):
        kept.remove_product(other, "mine")
    forget_shop(store.engine, other)
    assert ids(kept, shop) == ["mine"]
    assert kept.shop(other) is None


def test_the_last_one_is_sold_once(kept: Catalogues, store: Store, shop: str) -> None:
    take_in(kept, shop, [a_product(shop, "last", stock=3)])

    def buy(_: int) -> bool:
        with store.engine.begin() as connection:
            return kept.take_stock(connection, shop, {"last": 1}) == []

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(buy, range(6))) == [False] * 3 + [True] * 3
    with store.engine.begin() as connection:
        kept.put_back(connection, shop, {"last": 2})
    assert kept.products(shop, ["last"])[0].variants[0].stock == 2


def test_a_sku_belongs_to_one_product(kept: Catalogues, shop: str) -> None:
    take_in(kept, shop, [a_product(shop, "a")])
    thief = a_product(shop, "b").model_copy(update={"variants": a_product(shop, "a").variants})
    with pytest.raises(CatalogueStoreError, match="another product"):
        kept.put_product(thief)
    assert kept.new_version(shop, whole=False).put([thief]) == {"b": "a"}
    assert kept.new_version(shop, whole=True).put([a_product(shop, "a"), thief]) == {"b": "a"}


def test_one_product_is_changed_at_once_and_the_next_feed_takes_over(kept: Catalogues, shop: str) -> None:
    feed = [a_product(shop, "a"), a_product(shop, "b")]
    take_in(kept, shop, feed)
    before = dict(kept.fingerprints(shop))
    kept.put_product(a_product(shop, "a", price="1"))
    kept.remove_product(shop, "b")
    assert str(kept.products(shop, ["a"])[0].variants[0].price) == "$1.00"
    assert dict(kept.fingerprints(shop)).keys() == {"a"}
    take_in(kept, shop, feed)
    assert dict(kept.fingerprints(shop)) == before


def test_reviews_make_the_stars(kept: Catalogues, shop: str) -> None:
    take_in(kept, shop, [a_product(shop, "a")])
    before = dict(kept.fingerprints(shop))
    written = [
        ("a", Review(id="1", stars=5)),
        ("a", Review(id="2", stars=2, text="<b>meh</b>")),
        ("x", Review(id="3", stars=1)),
    ]
    assert kept.put_reviews(shop, written) == 2
    product = kept.products(shop, ["a"])[0]
    assert (product.stars, product.reviews) == (3.5, 2)
    assert {one.id for one in kept.reviews(shop, "a", 10)} == {"1", "2"}
    assert dict(kept.fingerprints(shop)) != before
    kept.remove_product(shop, "a")
    assert kept.reviews(shop, "a", 10) == []


def write_shop(folder: Path, shop: str, products: Sequence[Product]) -> Path:
    folder = folder / shop
    folder.mkdir(exist_ok=True)
    (folder / "shop.json").write_text(a_shop(shop).model_dump_json())
    rows = [product.model_dump_json(exclude={"shop"}) for product in products]
    (folder / "products.jsonl").write_text("\n".join(rows))
    (folder / "reviews.jsonl").write_text(json.dumps({"product": products[0].id, "id": "r", "stars": 4}))
    return folder


def test_a_folder_is_loaded_once_until_it_changes(kept: Catalogues, store: Store, shop: str, tmp_path: Path) -> None:
    folder = write_shop(tmp_path, shop, [a_product(shop, "a"), a_product(shop, "b")])
    assert load_shop(kept, folder)
    assert kept.products(shop, ["a"])[0].stars == 4
    assert not load_shop(kept, folder)
    write_shop(tmp_path, shop, [a_product(shop, "b", price="7")])
    assert load_shop(kept, folder)
    assert ids(kept, shop) == ["b"]
    forget_shop(store.engine, shop)
    assert not load_shop(kept, folder), "a shop that was removed stays away"


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("products.jsonl", '{"id": "a"', "products.jsonl:1"),
        ("products.jsonl", '{"id": "a", "title": "x", "variants": []}', "variants"),
        ("reviews.jsonl", '{"product": "zz", "id": "r", "stars": 4}', "reviews.jsonl:1: product"),
        ("shop.json", '{"id": "another", "name": "x"}', "shop.json"),
    ],
)
def test_files_that_cannot_be_used_are_named(
    kept: Catalogues, shop: str, tmp_path: Path, file: str, text: str, named: str
) -> None:
    take_in(kept, shop, [a_product(shop, "old")])
    folder = write_shop(tmp_path, shop, [a_product(shop, "a")])
    (folder / file).write_text(text)
    with pytest.raises(CatalogueError, match=named):
        load_shop(kept, folder)
    assert ids(kept, shop) == ["old"]


def test_money_survives_the_database(kept: Catalogues, shop: str) -> None:
    product = a_product(shop, "won").model_copy(
        update={
            "variants": (a_product(shop, "won").variants[0].model_copy(update={"price": Money.of("12500", "KRW")}),)
        }
    )
    take_in(kept, shop, [product])
    assert kept.product(shop, "won") == product
