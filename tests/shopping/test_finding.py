"""Finding: what is shown meets what was said, in every wording; what is taken back is as if it was never said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.storage.store import Store
from benchmarks.shopping_facts import Fact, facts_of, price_now
from search_index import Encoder
from skills.shopping.catalogue import Catalogues
from skills.shopping.finding import Asked, ProductSearch
from skills.shopping.finding.cards import card, safe_url, said_name
from skills.shopping.money import Money
from skills.shopping.product import Attribute, Availability, Product, Variant
from tests.shopping.shops import a_shop

SHOP = "nordfell"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def everything(catalogues: Catalogues) -> list[Product]:
    return list(catalogues.all_products(SHOP))


def said_of(product: Product, others: list[Product], seed: int) -> list[Fact]:
    """Facts of one product that hold of one of its variants together, each about something else."""
    kept: list[Fact] = []
    for fact in facts_of(product, others, np.random.default_rng(seed)):
        new = fact.alone and all(fact.about != one.about for one in kept)
        if new and any(all(one.holds(product, v) for one in (*kept, fact)) for v in product.variants):
            kept.append(fact)
    return kept


@QUICK
@given(st.data())
def test_every_product_shown_meets_everything_that_was_said(
    outfitters: ProductSearch, everything: list[Product], data: st.DataObject
) -> None:
    """One variant of it has the size and the colour at the price of the card, judged by the catalogue alone."""
    product = data.draw(st.sampled_from(everything))
    facts = said_of(product, everything, data.draw(st.integers(0, 99)))
    said = data.draw(st.lists(st.sampled_from(facts), min_size=1, max_size=4, unique_by=lambda one: one.about))
    lines = [data.draw(st.sampled_from(one.alone)) for one in said]
    found = outfitters.find(SHOP, "\n".join([product.categories[-1], *lines]), limit=20)
    assert found.relaxed == ()
    assert product.id in found.ids
    for one in found.products:
        meeting = [v for v in one.variants if all(fact.holds(one, v) for fact in said)]
        assert float(found.card(one, NOW).price.amount) in [round(price_now(v), 2) for v in meeting]


@QUICK
@given(st.data())
def test_what_is_taken_back_was_never_said(
    outfitters: ProductSearch, everything: list[Product], data: st.DataObject
) -> None:
    """Dropping a chip gives what the query without it gives, in the same order."""
    product = data.draw(st.sampled_from(everything))
    facts = said_of(product, everything, 1)
    said = data.draw(st.lists(st.sampled_from(facts), min_size=2, max_size=4, unique_by=lambda one: one.about))
    lines = [product.categories[-1], *(one.alone[0] for one in said)]
    taken = data.draw(st.integers(1, len(said)))
    before = set(outfitters.understood(SHOP, Asked("\n".join(lines[:taken]))).constraints)
    whole = outfitters.understood(SHOP, Asked("\n".join(lines[: taken + 1])))
    labels = [one.label for one in whole.constraints if one not in before]
    without = "\n".join(line for place, line in enumerate(lines) if place != taken)
    assert outfitters.find(SHOP, "\n".join(lines), labels).ids == outfitters.find(SHOP, without).ids


def test_a_changed_mind_replaces_what_was_said(outfitters: ProductSearch) -> None:
    changed = outfitters.find(SHOP, "jackets in navy under 300\nno, red\nunder 200")
    assert changed.ids == outfitters.find(SHOP, "jackets\nred\nunder 200").ids
    assert (
        outfitters.find(SHOP, "jackets over 100\nunder 200").ids == outfitters.find(SHOP, "jackets from 101 to 199").ids
    )


def test_the_most_expensive_is_that_of_everything_that_matches(
    outfitters: ProductSearch, everything: list[Product]
) -> None:
    """Not of what is shown, and in the size that was asked for."""
    boots = [one for one in everything if "Boots" in one.categories]
    dearest = max(price_now(v) for one in boots for v in one.variants if v.options.get("size") == "42")
    found = outfitters.find(SHOP, "most expensive boots in size 42", limit=3)
    assert float(found.cards(NOW)[0].price.amount) == dearest
    assert found.total == sum(any(v.options.get("size") == "42" for v in one.variants) for one in boots)


@pytest.mark.parametrize("text", ["lawnmower", "espresso machine", "wedding dress", "perfume under 900 dollars"])
def test_what_is_not_sold_is_not_found(outfitters: ProductSearch, text: str) -> None:
    """Something is always nearest; that does not make it an answer."""
    assert outfitters.find(SHOP, text).products == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("something to keep my hands warm", "Gloves"),
        ("to sleep outside in the snow", "Sleeping"),
        ("a light for the tent at night", "Lighting"),
    ],
)
def test_meaning_is_searched_and_no_filter(outfitters: ProductSearch, text: str, kind: str) -> None:
    found = outfitters.find(SHOP, text, limit=4)
    assert not [one for one in found.understood.constraints if one.hard]
    assert any(kind in one.categories for one in found.products)


@QUICK
@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_a_query(outfitters: ProductSearch, text: str, dropped: list[str]) -> None:
    found = outfitters.find(SHOP, text, dropped, limit=2)
    assert len(found.products) <= 2
    outfitters.named(SHOP, text)


def test_another_shops_things_are_not_there(outfitters: ProductSearch) -> None:
    assert outfitters.find("nobody", "boots").products == ()
    assert outfitters.find(SHOP, "", like="no-such-product").products == ()
    assert outfitters.similar("circuit-lane", "skarn-rain-jacket").products == ()


def test_a_name_is_known_by_letters_and_sound(outfitters: ProductSearch) -> None:
    assert outfitters.named(SHOP, "skarn rain jacket") == "skarn-rain-jacket"
    assert outfitters.named(SHOP, "scarn rein jackit") == "skarn-rain-jacket"
    assert outfitters.named(SHOP, "the usual") is None


def shirt(identity: str, *variants: Variant, title: str = "", **facts: str) -> Product:
    attributes = tuple(Attribute(name=name, value=value) for name, value in facts.items())
    return Product(
        id=identity,
        shop="corner",
        title=title or f"Shirt {identity}",
        categories=("Shirts",),
        variants=variants,
        attributes=attributes,
    )


def worn(sku: str, size: str, colour: str, price: str, left: int = 5, **more: object) -> Variant:
    options = {"size": size, "colour": colour}
    return Variant(sku=sku, options=options, price=Money.of(price, "USD"), stock=left, **more)  # type: ignore[arg-type]


class Clock:
    """The time, which a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def corner(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    Catalogues(store.engine).put_shop(a_shop("corner"))
    return store


def filled(
    corner: Store, encoder: Encoder, path: Path, clock: Clock, *products: Product
) -> tuple[Catalogues, ProductSearch]:
    catalogues = Catalogues(corner.engine)
    for product in products:
        catalogues.put_product(product)
    search = ProductSearch(path / "shops", encoder, catalogues, clock)
    search.refresh("corner")
    return catalogues, search


def test_a_card_is_of_the_variants_that_were_asked_for(
    corner: Store, encoder: Encoder, tmp_path: Path, clock: Clock
) -> None:
    """The red one in M costs 40 though the blue one costs 10; sold out in L is not said to be there."""
    mixed = shirt("mixed", worn("mb", "M", "blue", "10"), worn("mr", "M", "red", "40"), worn("lr", "L", "red", "40", 0))
    plain = shirt("plain", worn("p", "L", "red", "30"))
    _, search = filled(corner, encoder, tmp_path, clock, mixed, plain)
    (shown,) = search.find("corner", "red shirt in M").cards(NOW)
    assert (shown.sku, str(shown.price), shown.options) == ("mr", "$40.00", {"size": ("M",), "colour": ("red",)})
    assert search.find("corner", "red shirt in M under 20").relaxed
    cards = {one.product: one for one in search.find("corner", "red shirt in L").cards(NOW)}
    assert (cards["mixed"].availability, cards["mixed"].can_order) == ("Sold out", False)
    assert [one.product for one in search.find("corner", "cheapest red shirt").cards(NOW)] == ["plain", "mixed"]
    search.close()


def test_prices_and_stock_are_those_of_now(corner: Store, encoder: Encoder, tmp_path: Path, clock: Clock) -> None:
    """A sale that has begun and a thing that was sold count at once, though nothing was indexed again by anyone."""
    begins = NOW + timedelta(hours=1)
    sale = worn("s", "M", "blue", "50", sale_price=Money.of("30", "USD"), sale_from=begins)
    catalogues, search = filled(
        corner, encoder, tmp_path, clock, shirt("a", sale), shirt("b", worn("b", "M", "blue", "45", 1))
    )
    assert search.find("corner", "shirts under 40").relaxed
    clock.now = begins
    found = search.find("corner", "shirts under 40")
    assert [str(one.price) for one in found.cards(clock.now)] == ["$30.00"]
    with corner.engine.begin() as connection:
        assert catalogues.take_stock(connection, "corner", {"b": 1}) == []
    assert [one.id for one in search.find("corner", "shirts in stock").products] == ["a"]
    search.close()


def test_a_new_catalogue_is_found_and_the_old_one_gone(
    corner: Store, encoder: Encoder, tmp_path: Path, clock: Clock
) -> None:
    """Another attribute means another schema: an index is made beside and answers from then on."""
    wool = [shirt(f"w{n}", worn(f"w{n}", "M", "blue", "20"), material="wool") for n in range(3)]
    catalogues, search = filled(corner, encoder, tmp_path, clock, *wool)
    assert search.find("corner", "not wool").products == ()
    for n in range(3):
        catalogues.put_product(shirt(f"c{n}", worn(f"c{n}", "M", "red", "25"), material="cotton", iron="no"))
    catalogues.remove_product("corner", "w0")
    search.refresh("corner")
    assert {one.id for one in search.find("corner", "not wool").products} == {"c0", "c1", "c2"}
    assert search.revision("corner") == catalogues.revision("corner")
    search.close()
    again = ProductSearch(tmp_path / "shops", encoder, catalogues, clock)
    again.refresh("corner")
    assert again.find("corner", "shirts").total == 5
    assert [path.name for path in (tmp_path / "shops" / "corner" / "index").glob("[0-9]*")] == ["2"]
    again.close()


@given(
    st.text(max_size=80)
    | st.sampled_from(["javascript:alert(1)", "//evil.example", "/\\evil", "data:text/html,x", "/ok.svg"])
)
def test_no_address_leads_astray(text: str) -> None:
    """http(s) with a host, or a path of our own; else nothing."""
    kept = safe_url(text)
    assert kept in ("", text)
    assert (
        not kept or kept.startswith(("http://", "https://")) or (kept.startswith("/") and kept[1:2] not in ("/", "\\"))
    )


def test_a_card_says_what_can_be_had() -> None:
    soon = Variant(sku="z", price=Money.of("9", "USD"), availability=Availability.PREORDER)
    product = shirt("x", worn("a", "M", "blue", "12", 2), worn("b", "L", "blue", "8", 0), title="Shirt, washed (new)")
    shown = card(product, NOW)
    assert (str(shown.price), shown.availability, shown.sku, shown.from_price) == ("$12.00", "Only 2 left", None, False)
    assert card(product, NOW, variants=[soon]).availability == "Pre-order"
    assert said_name(product) == "Shirt, washed"
