"""The shops that come with Sori: their files are whole, and what their texts say agrees with their attributes."""

from datetime import UTC, datetime

import pytest

from search_index.understanding.units import BY_NAME, UNITS
from skills.shopping.catalogue import DEMO_SHOPS, Catalogues
from skills.shopping.product import Product
from skills.shopping.shop import Shop
from skills.storefront.files import read_answers

SHOPS = sorted(path.parent.name for path in DEMO_SHOPS.glob("*/shop.json"))


@pytest.fixture(scope="module")
def shops(catalogues: Catalogues) -> dict[str, tuple[Shop, list[Product]]]:
    """Every demo shop with its products; that they load says that ids and skus are unique and references exist."""
    found = {}
    for name in SHOPS:
        shop = catalogues.shop(name)
        assert shop is not None
        found[name] = (shop, list(catalogues.all_products(name)))
    return found


def test_there_is_enough_to_choose_from(shops: dict[str, tuple[Shop, list[Product]]]) -> None:
    """Several shops of different kinds, with at least 600 products and 1,500 reviews between them."""
    products = [product for _, own in shops.values() for product in own]
    assert len(shops) >= 5
    assert len(products) >= 600
    assert sum(product.reviews for product in products) >= 1_500
    assert any(not product.reviews for product in products)
    assert any(not variant.can_order() for product in products for variant in product.variants)
    assert len({(product.shop, product.title.lower()) for product in products}) == len(products)
    assert all(30 <= len(read_answers(DEMO_SHOPS / name / "answers.jsonl")) <= 60 for name in shops)


def test_variants_of_a_product_differ_in_the_same_options(shops: dict[str, tuple[Shop, list[Product]]]) -> None:
    """Every variant names every option, no two name the same values, and a sale is below the price."""
    for shop, products in shops.values():
        for product in products:
            names = {frozenset(variant.options) for variant in product.variants}
            chosen = {tuple(sorted(variant.options.items())) for variant in product.variants}
            assert len(names) == 1, product.id
            assert len(chosen) == len(product.variants), product.id
            assert not names.pop() & {attribute.name for attribute in product.attributes}, product.id
            for variant in product.variants:
                prices = [variant.price, *([variant.sale_price] if variant.sale_price else [])]
                assert {price.currency for price in prices} == {shop.currency}, variant.sku
                assert 0 < prices[-1].minor <= variant.price.minor, variant.sku
                assert variant.sale_price is None or variant.sale_price < variant.price, variant.sku


def test_a_number_is_shown_as_it_is_counted_in_units_of_one_kind(
    shops: dict[str, tuple[Shop, list[Product]]],
) -> None:
    """ "420 g" is 420 in g, and what a shop measures under one name can be compared: grams and kilograms, never metres."""
    for _, products in shops.values():
        measured: dict[str, str] = {}
        for product in products:
            for attribute in product.attributes:
                kind = ""
                if attribute.number is not None:
                    assert attribute.value == f"{attribute.number:g} {attribute.unit}".strip(), product.id
                    unit = UNITS.get(attribute.unit) or BY_NAME.get(attribute.unit)
                    kind = attribute.unit if unit is None else unit.dimension
                assert measured.setdefault(attribute.name, kind) == kind, (product.id, attribute.name)


def test_answers_agree_with_attributes(shops: dict[str, tuple[Shop, list[Product]]]) -> None:
    """What a product's shop answered about a yes-or-no attribute is what the attribute says."""
    asked = 0
    for _, products in shops.values():
        for product in products:
            for name in ("waterproof", "vegan", "gluten-free", "touchscreen", "induction"):
                attribute = product.attribute(name)
                for question in product.questions:
                    if attribute is None or question.question not in (f"Is it {name}?", f"Are they {name}?"):
                        continue
                    asked += 1
                    assert question.answer.lower().startswith(attribute.value), (product.id, question)
    assert asked > 30


def test_coupons_and_deliveries_are_the_shops_own(shops: dict[str, tuple[Shop, list[Product]]]) -> None:
    """They are in its currency and for categories that it has, and one coupon holds today's date or none."""
    for shop, products in shops.values():
        categories = {category for product in products for category in product.categories}
        amounts = [
            amount
            for amount in (
                *(coupon.amount for coupon in shop.coupons),
                *(coupon.least for coupon in shop.coupons),
                *(delivery.price for delivery in shop.deliveries),
                *(delivery.free_from for delivery in shop.deliveries),
            )
            if amount is not None
        ]
        assert {amount.currency for amount in amounts} == {shop.currency}
        assert {name for coupon in shop.coupons for name in coupon.categories} <= categories
        assert set(shop.returns.not_returnable) <= categories
        assert any(coupon.ends is None or coupon.ends > datetime.now(UTC) for coupon in shop.coupons)
        assert all(len(product.description.split(". ")) >= 2 for product in products)
