"""Each number is exactly what its definition says, and opens as many conversations as it counts, in both databases."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from assistant.chat.facts import facts_of
from assistant.chat.records import Body
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Sender
from assistant.chat.tables import conversations, facts
from assistant.insights.behind import hour_name
from assistant.insights.insights import Insights
from assistant.insights.measures import Behind, Measure, Topic
from assistant.insights.records import Counted, Summary, Times
from assistant.insights.spans import Span
from assistant.learning.inbox import Inbox
from assistant.learning.question import Known, Question
from assistant.storage.store import Store
from skills.fact import (
    Fact,
    FactKind,
    HandOver,
    Missing,
    Source,
    answered,
    asked_about,
    ordered,
    searched,
    unanswered,
)
from skills.shopping.buying.quote import QuotedLine
from skills.shopping.buying.tables import order_lines, orders
from skills.shopping.money import Money
from tests.insights.talk import Talk

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in Berlin."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK = Span.of_days(7, NOON + 5 * 60 * MINUTE, BERLIN)
PARTS = (Measure.CONTAINED, Measure.HANDED_OVER, Measure.UNSOLVED)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp(request.param) / "sori.db"
    store = Store(f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres"))
    yield store
    store.close()


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store)


@pytest.fixture
def insights(store: Store) -> Insights:
    return Insights(store.engine)


def test_every_conversation_is_contained_handed_over_or_unsolved(talk: Talk, insights: Insights) -> None:
    names = ["fine", "later", "left", "bad", "taken", "asked", "old", "liked", "again"]
    fine, later, left, bad, taken, asked, old, liked, again = (f"{name}-{secrets.token_hex(4)}" for name in names)
    talk.ask(fine, NOON, answered(Source.SHOP, "shipping", "how long?", 0.9))
    for one, last in ((later, False), (left, True)):
        talk.ask(one, NOON, unanswered(Missing.UNKNOWN, "do you gift wrap?"))
        if not last:
            talk.ask(one, NOON + MINUTE)
    talk.rate(bad, talk.ask(bad, NOON), "bad")
    talk.ask(bad, NOON + MINUTE)
    talk.rate(liked, talk.ask(liked, NOON), "good")
    for first, then in (("bad", "good"), ("good", None)):
        seq = talk.ask(again, NOON)
        talk.rate(again, seq, "good" if first == "good" else "bad")
        talk.rate(again, seq, "good" if then else None)
    talk.ask(taken, NOON)
    talk.hand_over(taken, NOON + MINUTE, HandOver.QUEUED)
    talk.hand_over(taken, NOON + 3 * MINUTE, HandOver.TAKEN)
    talk.person(taken, NOON + 4 * MINUTE, NOON + MINUTE)
    talk.ask(asked, NOON)
    talk.hand_over(asked, NOON + MINUTE, HandOver.OFFLINE)
    # In Berlin it is 00:30 of the first day, and 23:30 of the day before.
    first_moment = datetime(2026, 3, 5, 0, 0, tzinfo=BERLIN).astimezone(UTC)
    talk.ask(old, first_moment - 30 * MINUTE, took=timedelta(seconds=9))
    talk.ask(f"edge-{old}", first_moment + 30 * MINUTE)
    other = Talk(talk.store)
    other.ask(f"theirs-{old}", NOON, unanswered(Missing.UNKNOWN, "theirs"))

    found = insights.summary(talk.shop, WEEK)
    took = Times(9, 200, 200)
    assert found == Summary(9, 5, 1, 3, 2, 1, 2, took, Times(1, 180_000, 180_000))
    assert (found.contained_share, found.satisfaction) == (5 / 9, 2 / 3)
    assert insights.behind(talk.shop, WEEK, Behind(Measure.HANDED_OVER), {}) == [taken]
    assert set(insights.behind(talk.shop, WEEK, Behind(Measure.UNSOLVED), {})) == {left, bad, asked}
    before = Span(date(2026, 2, 26), date(2026, 3, 4), BERLIN, WEEK.now)
    assert insights.summary(talk.shop, before).conversations == 1
    assert insights.summary(other.shop, WEEK).conversations == 1
    bars = insights.overview(talk.shop, WEEK).bars
    assert [sum(bar.counts.values()) for bar in bars] == [1, 0, 0, 0, 0, 0, 8]


def test_what_was_asked_looked_for_and_not_found(talk: Talk, insights: Insights) -> None:
    one, two = (f"{name}-{talk.shop}" for name in ("one", "two"))
    talk.ask(one, NOON, answered(Source.SHOP, "shipping", "how long?", 0.9))
    talk.ask(one, NOON, answered(Source.SHOP, "shipping", "how long to Italy?", 0.8))
    talk.ask(two, NOON, answered(Source.SHOP, "shipping", "when?", 0.7), asked_about("tent", "when?"))
    talk.ask(two, NOON, answered(Source.REVIEWS, "tent", "is it good?"), asked_about("tent", "is it good?"))
    talk.ask(one, NOON, searched("kayak", 0), searched("tent", 4))
    talk.ask(two, NOON, searched("Kayak ", 0), unanswered(Missing.BEYOND, "What's the weather?"))
    talk.ask(two, NOON, unanswered(Missing.UNKNOWN, "what's the  weather?"))
    shop = talk.shop
    assert insights.top_questions(shop, WEEK) == [Counted("shipping", 2, 3)]
    assert insights.products(shop, WEEK) == [Counted("tent", 1, 2)]
    told = insights.not_found(shop, WEEK)
    assert told.searches == (Counted("kayak", 2, 2),)
    assert [(one.conversations, one.times, one.subject) for one in told.questions] == [(1, 2, "what's the weather?")]
    lines = insights.topics(shop, WEEK, {"shipping": "Delivery/Time"})
    assert {line.topic: line.conversations for line in lines} == {
        "folder:Delivery": 2, Topic.SEARCHES: 2, Topic.UNANSWERED: 1, Topic.PRODUCTS: 1,
    }  # fmt: skip
    assert all(sum(line.bars) == line.conversations for line in lines)
    assert insights.topics(shop, WEEK.before, {}) == []


def test_questions_of_one_meaning_are_one_once_the_inbox_has_grouped_them(
    talk: Talk, insights: Insights, store: Store
) -> None:
    one, two = (f"{name}-{talk.shop}" for name in ("one", "two"))
    for conversation, text in ((one, "do you gift wrap?"), (two, "can I have it wrapped?"), (two, "why?")):
        talk.ask(conversation, NOON, unanswered(Missing.UNKNOWN, text))
    vector = np.full(4, 0.5, dtype=np.float32)
    grouped = [
        Known(Question(conversation, 1, text, NOON), "wrap", vector)
        for conversation, text in ((one, "do you gift wrap?"), (two, "can I have it wrapped?"))
    ]
    Inbox(store.engine).keep(talk.shop, grouped, NOON)
    found = insights.unanswered_questions(talk.shop, WEEK)
    assert [(one.subject, one.conversations) for one in found] == [("wrap", 2), ("why?", 1)]
    assert insights.behind(talk.shop, WEEK, Behind(Measure.QUESTION, "wrap"), {}) == [two, one]


def test_an_order_is_assisted_by_what_was_shown_the_same_shopper_in_the_week_before(
    talk: Talk, insights: Insights, store: Store
) -> None:
    early, late = (f"{name}-{talk.shop}" for name in ("early", "late"))
    talk.ask(early, NOON - 6 * DAY, shown=["tent", "lamp"])
    talk.ask(late, NOON - 9 * DAY, shown=["lamp"])
    order(store, talk, "A-1", early, NOON, {"tent": 2, "boots": 1})
    order(store, talk, "A-2", early, NOON + MINUTE, {"lamp": 1}, state="canceled")
    order(store, talk, "A-3", early, NOON - 6 * DAY - MINUTE, {"tent": 1})
    order(store, talk, "A-4", late, NOON, {"lamp": 1})
    order(store, talk, "A-5", "nobody", NOON, {"tent": 1})
    found = insights.orders(talk.shop, WEEK)
    assert [(one.number, one.conversation, one.revenue) for one in found] == [
        ("A-1", early, Money(minor=2_000, currency="USD"))
    ]
    assert insights.behind(talk.shop, WEEK, Behind(Measure.ORDERS), {}) == [early]


def order(
    store: Store, talk: Talk, number: str, conversation: str, at: datetime, wanted: dict[str, int], state: str = "paid"
) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            insert(orders).values(
                shop=talk.shop, number=number, shopper=talk.shopper(conversation).id, customer="", email="a@b.example",
                state=state, checkout=secrets.token_hex(16), payment="", voice=False, coupon="", details={}, totals={},
                placed_at=at,
            )
        )  # fmt: skip
        for place, (product, count) in enumerate(wanted.items()):
            price = Money(minor=1_000, currency="USD")
            line = QuotedLine(sku=f"{product}-1", product=product, title=product, quantity=count, price=price)
            row = {"shop": talk.shop, "number": number, "sku": line.sku, "place": place}
            connection.execute(insert(order_lines).values(**row, line=line.model_dump(mode="json")))


def test_facts_go_with_their_conversation_and_hold_no_secret(talk: Talk, store: Store) -> None:
    conversation = f"gone-{talk.shop}"
    talk.ask(conversation, NOON, answered(Source.SHOP, "shipping", "how long?", 0.9), ordered("A-1"))
    mine = select(func.count()).where(facts.c.conversation == conversation)
    with store.engine.begin() as connection:
        assert connection.execute(mine).scalar_one() == 4
        connection.execute(conversations.delete().where(conversations.c.id == conversation))
        assert connection.execute(mine).scalar_one() == 0
    told = facts_of([unanswered(Missing.UNCLEAR, "my PIN is 4711")], None, MINUTE, private=True)
    assert not any(one.text for one in told)


def test_an_answer_that_is_not_kept_leaves_no_facts(talk: Talk, insights: Insights) -> None:
    """Answered twice, as after the service was stopped in between: it counts once."""
    conversation = f"twice-{talk.shop}"
    talk.log.accept(conversation, talk.shopper(conversation), "en", "m1", Body(text="boots"), NOON, ask=True)
    question = talk.log.unanswered(conversation)[0]
    draft = Draft(Sender.BOT, Body(text="Here."), facts_of([], None, MINUTE, private=False))
    assert talk.log.answer(question, [draft], NOON)
    assert talk.log.answer(question, [draft], NOON) is None
    kinds = [one.fact.kind for one in insights.of_conversation(talk.shop, conversation)]
    assert kinds == [FactKind.WROTE, FactKind.REPLIED]
    assert [one.question for one in insights.of_conversation(talk.shop, conversation)] == [None, 1]


happening = st.one_of(
    st.builds(answered, st.sampled_from(list(Source)), st.sampled_from(["a", "b"]), st.just("how?")),
    st.builds(unanswered, st.sampled_from(list(Missing)), st.sampled_from(["Why?", "why?", "When? "])),
    st.builds(searched, st.sampled_from(["Tent", "tent", " lamp"]), st.integers(0, 1)),
    st.builds(asked_about, st.sampled_from(["tent", "lamp"]), st.just("is it good?")),
    st.builds(Fact, kind=st.just(FactKind.HANDED_OVER), subject=st.sampled_from(list(HandOver))),
)
turns = st.tuples(
    st.integers(0, 3),
    st.integers(-12 * 24 * 60, 4 * 60),
    st.lists(happening, max_size=3),
    st.sampled_from([None, "good", "bad"]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(turns, min_size=1, max_size=10), days=st.sampled_from([1, 7, 40]))
def test_a_number_opens_as_many_conversations_as_it_says(
    store: Store, insights: Insights, said: list[tuple[int, int, list[Fact], str | None]], days: int
) -> None:
    talk = Talk(store)
    for number, minutes, found, rating in sorted(said, key=lambda one: one[1]):
        conversation = f"{number}-{talk.shop}"
        seq = talk.ask(conversation, NOON + minutes * MINUTE, *found)
        if rating:
            talk.rate(conversation, seq, "good" if rating == "good" else "bad")
    span, shop, folders = Span.of_days(days, WEEK.now, BERLIN), talk.shop, {"a": "Orders/Returns"}

    def opened(measure: Measure, subject: str = "", bar: str = "") -> int:
        those = insights.behind(shop, span, Behind(measure, subject, bar), folders)
        assert len(those) == len(set(those)) == len(insights.listed(shop, those))
        return len(those)

    overview = insights.overview(shop, span)
    summary = overview.summary
    assert summary.conversations == summary.contained + summary.handed_over + summary.unsolved == opened(Measure.ALL)
    assert [summary.contained, summary.handed_over, summary.unsolved] == [opened(one) for one in PARTS]
    assert [summary.liked, summary.disliked] == [opened(Measure.LIKED), opened(Measure.DISLIKED)]
    assert [summary.unanswered, summary.bot.conversations] == [opened(Measure.UNANSWERED), opened(Measure.BOT)]
    assert sum(sum(bar.counts.values()) for bar in overview.bars) == summary.conversations
    for bar in overview.bars:
        first = bar.span.first.isoformat()
        assert {part: opened(part, bar=first) for part in PARTS} == bar.counts
    for hour, count in overview.hours.items():
        assert opened(Measure.HOUR, hour_name(*hour)) == count
    for line in insights.topics(shop, span, folders):
        assert opened(Measure.TOPIC, line.topic) == line.conversations == sum(line.bars)
    tops = {
        Measure.ANSWER: insights.top_questions(shop, span),
        Measure.QUESTION: insights.unanswered_questions(shop, span),
        Measure.SEARCH: insights.searches(shop, span),
        Measure.PRODUCT: insights.products(shop, span),
    }
    for measure, counted in tops.items():
        assert [opened(measure, one.subject) for one in counted] == [one.conversations for one in counted]


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 366),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_bars_are_the_span_without_gaps_and_the_span_before_is_as_long(first: date, days: int, zone: str) -> None:
    last = first + timedelta(days=days - 1)
    span = Span(first, last, ZoneInfo(zone), datetime(2035, 1, 1, tzinfo=UTC))
    bars = span.bars()
    assert [bars[0].since, bars[-1].until] == [span.since, span.until]
    assert all(one.until == following.since for one, following in pairwise(bars))
    assert len(bars) <= 54
    assert span.before.days == span.days
    assert span.before.until == span.since


def test_half_a_day_is_compared_with_half_a_day() -> None:
    today = Span.of_days(1, NOON, BERLIN)
    assert today.before.end - today.before.since == today.end - today.since == timedelta(hours=12, microseconds=1)
