"""Finding and choosing: conditions hold or are said to be given up, one question at most, corrections, short speech."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.paths import DataPaths
from search_index import Index, open_encoder
from skills.media import phrases
from skills.media.actions import MediaActions
from skills.media.catalogue import Item
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.notes import Notes
from skills.media.recency import Period
from skills.media.schedule import State, local_now, state
from skills.media.steering import Length
from skills.media.wanted import Wanted
from skills.skill import ActionResult
from skills.turn import MediaKind, Reply
from tests.service.running import DATA
from tests.skills.test_media_actions import Listener, played

LONG_TITLE = (
    "Seventeen Unreasonably Long Considerations on the Naming of Small Harbour Boats: A Complete and Unabridged Account"
)
LONG_CREATOR = (
    "The Right Honourable Maximiliana Featherstonehaugh-Cholmondeley of the Lower Northern Fens and Adjacent Islands"
)


def made(number: int, title: str, creator: str, **fields: object) -> Item:
    given_fields: dict[str, object] = {
        "id": f"i{number}", "kind": "podcast", "medium": "audio", "title": title, "creator": creator,
        "published": date(2024, 1, 1) + timedelta(days=30 * number), "duration_s": 600 + 60 * number,
        "popularity": 0.9 - 0.05 * number, "description": "", **fields,
    }  # fmt: skip
    return Item.model_validate(given_fields)


ITEMS = [
    made(0, "Salt and Time", "Mina Park", tags=["bread"], description="How bread keeps."),
    made(1, "The Long Proof", "Mina Park", tags=["bread"], description="Dough that rises all night for better bread."),
    made(2, "Night Trains", "Mina Cho", tags=["trains"], description="Across the plains by sleeper train."),
    made(3, "River Songs", "Aldo Ferrante", kind="concert", tags=["rivers"], description="Songs about rivers."),
    made(4, "River Songs", "Birgit Sand", kind="podcast", tags=["rivers"], description="Where river songs come from."),
    made(5, "Quiet Engines", "Nina Bark", tags=["engines"], description="Electric engines explained."),
    made(6, LONG_TITLE, LONG_CREATOR, tags=["boats"], description="Boats and their names."),
    made(7, "Boats", LONG_CREATOR, tags=["boats"], description="More about boats and harbours."),
    made(8, "x" * 120, "y" * 120, tags=["letters"], description="Letters and letters."),
]


@pytest.fixture(scope="module")
def named_alike(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaLibrary]:
    """A small catalogue with names that are easily taken for each other, and some that nobody could say in a breath."""
    encoder = open_encoder("minilm", DataPaths(DATA).encoder)
    library = MediaLibrary(Index.open(tmp_path_factory.mktemp("alike") / "index", SCHEMA, encoder), ITEMS, {})
    library.fill(lambda _done, _of: None)
    yield library
    library.close()


@pytest.fixture
def asker(named_alike: MediaLibrary, notes: Notes) -> Listener:
    return Listener(MediaActions(named_alike, notes))


def reply(result: ActionResult) -> Reply:
    assert result.reply
    return result.reply


def first(result: ActionResult) -> str:
    return reply(result).cards[0].item


# Conditions

_LISTED = ("kind", "medium", "mood", "language", "creator", "series", "topic", "length", "period", "popular", "showing")


def request_for(item: Item, parts: tuple[str, ...]) -> Wanted:
    """A request that the item itself meets, of these parts."""
    every = {
        "kind": item.kind,
        "medium": item.medium,
        "mood": item.moods[0] if item.moods else "",
        "language": item.language,
        "creator": item.creator.lower(),
        "series": item.series.lower(),
        "topic": item.tags[0] if item.tags else "",
        "length": Length(at_most_s=item.duration_s),
        "period": Period(item.published, item.published + timedelta(30), "from then"),
        "popular": True,
        "showing": None,
    }
    return Wanted(**{name: every[name] for name in parts}, said="words", asked_at=local_now())  # type: ignore[arg-type]


def violated(item: Item, wanted: Wanted, dropped: tuple[str, ...]) -> list[str]:
    """The conditions that were asked for, were not said to be dropped, and do not hold."""
    length = wanted.length
    holds = {
        "kind": wanted.kind in (None, item.kind),
        "medium": wanted.medium in (None, item.medium),
        "mood": not wanted.mood or wanted.mood in item.moods,
        "language": wanted.language in ("", item.language),
        "creator": wanted.creator in ("", item.creator.lower()),
        "series": wanted.series in ("", item.series.lower()),
        "length": (length.at_least_s or 0) <= item.duration_s <= (length.at_most_s or 86_400),
        "period": item.published in wanted.period,
        "showing": wanted.showing is None or state(item, wanted.asked_at or local_now()) is wanted.showing,
    }
    return [name for name, is_met in holds.items() if not is_met and name not in dropped]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_condition_holds_for_every_result_or_is_said_to_be_given_up(
    library: MediaLibrary, data: st.DataObject
) -> None:
    """Also where conditions of two items are mixed, so that nothing may meet them all."""
    items = st.sampled_from(sorted(library.items.values(), key=lambda item: item.id))
    one, another = data.draw(items), data.draw(items)
    parts = tuple(data.draw(st.sets(st.sampled_from(_LISTED), min_size=1, max_size=4)))
    wanted = request_for(one, parts)
    is_mixed = data.draw(st.booleans())
    if is_mixed:
        mixed = data.draw(st.sampled_from(parts))
        wanted = replace(wanted, **{mixed: getattr(request_for(another, (mixed,)), mixed)})
    found = asyncio.run(library.find(wanted))
    if found.certain:
        assert not [violations for item in found.items if (violations := violated(item, wanted, found.dropped))]
    if not is_mixed:
        assert found.certain
        assert not found.dropped  # the item itself meets all of it


@pytest.mark.parametrize(
    ("said", "named", "holds"),
    [
        ("something in korean", {}, lambda item: item.language == "ko"),
        ("a podcast in spanish about bread", {"topic": "bread", "kind": "podcast"}, lambda item: item.language == "es"),
        ("podcasts from 2024", {"kind": "podcast"}, lambda item: item.published.year == 2024),
        ("talks since march 2026", {"kind": "talk"}, lambda item: item.published >= date(2026, 3, 1)),
        ("a short talk", {"kind": "talk"}, lambda item: item.duration_s <= 900),
        ("bread in french", {"topic": "bread in french"}, lambda item: item.language == "fr"),
        ("upcoming live shows", {"kind": "live_show"}, lambda item: state(item, local_now()) is State.UPCOMING),
        ("something that is live now", {}, lambda item: state(item, local_now()) is State.LIVE),
    ],
)
def test_conditions_are_read_from_the_words(
    library: MediaLibrary, actions: MediaActions, said: str, named, holds
) -> None:  # type: ignore[no-untyped-def]
    answered = reply(Listener(actions).asks("action_media_find", said=said, **named))
    assert answered.cards
    assert answered.directives
    assert all(holds(library.items[card.item]) for card in answered.cards)


def test_the_most_popular_comes_first_and_the_newest_too(library: MediaLibrary, actions: MediaActions) -> None:
    by = Listener(actions)
    popular = [
        library.items[card.item].popularity
        for card in reply(by.asks("action_media_find", said="the most popular podcasts", kind="podcast")).cards
    ]
    newest = [
        library.items[card.item].published
        for card in reply(by.asks("action_media_find", topic="cooking", recency="newest")).cards
    ]
    assert popular == sorted(popular, reverse=True)
    assert newest == sorted(newest, reverse=True)
    assert popular[0] == max(item.popularity for item in library.items.values() if item.kind is MediaKind.PODCAST)


def test_what_there_is_not_is_said_offered_and_never_played(actions: MediaActions, library: MediaLibrary) -> None:
    by = Listener(actions)
    relaxed = reply(by.asks("action_media_find", topic="black holes", kind="talk", mood="calm"))
    assert relaxed.directives == ()
    assert "Leaving out the mood, there is Falling Into a Black Hole" in relaxed.speech
    assert relaxed.expects_reply
    assert played(by.asks("action_affirm", intent="affirm")) == "talk-falling-into-a-black-hole"
    finnish = reply(by.asks("action_media_find", said="something in finnish"))
    assert (finnish.cards, finnish.directives) == ((), ())
    assert finnish.speech.startswith("I have nothing in Finnish. There is English, ")
    stranger = reply(by.asks("action_media_find", topic="bread", creator="zebulon quigg"))
    assert "Leaving out the creator" in stranger.speech
    assert stranger.directives == ()


# One question


def test_two_of_one_title_are_asked_about_once_and_any_way_of_answering_picks(asker: Listener) -> None:
    ways = [
        ("action_choose", "choose_item", "the first", {"ordinal": "1"}, "i3"),
        ("action_media_find", "find_media", "by birgit sand", {"creator": "birgit sand"}, "i4"),
        ("action_media_find", "find_media", "the podcast", {"kind": "podcast"}, "i4"),
        ("action_media_refine", "refine", "the newer one", {}, "i4"),
        ("action_media_other", "other_one", "the other one", {}, "i4"),
        ("action_by_name", "out_of_scope", "aldo ferrante", {}, "i3"),
        ("action_affirm", "affirm", "yes", {}, "i3"),
    ]
    for action, intent, said, named, meant in ways:
        asker.memory = {}
        question = reply(asker.asks("action_media_play", title="river songs"))
        assert question.speech == "Do you mean River Songs by Aldo Ferrante, or by Birgit Sand?"
        assert (question.directives, question.expects_reply) == ((), True)
        assert [(one.text, one.utterance) for one in question.quick_replies][1] == ("by Birgit Sand", "number 2")
        assert first(asker.asks(action, intent=intent, said=said, **named)) == meant, said


def test_a_question_is_never_followed_by_another(asker: Listener) -> None:
    assert reply(asker.asks("action_media_play", title="river songs")).expects_reply
    second = reply(asker.asks("action_media_find", creator="mina"))
    assert "Do you mean" not in second.speech
    assert second.cards


def test_a_shared_first_name_is_asked_about_unless_the_rest_settles_it(asker: Listener) -> None:
    question = reply(asker.asks("action_media_find", creator="mina"))
    assert sorted(one.text for one in question.quick_replies) == ["Mina Cho", "Mina Park"]
    asker.memory = {}
    settled = reply(asker.asks("action_media_find", creator="mina", topic="bread"))
    assert "Do you mean" not in settled.speech
    assert {card.item for card in settled.cards} == {"i0", "i1"}


def test_a_new_request_instead_of_an_answer_is_taken_as_one(asker: Listener) -> None:
    asker.asks("action_media_play", title="river songs")
    assert first(asker.asks("action_media_find", topic="electric engines")) == "i5"


# Corrections


def test_after_a_misheard_name_the_other_one_is_the_next_likeliest(asker: Listener) -> None:
    """ "Mina Bark" is as near to Nina Bark as to Mina Park."""
    heard = {first(asker.asks("action_media_find", creator="meena bark"))}
    heard.add(first(asker.asks("action_media_other", intent="other_one", said="no, the other one")))
    assert "i5" in heard
    assert heard & {"i0", "i1"}


def test_the_other_one_is_the_second_that_was_presented_and_of_two_the_first_again(asker: Listener) -> None:
    shown = [card.item for card in reply(asker.asks("action_media_find", creator="mina park")).cards]
    assert len(shown) == 2
    others = [first(asker.asks("action_media_other", intent="other_one", said="the other one")) for _ in range(2)]
    assert others == [shown[1], shown[0]] or others[0] == shown[1]


def test_the_other_one_of_nothing_is_said(asker: Listener) -> None:
    assert "nothing to choose from" in reply(asker.asks("action_media_other", intent="other_one")).speech


def test_corrections_change_one_thing_and_keep_the_rest(library: MediaLibrary, actions: MediaActions) -> None:
    by = Listener(actions)

    def refined(said: str, **named: str) -> list[Item]:
        return [
            library.items[card.item] for card in reply(by.asks("action_media_refine", "refine", said, **named)).cards
        ]

    before = library.items[first(by.asks("action_media_find", kind="podcast", topic="cooking"))]
    spanish = refined("in spanish")
    assert {(item.language, item.kind) for item in spanish} == {("es", MediaKind.PODCAST)}
    by.asks("action_media_find", kind="podcast", topic="cooking")
    talks = refined("but a lesson", kind="lesson")
    assert talks
    assert {item.kind for item in talks} == {MediaKind.LESSON}
    first_again = library.items[first(by.asks("action_media_find", kind="podcast", topic="cooking"))]
    assert first_again == before
    same = refined("something else by her")
    assert {item.creator for item in same} == {before.creator}
    assert before not in same
    by.asks("action_media_find", kind="podcast", topic="cooking")
    assert before.creator not in {item.creator for item in refined("by someone else")}
    by.asks("action_media_find", kind="podcast", topic="cooking")
    popular = refined("something more popular")
    assert all(item.popularity > before.popularity for item in popular)
    by.asks("action_media_find", kind="podcast")
    shown = {item.id for item in refined("something else")}
    assert shown
    assert shown.isdisjoint({before.id})


def test_what_a_correction_cannot_find_is_said_and_the_list_stays(asker: Listener) -> None:
    shown = [card.item for card in reply(asker.asks("action_media_find", creator="mina park")).cards]
    none = reply(asker.asks("action_media_refine", "refine", "in korean"))
    assert (none.speech, none.directives) == ("Of what you asked for, I have nothing in Korean.", ())
    assert first(asker.asks("action_choose", "choose_item", ordinal="2")) == shown[1]


# Short speech, whole text

ACTS: list[tuple[str, str, str, dict[str, str]]] = [
    ("action_media_find", "find_media", "words", {"topic": "boats"}),
    ("action_more", "more", "more", {}),
    ("action_media_play", "play_media", "words", {"title": LONG_TITLE.lower()}),
    ("action_media_play", "play_media", "words", {"title": "x" * 120}),
    ("action_media_find", "find_media", "words", {"creator": LONG_CREATOR.lower(), "mood": "gloomy " * 40}),
    ("action_media_find", "find_media", "words", {"topic": " ".join(["kubernetes"] * 50)}),
    (
        "action_media_find",
        "find_media",
        "upcoming " + "word " * 150,
        {"creator": "z" * 300, "length": "under one hour ten"},
    ),
    ("action_media_refine", "refine", "in korean and newer, at least three hours twenty", {}),
    ("action_media_refine", "refine", "something else by her", {}),
    ("action_media_other", "other_one", "not that one", {}),
    ("action_choose", "choose_item", "the last", {"ordinal": "-1"}),
    ("action_media_queue", "queue_media", "words", {"title": "boats"}),
    ("action_media_now_playing", "now_playing", "words", {}),
    ("action_repeat", "repeat", "again", {}),
]


def test_whatever_the_names_every_answer_can_be_said_in_twelve_seconds(asker: Listener) -> None:
    """32 words at 175 a minute are eleven seconds; the text keeps every name whole, and no mark is left in either."""
    for before, act in itertools.product(ACTS[:5], ACTS):
        asker.memory = {}
        for action, intent, said, named in (before, act):
            answered = reply(asker.asks(action, intent, said, **named))
            assert len(answered.speech.split()) <= phrases.SPOKEN_WORDS, answered.speech
            assert len(answered.speech) <= 260, answered.speech
            assert "\N{FIRST STRONG ISOLATE}" not in answered.speech + answered.text
    assert LONG_TITLE in reply(asker.asks("action_media_play", title=LONG_TITLE.lower())).text


@given(st.text(min_size=1, max_size=200), st.integers(1, 12))
def test_a_name_in_brief_is_short_and_says_how_it_begins(name: str, words: int) -> None:
    said = phrases.brief(name, words)
    assert len(said.split()) <= max(words, 1) or said == name
    assert len(said) <= max(len(name), 1)
    assert len(said) <= words * phrases.WORD_LETTERS or said == name
    assert " ".join(name.split()).startswith(said) or said == name


@given(st.lists(st.text(max_size=60), max_size=5))
def test_shown_names_are_just_as_they_were(names: list[str]) -> None:
    text = " and ".join(phrases.name(one) for one in names)
    bare = [one.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "") for one in names]
    assert phrases.shown(text) == " and ".join(bare)
