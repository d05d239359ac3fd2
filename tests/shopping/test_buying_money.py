"""What carts cost: sums, coupons, delivery and tax, whatever is in them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.shopping.buying.cart import LINES_MAX, Cart, Line, merged, put, without
from skills.shopping.buying.coupons import CouponRefusal, discount, find_coupon
from skills.shopping.buying.quote import QuotedLine, quote, totals
from skills.shopping.money import Money
from skills.shopping.product import QUANTITY_MAX, Product, Variant
from skills.shopping.shop import Coupon, Delivery
from tests.shopping.buying import NOW, a_shop, mug, parka, usd

SHOP = a_shop("nordfell")

prices = st.integers(0, 10**7)
lines = st.lists(
    st.builds(
        lambda number, price, quantity, kind: QuotedLine(
            sku=f"s{number}",
            product=f"p{number}",
            title="Thing",
            quantity=quantity,
            price=usd(price),
            categories=(kind,),
        ),
        st.integers(0, 1_000),
        prices,
        st.integers(1, QUANTITY_MAX),
        st.sampled_from(["Clothing", "Kitchen"]),
    ),
    max_size=12,
)
coupons = st.builds(
    lambda percent, amount, least, kinds: Coupon(
        code="ANY", percent=percent, amount=usd(amount) if amount else None, least=usd(least) if least else None,
        categories=kinds,
    ),
    st.integers(0, 100),
    st.integers(0, 10**8),
    st.integers(0, 10**6),
    st.sampled_from([(), ("Clothing",), ("Nothing",)]),
)  # fmt: skip
deliveries = st.none() | st.builds(
    lambda price, free: Delivery(
        id="d", name="D", price=usd(price), free_from=usd(free) if free else None, days=(1, 2)
    ),
    prices,
    st.integers(0, 10**7),
)


@given(lines, coupons, deliveries, st.integers(0, 50))
def test_an_order_costs_its_lines_less_the_coupon_with_delivery_and_never_less_than_nothing(
    bought: list[QuotedLine], coupon: Coupon, delivery: Delivery | None, tax: int
) -> None:
    off = discount(coupon, bought, "USD", NOW, used=False)
    taken = off if isinstance(off, Money) else None
    found = totals(bought, SHOP.model_copy(update={"tax_percent": tax}), taken, delivery)
    parts = [part.minor for part in (found.subtotal, found.discount, found.delivery) if part is not None]
    assert found.total.minor == sum(parts) >= 0
    assert found.subtotal.minor == sum(line.price.minor * line.quantity for line in bought)
    if taken:
        assert 0 <= taken.minor <= found.subtotal.minor
    if found.tax is not None:  # contained, not added
        net = found.total.minor - found.tax.minor
        assert abs(found.tax.minor * 100 - net * tax) <= 100 + tax
    if delivery and delivery.free_from and delivery.free_from.minor <= found.subtotal.minor:
        assert found.delivery == usd(0)


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("nothing", CouponRefusal.UNKNOWN),
        ("OLD", CouponRefusal.EXPIRED),
        ("SOON", CouponRefusal.NOT_YET),
        ("BIG20", CouponRefusal.TOO_LITTLE),
        ("WEAR15", CouponRefusal.OTHER_GOODS),
        ("FIRST5", CouponRefusal.USED),
    ],
)
def test_a_coupon_that_does_not_apply_says_why(code: str, refused: CouponRefusal) -> None:
    line = QuotedLine(sku="mug", product="mug", title="Mug", quantity=1, price=usd(1_200))
    assert discount(find_coupon(SHOP, code), [line], "USD", NOW, used=True) is refused


def test_a_coupon_is_found_however_it_was_typed_and_holds_for_its_time_only() -> None:
    coupon = find_coupon(SHOP, " warm 10 ")
    assert coupon
    assert coupon.code == "WARM10"
    old = find_coupon(SHOP, "OLD")
    line = QuotedLine(sku="mug", product="mug", title="Mug", quantity=1, price=usd(1_200))
    assert discount(old, [line], "USD", NOW - timedelta(days=2), used=False) == usd(600)


def test_what_has_changed_since_it_was_put_in_is_noted_on_its_line() -> None:
    was = Cart(
        (
            Line("mug", "mug", 3, usd(1_000)),
            Line("parka-L-red", "parka", 1, usd(9_900)),
            Line("gone", "gone", 1, usd(1)),
        )
    )
    now = mug("nordfell", stock=2), parka("nordfell")
    goods = {variant.sku: (product, variant) for product in now for variant in product.variants}
    found = quote(SHOP, was, goods, None, NOW, used=False)
    assert [line.note for line in found.lines] == ["Only 2 left; The price rose from $10.00 to $12.00", "Sold out"]
    assert len(found.problems) == 3
    assert found.totals.subtotal == usd(3 * 1_200 + 9_900)


def test_a_price_in_another_currency_is_never_added_up() -> None:
    euro = Product(
        id="e", shop="nordfell", title="E", variants=(Variant(sku="e", price=Money(minor=100, currency="EUR")),)
    )
    found = quote(SHOP, Cart((Line("e", "e", 1, usd(100)),)), {"e": (euro, euro.variants[0])}, None, NOW, used=False)
    assert found.lines == ()
    assert found.problems


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(-5, 150)), max_size=30))
def test_a_line_never_holds_more_than_99_or_less_than_one(edits: list[tuple[str, int]]) -> None:
    cart = Cart()
    for sku, quantity in edits:
        try:
            cart = put(cart, Line(sku, sku, quantity, usd(1)))
        except ValueError:
            assert not 0 <= quantity <= QUANTITY_MAX
    assert all(1 <= line.quantity <= QUANTITY_MAX for line in cart.lines)
    assert len({line.sku for line in cart.lines}) == len(cart.lines) <= LINES_MAX


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, QUANTITY_MAX)),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, QUANTITY_MAX)),
)
def test_a_guests_cart_joins_the_shoppers_and_what_was_bought_leaves_it(
    mine: dict[str, int], theirs: dict[str, int]
) -> None:
    first, second = (
        Cart(tuple(Line(sku, sku, number, usd(1)) for sku, number in one.items())) for one in (mine, theirs)
    )
    both = merged(first, second)
    assert {line.sku: line.quantity for line in both.lines} == {
        sku: min(QUANTITY_MAX, mine.get(sku, 0) + theirs.get(sku, 0)) for sku in mine | theirs
    }
    assert without(both, both.lines).lines == ()
    assert without(both, second.lines).count == sum(max(0, both.quantity(s) - theirs.get(s, 0)) for s in mine | theirs)
