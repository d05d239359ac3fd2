"""Buying in words and by taps: what is said is what the cart, the checkout and the order are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.store import Store
from skills.shop_view import CartView, CheckoutView, ShopView
from skills.shopping.buying.cart_actions import AddTap
from skills.shopping.buying.counting import counted
from skills.shopping.buying.matching import named_among, spoken_code, spoken_email, value_meant
from skills.shopping.buying.orders import OrderState
from skills.shopping.buying.voice_buyers import FAILURES_MAX, hashed, is_pin, pin_problem
from skills.skill import ActionResult
from tests.shopping.buying import ANN, CARD, PIN, Market, Talk, mug, usd


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('talk') / 'sori.db'}")
    yield store
    store.close()


@pytest.fixture
def market(database: Store, tmp_path: Path) -> Market:
    return Market(database.engine, tmp_path / "mail")


@pytest.fixture
def talk(market: Market) -> Talk:
    return Talk(market, memory={"shown": ["mug", "parka"], "told": 2})


def text(result: ActionResult) -> str:
    assert result.reply
    return result.reply.text


def view(result: ActionResult) -> ShopView:
    assert result.reply
    assert result.reply.shop
    return result.reply.shop


def cart(result: ActionResult) -> CartView:
    found = view(result).cart
    assert found
    return found


def checkout(result: ActionResult) -> CheckoutView:
    found = view(result).checkout
    assert found
    return found


def details_of(talk: Talk) -> dict[str, str]:
    return {name: value for name, value in ANN.model_dump().items() if value}


def test_a_cart_is_filled_changed_and_emptied_in_words(talk: Talk) -> None:
    added = talk.say("cart_add", "add two of the first", ordinal="1", quantity="2")
    assert text(added) == "I put two Nordfell mugs in your cart. Your cart comes to $24.00."
    assert [(line.sku, line.quantity) for line in cart(added).lines] == [("mug", 2)]
    assert cart(talk.say("cart_quantity", "make it three", quantity="3")).count == 3
    assert cart(talk.say("cart_remove", "take one out", quantity="1")).count == 2
    assert "comes to $24.00" in text(talk.say("cart_show", "what's in my cart"))
    gone = talk.say("cart_remove", "take the mugs out", product="mugs")
    assert (text(gone), cart(gone).lines) == ("I took the Nordfell mug out of your cart.", ())
    talk.say("cart_add", "add the first", ordinal="1")
    assert cart(talk.say("cart_clear", "empty it")).count == 0


def test_a_size_is_asked_for_among_those_that_can_be_ordered(talk: Talk) -> None:
    asked = talk.say("cart_add", "I'll take the second", ordinal="2")
    assert [button.label for button in view(asked).buttons] == ["S", "M"], "L is sold out"
    assert text(talk.say("affirm", "yes")) == text(asked)
    assert "don't have it in 42" in text(talk.say("affirm", "42"))
    small = talk.press(view(asked).buttons[0].tap)
    assert text(small) == "I only have Fjell parka in S and navy. Shall I put that in your cart?"
    assert talk.market.carts.count(talk.market.shop.id, "ann") == 0, "nothing was claimed, nothing was done"
    assert [line.sku for line in cart(talk.say("affirm", "yes")).lines] == ["parka-S-navy"]
    assert "none left in L" in text(talk.say("cart_add", "the parka in large", product="parka", option="large"))
    assert "don't have it in purple" in text(
        talk.say("cart_add", "the parka in purple", product="parka", option="purple")
    )
    medium = talk.say("cart_add", "the second one in medium navy", ordinal="2")
    assert "parka-M-navy" in [line.sku for line in cart(medium).lines]


def test_what_is_no_products_name_is_searched_for_and_asked_about(talk: Talk) -> None:
    assert "can't find a unicycle" in text(talk.say("cart_add", "add a unicycle", product="a unicycle"))
    talk.market.like = ("mug",)
    assert text(talk.say("cart_add", "add a cup", product="cup")) == "Do you mean the Nordfell mug?"
    assert cart(talk.say("affirm", "yes")).count == 1
    talk.market.like = ("mug", "parka", "nothing")
    asked = talk.say("cart_add", "add something warm", wanted="something warm")
    assert text(asked) == "Which one do you mean: Nordfell mug or Fjell parka?"
    assert cart(talk.press(view(asked).buttons[0].tap)).count == 2


def test_too_few_are_offered_as_far_as_they_go(talk: Talk) -> None:
    talk.market.catalogues.put_product(mug(talk.market.shop.id, stock=4))
    few = talk.say("cart_add", "six of the first", ordinal="1", quantity="6")
    assert text(few) == "There are only 4 left of the Nordfell mug. Shall I make it 4?"
    assert cart(talk.say("affirm", "yes")).count == 4
    assert "already" in text(talk.say("cart_add", "one more", ordinal="1"))
    assert "99" in text(talk.say("cart_quantity", "make it a million", quantity="1000000"))
    assert talk.market.carts.count(talk.market.shop.id, "ann") == 4


def test_a_yes_counts_only_while_its_question_is_open(talk: Talk) -> None:
    talk.say("cart_add", "the first", ordinal="1")
    opened = talk.tap("checkout.start")
    ready = talk.tap("checkout.update", id=checkout(opened).id, **details_of(talk))
    assert text(ready) == "One Nordfell mug, $16.90 with delivery, to 12 Elm Street. Shall I place the order?"
    talk.say("cart_show", "what is in my cart")
    assert text(talk.say("affirm", "yes")) == "All right. What can I do for you?"
    assert talk.market.find_open("ann").status == "ready_for_complete"


def test_an_order_by_words_is_read_back_confirmed_paid_and_repeated(talk: Talk) -> None:
    talk.say("cart_add", "two of the first", ordinal="1", quantity="2")
    talk.say("cart_coupon", "use warm ten", code="warm ten")
    begun = talk.say("checkout", "check out")
    assert "I still need your e-mail" in text(begun)
    known = talk.say("shop_inform", "ann at example dot org", email="ann at example dot org")
    assert checkout(known).email == "ann@example.org"
    form = view(known).form
    assert form
    wrong = talk.press(form.tap, **details_of(talk) | {"country": "Norland"})
    fields = view(wrong).form
    assert fields
    assert {field.name: field.error for field in fields.fields if field.error} == {
        "country": "Please choose a country."
    }
    talk.press(form.tap, **details_of(talk))
    assert text(talk.say("deny", "no")) == "All right, nothing was ordered. Your cart is as it was."
    assert "Shall I place the order?" in text(talk.say("checkout", "place the order"))
    handed = talk.say("checkout", "yes, place the order")
    assert checkout(handed).status == "requires_escalation"
    assert "as soon as it is paid" in text(handed)
    talk.market.provider.pay(checkout(handed).continue_url.removeprefix("/pay/"), CARD)
    done = talk.say("checkout", "check out")
    assert text(done) == "Your cart is empty."
    [order] = talk.market.orders.of_shopper(talk.market.shop.id, "ann")
    assert order.totals.total == usd(2_400 - 240 + 490)
    talk.market.catalogues.put_product(mug(talk.market.shop.id, price=1_300))
    again = talk.say("order_again", "order it again")
    assert text(again) == (
        f"I put two Nordfell mugs in your cart, as in order {order.number}. "
        "Nordfell mug costs $13.00 now, $12.00 then. Your cart comes to $26.00."
    )
    assert "don't find an order" in text(Talk(talk.market, "eve").tap("order.again", number=order.number))


def test_buying_by_voice_takes_a_screen_a_pin_and_a_read_back(market: Market) -> None:
    speaker, phone = Talk(market, screen=False), Talk(market)
    market.basket.add(market.shop, "ann", "mug")
    assert "off until you turn it on" in text(speaker.say("checkout", "check out"))
    assert "on a screen" in text(speaker.say("voice_buying", "turn on voice shopping"))
    speaker.tap("voice.set", pin=PIN, consent="yes", **details_of(speaker))
    assert market.voice.find(market.shop.id, "ann") is None
    for wrong in ({"pin": "1234"}, {"pin": "12"}, {"pin": PIN, "consent": "no"}, {"pin": PIN, "email": "ann"}):
        refused = phone.tap("voice.set", **{"consent": "yes", **details_of(phone), **wrong})
        assert view(refused).form
        assert PIN not in str(refused.reply)
    assert market.voice.find(market.shop.id, "ann") is None
    on = phone.tap("voice.set", pin=PIN, consent="yes", **details_of(phone))
    assert on.private
    assert "up to $100.00 each, 2 orders a day" in text(on)

    asked = speaker.say("checkout", "check out")
    assert text(asked) == "One Nordfell mug, $16.90 with delivery, to 12 Elm Street. Shall I place the order?"
    assert text(speaker.say("affirm", "yes")) == "Please say your PIN."
    assert "not your PIN" in text(speaker.say("shop_inform", "one two three four", code="one two three four"))
    done = speaker.say("shop_inform", "four seven one one", code="four seven one one")
    assert done.private
    assert text(done).startswith("Thank you! Your order NF-")
    [order] = market.orders.of_shopper(market.shop.id, "ann")
    assert (order.state, order.voice) == (OrderState.PAID, True)


def test_voice_orders_have_limits_and_five_wrong_pins_lock_them(market: Market) -> None:
    speaker = Talk(market, screen=False)
    market.voice.set(market.shop.id, "ann", PIN, ANN, "test-card-4242")
    market.basket.set(market.shop, "ann", "mug", 9)
    assert "$100.00 at most" in text(speaker.say("checkout", "check out"))
    for _ in range(2):
        market.basket.set(market.shop, "ann", "mug", 1)
        speaker.say("checkout", "check out")
        speaker.say("affirm", "yes")
        speaker.say("shop_inform", PIN, code=PIN)
    market.basket.set(market.shop, "ann", "mug", 1)
    assert "2 orders a day" in text(speaker.say("checkout", "check out"))
    market.later(days=2)
    speaker.say("checkout", "check out")
    speaker.say("affirm", "yes")
    said = [text(speaker.say("shop_inform", "0 0 0 0", code="0000")) for _ in range(FAILURES_MAX)]
    assert "locked" in said[-1]
    assert "locked" in text(speaker.say("checkout", "check out"))
    assert len(market.orders.of_shopper(market.shop.id, "ann")) == 2
    market.voice.set(market.shop.id, "ann", "5823", ANN, "test-card-4242")
    speaker.say("checkout", "check out")
    speaker.say("affirm", "yes")
    assert text(speaker.say("shop_inform", "5823", code="5823")).startswith("Thank you!")


@pytest.mark.parametrize(
    "values",
    [
        {"sku": "mug", "quantity": -1},
        {"sku": "mug", "quantity": 10**12},
        {"sku": "mug", "quantity": True},
        {"sku": "mug", "quantity": "2"},
        {"sku": "../mug", "quantity": 1},
        {"product": "<script>", "quantity": 1},
        {"product": "mug", "options": ["size=M"] * 9},
        {},
    ],
)
def test_taps_that_make_no_sense_change_nothing(talk: Talk, values: dict[str, str | int | bool | list[str]]) -> None:
    assert "does not fit" in text(talk.tap("cart.add", **values))
    assert talk.market.carts.cart(talk.market.shop.id, "ann").lines == ()


def test_a_tap_cannot_name_a_price_or_somebody_elses_checkout(talk: Talk) -> None:
    added = talk.tap("cart.add", sku="mug", price=1, total=1)
    assert cart(added).totals.total == usd(1_200)
    theirs = talk.market.ready("ben")
    for tap in ("checkout.complete", "checkout.cancel", "checkout.update"):
        assert "does not fit" in text(talk.tap(tap, id=theirs.id, total=theirs.quote.totals.total.minor))
    assert talk.market.find(theirs).status == "ready_for_complete"


@pytest.mark.parametrize(
    ("said", "values", "meant"),
    [
        ("medium", ("S", "M", "L"), "M"),
        ("size 42", ("41", "42"), "42"),
        ("the blue one", ("navy blue", "red"), "navy blue"),
        ("blue", ("navy blue", "sky blue"), None),
        ("extra large", ("L", "XL"), "XL"),
        ("purple", ("red", "blue"), None),
        ("", ("red",), None),
    ],
)
def test_a_value_is_understood_as_it_is_said(said: str, values: tuple[str, ...], meant: str | None) -> None:
    assert value_meant(said, values) == meant


def test_codes_and_addresses_are_written_as_they_are_said() -> None:
    assert [spoken_code(said) for said in ("four seven one one", "w a r m ten", "WARM10", "nf ten forty two")] == [
        "4711", "WARM10", "WARM10", "NF1042",
    ]  # fmt: skip
    assert spoken_email("anna dot lee at x dot org") == "anna.lee@x.org"
    assert named_among("boots", {1: "Trail boots", 2: "Rain boot", 3: "Socks"}) == [1, 2]
    assert counted(2, "A Field Guide to Moss", {}) == "two of A Field Guide to Moss"
    assert counted(3, "Berry basket", {"colour": "red"}) == "three Berry baskets (red)"


@given(
    st.text(max_size=40), st.dictionaries(st.text(max_size=10), st.integers() | st.text(max_size=20) | st.booleans())
)
def test_whatever_is_said_or_tapped_is_read_or_refused_quietly(said: str, values: dict[str, object]) -> None:
    spoken_code(said)
    spoken_email(said)
    value_meant(said, ("M", "navy blue", ""))
    try:
        tap = AddTap.model_validate(values)
    except ValueError:
        return
    assert 1 <= tap.quantity <= 99


def test_a_pin_is_kept_as_a_slow_salted_hash_only() -> None:
    kept = hashed(PIN)
    assert PIN not in kept
    assert kept != hashed(PIN)
    assert (is_pin(PIN, kept), is_pin("4712", kept)) == (True, False)
    assert pin_problem("1111")
    assert pin_problem("12345")
    assert not pin_problem("4711")
