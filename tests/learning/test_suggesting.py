"""What is proposed comes from the shop's own words, says from where, and has nothing of a customer in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.learning.question import Wanted
from assistant.learning.suggesting import Source, Suggesting
from skills.shopping.buying.orders import Orders
from skills.shopping.product import Product
from tests.learning.conftest import Place

RULE = ("How long does delivery take?", "Delivery takes 2 to 4 working days.", "Your delivery rules")


def suggesting(place: Place, rules: Iterable[tuple[str, str, str]] = ()) -> Suggesting:
    def none(_shop: str, _text: str, _named: Sequence[str]) -> Sequence[Product]:
        return ()

    return Suggesting(place.store.engine, place.desk, Orders(place.store.engine), lambda _shop: rules, none)


def test_a_reply_of_a_person_is_offered_without_what_is_the_customers(place: Place) -> None:
    chat, _ = place.asks("Do you wrap things as a gift?")
    place.replies(chat, "Hi Ann, one moment")
    place.replies(chat, "Yes Ann, we wrap gifts for $3. Order NF-1042 will have paper. Best, Mia")
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    asked = place.inbox.questions(place.shop, group, 10)
    [offered] = suggesting(place, [RULE]).for_group(place.shop, group.title, asked)
    assert offered.source is Source.REPLY
    assert (offered.conversation, offered.seq) == (chat, 4)
    assert "NF-1042" not in offered.text
    assert "Mia" not in offered.text
    assert "$3" in offered.text
    assert offered.made_from == "What Mia Page wrote on 23 November"


def test_a_rule_is_offered_where_it_is_about_the_question(place: Place) -> None:
    found = suggesting(place, [RULE]).for_group(place.shop, "how many days until delivery", [])
    assert [(one.text, one.made_from) for one in found] == [(RULE[1], RULE[2])]
    assert suggesting(place, [RULE]).for_group(place.shop, "who painted the Mona Lisa", []) == []


def test_replies_of_another_shop_are_not_read(place: Place) -> None:
    chat, _ = place.asks("Do you wrap things as a gift?")
    place.replies(chat, "Yes, we wrap gifts for three dollars.")
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    asked = place.inbox.questions(place.shop, group, 10)
    assert suggesting(place).replies("nordfell", asked) == []
