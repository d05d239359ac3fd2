"""What a listener hears, sees and gets played, through the real index over the demo catalogue."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from skills.media.actions import CARDS, MediaActions
from skills.media.library import MediaLibrary
from skills.skill import ActionRequest, ActionResult, Entity, Understanding
from skills.turn import Channel, Control, Hypothesis, Play, Playback, PlayerState, SetVolume, Utterance
from tests.skills.conftest import UNRECORDED

BLACK_HOLE = "talk-falling-into-a-black-hole"
PLAYING = PlayerState(state=Playback.PLAYING, item=BLACK_HOLE, position_ms=10_000, volume=60)


class Listener:
    """Someone in a conversation: keeps the memory from turn to turn."""

    def __init__(self, actions: MediaActions) -> None:
        self.actions = actions.by_name()
        self.memory: Mapping[str, Any] = {}
        self.player: PlayerState | None = PlayerState()
        self.channel = Channel.PAGE

    def asks(self, action: str, intent: str = "find_media", said: str = "words", **entities: str) -> ActionResult:
        places = {value: max(0, said.casefold().find(value.casefold())) for value in entities.values()}
        found = tuple(
            Entity(name, value, value, places[value], places[value] + len(value)) for name, value in entities.items()
        )
        utterance = Utterance(
            conversation="c",
            dialog_request_id="r1",
            channel=self.channel,
            alternatives=(Hypothesis(text=said),),
            player=self.player,
        )
        request = ActionRequest(utterance, Understanding(said, intent, 1.0, found), self.memory)
        result = asyncio.run(self.actions[action](request))
        self.memory = result.memory
        return result


@pytest.fixture
def listener(actions: MediaActions) -> Listener:
    return Listener(actions)


def played(result: ActionResult) -> str | None:
    plays = [directive for directive in result.reply.directives if isinstance(directive, Play)]
    return plays[0].item if plays else None


def test_a_topic_and_a_kind_find_and_play_the_item_that_is_about_it(listener: Listener) -> None:
    result = listener.asks("action_media_find", topic="black holes", kind="talk")
    assert played(result) == BLACK_HOLE
    assert "Falling Into a Black Hole" in result.reply.speech
    assert "Doctor Amara Osei" in result.reply.speech
    assert result.reply.cards[0].item == BLACK_HOLE


@pytest.mark.parametrize("kind", ["podcast", "audiobook", "talk", "concert", "lesson", "live_show"])
def test_a_kind_that_was_named_is_never_violated(listener: Listener, library: MediaLibrary, kind: str) -> None:
    result = listener.asks("action_media_find", topic="music and the sea", kind=kind)
    assert {library.items[card.item].kind.value for card in result.reply.cards} == {kind}


def test_a_misheard_creator_is_found(listener: Listener, library: MediaLibrary) -> None:
    result = listener.asks("action_media_find", creator="amira osay")
    assert result.reply.cards
    assert {library.items[card.item].creator for card in result.reply.cards} == {"Dr. Amara Osei"}


def test_a_mood_finds_items_of_that_mood(listener: Listener, library: MediaLibrary) -> None:
    result = listener.asks("action_media_find", mood="calm")
    assert all("calm" in library.items[card.item].moods for card in result.reply.cards)


def test_an_item_in_which_bread_is_eaten_is_not_about_bread(listener: Listener) -> None:
    result = listener.asks("action_media_find", topic="bread", kind="podcast", mood="calm")
    assert "quiet-lamp-01" not in [card.item for card in result.reply.cards]


def test_what_came_out_in_a_time_is_about_everything_not_about_whom_one_follows(
    listener: Listener, library: MediaLibrary
) -> None:
    result = listener.asks("action_media_whats_new", "whats_new", "what came out in 2024", recency="in 2024")
    assert result.reply.cards
    assert {library.items[card.item].published.year for card in result.reply.cards} == {2024}


def test_the_newest_comes_first(listener: Listener, library: MediaLibrary) -> None:
    result = listener.asks("action_media_find", kind="podcast", recency="newest")
    newest = max(item.published for item in library.items.values() if item.kind.value == "podcast")
    assert library.items[result.reply.cards[0].item].published == newest


def test_nothing_found_is_said_and_the_nearest_is_offered_not_played(listener: Listener) -> None:
    result = listener.asks("action_media_find", topic="kubernetes operators")
    assert played(result) is None
    assert "nothing about kubernetes operators" in result.reply.speech
    assert result.reply.expects_reply
    offered = result.reply.cards[0].item
    assert played(listener.asks("action_affirm", intent="affirm")) == offered


def test_no_to_the_offer_plays_nothing_and_closes_the_question(listener: Listener) -> None:
    listener.asks("action_media_find", topic="kubernetes operators")
    assert played(listener.asks("action_deny", intent="deny")) is None
    assert played(listener.asks("action_affirm", intent="affirm")) is None


def test_the_second_one_is_the_second_card(listener: Listener) -> None:
    cards = listener.asks("action_media_find", topic="bread").reply.cards
    assert played(listener.asks("action_choose", intent="choose_item", ordinal="2")) == cards[1].item


@pytest.mark.parametrize("ordinal", ["0", "99", "-99", "two", "9" * 50])
def test_a_place_that_is_not_there_plays_nothing(listener: Listener, ordinal: str) -> None:
    listener.asks("action_media_find", topic="bread")
    result = listener.asks("action_choose", intent="choose_item", ordinal=ordinal)
    assert played(result) is None
    assert "number from 1 to" in result.reply.speech


def test_the_one_about_something_is_looked_for_among_what_was_shown(listener: Listener) -> None:
    shown = [card.item for card in listener.asks("action_media_find", topic="guitar", kind="lesson").reply.cards]
    chosen = played(listener.asks("action_choose", intent="choose_item", topic="changing chords"))
    assert chosen == "lesson-changing-chords-without-looking"
    assert chosen in shown
    result = listener.asks("action_choose", intent="choose_item", topic="volcanoes")
    assert played(result) is None
    assert "None of these" in result.reply.speech


def test_a_bare_title_is_played_and_anything_else_is_left_to_the_dialogue(listener: Listener) -> None:
    result = listener.asks("action_by_name", intent="out_of_scope", said="falling into a black hole")
    assert (played(result), result.slots) == (BLACK_HOLE, {"named": True})
    result = listener.asks("action_by_name", intent="out_of_scope", said="what is the weather in paris")
    assert (result.reply, result.slots) == (None, {"named": False})


def test_choosing_before_anything_was_found_says_so(listener: Listener) -> None:
    assert "nothing to choose from" in listener.asks("action_choose", ordinal="1").reply.speech


def test_next_and_previous_walk_the_results_and_stop_at_the_ends(listener: Listener) -> None:
    first = played(listener.asks("action_media_find", topic="bread"))
    second = played(listener.asks("action_media_control", intent="next"))
    assert second not in (None, first)
    assert played(listener.asks("action_media_control", intent="previous")) == first
    assert "first one" in listener.asks("action_media_control", intent="previous").reply.speech


def test_more_goes_on_where_the_cards_ended_and_numbers_go_on_too(listener: Listener) -> None:
    shown = listener.asks("action_media_find", topic="music").reply.cards
    more = listener.asks("action_more", intent="more").reply
    assert not {card.item for card in shown} & {card.item for card in more.cards}
    assert more.quick_replies[0].utterance == f"number {CARDS + 1}"
    number = str(CARDS + 1)
    assert played(listener.asks("action_choose", intent="choose_item", ordinal=number)) == more.cards[0].item


def test_only_what_the_player_reports_is_called_playing(listener: Listener) -> None:
    listener.asks("action_media_find", topic="black holes", kind="talk")
    assert listener.asks("action_media_now_playing", intent="now_playing").reply.speech == "Nothing is playing."
    listener.player = PLAYING
    assert "Falling Into a Black Hole" in listener.asks("action_media_now_playing", intent="now_playing").reply.speech


@pytest.mark.parametrize(
    ("intent", "state", "directive"),
    [
        ("pause", Playback.PLAYING, "pause"),
        ("stop", Playback.PLAYING, "stop"),
        ("stop", Playback.PAUSED, "stop"),
        ("resume", Playback.PAUSED, "resume"),
    ],
)
def test_a_control_that_fits_the_players_state_reaches_it(
    listener: Listener, intent: str, state: Playback, directive: str
) -> None:
    listener.player = PLAYING.model_copy(update={"state": state})
    result = listener.asks("action_media_control", intent=intent)
    assert result.reply.directives == (Control(type=directive),)


@pytest.mark.parametrize("intent", ["pause", "stop"])
def test_a_control_without_anything_playing_claims_nothing(listener: Listener, intent: str) -> None:
    assert listener.asks("action_media_control", intent=intent).reply.directives == ()


@pytest.mark.parametrize(
    ("intent", "entities", "before", "after"),
    [
        ("louder", {}, 60, 75),
        ("louder", {}, 95, 100),
        ("quieter", {}, 60, 45),
        ("quieter", {}, 5, 0),
        ("set_volume", {"volume": "40"}, 60, 40),
        ("set_volume", {"volume": "400"}, 60, 100),
    ],
)
def test_volume_moves_within_its_limits(
    listener: Listener, intent: str, entities: dict[str, str], before: int, after: int
) -> None:
    listener.player = PLAYING.model_copy(update={"volume": before})
    result = listener.asks("action_media_volume", intent=intent, **entities)
    assert result.reply.directives == (SetVolume(volume=after),)


def test_an_item_without_a_recording_is_shown_but_not_sent_to_the_player(
    listener: Listener, library: MediaLibrary
) -> None:
    item = library.items[UNRECORDED]
    result = listener.asks("action_media_play", intent="play_media", title=item.title)
    assert result.reply.cards[0].item == UNRECORDED
    assert played(result) is None
    assert "no recording" in result.reply.speech


def test_say_that_again_says_the_same(listener: Listener) -> None:
    first = listener.asks("action_media_find", topic="tides").reply
    assert listener.asks("action_repeat", intent="repeat").reply.speech == first.speech


def test_a_spoken_answer_stays_under_twelve_seconds(listener: Listener, library: MediaLibrary) -> None:
    """At 175 words a minute, twelve seconds are 35 words."""
    for topic in sorted({tag for item in library.items.values() for tag in item.tags})[::12]:
        assert len(listener.asks("action_media_find", topic=topic).reply.speech.split()) <= 35
