"""Whom a listener follows, what is new there, and what is live: through the demo catalogue and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.follows import KeptFollows
from assistant.paths import DataPaths
from search_index import Index, open_encoder
from skills.media import times
from skills.media.actions import MediaActions
from skills.media.catalogue import Item, demo_items
from skills.media.channels import ChannelKind, Channels, channel_id, item_key
from skills.media.follows import NEWS_FOR, Follow, news
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.notes import Notes
from skills.media.recordings import Recording
from skills.skill import ActionRequest, Entity, Understanding
from skills.turn import Channel, Hypothesis, Playback, PlayerState, Reply, Utterance
from tests.service.running import DATA
from tests.skills.conftest import LeftOff

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=BERLIN)
SERIES, CREATOR = "The Tin Observatory", "Nkechi Obarinde"

FORECASTER = "storm-watch-02"
SHOWS = {
    FORECASTER,
    "live-show-the-late-latte-lab",
    "live-show-watching-the-meteors-together",
    "aldergate-quartet-01",
}

_numbers = count()


class Listener:
    """Somebody whose time is the test's; everything that was there arrived before they came."""

    def __init__(self, library: MediaLibrary, places: LeftOff, follows: KeptFollows, notes: Notes) -> None:
        self.now = NOW
        self.name = f"listener-{next(_numbers)}"
        self.channel = Channel.PAGE
        self.player = PlayerState()
        self.memory: Mapping[str, Any] = {}
        self.follows = follows
        self._actions = MediaActions(library, replace(notes, places=places), lambda: self.now).by_name()

    def asks(self, action: str, intent: str, said: str = "words", **entities: str) -> Reply:
        found = tuple(Entity(name, value, value, 0, len(value)) for name, value in entities.items())
        utterance = Utterance(
            conversation="c",
            dialog_request_id="r1",
            channel=self.channel,
            alternatives=(Hypothesis(text=said),),
            player=self.player,
            listener=self.name,
        )
        request = ActionRequest(utterance, Understanding(said, intent, 1.0, found), self.memory)
        result = asyncio.run(
            self._actions[f"action_{action}" if action in ("more", "affirm") else f"action_media_{action}"](request)
        )
        assert result.reply
        self.memory = result.memory
        assert len(result.reply.speech.split()) <= 35  # twelve seconds
        return result.reply

    def follow(self, **entities: str) -> str:
        return self.asks("follow", "follow", **entities).speech

    def unfollow(self, **entities: str) -> str:
        return self.asks("follow", "unfollow", **entities).speech

    def whats_new(self, **entities: str) -> Reply:
        return self.asks("whats_new", "whats_new", **entities)


@pytest.fixture
def listener(library: MediaLibrary, left_off: LeftOff, follows: KeptFollows, notes: Notes) -> Listener:
    return Listener(library, left_off, follows, notes)


@pytest.fixture
def arrive(library: MediaLibrary, follows: KeptFollows) -> Iterator[Callable[[Mapping[str, datetime]], None]]:
    """Has these items come at these times, and all others long before."""

    def arriving(news: Mapping[str, datetime]) -> None:
        follows.arrive((), NOW)
        follows.arrive([item for item in library.items if item not in news], NOW - timedelta(days=900))
        for at in sorted({*news.values()}):
            follows.arrive([item for item in library.items if news.get(item, at) <= at], at)

    arriving({})
    yield arriving
    arriving({})


def episodes(library: MediaLibrary) -> list[Item]:
    channel = library.channels.of(ChannelKind.SERIES, SERIES)
    assert channel
    return list(channel.items)


def test_who_is_followed_is_said_and_kept_until_it_is_not(listener: Listener) -> None:
    assert "nobody yet" in listener.asks("following", "show_following").speech
    assert listener.follow(creator="nkechi obarinda") == f"You now follow {CREATOR}."
    assert listener.follow(creator=CREATOR) == f"You follow {CREATOR} already."
    listener.now += timedelta(minutes=1)
    assert listener.follow(series=SERIES) == f"You now follow {SERIES}."
    assert listener.asks("following", "show_following").speech == f"You follow {SERIES} and {CREATOR}."
    assert listener.unfollow(creator=CREATOR) == f"You no longer follow {CREATOR}."
    assert listener.unfollow(creator=CREATOR) == f"You do not follow {CREATOR}."
    assert listener.asks("following", "show_following").speech == f"You follow {SERIES}."


