"""Leafing through a video aloud: the words say where to, the player is told the place, and nothing else is claimed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media.actions import MediaActions
from skills.media.library import MediaLibrary
from skills.media.scene_words import SceneStep, scene_step
from skills.player import Ability, Part, Playback, PlayerState, Seek, SetSpeed
from tests.skills.test_media_actions import BLACK_HOLE, Listener

ABLE = PlayerState(state=Playback.PLAYING, item=BLACK_HOLE, position_ms=3_200, can=tuple(Ability))
SOUND_ALONE = "tin-observatory-01"


@pytest.fixture
def listener(actions: MediaActions) -> Listener:
    listener = Listener(actions)
    listener.player = ABLE
    return listener


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("next scene", SceneStep(by=1)),
        ("skip this scene", SceneStep(by=1)),
        ("the next one", SceneStep(by=1)),
        ("previous scene", SceneStep(by=-1)),
        ("two scenes back", SceneStep(by=-2)),
        ("skip ahead three scenes", SceneStep(by=3)),
        ("repeat this scene", SceneStep()),
        ("go back to the start of this scene", SceneStep()),
        ("scene number twelve", SceneStep(to=12)),
        ("go to the 3rd scene", SceneStep(to=3)),
        ("the twenty first scene", SceneStep(to=21)),
        ("the first scene", SceneStep(to=1)),
        ("the last scene", SceneStep(to=-1)),
        ("go back to the last scene", SceneStep(by=-1)),
        ("which scene is this", None),
    ],
)
def test_the_words_say_where_to(said: str, step: SceneStep | None) -> None:
    assert scene_step(said) == step


@given(st.text(max_size=60), st.integers(1, 30), st.data())
def test_whatever_is_said_leads_to_a_scene_that_there_is_or_to_none(said: str, count: int, data: st.DataObject) -> None:
    step = scene_step(f"{said} scene")
    place = step.place(data.draw(st.integers(0, count - 1)), count) if step else None
    assert place is None or 0 <= place < count


@given(st.integers(1, 99), st.sampled_from(["scene {}", "go to scene {}", "scene number {}, please"]))
def test_a_scene_is_named_by_its_number(number: int, form: str) -> None:
    assert scene_step(form.format(number)) == SceneStep(to=number)


@pytest.mark.parametrize(
    ("said", "position_ms", "told"),
    [
        ("next scene", 4_000, "Scene 5 of 13: This stretching has a real name in the…"),
        ("previous scene", 2_000, "Scene 3 of 13: So you have to aim. You fall feet…"),
        ("this scene again", 3_000, "Scene 4 of 13: Then you notice that your feet are being…"),
        ("the last scene", 12_000, "Scene 13 of 13: "),
        ("scene one", 0, "Scene 1 of 13: "),
    ],
)
def test_the_player_is_sent_to_the_scene_and_its_first_words_are_said(
    listener: Listener, said: str, position_ms: int, told: str
) -> None:
    reply = listener.asks("action_media_scene", intent="scene", said=said).reply
    assert reply
    assert reply.directives == (Seek(position_ms=position_ms),)
    assert reply.speech.startswith(told)
    assert len(reply.speech.split()) <= 14


@pytest.mark.parametrize(
    ("said", "player", "told"),
    [
        ("scene forty", ABLE, "It has only 13 scenes."),
        ("next scene", ABLE.model_copy(update={"position_ms": 12_500}), "This is the last scene."),
        ("previous scene", ABLE.model_copy(update={"position_ms": 10}), "This is the first scene."),
        ("next scene", ABLE.model_copy(update={"item": SOUND_ALONE}), "This one has no scenes"),
        ("next scene", ABLE.model_copy(update={"state": Playback.STOPPED}), "Nothing is playing."),
        ("next scene", ABLE.model_copy(update={"can": ()}), "This player cannot jump"),
        ("next scene", None, "There is no player here."),
        ("which scene is this", ABLE, "This is scene 4 of 13: "),
    ],
)
def test_where_there_is_no_such_scene_nothing_is_done(
    listener: Listener, said: str, player: PlayerState | None, told: str
) -> None:
    listener.player = player
    reply = listener.asks("action_media_scene", intent="scene", said=said).reply
    assert reply
    assert reply.directives == ()
    assert reply.speech.startswith(told)


def test_one_scene_alone_is_played_slower_by_players_that_can(listener: Listener, library: MediaLibrary) -> None:
    reply = listener.asks("action_media_speed", intent="set_speed", said="play this scene slower").reply
    assert reply
    assert reply.directives == (SetSpeed(speed=0.75, within=Part(begin_ms=3_000, end_ms=4_000)),)
    assert reply.speech == "0.75 times the speed, for this scene."
    listener.player = ABLE.model_copy(update={"can": (Ability.SPEED,)})
    reply = listener.asks("action_media_speed", intent="set_speed", said="play this scene slower").reply
    assert reply
    assert (reply.directives, reply.speech) == ((), "This player cannot change the speed of one scene alone.")
