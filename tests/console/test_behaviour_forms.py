"""The forms of behaviour and their models, and hours in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.web.console.behaviour import outlook, previews
from assistant.web.console.behaviour.drafts import fresh
from assistant.web.console.behaviour.kinds import CUSTOMERS, KINDS
from assistant.web.console.behaviour.shapes import as_form, lenient_hours, read_form, spread
from assistant.web.console.behaviour.summaries import described, overview_tiles, wording_lines
from assistant.web.console.nested_form import Sheet, nested
from skills.message import Message
from skills.shopping.shop import Opening, Shop
from skills.shopping.system_replies import SYSTEM_REPLIES
from skills.storefront.behaviour import (
    BEHAVIOUR,
    AwayReply,
    Cards,
    Greeting,
    HandoverRules,
    Hours,
    KeywordReply,
    Menu,
    OwnWording,
    ProactiveMessage,
)
from skills.storefront.behaviour.customers import CustomerKind
from skills.storefront.behaviour.hours import Break, Range, SpecialDay
from skills.storefront.front import Storefront
from skills.storefront.timetable import timetable

SHOP = Shop(id="mine", name="Mine", time_zone="Europe/Berlin", greeting="Hello from {shop_name}!")
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
"""A Monday; 12:00 in Berlin."""

HOURS = Hours(
    week=(*(Opening(day=day, begin=540, end=1_080) for day in range(5)), Opening(day=4, begin=1_200, end=1_560)),
    breaks=(Break(begin=750, end=780), Break(begin=600, end=615, day=2)),
    special=(
        SpecialDay(name="Spring", first=date(2026, 3, 4)),
        SpecialDay(name="Sale", first=date(2026, 3, 7), last=date(2026, 3, 8), ranges=(Range(begin=600, end=1_440),)),
    ),
    time_zone="Europe/Berlin",
)
MENU = {
    "items": [
        {"label": "Orders", "items": [{"label": "Track", "items": [{"label": "It", "say": "track it"}]}]},
        {"label": "Sizes", "link": "/sizes"},
        {"label": "News", "card": "news"},
    ]
}
MODELS: list[Message] = [
    Greeting(text="Hi {customer_name|there}", suggestions=("A", "B"), page="/sale*", customers=(CustomerKind.NEW,)),
    HOURS,
    AwayReply(when="dates", text="Away, {opens}", first=date(2026, 1, 1), last=date(2026, 1, 7), on=False),
    KeywordReply.model_validate({"phrases": ["Win ter", "x"], "text": "Yes", "buttons": [{"label": "b", "say": "c"}]}),
    Menu.model_validate(MENU),
    Cards.model_validate(
        {
            "name": "n",
            "cards": [{"title": "t", "picture": "/p.jpg", "buttons": [{"label": "b", "link": "https://x.y"}]}],
        }
    ),
    ProactiveMessage(text="Help?", quiet=None, on=False, only_open=True),
    ProactiveMessage(text="Help?"),
    HandoverRules(after_unanswered=2, phrases=("a", "b"), bad_rating=True, topics=("Orders",)),
    OwnWording(reply="cart.empty", text="Nothing in it at {shop_name}."),
]


def kind_of(model: Message) -> Any:
    return next(kind for kind in KINDS.values() if kind.model is type(model))


def typed(data: Any, name: str = "") -> dict[str, list[str]]:
    """The fields that a browser sends of a form."""
    fields: dict[str, list[str]] = {}
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        at = f"{name}.{key}" if name else str(key)
        if isinstance(value, dict) or (isinstance(value, list) and key != "customers"):
            fields |= typed(value, at)
        elif key == "customers":
            fields[f"{at}[]"] = list(value)
        elif value is True:
            fields[at] = ["yes"]
        elif value is not False:
            fields[at] = ["" if value is None else str(value)]
    return fields


def test_every_kind_has_its_page() -> None:
    assert {name: kind.model for name, kind in KINDS.items()} == dict(BEHAVIOUR)
    assert set(CUSTOMERS) == set(CustomerKind)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_what_is_shown_and_sent_back_unchanged_is_unchanged(model: Message) -> None:
    kind = kind_of(model)
    extra = {"reply": "cart.empty"} if kind.name == "wording" else {}
    assert read_form(kind, nested(typed(as_form(kind, model))), extra) == model
    assert described(model) is not None


@pytest.mark.parametrize(
    ("name", "fields", "wrong"),
    [
        ("greeting", {"text": [""]}, {"text"}),
        ("greeting", {"text": ["x" * 501], "language": ["klingon"]}, {"text", "language"}),
        ("greeting", {"text": ["hi {nobody}"]}, {"text"}),
        ("greeting", {"text.0": ["hi"], "customers[]": ["king"]}, {"text", "customers.0"}),
        ("hours", {"days.monday.ranges.0.begin": ["9"]}, {"days.monday.ranges.0.begin"}),
        ("hours", {"time_zone": ["Mars/Olympus"]}, {"time_zone"}),
        ("hours", {"special.0.name": ["x"]}, {"special.0.first"}),
        ("hours", {"special.0.first": ["2026-02-02"], "special.0.last": ["2026-01-01"]}, {"special.0"}),
        ("away", {"text": ["gone"], "when": ["dates"], "on": ["yes"]}, {"last"}),
        ("away", {"text": ["gone"], "when": ["never"], "every_hours": ["0"]}, {"when", "every_hours"}),
        ("keyword", {"text": ["x"]}, {"phrases"}),
        ("keyword", {"text": ["x"], "phrases": ["yes"]}, {"phrases"}),
        ("keyword", {"text": ["x"], "phrases": ["a\n" + "b" * 101]}, {"phrases"}),
        ("keyword", {"text": ["x"], "buttons.0.label": ["b"], "buttons.0.does": ["say"]}, {"phrases", "buttons.0.say"}),
        ("menu", {"items.0.label": ["x"], "items.0.does": ["link"], "items.0.link": ["js:1"]}, {"items.0.link"}),
        ("menu", {"items.0.label": ["x"], "items.0.does": ["items"]}, {"items.0.items"}),
        ("menu", {f"items.{n}.{k}": ["x"] for n in range(5) for k in ("label", "say")}, {"items"}),
        ("card", {"name": ["x"], "cards.0.text": ["no title"]}, {"cards.0.title"}),
        ("card", {"name": ["x"], "cards.0.title": ["t"], "cards.0.picture": ["data:image/png"]}, {"cards.0.picture"}),
        ("proactive", {"text": ["x"], "quiet_on": ["yes"], "quiet.begin": ["?"]}, {"quiet.begin", "quiet.end"}),
        ("proactive", {"text": ["x"], "after_s": ["soon"]}, {"after_s"}),
        ("handover", {"after_unanswered": ["99"]}, {"after_unanswered"}),
        ("wording", {"text": ["{customer_name}"]}, {"text"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_it_and_nothing_is_lost(
    name: str, fields: dict[str, list[str]], wrong: set[str]
) -> None:
    data = nested(fields)
    read = read_form(KINDS[name], data, {"reply": "cart.empty"} if name == "wording" else {})
    assert isinstance(read, Sheet)
    assert wrong <= set(read.problems)
    assert all(sentence.endswith((".", "?")) and "pydantic" not in sentence for sentence in read.problems.values())
    for field, values in fields.items():
        assert read.at(field.removesuffix("[]")) in (values, values[-1]) or not values[-1]


ANY = st.recursive(
    st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
PARTS = st.sampled_from(
    ["text", "phrases", "buttons", "items", "cards", "days", "breaks", "special", "quiet", "quiet_on", "does", "say",
     "ranges", "begin", "end", "first", "customers", "suggestions", "label", "time_zone", "when", "on"]
)  # fmt: skip


@given(st.sampled_from(list(KINDS.values())), st.dictionaries(PARTS, ANY | st.dictionaries(PARTS, ANY, max_size=4)))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_form_is_too_wrong_to_be_read_and_previewed(kind: Any, data: dict[str, Any]) -> None:
    read = read_form(kind, data, {"reply": "cart.empty"} if kind.name == "wording" else {})
    sheet = read if isinstance(read, Sheet) else Sheet(as_form(kind, read))
    for one in (sheet, Sheet(data), Sheet(fresh(kind))):
        previews.shown(kind, one, SHOP, Storefront(), NOON, "cart.empty")
        if kind.name == "hours":
            lenient_hours(one)
            spread(one.data, "spread:monday")


def test_a_day_is_copied_to_others() -> None:
    kind = KINDS["hours"]
    data = as_form(kind, HOURS) | {}
    data["days"]["monday"]["to"] = ["saturday", "sunday", "doomsday"]
    sheet = spread(data, "spread:monday")
    assert sheet
    read = read_form(kind, sheet.data)
    assert isinstance(read, Hours)
    assert {one.day for one in read.week if (one.begin, one.end) == (540, 1_080)} == set(range(7))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-02T11:00", "Open now until 12:30."),
        ("2026-03-02T11:40", "Closed now. Opens today at 13:00."),
        ("2026-03-02T20:00", "Closed now. Opens tomorrow at 9:00."),
        ("2026-03-04T10:00", "Closed now. Opens tomorrow at 9:00."),
        ("2026-03-07T00:30", "Open now until 2:00."),
        ("2026-03-08T22:59", "Open now until 0:00."),
        ("2026-03-09T05:00", "Closed now. Opens today at 9:00."),
    ],
)
def test_hours_in_plain_words(at: str, said: str) -> None:
    """Breaks, past midnight, a holiday and days with other hours."""
    assert outlook.now_in_words(timetable(HOURS, SHOP), datetime.fromisoformat(at).replace(tzinfo=UTC)) == said


def test_the_extremes_in_plain_words() -> None:
    always = Hours(week=tuple(Opening(day=day, begin=0, end=1_440) for day in range(7)))
    assert outlook.now_in_words(timetable(always, SHOP), NOON) == "Open now, around the clock."
    assert outlook.now_in_words(timetable(Hours(), SHOP), NOON).startswith("Closed. No opening hours")


def test_two_weeks_ahead() -> None:
    days = outlook.ahead(timetable(HOURS, SHOP), NOON)
    assert len(days) == 14
    assert (days[0].label, days[0].hours) == ("Today, 2 Mar", "9:00 to 12:30, 13:00 to 18:00")
    assert (days[2].hours, days[2].note) == ("Closed", "Spring")
    assert (days[4].label, days[4].hours) == ("Friday, 6 Mar", "9:00 to 12:30, 13:00 to 18:00, 20:00 to 2:00")
    assert (days[5].hours, days[5].note) == ("10:00 to 0:00", "Sale")


def test_every_system_reply_is_found_by_its_words() -> None:
    every = [line for lines in wording_lines([], "").values() for line in lines]
    assert {line.id for line in every} == set(SYSTEM_REPLIES)
    assert [line.id for lines in wording_lines([], "CART empty").values() for line in lines] == ["cart.empty"]
    assert wording_lines([], "<script>") == {}


def test_the_overview_teaches_where_nothing_is_set() -> None:
    tiles = overview_tiles(SHOP, Storefront(), NOON, {"menu": 2})
    assert [tile.kind.name for tile in tiles] == list(KINDS)
    assert all(tile.text == tile.kind.teaching and not tile.is_set for tile in tiles)
    assert {tile.kind.name: tile.waiting for tile in tiles}["menu"] == 2
