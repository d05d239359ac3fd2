"""A shop's rules: which of them fits, when, and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from skills.shopping.system_replies import SYSTEM_REPLIES, Wordings
from skills.storefront.behaviour import Greeting, HandoverRules, KeywordReply, Menu, OwnWording, ProactiveMessage
from skills.storefront.behaviour.away import AwayReply, AwayWhen, is_due
from skills.storefront.behaviour.card import Card, Cards
from skills.storefront.behaviour.customers import CustomerKind, Visitor
from skills.storefront.behaviour.doing import CardButton
from skills.storefront.behaviour.greeting import greeting_for
from skills.storefront.behaviour.handover import Heard, asks_for_person
from skills.storefront.behaviour.hours import Range
from skills.storefront.behaviour.keyword import KeywordMatch, keyword_for
from skills.storefront.behaviour.menu import MenuItem
from skills.storefront.behaviour.proactive import fits
from skills.storefront.page_pattern import exactness, matches
from skills.storefront.zones import zone

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOBODY: frozenset[CustomerKind] = frozenset()


@pytest.mark.parametrize(
    ("pattern", "address", "meant"),
    [
        ("", "https://a.example/x", True),
        ("/sale", "https://a.example/sale/?a=1#b", True),
        ("/sale", "https://a.example/sale/boots", False),
        ("/sale*", "https://a.example/SALE/boots", True),
        ("/*/boots", "https://a.example/de/boots", True),
        ("/boots/*", "https://a.example/boots", True),
        ("/boots/*", "https://a.example/bootswear", False),
        ("a.example/sale", "https://b.example/sale", False),
        ("*.example/sale", "https://b.example/sale", False),  # a star first is of the path
        ("/", "https://a.example", True),
        ("/x", "not an address [", False),
    ],
)
def test_pages_that_a_pattern_means(pattern: str, address: str, *, meant: bool) -> None:
    assert matches(pattern, address) is meant


@given(st.lists(st.text("ab", max_size=4), min_size=1, max_size=6), st.text("ab/", max_size=3))
def test_stars_stand_for_anything(pieces: list[str], filler: str) -> None:
    assert matches("/" + "*".join(pieces), "https://a.example/" + filler.join(pieces))
    assert exactness("*".join(pieces)) == sum(map(len, pieces))


def test_the_greeting_that_fits_best_wins() -> None:
    def rule(text: str, **when: object) -> Greeting:
        return Greeting.model_validate({"text": text, **when})

    rules = [
        rule("all"),
        rule("sale", page="/sale*"),
        rule("boots on sale", page="/sale/boots"),
        rule("german", language="de"),
        rule("back on sale", page="/sale*", customers=["returning"]),
        rule("signed in or back", customers=["returning", "signed_in"]),
        rule("signed in", customers=["signed_in"]),
        rule("all again"),
    ]

    def told(page: str, language: str = "en", *kinds: CustomerKind) -> str | None:
        found = greeting_for(rules, f"https://a.example{page}", language, frozenset(kinds))
        return found and found.text

    assert told("/") == "all"
    assert told("/sale/hats") == "sale"
    assert told("/sale/boots") == "boots on sale"
    assert told("/sale/boots", "de-CH") == "german"
    assert told("/sale/hats", "en", CustomerKind.RETURNING) == "back on sale"
    assert told("/", "en", CustomerKind.RETURNING, CustomerKind.SIGNED_IN) == "signed in"
    assert greeting_for([], "", "en", NOBODY) is None


def test_kinds_of_customer_by_what_they_did_and_when() -> None:
    def kinds(days: int | None) -> frozenset[CustomerKind]:
        last = None if days is None else NOW - timedelta(days=days)
        return Visitor(last_order=last).kinds(NOW) - {CustomerKind.NEW}

    assert kinds(None) == kinds(731) == {CustomerKind.FIRST_PURCHASE}
    assert kinds(182) == {CustomerKind.REPURCHASE}
    assert kinds(183) == kinds(730) == frozenset()
    assert Visitor(has_written=True, signed_in=True, last_order=NOW).kinds(NOW) == {
        CustomerKind.RETURNING,
        CustomerKind.SIGNED_IN,
        CustomerKind.REPURCHASE,
    }


@given(st.lists(st.timedeltas(timedelta(0), timedelta(hours=50)), max_size=20), st.integers(1, 30))
def test_an_away_reply_is_told_at_most_once_in_its_period_and_again_after_it(
    waits: list[timedelta], hours: int
) -> None:
    told: list[datetime] = []
    at = NOW
    for wait in waits:
        at += wait
        if is_due(told[-1] if told else None, at, hours):
            told.append(at)
        else:
            assert at - told[-1] < timedelta(hours=hours)
    assert all(later - sooner >= timedelta(hours=hours) for sooner, later in pairwise(told))


def test_an_away_reply_holds_while_it_is_closed_or_on_its_days() -> None:
    closed = AwayReply(when=AwayWhen.CLOSED, text="We are closed. {opens}")
    assert closed.holds(is_open=False, today=NOW.date())
    assert not closed.holds(is_open=True, today=NOW.date())
    assert not closed.model_copy(update={"on": False}).holds(is_open=False, today=NOW.date())
    trip = AwayReply(when=AwayWhen.DATES, text="Away.", first=date(2026, 11, 23), last=date(2026, 11, 24))
    assert [trip.holds(is_open=True, today=date(2026, 11, day)) for day in (22, 23, 24, 25)] == [
        False,
        True,
        True,
        False,
    ]
    with pytest.raises(ValidationError, match="from which day"):
        AwayReply(when=AwayWhen.DATES, text="Away.")
    with pytest.raises(ValidationError, match="opens"):
        Greeting(text="We are closed. {opens}")


def test_keywords_are_whole_words_and_the_longest_wins() -> None:
    size = KeywordReply(phrases=("size chart", "Größe"), match=KeywordMatch.WITHIN, text="s")
    kids = KeywordReply(phrases=("size chart for kids",), match=KeywordMatch.WITHIN, text="k")
    whole = KeywordReply(phrases=("Size Chart!",), text="w")
    off = KeywordReply(phrases=("menu",), text="m", on=False)
    rules = (size, kids, whole, off)
    assert keyword_for(rules, "Where is the SIZE chart?") is size
    assert keyword_for(rules, "Where is the size chart for kids?") is kids
    assert keyword_for(rules, " size   chart ") is whole
    assert keyword_for(rules, "meine größe?") is size
    assert keyword_for(rules, "resize charts") is keyword_for(rules, "menu") is keyword_for(rules, "") is None
    for refused in ("?!", "Yes", "no thanks"):
        with pytest.raises(ValidationError):
            KeywordReply(phrases=(refused,), text="t")


def test_a_person_is_called_by_phrases_topics_and_questions_in_vain() -> None:
    rules = HandoverRules(after_unanswered=2, phrases=("my lawyer",), topics=("Complaints",))
    assert not asks_for_person(rules, Heard("hello", (), 1))
    assert asks_for_person(rules, Heard("hello", (), 2))
    assert asks_for_person(rules, Heard("I call MY lawyer!", (), 0))
    assert not asks_for_person(rules, Heard("my lawyers", (), 0))
    assert asks_for_person(rules, Heard("", ("complaints/late",), 0))
    assert not asks_for_person(rules, Heard("", ("complaintsdesk",), 0))
    assert not asks_for_person(HandoverRules(), Heard("my lawyer", ("Complaints",), 9))


@given(st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31), timezones=st.just(UTC)), st.integers(0, 3_600))
def test_no_message_comes_in_quiet_hours_wherever_the_shop_is(now: datetime, after_s: int) -> None:
    """As the clock on the wall of the shop shows it when the message would appear."""
    berlin = zone("Europe/Berlin")
    rule = ProactiveMessage(text="New boots", after_s=after_s, quiet=Range(begin=20 * 60 + 55, end=32 * 60))
    wall = (now + timedelta(seconds=after_s)).astimezone(berlin)
    loud = (8, 0) <= (wall.hour, wall.minute) < (20, 55)
    assert fits(rule, "https://a.example/", "en", NOBODY, now, berlin) is loud


def test_limits_of_cards_buttons_and_menus() -> None:
    button = CardButton(label="x" * 18, say="hi")
    Cards(name="c", cards=tuple(Card(title="t", buttons=(button,) * 10) for _ in range(10)))
    leaf = MenuItem(label="leaf", say="hi")
    third = MenuItem(label="third", items=(leaf,))
    second = MenuItem(label="second", items=(third,))
    Menu(items=(MenuItem(label="first", items=(third,)),) * 4)
    for wrong in (
        lambda: CardButton(label="x" * 19, say="hi"),
        lambda: CardButton(label="x", say="hi", link="https://a.example"),
        lambda: CardButton(label="x"),
        lambda: CardButton(label="x", link="javascript:alert(1)"),
        lambda: Card(title="t", buttons=(button,) * 11),
        lambda: Card(title="t" * 201),
        lambda: Cards(name="c", cards=(Card(title="t"),) * 11),
        lambda: Menu(items=(leaf,) * 5),
        lambda: Menu(items=(second.model_copy(update={"items": (second,)}),)),
    ):
        with pytest.raises(ValidationError):
            wrong()


@given(st.sampled_from(list(SYSTEM_REPLIES)), st.text(max_size=80), st.text("{}a_shopname", max_size=20))
def test_a_wording_is_said_in_place_of_the_default_and_never_breaks(reply: str, value: str, tail: str) -> None:
    known = SYSTEM_REPLIES[reply]
    assert all(not known.problem(text) for text in known.defaults)
    values = dict.fromkeys(known.variables, value)
    assert "{shop_name}" not in Wordings("Nordfell").say(reply, **values)
    own = " ".join(["Ours:", "{shop_name}", *(f"{{{name}}}" for name in known.variables)])
    said = Wordings("Nord {agent}", {reply: OwnWording(reply=reply, text=own).text}).say(reply, **values)
    assert said == " ".join(["Ours: Nord {agent}", *([value] * len(known.variables))]).strip() or value.split() != [
        value
    ]
    if known.problem(tail):
        with pytest.raises(ValidationError):
            OwnWording(reply=reply, text=tail or "{")


def test_fixed_sentences_are_reworded_and_others_are_not() -> None:
    says = Wordings("Nordfell", {"cart.empty": "Nothing in your bag at {shop_name} yet."})
    assert says.reworded("Your cart is empty.") == "Nothing in your bag at Nordfell yet."
    assert says.reworded("Your cart is full.") == "Your cart is full."
    assert says.reworded("That's all there is. You can change a condition, or ask for something else.").startswith(
        "That"
    )