def test_this_is_what_plays_and_nobody_is_followed_by_chance(listener: Listener, library: MediaLibrary) -> None:
    assert "Whom" in listener.asks("follow", "follow", "follow").speech
    assert "Nothing is playing" in listener.asks("follow", "follow", "follow her").speech
    assert "nobody called" in listener.follow(creator="Bartholomew Quackenbush the Ninth")
    item = episodes(library)[0]
    listener.player = PlayerState(state=Playback.PLAYING, item=item.id)
    assert listener.asks("following", "show_following", "do i follow her").speech == f"No, you do not follow {CREATOR}."
    assert listener.asks("follow", "follow", "follow her").speech == f"You now follow {CREATOR}."
    assert listener.asks("follow", "follow", "subscribe to this podcast").speech == f"You now follow {SERIES}."
    assert listener.asks("follow", "unfollow", "stop following her").speech == f"You no longer follow {CREATOR}."
    assert listener.asks("following", "show_following", "am i following this").speech == f"Yes, you follow {SERIES}."
    assert listener.asks("follow", "follow", "subscribe please").speech == f"You now follow {CREATOR}."
    assert listener.asks("following", "show_following", "do i follow her").speech == f"Yes, you follow {CREATOR}."


def test_new_is_what_came_since_and_was_neither_told_nor_heard(
    listener: Listener, library: MediaLibrary, left_off: LeftOff, arrive: Callable[[Mapping[str, datetime]], None]
) -> None:
    first, second, third = episodes(library)[:3]
    assert "You follow nobody" in listener.whats_new().speech
    listener.follow(series=SERIES)
    nothing = listener.whats_new()
    assert nothing.speech.startswith("Nothing new. The last was")
    assert nothing.cards[0].item == first.id

    arrive({item.id: listener.now + timedelta(hours=1) for item in (first, second, third)})
    left_off.heard.add((listener.name, second.id))
    listener.now += timedelta(days=1)
    assert listener.whats_new(kind="concert").speech.startswith("Nothing new")
    reply = listener.whats_new()
    assert [card.item for card in reply.cards] == [first.id, third.id]
    assert reply.speech.startswith("There are 2 new")
    assert "Nothing new" in listener.whats_new().speech


def test_on_a_speaker_three_are_said_and_more_goes_on(
    listener: Listener, library: MediaLibrary, arrive: Callable[[Mapping[str, datetime]], None]
) -> None:
    listener.channel = Channel.SPEAKER
    listener.follow(series=SERIES)
    listener.follow(creator="Dr. Amara Osei")
    amara = library.channels.of(ChannelKind.CREATOR, "Dr. Amara Osei")
    assert amara
    new = sorted([*episodes(library), *amara.items], key=item_key)
    assert len(new) > 3
    arrive({item.id: listener.now + timedelta(hours=1) for item in new})
    listener.now += timedelta(days=1)
    reply, told = listener.whats_new(), list[str]()
    assert f"There are {len(new)} new." in reply.speech
    while reply.cards:
        assert len(reply.cards) <= 3
        told += [card.item for card in reply.cards]
        reply = listener.asks("more", "more")
    assert told == [item.id for item in new]


def test_of_who_is_not_followed_the_latest_is_told_and_nothing_is_claimed(listener: Listener) -> None:
    reply = listener.whats_new(series=SERIES)
    assert reply.speech.startswith(f"The latest from {SERIES} is")
    assert "do not follow" in reply.speech


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaLibrary]:
    """A catalogue of live shows to come; of one there is a preview."""
    items = [item for item in demo_items() if item.id in SHOWS]
    preview = Recording(FORECASTER, Path(f"/nowhere/{FORECASTER}.0.mp3"), 60_000, complete=False, segments=())
    encoder = open_encoder("minilm", DataPaths(DATA).encoder)
    index = Index.open(tmp_path_factory.mktemp("shows") / "index", SCHEMA, encoder)
    library = MediaLibrary(index, items, {FORECASTER: preview})
    library.fill(lambda _done, _of: None)
    yield library
    library.close()


@pytest.fixture
def viewer(shows: MediaLibrary, left_off: LeftOff, follows: KeptFollows, notes: Notes) -> Listener:
    return Listener(shows, left_off, follows, notes)


def test_live_is_only_what_has_begun_and_has_not_ended(viewer: Listener) -> None:
    begins = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)  # Ask a Forecaster Before the Snow, 45 minutes

    def heard_at(minutes: int) -> Reply:
        viewer.now = (begins + timedelta(minutes=minutes)).astimezone(BERLIN)
        return viewer.asks("live", "whats_live", "what's live now")

    before = heard_at(-20).speech
    assert (
        before == "Nothing is live right now. Next is Ask a Forecaster Before the Snow by Lerato Quill, in 20 minutes."
    )
    during = heard_at(20)
    assert during.speech.startswith("Ask a Forecaster Before the Snow by Lerato Quill is live now; it began")
    assert "20 minutes ago. There is no live stream here, only a short preview. Shall I play it?" in during.speech
    assert (during.directives, during.expects_reply) == ((), True)
    assert viewer.asks("affirm", "affirm", "yes").directives
    assert viewer.asks("live", "coming_up", "what's on today").speech == during.speech
    assert heard_at(46).speech.startswith("Nothing is live right now. Next is The Late Latte Lab")


