from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.talk.player import CAN, Hold, Load, Player, PlayerEffect, Release, Report, Unload
from skills.player import (
    Control,
    Directive,
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
    SetVolume,
    Sleep,
)

OTHER = Play(item="talk-2", title="Tides", url="/media/tides.mp3")
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
        state=Playback.PLAYING, item="talk-1", position_ms=2_000, ends_at_ms=12_000, can=CAN, dialog_request_id="r1"
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


def test_what_is_queued_follows_when_an_item_has_ended() -> None:
    player = playing()
    queued = last_report(player.obey(Enqueue(items=(OTHER,)), "r2"))
    assert (queued.item, queued.queue) == ("talk-1", ("talk-2",))
    effects = player.ended()
    ended = next(effect.state for effect in effects if isinstance(effect, Report))
    assert (ended.state, ended.item) == (Playback.ENDED, "talk-1")
    assert Load(OTHER, begin_ms=0, end_ms=None) in effects
    assert last_report(effects).queue == ()


def test_next_goes_on_with_the_queue_and_changes_nothing_without_one() -> None:
    player = playing()
    assert player.obey(Control(type="next"), "r2") == (Report(player.state),)
    player.obey(Enqueue(items=(OTHER,)), "r3")
    assert Load(OTHER, begin_ms=0, end_ms=None) in player.obey(Control(type="next"), "r4")


def test_a_seek_while_paused_stays_paused_and_one_out_of_the_part_lifts_its_end() -> None:
    player = playing()
    player.obey(Control(type="pause"), "r2")
    effects = player.obey(Seek(position_ms=7_000), "r3")
    assert effects[:2] == (Load(TALK, begin_ms=7_000, end_ms=12_000), Hold())
    assert last_report(effects).state is Playback.PAUSED
    report = last_report(player.obey(Seek(position_ms=60_000), "r4"))
    assert (report.position_ms, report.ends_at_ms) == (60_000, None)


def test_the_sleep_timer_pauses_in_time_and_once() -> None:
    player = playing()
    player.at(100.0)
    assert last_report(player.obey(SetSleep(sleep=Sleep(in_ms=60_000)), "r2")).sleep == Sleep(in_ms=60_000)
    assert player.at(130.0) == ()
    assert player.state.sleep == Sleep(in_ms=30_000)
    effects = player.at(160.0)
    assert effects[0] == Hold()
    report = last_report(effects)
    assert (report.state, report.sleep, report.dialog_request_id) == (Playback.PAUSED, None, None)
    assert player.at(161.0) == ()


def test_asleep_at_the_end_of_this_nothing_follows_but_another_item_is_not_this() -> None:
    player = playing()
    player.obey(Enqueue(items=(OTHER,)), "r2")
    player.obey(SetSleep(sleep=Sleep()), "r3")
    assert last_report(player.ended()).state is Playback.ENDED
    player.obey(SetSleep(sleep=Sleep()), "r4")
    assert last_report(player.obey(TALK, "r5")).sleep is None


def test_what_this_player_cannot_do_is_not_claimed() -> None:
    player = playing()
    report = last_report(player.obey(SetSpeed(speed=2.0), "r2"))
    assert (report.speed, report.dialog_request_id) == (1.0, "r2")


class AnyOrder(RuleBasedStateMachine):
    """Whatever comes in whatever order: each directive is acknowledged, and the reports stay true."""

    def __init__(self) -> None:
        super().__init__()
        self.player = Player()
        self.requests = 0
        self.now_s = 0.0
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
            + [Control(type="next"), Enqueue(items=(OTHER, TALK)), Enqueue(items=(), place="only")]
            + [SetRepeat(repeat=repeat) for repeat in Repeat]
            + [SetShuffle(shuffle=True), SetShuffle(shuffle=False), SetSpeed(speed=0.5)]
            + [Seek(position_ms=position_ms) for position_ms in (0, 6_000, 86_400_000)]
            + [SetSleep(sleep=sleep) for sleep in (None, Sleep(), Sleep(in_ms=5_000))]
        )
    )
    def obey(self, directive: Directive) -> None:
        self.requests += 1
        effects = self.player.obey(directive, f"r{self.requests}")
        assert last_report(effects).dialog_request_id == f"r{self.requests}"
        self.take(effects)

    @rule(position_ms=st.integers(0, 20_000))
    def move(self, position_ms: int) -> None:
        self.player.moved(position_ms)

    @rule(seconds=st.floats(0, 10))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.take(self.player.at(self.now_s))

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
        if state.ends_at_ms is not None:
            assert state.item == "talk-1"
            assert 2_000 <= state.position_ms <= 12_000


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=80, deadline=None)
