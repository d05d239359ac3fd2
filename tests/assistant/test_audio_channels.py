"""Clova's table of audio channels, and that no ducking outlasts what it was for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.audio_channels import AS_MODULE, FATE, AudioChannel, Fate, Mix, Playing
from assistant.setup.environments import ROOT

CANCEL, DUCK, QUEUE = Fate.CANCEL, Fate.DUCK, Fate.QUEUE
ALERT, CONTENT, DIALOGUE, FEEDBACK, NOTIFICATION = AudioChannel

TALK = Playing("talk", CONTENT)
ANSWER = Playing("answer", DIALOGUE)
ALARM = Playing("alarm", ALERT)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.sampled_from(AudioChannel)),
        st.tuples(st.just("end"), st.integers(0, 30)),
        st.tuples(st.just("listen"), st.booleans()),
    ),
    max_size=30,
)


def names(playing: tuple[Playing, ...]) -> list[str]:
    return [one.sound for one in playing]


def test_the_table_is_clovas() -> None:
    """Copied from the guide: a row for what plays, a column for what begins, both in the channels' order."""
    assert [list(row.values()) for row in FATE.values()] == [
        [CANCEL, DUCK, DUCK, DUCK, DUCK],
        [DUCK, CANCEL, DUCK, DUCK, DUCK],
        [DUCK, DUCK, CANCEL, DUCK, DUCK],
        [DUCK, DUCK, DUCK, CANCEL, DUCK],
        [DUCK, DUCK, DUCK, DUCK, QUEUE],
    ]


def test_the_page_has_the_same_table() -> None:
    """Made anew by `python -m assistant.channels.audio_channels`."""
    assert (ROOT / "assistant/web/static/speaker/audio-channels.js").read_text(encoding="utf-8") == AS_MODULE


def test_an_answer_over_a_talk_and_an_alarm_over_both() -> None:
    mix = Mix().begin(TALK).begin(ANSWER).begin(ALARM)
    assert [mix.is_ducked(one) for one in ("talk", "answer", "alarm")] == [True, True, False]
    mix = mix.end("alarm")
    assert [mix.is_ducked(one) for one in ("talk", "answer")] == [True, False]
    assert not mix.end("answer").is_ducked("talk")


def test_what_ends_in_the_background_does_not_come_back() -> None:
    mix = Mix().begin(TALK).begin(ANSWER).end("talk").end("answer")
    assert mix == Mix()


def test_the_next_talk_takes_the_place_of_the_one_before() -> None:
    assert names(Mix().begin(TALK).begin(Playing("other", CONTENT)).playing) == ["other"]


def test_notifications_wait_for_each_other() -> None:
    mix = Mix().begin(TALK)
    for number in ("first", "second", "third"):
        mix = mix.begin(Playing(number, NOTIFICATION))
    assert names(mix.playing) == ["talk", "first"]
    assert names(mix.end("second").waiting) == ["third"]
    mix = mix.end("first")
    assert (names(mix.playing), names(mix.waiting)) == (["talk", "second"], ["third"])
    assert not mix.end("second").end("third").is_ducked("talk")


def test_a_talk_is_restored_when_nothing_was_recognised() -> None:
    mix = Mix().begin(TALK).listen(True)
    assert mix.is_ducked("talk")
    assert not mix.listen(False).is_ducked("talk")


def test_an_alarm_ends_the_listening_and_a_beep_does_not() -> None:
    assert not Mix().listen(True).begin(ALARM).listening
    beeping = Mix().listen(True).begin(Playing("beep", FEEDBACK))
    assert beeping.listening
    assert beeping.is_ducked("beep")


@given(STEPS)
def test_ducking_always_ends(steps: list[tuple[str, object]]) -> None:
    """Whatever happened: one sound at most is in the foreground, and once all others have ended it always is."""
    mix = Mix()
    for number, (what, value) in enumerate(steps):
        match what, value:
            case "begin", AudioChannel() as channel:
                mix = mix.begin(Playing(str(number), channel))
            case "end", int() as sound:
                mix = mix.end(str(sound))
            case "listen", bool() as listening:
                mix = mix.listen(listening)
        foreground = [one for one in mix.playing if not mix.is_ducked(one.sound)]
        assert len(foreground) == (1 if mix.playing and not mix.listening else 0)
        assert len({one.channel for one in mix.playing}) == len(mix.playing)
        assert not mix.waiting or NOTIFICATION in {one.channel for one in mix.playing}
    mix = mix.listen(False)
    while mix.playing:
        sound = mix.playing[-1].sound
        assert not mix.is_ducked(sound)
        mix = mix.end(sound)
    assert mix == Mix()
