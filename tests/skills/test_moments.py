"""Moments: the very place where something is said, what a listener hears of it, and where playback goes."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.paths import DataPaths
from search_index import Index, open_encoder
from skills.media.actions import MediaActions
from skills.media.catalogue import demo_items
from skills.media.grounding import MediaGrounding
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.moments import Passage, lines, moments_in, quote
from skills.media.notes import Notes
from skills.media.recordings import Recording, Segment
from skills.player import Ability, Play, Playback, PlayerState, Seek
from skills.skill import ActionRequest, Entity, Grounding, Understanding
from skills.turn import Channel, Hypothesis, Reply, Utterance
from tests.service.running import DATA
from tests.skills.test_media_actions import Listener

LIGHTNING, REFUND, BEES = "weather-coffee-01", "shop-bell-01", "muddy-doormat-03"
BRIDGE, TIDES, UNSAID = "talk-the-bridge-that-learned-to-dance", "talk-why-the-tide-map-looks-wrong", "slow-crust-02"
LINE_MS = 8_000


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaLibrary]:
    """Five items of which is known what is said, at a pace of people, and one of which it is not."""
    items = [item for item in demo_items() if item.id in (LIGHTNING, REFUND, BEES, BRIDGE, TIDES, UNSAID)]
    recordings = {
        item.id: Recording(
            item=item.id,
            path=Path(f"/nowhere/{item.id}.mp3"),
            duration_ms=LINE_MS * max(1, len(item.transcript)),
            complete=True,
            segments=tuple(
                Segment(LINE_MS * place, LINE_MS * (place + 1) - 500, said.speaker, said.text)
                for place, said in enumerate(item.transcript)
            ),
        )
        for item in items
    }
    path = tmp_path_factory.mktemp("moments") / "index"
    library = MediaLibrary(Index.open(path, SCHEMA, open_encoder("minilm", DataPaths(DATA).encoder)), items, recordings)
    library.fill(lambda _done, _of: None)
    yield library
    library.close()


@pytest.fixture
def listener(talks: MediaLibrary, notes: Notes) -> Listener:
    return Listener(MediaActions(talks, notes))


def playing(item: str, position_ms: int = 0, **others: object) -> PlayerState:
    state = PlayerState(state=Playback.PLAYING, item=item, position_ms=position_ms, can=tuple(Ability))
    return state.model_copy(update=others)


def asks(listener: Listener, said: str, **names: str) -> Reply:
    reply = listener.asks("action_media_moment", "find_moment", said, **names).reply
    assert reply
    return reply


def then(listener: Listener, action: str, intent: str, said: str = "words") -> Reply:
    reply = listener.asks(action, intent, said).reply
    assert reply
    return reply


def starts_at(reply: Reply) -> tuple[str, int]:
    (directive,) = reply.directives
    assert isinstance(directive, Play)
    return directive.item, directive.begin_ms


def line_of(library: MediaLibrary, item: str, text: str) -> Segment:
    recording = library.recording(item)
    assert recording
    return next(segment for segment in recording.segments if text in segment.text)


def test_the_answer_names_the_item_the_place_and_who_says_it_and_playback_begins_a_line_early(
    listener: Listener, talks: MediaLibrary
) -> None:
    reply = asks(listener, "find where they explain why lightning comes up", topic="sparks rise from roofs")
    said = line_of(talks, LIGHTNING, "sparks rise")
    assert starts_at(reply) == (LIGHTNING, said.start_ms - LINE_MS)
    assert reply.speech.startswith("In How Lightning Finds the Ground, at 1 minute 4 seconds, Eirik says: ")
    assert reply.speech.endswith("Playing from there.")
    assert reply.cards[0].begin_ms == said.start_ms - LINE_MS
    assert len(reply.speech.split()) <= 35


@pytest.mark.parametrize(
    ("said", "names", "item"),
    [
        (
            "the part about the teapot in the shop bell, the first episode",
            {"topic": "teapot", "series": "the shop bell"},
            REFUND,
        ),
        ("where does gwilym prosserton mention directions", {"topic": "directions", "creator": "gwilym"}, BEES),
        (
            "where do they talk about dampers in riverside hall talks",
            {"topic": "dampers", "series": "riverside hall"},
            BRIDGE,
        ),
    ],
)
def test_a_series_an_episode_and_a_person_say_where_to_look(
    listener: Listener, said: str, names: dict[str, str], item: str
) -> None:
    ordinal = {"ordinal": "1"} if "first" in said else {}
    assert starts_at(asks(listener, said, **names, **ordinal))[0] == item


def test_whatever_is_asked_for_is_answered_in_a_dozen_seconds(listener: Listener, talks: MediaLibrary) -> None:
    """At 175 words a minute, twelve seconds are 35 words."""
    for topic in sorted({tag for item in talks.items.values() for tag in item.tags}):
        for player in (PlayerState(), playing(TIDES)):
            listener.player = player
            assert len(asks(listener, f"find where they mention {topic}", topic=topic).speech.split()) <= 35


def test_what_a_request_would_come_to_is_the_moment_it_comes_to(listener: Listener, talks: MediaLibrary) -> None:
    grounds = MediaGrounding(talks).by_intent()

    def ground(intent: str, topic: str) -> Grounding:
        utterance = Utterance(
            conversation="c", dialog_request_id="r", channel=Channel.PAGE, alternatives=(Hypothesis(text=topic),)
        )
        understanding = Understanding(topic, intent, 1.0, (Entity("topic", topic, topic, 0, len(topic)),))
        return asyncio.run(grounds[intent](ActionRequest(utterance, understanding, listener.memory)))  # type: ignore[arg-type]

    assert ground("find_moment", "kubernetes operators").fit == 0.0
    assert ground("next_moment", "x").fit is None
    asks(listener, "find the teapot", topic="teapot")
    at_ms = line_of(talks, REFUND, "teapot").start_ms
    assert ground("find_moment", "teapot").meant == f"moment {REFUND} {at_ms}"
    assert ground("next_moment", "x").fit == 1.0


def test_an_episode_that_there_is_not_is_said(listener: Listener) -> None:
    reply = asks(listener, "in the ninth episode", topic="teapot", series="the shop bell", ordinal="9")
    assert (reply.speech, reply.directives) == ("There is no such episode of The Shop Bell here.", ())


def test_what_plays_is_looked_into_first_and_is_sought_in(listener: Listener, talks: MediaLibrary) -> None:
    listener.player = playing(TIDES)
    reply = asks(listener, "go to the part with the umbrella", topic="umbrella")
    assert reply.directives == (Seek(position_ms=0),)  # the line before it is the first
    listener.player = playing(TIDES, state=Playback.PAUSED)
    assert starts_at(asks(listener, "go to the part with the umbrella", topic="umbrella")) == (TIDES, 0)
    listener.player = playing(TIDES, can=())
    assert starts_at(asks(listener, "go to the part with the umbrella", topic="umbrella")) == (TIDES, 0)


def test_what_plays_is_not_left_without_a_question_unless_it_was_to_be_found(listener: Listener) -> None:
    listener.player = playing(TIDES)
    reply = asks(listener, "go to the part with the teapot", topic="teapot")
    assert reply.directives == ()
    assert reply.speech.startswith("I found nothing about the teapot in Why the Tide Map Looks Wrong.")
    assert reply.expects_reply
    yes = then(listener, "action_affirm", "affirm", "yes")
    assert starts_at(yes) == (REFUND, 0)
    found = asks(listener, "find where they talk about a teapot", topic="teapot")
    assert starts_at(found) == (REFUND, 0)
    assert found.speech.startswith("Not in this one. In The Refund That Won a Customer, ")


def test_nothing_is_claimed_of_what_nobody_wrote_down(listener: Listener) -> None:
    listener.player = playing(UNSAID)
    reply = asks(listener, "go to the part about flour", topic="flour")
    assert reply.speech.startswith("I do not know what is said in ")
    assert reply.directives == ()
    who = then(listener, "action_media_who", "who_speaks", "who is that")
    assert "no transcript" in who.speech


def test_nothing_found_is_said_and_the_nearest_is_offered(listener: Listener) -> None:
    reply = asks(listener, "find where they explain kubernetes operators", topic="kubernetes operators")
    assert reply.speech.startswith("I found nothing about kubernetes operators. The nearest is ")
    assert (reply.directives, reply.expects_reply) == ((), True)


def test_just_that_part_ends_where_the_subject_is_left(listener: Listener, talks: MediaLibrary) -> None:
    for reply in (
        asks(listener, "play just the part about the dampers", topic="dampers"),
        then(listener, "action_media_moment_play", "play_moment", "just that part"),
    ):
        (part,) = reply.directives
        assert isinstance(part, Play)
        assert part.item == BRIDGE
        assert part.begin_ms < line_of(talks, BRIDGE, "The cure was dampers").end_ms <= (part.end_ms or 0)
        assert (part.end_ms or 0) <= 12 * LINE_MS
    whole = then(listener, "action_media_moment_play", "play_moment", "play it from there")
    assert whole.directives[0].duration_ms is None  # type: ignore[union-attr]


def test_the_next_mention_is_another_one_and_the_one_before_leads_back(listener: Listener) -> None:
    places = [starts_at(asks(listener, "where do they talk about an umbrella", topic="umbrella"))]
    while (reply := then(listener, "action_media_moment_step", "next_moment", "next mention")).directives:
        places.append(starts_at(reply))
    assert reply.speech == "That was the last mention."
    assert len(set(places)) == len(places) > 1
    assert {item for item, _ in places} >= {LIGHTNING, TIDES}
    back = [starts_at(then(listener, "action_media_moment_step", "previous_moment")) for _ in places[1:]]
    assert back == places[-2::-1]


def test_mentions_that_were_played_meanwhile_are_behind(listener: Listener, talks: MediaLibrary) -> None:
    first = asks(
        listener, "where do they mention an umbrella", topic="umbrella", title="how lightning finds the ground"
    )
    item, _ = starts_at(first)
    listener.player = playing(item, LINE_MS * 13 + 1_000)
    reply = then(listener, "action_media_moment_step", "next_moment", "next mention")
    assert reply.speech == "That was the last mention."


def test_a_bit_before_that_is_counted_from_the_moment(listener: Listener) -> None:
    item, begin_ms = starts_at(asks(listener, "find the part about the thumb", topic="as wide as your thumb"))
    listener.player = playing(item, begin_ms + 20_000)
    for back_ms in (15_000, 30_000):
        earlier = then(listener, "action_media_seek", "seek", "a bit before that")
        assert earlier.directives == (Seek(position_ms=begin_ms - back_ms),)
        listener.player = playing(item, begin_ms - back_ms + 1_000)
    listener.player = PlayerState()
    assert starts_at(then(listener, "action_media_seek", "seek", "start a little earlier")) == (item, begin_ms - 45_000)


def test_who_is_speaking_is_told_of_what_plays_and_who_said_it_of_what_was_found(listener: Listener) -> None:
    asks(listener, "find the part about the dampers", topic="dampers")
    said = then(listener, "action_media_who", "who_speaks", "who said it")
    assert said.speech == "That is Ignatius Mbewe-Rowe, in The Bridge That Learned to Dance."
    listener.player = playing(BRIDGE, 7 * LINE_MS + 100)
    assert then(listener, "action_media_who", "who_speaks", "who is that").speech.startswith("That is Host, ")


def test_without_a_moment_there_is_none_to_go_by(listener: Listener) -> None:
    for action, intent in (("action_media_moment_step", "next_moment"), ("action_media_moment_play", "play_moment")):
        reply = then(listener, action, intent)
        assert reply.directives == ()
        assert reply.speech.startswith("There is no moment to go by yet.")


def test_a_device_that_cannot_play_is_told_where_it_is_and_no_more(listener: Listener) -> None:
    listener.player, listener.channel = None, Channel.SPEAKER
    reply = asks(listener, "find where they mention dampers", topic="dampers")
    assert reply.directives == ()
    assert reply.speech.endswith("But this device cannot play it.")


WORDS = st.sampled_from(
    [
        "lightning",
        "channel",
        "refund",
        "teapot",
        "the",
        "of",
        "map",
        "tide",
        "bees",
        "umbrella",
        "and",
        "ground",
        "thumb",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(lambda words: " ".join(words).capitalize() + ".")


@st.composite
def transcripts(draw: st.DrawFn) -> list[Segment]:
    at, made = 0, []
    for text in draw(st.lists(TEXTS, min_size=1, max_size=8)):
        at += draw(st.integers(0, 30_000))
        end = at + draw(st.integers(1, 90_000))
        made.append(Segment(at, end, draw(st.sampled_from(["", "Ann", "Bo"])), text))
        at = end
    return made


@given(transcripts(), st.lists(WORDS, min_size=1, max_size=4), st.data())
@settings(max_examples=80, deadline=None)
def test_moments_lie_in_their_item_in_order_and_quote_what_is_said(
    transcript: list[Segment], asked: list[str], data: st.DataObject
) -> None:
    said = lines(transcript)
    ends = st.integers(0, transcript[-1].end_ms)
    passages = [
        Passage(min(span), max(span) + 1, data.draw(st.floats(0, 1)))
        for span in data.draw(st.lists(st.tuples(ends, ends), max_size=6))
    ]
    found = moments_in("item", said, passages, " ".join(asked))
    starts = {line.start_ms for line in said}
    for moment in found:
        assert moment.start_ms in starts
        assert moment.start_ms <= moment.at_ms < moment.end_ms <= max(p.end_ms for p in [*passages, *_ends(said)])
        (line,) = [one for one in said if one.start_ms == moment.at_ms and one.speaker == moment.speaker][:1]
        assert moment.quote.strip(".").strip() in line.text
    assert all(one.end_ms <= other.start_ms for one, other in itertools.pairwise(found))


def _ends(said: Sequence[Segment]) -> list[Passage]:
    return [Passage(0, line.end_ms, 0.0) for line in said]


@given(TEXTS, st.lists(WORDS, min_size=1, max_size=4).map(" ".join))
@settings(deadline=None)
def test_a_quote_is_a_dozen_whole_words_at_most(text: str, asked: str) -> None:
    said = quote(text, asked)
    words = said.removeprefix("...").removesuffix("...").split() if said != text else text.split()
    assert 1 <= len(words) <= 12
    assert re.search(rf"(?:^|\s){re.escape(' '.join(words))}(?:\s|$)", text)


@given(transcripts())
@settings(max_examples=50, deadline=None)
def test_lines_are_the_transcript_cut_only_where_it_is_long(transcript: list[Segment]) -> None:
    said = lines(transcript)
    assert " ".join(line.text for line in said).split() == " ".join(one.text for one in transcript).split()
    assert {one.start_ms for one in transcript} <= {line.start_ms for line in said}
    assert all(line.start_ms <= line.end_ms for line in said)
