"""What a request would come to: found in the real catalogue, with nothing done and nothing remembered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from skills.media.actions import MediaActions
from skills.media.grounding import NOTHING, MediaGrounding
from skills.media.library import MediaLibrary
from skills.skill import ActionRequest, Entity, Grounding, Understanding
from skills.turn import Channel, Hypothesis, Play, Playback, PlayerState, Utterance

BLACK_HOLE = "talk-falling-into-a-black-hole"
SHELF = {"shown": [BLACK_HOLE, "concert-electric-kelp"], "told": 2}


def request(intent: str, said: str, memory: dict[str, Any], player: PlayerState | None, **named: str) -> ActionRequest:
    entities = tuple(Entity(name, value, value, 0, len(value)) for name, value in named.items())
    utterance = Utterance(
        conversation="c",
        dialog_request_id="r",
        channel=Channel.PAGE,
        alternatives=(Hypothesis(text=said),),
        player=player,
    )
    return ActionRequest(utterance, Understanding(said, intent, 1.0, entities), memory)


@pytest.fixture
def ground(library: MediaLibrary) -> Any:
    grounds = MediaGrounding(library).by_intent()

    def grounded(
        intent: str,
        said: str = "words",
        memory: dict[str, Any] | None = None,
        player: PlayerState | None = None,
        **named: str,
    ) -> Grounding:
        return asyncio.run(grounds[intent](request(intent, said, memory or {}, player, **named)))  # type: ignore[arg-type]

    return grounded


@pytest.mark.parametrize(
    "named",
    [{"title": "falling into a black hole"}, {"topic": "black holes", "kind": "talk"}, {"creator": "amira osay"}],
)
def test_what_would_be_played_is_what_is_meant(ground: Any, actions: MediaActions, named: dict[str, str]) -> None:
    grounding = ground("find_media", **named)
    result = asyncio.run(actions.find(request("find_media", "words", {}, PlayerState(), **named)))
    (play,) = [one for one in result.reply.directives if isinstance(one, Play)] if result.reply else []
    assert grounding.meant == f"item {play.item}"
    assert grounding.called in play.title
    assert 0.3 < grounding.fit <= 1.0


def test_the_better_a_name_is_heard_the_better_it_fits(ground: Any) -> None:
    heard = ["falling into a black hole", "falling into a back hole", "falling in the back hall"]
    fits = [ground("play_media", title=title).fit for title in heard]
    assert fits == sorted(fits, reverse=True)
    assert fits[0] == pytest.approx(1.0)


def test_what_there_is_not_fits_nothing(ground: Any) -> None:
    assert ground("find_media", topic="kubernetes operators") == Grounding(NOTHING, 0.0)


def test_a_name_on_the_shelf_fits_fully_however_it_was_heard(ground: Any) -> None:
    assert ground("play_media", title="falling into a back hole").fit < 1.0
    assert ground("play_media", memory=SHELF, title="falling into a back hole").fit == 1.0


def test_places_are_those_of_the_shelf(ground: Any) -> None:
    assert ground("choose_item", memory=SHELF, ordinal="2") == Grounding(
        "item concert-electric-kelp", 1.0, "Electric Kelp"
    )
    assert ground("choose_item", memory=SHELF, ordinal="3").fit == 0.0
    assert ground("choose_item", ordinal="1").fit == 0.0


def test_yes_and_no_fit_where_something_was_offered(ground: Any) -> None:
    for intent in ("affirm", "deny"):
        assert ground(intent) == Grounding(intent)
        assert ground(intent, memory={"offered": BLACK_HOLE}) == Grounding(intent, 1.0)


@pytest.mark.parametrize(
    ("intent", "state", "fits"),
    [
        ("pause", Playback.PLAYING, True),
        ("pause", Playback.STOPPED, False),
        ("stop", Playback.PLAYING, True),
        ("resume", Playback.PAUSED, True),
        ("resume", Playback.PLAYING, False),
    ],
)
def test_controls_fit_a_player_that_can_follow_them(ground: Any, intent: str, state: Playback, fits: bool) -> None:
    assert (ground(intent, player=PlayerState(state=state)).fit == 1.0) is fits


def test_a_bare_title_is_found_and_the_weather_is_none_of_our_business(ground: Any) -> None:
    assert ground("out_of_scope", said="falling into a black hole").meant == f"item {BLACK_HOLE}"
    assert ground("out_of_scope", said="what is the weather in paris") == Grounding("out_of_scope")
