"""What is drafted for a new shop: only what it has said, in its tone, and as answers that can be kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.web.console.setup.colours import NIGHT, READABLE, by_night, contrast, readable
from skills.shopping.money import Money
from skills.shopping.product import Attribute, Product
from skills.shopping.shop import Delivery, Profile, Returns, Tone
from skills.shopping.system_replies import SYSTEM_REPLIES
from skills.storefront.behaviour import Greeting, OwnWording
from skills.storefront.drafting import drafted
from skills.storefront.drafting.assortment import Assortment, assortment
from skills.storefront.template import problems
from skills.storefront.tones import MANNERS, reworded
from tests.shopping.shops import a_product

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
DELIVERIES = st.builds(
    Delivery,
    id=st.just("way"),
    name=WORDS.filter(str.strip),
    price=st.builds(Money, minor=st.integers(0, 10_000), currency=st.just("USD")),
    free_from=st.none() | st.builds(Money, minor=st.integers(1, 10_000), currency=st.just("USD")),
    days=st.tuples(st.integers(0, 5), st.integers(5, 20)),
    countries=st.lists(st.sampled_from(("US", "CA", "DE")), max_size=3).map(tuple),
)
PROFILES = st.builds(
    Profile,
    name=WORDS,
    tagline=WORDS,
    email=st.sampled_from(("", "a@b.example")),
    phone=WORDS,
    address=WORDS,
    tone=st.sampled_from(Tone),
    payments=st.lists(WORDS, max_size=3).map(tuple),
    warranty_months=st.integers(0, 40),
    deliveries=st.lists(DELIVERIES, max_size=3).map(tuple),
    returns=st.builds(
        Returns, days=st.integers(0, 60), not_returnable=st.lists(st.text(max_size=300), max_size=4).map(tuple)
    ),
)


@settings(max_examples=60, deadline=None)
@given(profile=PROFILES, has_hours=st.booleans())
def test_whatever_a_shop_has_said_makes_answers_that_can_be_kept(profile: Profile, has_hours: bool) -> None:
    found = drafted(profile, has_hours, Assortment())
    assert len({one.answer.id for one in found}) == len(found)
    assert all(one.source and not problems(one.answer.answer) for one in found)


def test_nothing_is_drafted_that_was_not_said() -> None:
    shop = Profile(name="Lamps", returns=Returns(days=0, cancel_hours=0))
    assert [one.answer.id for one in drafted(shop, False, Assortment())] == ["returns"]
    said = shop.model_copy(update={"payments": ("Visa", "invoice"), "warranty_months": 24})
    found = {one.answer.id: one for one in drafted(said, True, Assortment())}
    assert found.keys() == {"returns", "payment", "hours", "warranty"}
    assert found["payment"].answer.answer == "You can pay with Visa and invoice."
    assert found["payment"].source == "your ways to pay"
    assert found["warranty"].answer.answer == "Yes, 2 years on everything we sell."


def test_what_is_told_of_a_way_of_delivery_is_its_own() -> None:
    """The variables speak of the cheapest way, wherever it stands among the others."""
    dollars = {name: Money(minor=minor, currency="USD") for name, minor in (("Express", 2_000), ("Standard", 500))}
    ways = (
        Delivery(id="a", name="Express", price=dollars["Express"], days=(1, 1), countries=("US",)),
        Delivery(id="b", name="Standard", price=dollars["Standard"], days=(3, 5), countries=("US", "CA")),
    )
    shop = Profile(name="Lamps", tone=Tone.BRIEF, deliveries=ways)
    found = {one.answer.id: one.answer.answer for one in drafted(shop, False, Assortment())}
    assert found["delivery-time"] == "Standard takes {delivery_days}. Express takes 1 working day."
    assert found["delivery-cost"] == "Standard costs {delivery_price}. Express costs $20.00."
    assert found["delivery-express"] == "Yes: Express takes 1 working day and costs $20.00."
    assert found["delivery-countries"] == "We deliver to the United States and Canada."


def test_products_say_what_is_sold_and_how_many_of_them_say_so() -> None:
    def lamp(name: str, price: str, material: str | None) -> Product:
        facts = (Attribute(name="material", value=material),) if material else ()
        product = a_product("lamps", name, price=price)
        return product.model_copy(update={"categories": ("Lamps",), "attributes": facts, "brand": name})

    goods = assortment([lamp("a", "10", "Brass"), lamp("b", "30", "Brass"), lamp("c", "20", None)])
    found = {one.answer.id: one for one in drafted(Profile(name="Lamps", tone=Tone.BRIEF), False, goods)}
    assert found["materials"].answer.answer == "Mostly of brass."
    assert found["materials"].source == "your products: 2 of 3"
    assert found["prices"].answer.answer == "They cost from $10.00 to $30.00."
    assert found["brands"].answer.answer == "Among others a, b and c."


@given(
    own=st.dictionaries(st.sampled_from(sorted(SYSTEM_REPLIES)), st.just("As we say it.")),
    tones=st.lists(st.sampled_from(Tone), min_size=1, max_size=3),
)
def test_tones_come_and_go_and_what_somebody_wrote_stays(own: dict[str, str], tones: list[Tone]) -> None:
    held: dict[str, str] = dict(own)
    for tone in tones:
        for reply, text in reworded(held, tone).items():
            held.pop(reply, None)
            held |= {reply: text} if text else {}
    assert held == {**MANNERS[tones[-1]].wordings, **own}
    assert reworded(held, tones[-1]) == {}


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_can_be_said(tone: Tone) -> None:
    assert Greeting(text=MANNERS[tone].greeting)
    for reply, text in MANNERS[tone].wordings.items():
        assert OwnWording(reply=reply, text=text)


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_that_is_offered_can_be_read(number: int) -> None:
    colour = f"#{number:06x}"
    assert contrast(readable(colour)) >= READABLE
    assert contrast(by_night(colour), NIGHT) >= READABLE
    assert (readable(colour) == colour) == (contrast(colour) >= READABLE)
