"""Scenes to leaf through: they cover a video, begin where it changes, and each is shown by its sharpest picture."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.store import Store
from skills.media.captions import Segment, Transcript
from skills.media.content import ContentStore
from skills.media.errors import RecordingError
from skills.media.images import read_info
from skills.media.imported import read_imported
from skills.media.importing import Options, import_source
from skills.media.shelf import Role, Shelf
from skills.media.slides.changes import Change
from skills.media.slides.key_frames import key_look
from skills.media.slides.looking import Look, look_through
from skills.media.slides.making import make_scenes
from skills.media.slides.scene import Scene, read_scenes, scene_at, write_scenes
from skills.media.slides.segmenting import MAX_MS, MIN_MS, segment
from tests.media.videos import Shot, write_shots

DAY_MS = 86_400_000
TIMES = st.integers(0, 300_000)


@st.composite
def speech(draw: st.DrawFn) -> Segment:
    start = draw(TIMES)
    text = draw(st.sampled_from(["Here it is.", "and then", "Why?"]))
    return Segment(start, start + draw(st.integers(1, 20_000)), draw(st.sampled_from(["", "Ann"])), text, ())


@st.composite
def change(draw: st.DrawFn) -> Change:
    end = draw(TIMES)
    start = end - draw(st.integers(1, 1600))
    return Change(start, draw(st.integers(start + 1, end)), end, draw(st.floats(0, 1)))


@given(st.lists(speech(), max_size=40), st.lists(change(), max_size=40), st.integers(1, 300_000))
def test_scenes_cover_the_video_and_are_neither_too_short_nor_too_long(
    spoken: list[Segment], changes: list[Change], duration_ms: int
) -> None:
    stretches = segment(spoken, changes, duration_ms)
    assert [0, *(one.end_ms for one in stretches)] == [*(one.start_ms for one in stretches), duration_ms]
    if duration_ms >= MIN_MS:
        assert all(MIN_MS <= one.end_ms - one.start_ms <= MAX_MS for one in stretches)


@given(st.lists(change(), max_size=20), st.integers(1, 60_000), st.randoms(use_true_random=False))
def test_every_scene_has_a_picture_of_its_own(changes: list[Change], duration_ms: int, chance: object) -> None:
    looks = [Look(at, at, chance.random(), 20 * chance.random()) for at in range(0, duration_ms, 200)]  # type: ignore[attr-defined]
    for stretch in segment([], changes, duration_ms):
        key = key_look(looks, stretch, {one.at_ms: one for one in changes})
        assert stretch.start_ms <= key.at_ms < stretch.end_ms or stretch.end_ms - stretch.start_ms < 200


def sentences(count: int, each_ms: int = 4_000) -> list[Segment]:
    return [Segment(each_ms * n, each_ms * (n + 1) - 300, "", "A whole sentence.", ()) for n in range(count)]


def test_a_cut_between_sentences_is_a_boundary_and_one_within_a_sentence_is_not() -> None:
    within, between = Change(9_800, 10_000, 10_000, 1.0), Change(15_700, 15_900, 15_900, 1.0)
    assert [one.start_ms for one in segment(sentences(8), [within, between], 32_000)] == [0, 15_900]


def test_without_speech_the_cuts_count_alone_and_without_cuts_the_speech() -> None:
    cuts = [Change(at - 200, at, at, 1.0) for at in (5_000, 12_000, 20_000)]
    assert [one.start_ms for one in segment([], cuts, 26_000)] == [0, 5_000, 12_000, 20_000]
    by_speech = segment(sentences(40), [], 160_000)
    assert all(one.start_ms % 4_000 == 0 for one in by_speech)
    assert 4 <= len(by_speech) <= 8


SHOTS = (Shot(4, (1.0, 1.6)), Shot(4, (2.4, 3.0)), Shot(5, (2.0, 2.6), "black"), Shot(4, (2.0, 2.6), "dissolve"))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    path = tmp_path_factory.mktemp("shots") / "Shots.mp4"
    return path, write_shots(path, SHOTS)


def test_each_shot_of_a_video_is_a_scene_shown_where_it_is_in_focus(
    video: tuple[Path, list[int]], tmp_path: Path
) -> None:
    path, starts = video
    store = ContentStore(tmp_path)
    progress: list[float] = []
    scenes = make_scenes(path, 17_000, sentences(4), store, progress.append)
    assert [scene.start_ms for scene in scenes] == pytest.approx(starts, abs=1_000)
    for scene, start, shot in zip(scenes, starts, SHOTS, strict=True):
        assert start + 1000 * shot.focus_s[0] <= scene.frame_ms < start + 1000 * shot.focus_s[1]
        assert scene.start_ms <= scene.frame_ms < scene.end_ms
        assert (read_info(store.find(scene.image).path.read_bytes()).width) == 320
    assert " ".join(scene.text for scene in scenes) == " ".join(["A whole sentence."] * 4)
    assert progress == sorted(progress)
    assert progress[-1] > 16


@given(st.lists(st.tuples(st.integers(0, DAY_MS), st.text()), min_size=1, max_size=9, unique_by=lambda one: one[0]))
def test_scenes_read_back_as_they_were_and_are_found_by_their_time(found: list[tuple[int, str]]) -> None:
    scenes = [Scene(at, at + 1, at, "0" * 64, text) for at, text in sorted(found)]
    assert read_scenes(write_scenes(scenes)) == tuple(scenes)
    assert [scene_at(scenes, scene.start_ms) for scene in scenes] == list(range(len(scenes)))


def test_an_imported_video_has_scenes_and_they_follow_a_correction(
    video: tuple[Path, list[int]], tmp_path: Path
) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    path, _ = video
    (folder / path.name).write_bytes(path.read_bytes())
    (folder / "Shots.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:03.000\nA map of the coast.\n")
    (folder / "Garbage.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:03.000\nNothing to see.\n")
    write_garbage(folder / "Garbage.mp4", path)
    options = Options(store=tmp_path / "media")
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    try:
        shelf = Shelf(store.engine)
        report = import_source(str(folder), shelf, options)
        assert [(one.title, one.step, one.code) for one in report.failures] == [
            ("Garbage", "slides", "recording_pictures")
        ]
        imported = read_imported(shelf, ContentStore(options.store))
        [item] = [item.id for item in imported.items if item.title == "Shots"]
        recording = imported.recordings[item]
        assert [scene.text for scene in recording.scenes] == ["A map of the coast.", "", "", ""]
        assert recording.pictures
        assert all(recording.pictures.find(scene.image).size for scene in recording.scenes)
        before = shelf.item(item).files[Role.SLIDES]
        shelf.correct(item, Transcript((Segment(500, 3_000, "Ann", "A map of the moon."),), "en"))
        again = import_source(str(folder), shelf, options)
        assert again.steps == {"slides": 1}
        assert shelf.item(item).files[Role.SLIDES] != before
        assert read_imported(shelf, ContentStore(options.store)).recordings[item].scenes[0].text == "A map of the moon."
    finally:
        store.close()


def write_garbage(path: Path, source: Path) -> None:
    """A video whose sound is sound and whose pictures are not."""
    content = bytearray(source.read_bytes())
    with av.open(str(source)) as given:
        for packet in given.demux(video=0):
            if packet.size:
                content[packet.pos : packet.pos + packet.size] = bytes(packet.size)
    path.write_bytes(content)


def test_sound_alone_has_nothing_to_see(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
    with pytest.raises(RecordingError, match="nothing to see"):
        look_through(path, 1_000)
