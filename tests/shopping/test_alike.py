"""Questions are grouped by what they mean; answers that are twice there, or contradict each other, are found."""

from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest

from assistant.storage.store import Store
from search_index import Encoder
from skills.shopping.catalogue import Catalogues
from skills.storefront import AnswerDesk, ShopAnswer, ShopAnswers
from skills.storefront.alike import contradictions, duplicates
from skills.storefront.answer import Conditions
from skills.storefront.differing import difference
from skills.storefront.grouping import group, representative
from skills.storefront.matching import BLOCK, BLOCK_PAIRS, Matcher
from skills.storefront.wordings import Wordings
from tests.shopping.shops import a_shop

DELIVERY = ("when will my order arrive", "how long does delivery take", "when is my delivery coming")
RETURNS = ("can I send it back", "how do I return this", "I want to return my order")


def test_questions_that_mean_the_same_are_one_group(encoder: Encoder) -> None:
    texts = [*DELIVERY, *RETURNS, "asdf qwer"]
    groups = group(texts, encoder.encode(texts))
    assert len(set(groups)) == 3
    assert [len({groups[place] for place in places}) for places in (range(3), range(3, 6))] == [1, 1]


def test_new_questions_join_and_old_groups_stay(encoder: Encoder) -> None:
    texts = [*DELIVERY, *RETURNS]
    known = [7, 7, 7, 3, 3, 3]
    later = [*texts, "when does my parcel arrive", "how can I return an item", "do you have gift cards"]
    groups = group(later, encoder.encode(later), known)
    assert groups[:6] == known
    assert groups[6:8] == [7, 3]
    assert groups[8] > 7
    assert group([], encoder.encode([])) == []
    assert group(["alone"], encoder.encode(["alone"])) == [0]
    assert representative(encoder.encode(["alone"])) == 0


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("You have 30 days.", "You have sixty days.", "One says 30 days, the other 60 days."),
        ("It costs €4.90.", "Delivery is €5.", "One says €4.90, the other €5."),
        ("We are open Mon-Fri.", "Open Monday to Saturday.", "Only one of them names Saturday."),
        ("Yes, we do.", "No, sorry.", "One says yes, the other no."),
        ("We ship to Canada.", "We don't ship to Canada.", "the other “We don't ship to Canada”"),
        ("You have 30 days.", "You have thirty days to return it.", ""),
        ("Delivery is $5.", "Delivery is $5.00, free over $50.", ""),
        ("Same.", "same", ""),
        ("", "", ""),
    ],
)
def test_what_two_answers_contradict_each_other_in(one: str, other: str, why: str) -> None:
    assert why in difference(one, other)
    assert bool(difference(one, other)) == bool(difference(other, one)) == bool(why)


def test_answers_that_are_there_twice_or_contradict_each_other(demo_store: Store, encoder: Encoder) -> None:
    shop, answers = f"alike-{uuid4().hex[:12]}", ShopAnswers(demo_store.engine)
    Catalogues(demo_store.engine).put_shop(a_shop(shop))
    drafts = [
        ShopAnswer(id="returns", question="Can I return my order?", answer="You have 30 days."),
        ShopAnswer(id="back", question="Can I return an order?", answer="You have 60 days."),
        ShopAnswer(id="hours", question="When are you open?", answer="From nine to five."),
        ShopAnswer(id="opening", question="when are you open", answer="From nine to five."),
        ShopAnswer(
            id="members", question="Can I return my order?", answer="90 days.", conditions=Conditions(signed_in=True)
        ),
    ]
    answers.save_many(shop, "answer", {one.id: one for one in drafts}, "Ann", datetime(2026, 11, 23, tzinfo=UTC))
    desk = AnswerDesk(answers, encoder)
    assert {(one.one.id, one.other.id) for one in duplicates(desk, shop)} == {("returns", "back"), ("hours", "opening")}
    (found,) = contradictions(desk, shop)
    assert (found.alike.one.id, found.alike.other.id) == ("returns", "back")
    assert found.why == "One says 30 days, the other 60 days."
    desk.close()


def test_of_questions_made_after_one_pattern_only_the_nearest_pairs_are_looked_at() -> None:
    count = BLOCK + 50
    texts = [f"does thing {number} come in red" for number in range(count)]
    wordings = Wordings(4)
    rows = wordings.rows(texts)
    wordings.learn({text: np.full(4, 0.5, np.float32) for text in texts})
    matcher = Matcher(wordings.corpus(), rows, np.arange(count))
    found = matcher.pairs(np.arange(count), 0.5)
    assert 0 < len(found) <= 2 * BLOCK_PAIRS < count * (count - 1) // 2
    assert all(one < other for one, other, _ in found)
