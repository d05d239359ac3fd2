"""What was asked in vain is grouped once, stays where a person has put it, and leaves when it is taught."""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np

from assistant.learning.question import Known, Question, State, Wanted, Why
from assistant.learning.teaching import NotTaught, Taught
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswer
from tests.learning.conftest import NOW, Place

WRAP = "Do you wrap things as a gift?"
LATER = timedelta(hours=1)


def titles(place: Place, state: State = State.OPEN, **wanted: str) -> list[str]:
    return [one.title for one in place.inbox.listing(place.shop, Wanted(state=state, **wanted)).groups]  # type: ignore[arg-type]


def test_questions_of_one_meaning_are_one_group_with_when_and_how_often(place: Place) -> None:
    for minutes, text in enumerate(
        [WRAP, "can you gift wrap it?", "do you wrap gifts", "how tall is the Eiffel tower"]
    ):
        place.asks(text, at=NOW + timedelta(minutes=minutes))
    place.asks("do you wrap gifts for free", in_vain=False)
    assert place.gather() == 4
    assert place.gather() == 0
    first, second = place.inbox.listing(place.shop, Wanted()).groups
    assert (first.count, first.first, first.last) == (3, NOW, NOW + timedelta(minutes=2))
    assert second.title == "how tall is the Eiffel tower"
    assert titles(place, words="EIFFEL") == [second.title]
    assert titles(place, words="100%") == []
    found = place.inbox.asked_between(place.shop, NOW + timedelta(minutes=3), NOW + LATER, 5)
    assert [(group.title, len(chats)) for group, chats in found] == [(second.title, 1)]


def test_what_is_put_away_stays_away_with_all_that_joins_it(place: Place) -> None:
    place.asks(WRAP)
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    assert place.inbox.settle(place.shop, group.id, State.DISMISSED, "Ada", NOW)
    place.asks("can you gift wrap it, do you wrap things?", at=NOW + LATER)
    place.gather()
    assert titles(place) == []
    [away] = place.inbox.listing(place.shop, Wanted(state=State.DISMISSED)).groups
    assert (away.id, away.count) == (group.id, 2)
    place.inbox.settle(place.shop, group.id, State.OPEN, "Ada", NOW)
    assert len(titles(place)) == 1


def test_a_bad_rating_brings_a_question_and_takes_it_back(place: Place) -> None:
    chat, answer = place.asks(WRAP, in_vain=False)
    place.log.rate(chat, answer, "bad", "useless")
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted(why=Why.BADLY_RATED)).groups
    assert (group.rated, group.examples[0].rated) == (1, answer)
    assert titles(place, why=Why.UNANSWERED) == []
    place.log.rate(chat, answer, "good", "")
    place.gather()
    assert titles(place) == []


def test_what_is_taught_leaves_and_comes_back_only_where_it_did_not_help(place: Place) -> None:
    place.asks(WRAP)
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    answer = ShopAnswer(id="q-wrap", question=WRAP, answer="Yes, for $3.")
    taught = place.teaching.new_answer(place.shop, group.id, answer, "Ada", NOW + LATER)
    assert taught == Taught("q-wrap", WRAP, changed=True)
    assert place.teaching.new_answer(place.shop, group.id, answer, "Ada", NOW + LATER) == taught
    assert titles(place) == []

    place.asks(WRAP, at=NOW + 2 * LATER)
    place.gather(3 * LATER)
    assert titles(place) == [], "it waits to be published"
    version = place.teaching.publish(place.shop, "q-wrap", "Ada", NOW + 3 * LATER, "")
    assert version
    assert version.changes == 1
    place.asks("do you wrap as a gift?", at=NOW + 4 * LATER)
    place.gather(4 * LATER)
    [again] = place.inbox.listing(place.shop, Wanted()).groups
    assert (again.id, again.count, again.again, again.answer) == (group.id, 1, True, "q-wrap")
    assert place.inbox.counts(place.shop) == {State.OPEN: 1, State.TAUGHT: 1, State.DISMISSED: 0}


def test_a_question_that_means_something_else_is_taken_out(place: Place) -> None:
    first, _ = place.asks(WRAP)
    place.asks(WRAP)
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    assert place.inbox.part(f"{place.shop}-2", group.id, first, 1, NOW) == ""
    alone = place.inbox.part(place.shop, group.id, first, 1, NOW)
    assert place.inbox.part(place.shop, group.id, first, 1, NOW) == ""
    counts = {one.id: one.count for one in place.inbox.listing(place.shop, Wanted()).groups}
    assert counts == {group.id: 1, alone: 1}


def test_ways_to_ask_join_an_answer_once_each(place: Place) -> None:
    place.asks(WRAP)
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    place.answers.save(
        place.shop,
        "answer",
        ShopAnswer(id="wrap", question="Gift wrap?", answer="Yes.").id,
        ShopAnswer(id="wrap", question="Gift wrap?", answer="Yes."),
        "Ada",
        NOW,
    )
    done = place.teaching.variants(place.shop, group.id, "wrap", [WRAP, "GIFT WRAP", WRAP], "Ada", NOW)
    assert isinstance(done, Taught)
    entry = place.answers.draft(place.shop, "answer", "wrap")
    assert entry
    assert entry.read(ShopAnswer).variants == (WRAP,)
    assert isinstance(place.teaching.variants(place.shop, group.id, "gone", [WRAP], "Ada", NOW), NotTaught)
    assert isinstance(place.teaching.variants(place.shop, group.id, "wrap", ["x" * 501], "Ada", NOW), NotTaught)


def test_another_shop_sees_and_changes_nothing(place: Place) -> None:
    place.asks(WRAP)
    place.gather()
    [group] = place.inbox.listing(place.shop, Wanted()).groups
    other = f"{place.shop}-2"
    Catalogues(place.store.engine).put_shop(Shop(id=other, name="Other"))
    assert place.inbox.group(other, group.id) is None
    assert not place.inbox.settle(other, group.id, State.DISMISSED, "Eve", NOW)
    assert place.inbox.listing(other, Wanted()).groups == ()
    assert place.inbox.questions(other, group, 10) == []
    assert len(titles(place)) == 1


def test_a_thousand_questions_are_listed_in_a_moment(place: Place) -> None:
    vectors = np.random.default_rng(7).normal(size=(200, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    chats = [place.asks(f"question {number}")[0] for number in range(20)]
    news = [
        Known(
            Question(chats[number % 20], 100 + number, f"question {number}", NOW),
            f"g{number % 200}",
            vectors[number % 200],
        )
        for number in range(1_000)
    ]
    place.inbox.keep(place.shop, news, NOW)
    started = time.perf_counter()
    listing = place.inbox.listing(place.shop, Wanted())
    taken = time.perf_counter() - started
    assert (len(listing.groups), listing.more) == (20, True)
    assert taken < 1.0, taken  # about 10 ms on a quiet machine