@pytest.mark.parametrize(
    ("said", "entities", "text"),
    [
        (
            "what is coming up",
            {},
            "Coming up: Ask a Forecaster Before the Snow, on Saturday at 10 am; The Late Latte Lab, on 2 December at "
            "6 pm; Watching the Meteors Together, on 13 December at midnight. And 1 more.",
        ),
        (
            "when is the next live show",
            {"kind": "live_show"},
            "Next is Ask a Forecaster Before the Snow by Lerato Quill, on Saturday at 10 am.",
        ),
        (
            "what is on tonight",
            {},
            "I know of nothing live for tonight. Next is Ask a Forecaster Before the Snow by Lerato Quill, on Saturday "
            "at 10 am.",
        ),
        (
            "what's on in december about meteors",
            {"topic": "meteors and shooting stars"},
            "Next is Watching the Meteors Together by Dr. Amara Osei and Oh Se-rin, on 13 December at midnight.",
        ),
        (
            "any concerts coming up",
            {"kind": "concert"},
            "Next is Aldergate Quartet: New Year by Candlelight by The Aldergate Quartet, on 31 December at 9 pm.",
        ),
        (
            "when is desta lindgren live",
            {"creator": "desta lindgren"},
            "Next is The Late Latte Lab by Desta Lindgren, on 2 December at 6 pm.",
        ),
        ("anything coming up from who i follow", {}, "I know of nothing coming up."),
    ],
)
def test_what_is_coming_up_is_told_in_the_listeners_time(
    viewer: Listener, said: str, entities: dict[str, str], text: str
) -> None:
    assert viewer.asks("live", "coming_up", said, **entities).text == text


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-22T20:20", "in 20 minutes"),
        ("2026-11-22T20:00:20", "in a moment"),
        ("2026-11-22T21:30", "tonight at 9:30"),
        ("2026-11-23T00:00", "tonight at midnight"),
        ("2026-11-23T12:00", "tomorrow at noon"),
        ("2026-11-27T19:00", "on Friday at 7 pm"),
        ("2026-11-29T09:05", "on 29 November at 9:05 am"),
        ("2027-01-16T19:30", "on 16 January at 7:30 pm"),
    ],
)
def test_times_are_said_as_people_say_them(at: str, said: str) -> None:
    assert times.moment(datetime.fromisoformat(at).replace(tzinfo=BERLIN).astimezone(UTC), NOW) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-22", "today"), ("2026-11-21", "yesterday"), ("2026-11-17", "on Tuesday"),
        ("2026-11-12", "on 12 November"), ("2025-10-09", "on 9 October 2025"), ("2027-01-16", "on 16 January"),
    ],
)  # fmt: skip
def test_days_are_said_as_people_say_them(day: str, said: str) -> None:
    assert times.day(date.fromisoformat(day), NOW.date()) == said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mina Park", "MINA PARK", True),
        ("Zoe\u0308", "Zo\u00eb", True),
        ("Straße", "STRASSE", True),
        ("\uff2dina", "Mina", True),
        ("Zoë", "Zoe", False),
        ("Mina Park", "Mina  Park", False),
        ("김민아", "김민하", False),
    ],
)
def test_two_spellings_are_one_channel_only_where_unicode_says_so(one: str, other: str, same: bool) -> None:
    ids = [channel_id(ChannelKind.CREATOR, name) for name in (one, other)]
    assert (ids[0] == ids[1]) is same
    assert channel_id(ChannelKind.SERIES, one) != ids[0]


@given(st.text(min_size=1, max_size=120))
def test_a_channels_id_fits_everywhere(name: str) -> None:
    identity = channel_id(ChannelKind.CREATOR, name)
    assert identity.isascii()
    assert len(identity) <= 64
    assert set(identity) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert channel_id(ChannelKind.CREATOR, name.casefold()) == identity


_DAYS = st.integers(-90, 3).map(lambda days: NOW + timedelta(days=days))


@given(
    published=st.lists(_DAYS, min_size=1, max_size=12),
    arrived=st.lists(_DAYS, min_size=12, max_size=12),
    since=_DAYS.filter(lambda at: at < NOW),
)
def test_news_is_exactly_what_came_since_and_is_out(
    library: MediaLibrary, published: list[datetime], arrived: list[datetime], since: datetime
) -> None:
    example = episodes(library)[0]
    items = [
        example.model_copy(update={"id": f"i{number}", "published": day.date()}) for number, day in enumerate(published)
    ]
    follow = Follow(channel_id(ChannelKind.CREATOR, CREATOR), ChannelKind.CREATOR, CREATOR, since)
    came = {item.id: at for item, at in zip(items, arrived, strict=False)}
    found = news([follow], Channels(items), came, NOW)
    begin = max(since, NOW - NEWS_FOR)
    expected = {
        item.id
        for item in items
        if item.published <= NOW.date() and (came[item.id] > begin or item.published > begin.date())
    }
    assert {item.id for item in found} == expected
    assert [item.published for item in found] == sorted((item.published for item in found), reverse=True)
