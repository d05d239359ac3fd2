"""Steering what plays: the player is told what was asked, and nothing is claimed that it cannot do or has not done."""

from __future__ import annotations

import pytest

from skills.media.actions import MediaActions
from skills.media.catalogue import Item
from skills.media.library import MediaLibrary
from skills.media.places import Place
from skills.player import (
    QUEUE_MAX,
    Ability,
    Control,
    Enqueue,
    Play,
    Playback,
    PlayerState,
    Repeat,
    Seek,
    SetRepeat,
    SetShuffle,
    SetSleep,
    SetSpeed,
    Sleep,
)
from skills.turn import Channel
from tests.skills.conftest import LeftOff
from tests.skills.test_media_actions import BLACK_HOLE, Listener, played

ABLE = PlayerState(state=Playback.PLAYING, item=BLACK_HOLE, position_ms=60_000, ends_at_ms=600_000, can=tuple(Ability))


@pytest.fixture
def listener(actions: MediaActions) -> Listener:
    listener = Listener(actions)
    listener.player = ABLE
    return listener


@pytest.mark.parametrize(
    ("said", "position_ms"),
    [
        ("skip forward thirty seconds", 90_000),
        ("go back a bit", 45_000),
        ("go back ten minutes", 0),
        ("go to minute five", 300_000),
        ("from the beginning", 0),
    ],
)
def test_a_place_is_counted_from_where_the_player_is(listener: Listener, said: str, position_ms: int) -> None:
    reply = listener.asks("action_media_seek", intent="seek", said=said).reply
    assert reply
    assert reply.directives == (Seek(position_ms=position_ms),)


def test_a_place_behind_the_end_is_not_gone_to(listener: Listener) -> None:
    reply = listener.asks("action_media_seek", intent="seek", said="go to minute ten").reply
    assert reply
    assert (reply.directives, reply.speech) == ((), "It ends at 10 minutes.")


def test_after_the_end_the_beginning_is_played_again(listener: Listener) -> None:
    listener.player = ABLE.model_copy(update={"state": Playback.ENDED})
    assert played(listener.asks("action_media_seek", intent="seek", said="start over")) == BLACK_HOLE


@pytest.mark.parametrize(
    ("action", "intent", "said", "directive"),
    [
        ("action_media_speed", "set_speed", "one and a half speed", SetSpeed(speed=1.5)),
        ("action_media_repeat", "repeat_media", "repeat this", SetRepeat(repeat=Repeat.ONE)),
        ("action_media_shuffle", "shuffle_media", "shuffle", SetShuffle(shuffle=True)),
        ("action_media_sleep", "set_sleep_timer", "stop in twenty minutes", SetSleep(sleep=Sleep(in_ms=1_200_000))),
        ("action_media_sleep", "set_sleep_timer", "stop at the end of this", SetSleep(sleep=Sleep())),
        ("action_media_seek", "seek", "go to minute two", Seek(position_ms=120_000)),
    ],
)
def test_what_a_player_cannot_do_it_is_not_told_to(
    listener: Listener, action: str, intent: str, said: str, directive: object
) -> None:
    able = listener.asks(action, intent=intent, said=said).reply
    assert able
    assert able.directives == (directive,)
    listener.player = ABLE.model_copy(update={"can": ()})
    unable = listener.asks(action, intent=intent, said=said).reply
    assert unable
    assert unable.directives == ()
    assert unable.speech.startswith("This player cannot ")


def test_the_sleep_timer_is_told_as_the_player_has_it(listener: Listener) -> None:
    def asks(intent: str) -> str:
        reply = listener.asks("action_media_sleep", intent=intent, said="the timer").reply
        assert reply
        return reply.speech

    assert asks("ask_sleep_timer") == asks("cancel_sleep_timer") == "There is no sleep timer."
    listener.player = ABLE.model_copy(update={"sleep": Sleep(in_ms=600_000)})
    assert asks("ask_sleep_timer") == "It pauses in 10 minutes."
    playing = listener.asks("action_media_now_playing", intent="now_playing").reply
    assert playing
    assert playing.speech.endswith("with 9 minutes to go. It pauses in 10 minutes.")


def test_something_is_queued_by_name_by_place_and_as_this(listener: Listener) -> None:
    cards = listener.asks("action_media_find", topic="bread")
    assert cards.reply
    shown = [card.item for card in cards.reply.cards]
    for said, entities, item, place in (
        ("add the second one to the queue", {"ordinal": "2"}, shown[1], "last"),
        ("play it next", {}, shown[0], "next"),
        ("queue falling into a black hole", {"title": "falling into a black hole"}, BLACK_HOLE, "last"),
    ):
        reply = listener.asks("action_media_queue", intent="queue_media", said=said, **entities).reply
        assert reply
        (directive,) = reply.directives
        assert isinstance(directive, Enqueue)
        assert ([play.item for play in directive.items], directive.place) == ([item], place)


