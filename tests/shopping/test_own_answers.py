"""The shop's own answers as they are for whoever asks: those that hold, with what is theirs to know filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.store import Store
from search_index import Encoder
from skills.shop_view import Link
from skills.shopping.deciding.own_answers import OwnAnswers, says, view_of
from skills.shopping.filling import Filling, Reader
from skills.shopping.shop import Opening, Returns
from skills.skill import ActionRequest, Understanding
from skills.storefront import AnswerDesk, ShopAnswer, ShopAnswers
from skills.storefront.answer import AnswerButton, AnswerPicture, Conditions
from skills.storefront.choosing import Moment, allows
from skills.storefront.front import Front
from skills.storefront.template import VARIABLES
from skills.turn import Channel, Hypothesis, Utterance
from tests.shopping.buying import NOW, Market

QUESTION = "When does my parcel come?"
ALWAYS = ShopAnswer(id="always", question=QUESTION, answer="In {delivery_days|a while}.")
ANSWERS = (
    ALWAYS,
    ShopAnswer(id="mug", question=QUESTION, answer="{product_name}: soon.", conditions=Conditions(products=("mug",))),
    ShopAnswer(id="clothes", question=QUESTION, answer="Later.", conditions=Conditions(category="clothing")),
    ShopAnswer(id="sale", question=QUESTION, answer="Sale.", conditions=Conditions(page="/sale*")),
    ShopAnswer(
        id="known",
        question=QUESTION,
        answer="{customer_name|You}: {order_number|nothing} is {order_status|not here}.",
        conditions=Conditions(signed_in=True),
    ),
    ShopAnswer(
        id="christmas", question=QUESTION, answer="After Christmas.", begins=date(2026, 12, 24), ends=date(2026, 12, 26)
    ),
)


@dataclass
class Desk:
    market: Market
    own: OwnAnswers
    filling: Filling

    def ask(self, **said: Any) -> str:
        utterance = Utterance(
            conversation="c",
            dialog_request_id="r",
            channel=Channel.WIDGET,
            alternatives=(Hypothesis(text=QUESTION),),
            store=self.market.shop.id,
            **said,
        )
        request = ActionRequest(utterance, Understanding(QUESTION, "shop_ask", 1.0), {})
        best = self.own.fitting(request, self.market.shop.id, QUESTION)
        assert best is not None
        return best.answer.answer


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("own")
    store = Store(f"sqlite:///{folder / 'sori.db'}")
    market = Market(store.engine, folder)
    market.catalogues.put_shop(market.shop)
    answers = ShopAnswers(store.engine)
    answers.replace(market.shop.id, ANSWERS)
    front = Front(answers)
    filling = Filling(market.catalogues, market.orders, front, lambda: market.now)
    own = OwnAnswers(market.catalogues, AnswerDesk(answers, encoder), front, filling, lambda: market.now)
    yield Desk(market, own, filling)
    own.desk.close()
    store.close()


def test_of_several_answers_the_most_specific_that_holds_is_given(desk: Desk) -> None:
    days = desk.market.shop.deliveries[0].days if desk.market.shop.deliveries else None
    assert desk.ask() == (f"In {days[0]} to {days[1]} working days." if days else "In a while.")
    assert desk.ask(page_item="mug") == "Nordfell mug: soon."
    assert desk.ask(page_item="parka") == "Later."
    assert desk.ask(page_item="another-shops", page_url="https://shop.example/sale/x?y") == "Sale."
    assert desk.ask(page_item="mug", page_url="https://shop.example/sale", user="anybody") == "Nordfell mug: soon."
    assert desk.ask(at=datetime(2026, 12, 26, 20, 0, tzinfo=UTC)) == "After Christmas."


def test_an_order_is_told_to_its_own_customer_and_session_alone(desk: Desk) -> None:
    market = desk.market
    nobodys = "You: nothing is not here."
    assert desk.ask(user="ada", listener="s1") == nobodys
    number = market.buy("s1").order
    reader = Reader(listener="s1")
    mine = desk.filling.values(market.shop, VARIABLES, reader)
    assert (mine["order_number"], mine["order_status"], mine["customer_name"]) == (number, "being prepared", "Ann")
    for other in (Reader(), Reader(listener="s2"), Reader(listener=""), Reader(listener="s1", customer="ada")):
        told = desk.filling.values(market.shop, VARIABLES, other)
        assert not told.keys() & {"order_number", "order_status", "customer_name"}, other
    said = Utterance(
        conversation="c",
        dialog_request_id="r",
        channel=Channel.SPEAKER,
        alternatives=(Hypothesis(text=QUESTION),),
        listener="s1",
    )
    assert desk.filling.said(said, VARIABLES, market.shop.id)["order_status"] == "being prepared"
    assert not desk.filling.said(said, VARIABLES, market.shop.id).keys() & {"order_number", "customer_name"}
    assert desk.ask(user="ada", listener="s1") == nobodys, "somebody has signed in at the same device"
    theirs = market.shop.model_copy(update={"id": "another"})
    assert "order_number" not in desk.filling.values(theirs, VARIABLES, reader)


def test_what_the_shop_says_of_itself_is_filled_in(desk: Desk) -> None:
    shop = desk.market.shop.model_copy(
        update={"returns": Returns(days=1), "opening": (Opening(day=0, begin=540, end=600),), "email": "a@b.example"}
    )
    told = desk.filling.values(shop, VARIABLES, Reader(product="mug"))
    assert told["return_days"] == "1 day"
    assert told["opening_hours"] == "Monday 9:00 am to 10:00 am"
    assert (told["shop_email"], told["product_name"], told["product_price"]) == (
        "a@b.example",
        "Nordfell mug",
        "$12.00",
    )
    assert desk.filling.values(shop, ["shop_name"], Reader()) == {"shop_name": shop.name}


def test_an_answer_shows_its_buttons_links_and_pictures() -> None:
    answer = ShopAnswer(
        id="a",
        question="b",
        answer="c",
        buttons=(
            AnswerButton(label="Ask", say="And then?"),
            AnswerButton(label="Open", url="https://shop.example/"),
            AnswerButton(label="Mug", product="mug"),
        ),
        links=(Link(label="More", url="/more"),),
        pictures=(AnswerPicture(name=f"{1:020}.jpg", alt="Sizes"),),
    )
    view = view_of(answer, "shop")
    assert [(one.label, one.tap.name, one.tap.values) for one in view.buttons] == [
        ("Open", "open", {"url": "https://shop.example/"}),
        ("Mug", "product.details", {"product": "mug"}),
    ]
    assert [(one.text, one.utterance) for one in says(answer)] == [("Ask", "And then?")]
    assert [(one.url, one.alt) for one in view.pictures] == [(f"/shops/shop/answers/{1:020}.jpg", "Sizes")]
    assert view.links == answer.links


PARTS: dict[str, Any] = {"page": "/a", "products": ("p",), "category": "c", "signed_in": False, "in_hours": True}


@given(st.sets(st.sampled_from(sorted(PARTS))), st.booleans())
def test_more_conditions_always_count_more_and_all_have_to_hold(asked: set[str], dated: bool) -> None:
    def specific(names: set[str], begins: date | None) -> ShopAnswer:
        when = Conditions(**{name: PARTS[name] for name in names})
        return ShopAnswer(id="a", question="q", answer="a", conditions=when, begins=begins)

    begins = NOW.date() if dated else None
    answer = specific(asked, begins)
    for count in range(len(asked)):
        for fewer in combinations(sorted(asked), count):
            assert specific(set(fewer), begins).specificity < answer.specificity
    here = Moment(NOW.date(), "https://x.example/a", "p", frozenset({"c"}), signed_in=False, in_hours=True)
    elsewhere = Moment(date(2000, 1, 1), "", None, frozenset(), signed_in=True, in_hours=False)
    assert allows(answer, here)
    assert allows(answer, elsewhere) == (answer.specificity == 0)
