from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.talk.player import Hold, Load, Player, PlayerEffect, Release, Report, Unload
from skills.turn import Control, Play, Playback, PlayerState, SetVolume

TALK = Play(item="talk-1", title="Black holes", url="/media/talk.mp3", begin_ms=2_000, duration_ms=10_000)


def last_report(effects: tuple[PlayerEffect, ...]) -> PlayerState:
    report = effects[-1]
    assert isinstance(report, Report)
    return report.state


def playing() -> Player:
    player = Player()
    player.obey(TALK, "r1")
    player.began()
    return player


def test_playing_is_said_only_when_sound_came_out() -> None:
    player = Player()
    effects = player.obey(TALK, "r1")
    assert effects[0] == Load(TALK, begin_ms=2_000, end_ms=12_000)
    assert last_report(effects).state is Playback.PAUSED
    assert last_report(player.began()) == PlayerState(
        state=Playback.PLAYING, item="talk-1", position_ms=2_000, dialog_request_id="r1"
    )


def test_pause_and_resume_keep_the_place() -> None:
    player = playing()
    player.moved(5_000)
    assert player.obey(Control(type="pause"), "r2")[0] == Hold()
    effects = player.obey(Control(type="resume"), "r3")
    assert effects[0] == Release()
    assert last_report(effects).state is Playback.PAUSED
    began = last_report(player.began())
    assert (began.state, began.position_ms, began.dialog_request_id) == (Playback.PLAYING, 5_000, "r3")


def test_resume_after_a_stop_goes_on_and_after_the_end_begins_again() -> None:
    player = playing()
    player.moved(5_000)
    assert player.obey(Control(type="stop"), "r2")[0] == Unload()
    assert player.obey(Control(type="resume"), "r3")[0] == Load(TALK, begin_ms=5_000, end_ms=12_000)
    player.began()
    player.ended()
    assert player.obey(Control(type="resume"), "r4")[0] == Load(TALK, begin_ms=2_000, end_ms=12_000)


def test_the_end_was_brought_about_by_no_request_and_a_failure_by_the_one_that_asked() -> None:
    assert last_report(playing().ended()).dialog_request_id is None
    player = Player()
    player.obey(TALK, "r1")
    failed = last_report(player.failed())
    assert (failed.state, failed.dialog_request_id) == (Playback.FAILED, "r1")


def test_a_paused_recording_does_not_end() -> None:
    player = playing()
    player.obey(Control(type="pause"), "r2")
    assert player.ended() == player.failed() == player.began() == ()
    assert player.playback is Playback.PAUSED


class AnyOrder(RuleBasedStateMachine):
    """Whatever comes in whatever order: each directive is acknowledged, and the reports stay true."""

    def __init__(self) -> None:
        super().__init__()
        self.player = Player()
        self.requests = 0
        self.sounding = False
        """A recording was loaded or released and has neither been held nor let go since."""

    def take(self, effects: tuple[PlayerEffect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, Load | Release):
                self.sounding = True
            elif isinstance(effect, Hold | Unload):
                self.sounding = False

    @rule(
        directive=st.sampled_from(
            [TALK, TALK.model_copy(update={"item": "talk-2", "begin_ms": 0, "duration_ms": None})]
            + [Control(type="pause"), Control(type="resume"), Control(type="stop")]
            + [SetVolume(volume=volume) for volume in (0, 40, 100)]
        )
    )
    def obey(self, directive: Play | Control | SetVolume) -> None:
        self.requests += 1
        effects = self.player.obey(directive, f"r{self.requests}")
        assert last_report(effects).dialog_request_id == f"r{self.requests}"
        self.take(effects)

    @rule(position_ms=st.integers(0, 20_000))
    def move(self, position_ms: int) -> None:
        self.player.moved(position_ms)

    @rule(what=st.sampled_from(["began", "ended", "failed"]))
    def sound(self, what: str) -> None:
        self.take(getattr(self.player, what)())

    @invariant()
    def playing_means_sounding(self) -> None:
        if self.player.playback is Playback.PLAYING or self.player.loading:
            assert self.sounding
        else:
            assert not self.sounding

    @invariant()
    def the_position_is_inside_the_excerpt(self) -> None:
        state = self.player.state
        if state.item == "talk-1":
            assert 2_000 <= state.position_ms <= 12_000


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=80, deadline=None)