def test_a_full_queue_is_said_and_with_nothing_playing_it_plays_at_once(listener: Listener) -> None:
    listener.player = ABLE.model_copy(update={"queue": (BLACK_HOLE,) * QUEUE_MAX})
    reply = listener.asks("action_media_queue", intent="queue_media", title="falling into a black hole").reply
    assert reply
    assert (reply.directives, reply.speech) == ((), "The queue is full: it holds 50.")
    listener.player = PlayerState(can=tuple(Ability))
    assert played(listener.asks("action_media_queue", intent="queue_media", title="falling into a black hole"))


def test_next_is_the_queue_before_the_results_and_whats_next_says_so(listener: Listener) -> None:
    listener.asks("action_media_find", topic="bread")
    listener.player = ABLE.model_copy(update={"queue": ("lesson-changing-chords-without-looking", BLACK_HOLE)})
    told = listener.asks("action_media_show_queue", intent="show_queue").reply
    assert told
    assert [card.item for card in told.cards] == list(listener.player.queue)
    moved = listener.asks("action_media_control", intent="next").reply
    assert moved
    assert moved.directives == (Control(type="next"),)
    listener.player = ABLE
    assert "The queue is empty. Say next for " in listener.asks("action_media_show_queue").reply.speech  # type: ignore[union-attr]


def test_what_was_left_is_gone_on_with_where_it_was(listener: Listener, left_off: LeftOff) -> None:
    listener.player = PlayerState()
    left_off.places[""] = Place(BLACK_HOLE, 125_000)
    reply = listener.asks("action_media_control", intent="resume", said="continue where i left off").reply
    assert reply
    (play,) = reply.directives
    assert isinstance(play, Play)
    assert (play.item, play.begin_ms) == (BLACK_HOLE, 125_000)
    assert reply.speech.startswith("From 2 minutes 5 seconds on, ")


@pytest.mark.parametrize(("channel", "plays"), [(Channel.SPEAKER, False), (Channel.HTTP, True)])
def test_without_a_player_what_was_found_is_told_and_nothing_is_claimed(
    listener: Listener, channel: Channel, plays: bool
) -> None:
    """A program that calls may play what it is told of; a satellite cannot, and says so."""
    listener.player, listener.channel = None, channel
    result = listener.asks("action_media_find", topic="black holes", kind="talk")
    assert result.reply
    assert (played(result) == BLACK_HOLE) is plays
    assert result.reply.speech.startswith("I found Falling Into a Black Hole")
    assert result.reply.speech.endswith("But this device cannot play it.") is not plays
    assert len(result.reply.speech.split()) <= 35


def test_longer_and_newer_change_the_last_search_and_nothing_else(listener: Listener, library: MediaLibrary) -> None:
    def found(said: str) -> list[Item]:
        reply = listener.asks("action_media_refine", intent="refine", said=said).reply
        assert reply
        assert reply.cards
        return [library.items[card.item] for card in reply.cards]

    first = listener.asks("action_media_find", kind="podcast").reply
    assert first
    example = library.items[first.cards[0].item]
    longer = found("something longer")
    assert all(item.duration_s > example.duration_s and item.kind.value == "podcast" for item in longer)
    newer = found("something newer")
    assert all(item.published > longer[0].published and item.duration_s > example.duration_s for item in newer)
    shorter = found("a shorter one please")
    assert all(item.duration_s < newer[0].duration_s and item.published > longer[0].published for item in shorter)


def test_a_length_holds_for_every_result_and_what_there_is_not_is_said(
    listener: Listener, library: MediaLibrary
) -> None:
    reply = listener.asks("action_media_find", kind="podcast", length="under twenty minutes").reply
    assert reply
    assert reply.cards
    assert all(library.items[card.item].duration_s <= 1200 for card in reply.cards)
    none = listener.asks("action_media_refine", intent="refine", said="at least twenty hours").reply
    assert none
    assert (none.directives, none.speech) == ((), "Of what you asked for, I have nothing of at least 20 hours.")


def test_nothing_to_compare_with_is_said(listener: Listener) -> None:
    assert "nothing to compare with" in listener.asks("action_media_refine", intent="refine").reply.speech  # type: ignore[union-attr]
