"""What an operator sees of an import: everything usable comes in, once, and whatever is wrong is named."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import psutil
import pytest

from assistant.storage.store import Store
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.fetching import Fetcher
from skills.media.imported import read_imported
from skills.media.importing import Options, Report, import_source
from skills.media.importing.crew import Crew, Failed, Job
from skills.media.importing.engine import Watcher
from skills.media.importing.plan import StepName
from skills.media.importing.work import Done
from skills.media.loudness import Aim
from skills.media.shelf import Found, Held, Origin, Role, Shelf
from skills.media.sources import Reading, open_source
from tests.media.recordings import a_tone, write_sound, write_video
from tests.media.servers import Request, serving

LOOPBACK = "127.0.0.0/8"

NOT_TRANSCRIBED = {"language": "deu"}
"""Tags of a recording in a language that the recogniser does not speak, where it is not about what is said."""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    yield Shelf(store.engine)
    store.close()


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(store=tmp_path / "media", networks=(ip_network(LOOPBACK),), workers=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Mountain talks"
    folder.mkdir()
    return folder


def by_title(shelf: Shelf) -> dict[str, Held]:
    return {(held.item or held.found.details).title: held for held in shelf.held()}


def failures(report: Report) -> dict[str, str]:
    return {failure.title: failure.code for failure in report.failures}


def workers_of_this_test() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]


def test_a_folder_comes_in_with_tags_captions_and_pictures(shelf: Shelf, options: Options, folder: Path) -> None:
    tags = {"title": "On glaciers", "artist": "Ada Frost", "album": "Ice", "genre": "Podcast", "date": "2024-05-06"}
    write_sound(folder / "07 - raw name.mp3", a_tone(3), tags=tags)
    (folder / "07 - raw name.de.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ada>Gletscher sind langsam.\n")
    report = import_source(str(folder), shelf, options)
    assert (report.new, report.failed, report.is_whole) == (1, 0, True)
    held = by_title(shelf)["On glaciers"]
    item = held.item
    assert item is not None
    assert (item.creator, item.series, item.kind, item.episode) == ("Ada Frost", "Ice", "podcast", 7)
    assert (item.published.isoformat(), item.duration_s, held.visible) == ("2024-05-06", 3, True)
    said = shelf.transcript(item.id)
    assert said is not None
    assert (said[0], said[1].language, said[1].segments[0].speaker) == (Origin.GIVEN, "de", "Ada")
    assert Role.PEAKS in held.files


def test_each_bad_file_is_named_and_the_others_come_in(shelf: Shelf, options: Options, folder: Path) -> None:
    write_sound(folder / "good.flac", a_tone(2))
    write_video(folder / "mute.mp4", None)
    (folder / "empty.mp3").write_bytes(b"")
    (folder / "broken.mp3").write_bytes(b"ID3" + b"nonsense" * 500)
    (folder / "text.ogg").write_text("no recording at all")
    (folder / "link.mp3").symlink_to("/etc/passwd")
    report = import_source(str(folder), shelf, options)
    found = failures(report)
    assert found.pop("broken") in ("recording_unreadable", "recording_silent", "recording_empty")
    assert found == {"mute": "recording_silent", "empty": "recording_empty", "text": "recording_unreadable"}
    assert [problem.code for problem in report.problems] == ["path_link"]
    assert [title for title, held in by_title(shelf).items() if held.visible] == ["good"]
    assert not report.is_whole


def test_an_unchanged_folder_costs_nothing_again(shelf: Shelf, options: Options, folder: Path) -> None:
    write_sound(folder / "one.wav", a_tone(2))
    write_sound(folder / "two.wav", a_tone(2))
    first = import_source(str(folder), shelf, options)
    before, revision = by_title(shelf), shelf.revision()
    again = import_source(str(folder), shelf, options)
    assert (first.new, again.new, again.unchanged, again.steps) == (2, 0, 2, {})
    assert by_title(shelf) == before
    assert shelf.revision() == revision


def test_only_what_changed_is_done_again(shelf: Shelf, options: Options, folder: Path) -> None:
    write_sound(folder / "one.wav", a_tone(2))
    write_sound(folder / "two.wav", a_tone(2))
    import_source(str(folder), shelf, options)
    before = by_title(shelf)
    write_sound(folder / "two.wav", a_tone(4))
    again = import_source(str(folder), shelf, options)
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    after = by_title(shelf)
    assert after["one"] == before["one"]
    assert after["two"].found.id == before["two"].found.id
    assert after["two"].item is not None
    assert after["two"].item.duration_s == 4


def test_another_aim_only_changes_the_loudness(shelf: Shelf, options: Options, folder: Path) -> None:
    write_sound(folder / "one.wav", a_tone(3))
    import_source(str(folder), shelf, options)
    again = import_source(str(folder), shelf, replace(options, aim=Aim(-20.0, -2.0)))
    assert again.steps == {"loudness": 1}
    assert again.loudness[0].after["integrated"] == pytest.approx(-20, abs=0.5)


FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Weather Hour</title><language>en</language>
<itunes:author>Rain Walker</itunes:author>{items}</channel></rss>"""


def an_episode(number: int, url: str = "http://127.0.0.1:1") -> str:
    return f"""<item><guid>g{number}</guid><title>Storm {number}</title><pubDate>Mon, 06 May 2024 07:00:00 GMT</pubDate>
<itunes:duration>60</itunes:duration><enclosure url="{url}/e{number}.mp3" type="audio/mpeg" length="1"/>
<podcast:transcript url="{url}/t{number}.srt" type="application/x-subrip"/></item>"""


def test_a_feed_is_fetched_with_its_transcripts_and_asked_only_for_news(
    shelf: Shelf, options: Options, tmp_path: Path
) -> None:
    write_sound(tmp_path / "e.mp3", a_tone(2))
    sound = (tmp_path / "e.mp3").read_bytes()

    def answer(request: Request) -> None:
        if request.path.endswith(".mp3"):
            request.respond(sound)
        elif request.path.endswith(".srt"):
            request.respond(b"1\n00:00:00,000 --> 00:00:01,500\nA storm is coming.\n")
        elif request.headers.get("if-none-match") == '"one"':
            request.respond(status="304 Not Modified")
        else:
            request.respond(FEED.format(items=an_episode(1, server.url)).encode(), ETag='"one"')

    with serving(answer) as server:
        first = import_source(f"{server.url}/feed", shelf, options)
        asked = len(server.requests)
        again = import_source(f"{server.url}/feed", shelf, options)
        assert [request.path for request in server.requests[asked:]] == ["/feed"]
    assert (first.new, first.failed, again.unchanged, again.steps) == (1, 0, 1, {})
    held = by_title(shelf)["Storm 1"]
    assert (held.origin, held.visible) == (Origin.GIVEN, True)
    assert [segment.text for segment in shelf.segments(held.found.id)] == ["A storm is coming."]
    assert held.item is not None
    assert (held.item.creator, held.item.series, held.item.duration_s) == ("Rain Walker", "Weather Hour", 2)


def test_without_downloads_nothing_is_claimed_playable(shelf: Shelf, options: Options, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(FEED.format(items=an_episode(1) + an_episode(2)))
    report = import_source(str(feed), shelf, replace(options, download=False))
    assert (report.new, report.is_whole) == (2, True)
    imported = read_imported(shelf, ContentStore(options.store))
    assert {item.title for item in imported.items} == {"Storm 1", "Storm 2"}
    assert imported.recordings == {}
    later = import_source(str(feed), shelf, options)
    assert failures(later) == {"Storm 1": "fetch_failed", "Storm 2": "fetch_failed"}
    assert {item.title for item in read_imported(shelf, ContentStore(options.store)).items} == {"Storm 1", "Storm 2"}


def test_a_feed_that_grows_by_one_brings_one(shelf: Shelf, options: Options, tmp_path: Path) -> None:
    quiet = replace(options, download=False)
    feed = tmp_path / "feed.xml"
    feed.write_text(FEED.format(items="".join(an_episode(n) for n in range(5))))
    import_source(str(feed), shelf, quiet)
    ids = {held.found.id for held in shelf.held()}
    feed.write_text(FEED.format(items="".join(an_episode(n) for n in range(6))))
    again = import_source(str(feed), shelf, quiet)
    assert (again.new, again.changed, again.unchanged) == (1, 0, 5)
    assert ids < {held.found.id for held in shelf.held()}


def test_a_catalogue_comes_in_row_by_row(shelf: Shelf, options: Options, folder: Path) -> None:
    write_sound(folder / "a.wav", a_tone(2))
    rows = [
        {"id": "a", "title": "A", "creator": "X", "published": "2024-01-01", "recording": "a.wav"},
        {"id": "b", "title": "B", "creator": "X", "published": "2024-01-01", "duration_s": 60},
        {"id": "c", "title": "C", "creator": "X", "published": "2024-01-01", "recording": "../../etc/passwd"},
        {"id": "d", "title": "D", "creator": "X", "published": "2024-01-01", "recording": "missing.wav"},
        {"id": "e", "title": "", "creator": "X", "published": "2024-01-01"},
        {"id": "a", "title": "A again", "creator": "X", "published": "2024-01-01"},
    ]
    path = folder / "catalogue.jsonl"
    path.write_text("\n".join([*map(json.dumps, rows), "{broken"]))
    report = import_source(str(path), shelf, options)
    assert [(one.where, one.code) for one in report.problems] == [
        ("line 3", "path_outside"), ("line 4", "file_missing"), ("line 5", "row_invalid"), ("line 6", "item_repeated"),
        ("line 7", "row_invalid"),
    ]  # fmt: skip
    imported = read_imported(shelf, ContentStore(options.store))
    assert [item.id for item in imported.items] == ["a", "b"]
    assert list(imported.recordings) == ["a"]


def test_csv_and_json_lines_say_the_same(shelf: Shelf, options: Options, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(
        "id,title,creator,published,duration_s,tags\nx1,Rivers,Ada,2024-01-02,90,water; maps\nx2,Short,Ada\n"
    )
    report = import_source(str(path), shelf, options)
    assert [(one.where, one.code) for one in report.problems] == [("line 3", "row_invalid")]
    item = shelf.item("x1").item
    assert item is not None
    assert (item.title, item.duration_s, item.tags) == ("Rivers", 90, ("water", "maps"))


def test_an_id_belongs_to_the_source_that_had_it_first(shelf: Shelf, options: Options, tmp_path: Path) -> None:
    row = {"id": "same", "title": "First", "creator": "X", "published": "2024-01-01", "duration_s": 5}
    (tmp_path / "one.jsonl").write_text(json.dumps(row))
    (tmp_path / "two.jsonl").write_text(json.dumps(row | {"title": "Second"}))
    import_source(str(tmp_path / "one.jsonl"), shelf, options)
    report = import_source(str(tmp_path / "two.jsonl"), shelf, options)
    assert [problem.code for problem in report.problems] == ["id_taken"]
    assert shelf.item("same").found.details.title == "First"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nothing.jsonl", "", "source_empty"),
        ("page.txt", "just words", "source_unreadable"),
        ("half.xml", "<rss><channel><item>", "feed_broken"),
        ("missing", None, "source_missing"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_whole(
    name: str, content: str | None, code: str, shelf: Shelf, options: Options, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(MediaError) as caught:
        import_source(str(tmp_path / name), shelf, options)
    assert caught.value.code == code
    assert list(shelf.held()) == []


def test_a_file_that_kills_its_worker_costs_only_its_own_item(shelf: Shelf, options: Options, folder: Path) -> None:
    """The worker of whichever job is first is killed, as the kernel does when memory runs out."""

    class Killing(Watcher):
        killed = False

        def working(self, done: int, of: int, at: object) -> None:
            if not self.killed and (workers := workers_of_this_test()):
                self.killed = True
                workers[0].kill()

    for number in range(3):
        write_sound(folder / f"{number}.wav", a_tone(2))
    report = import_source(str(folder), shelf, options, Killing())
    assert {failure.code for failure in report.failures} <= {"step_crashed"}
    assert len(report.failures) <= 1
    assert sum(held.visible for held in shelf.held()) >= 2


def test_a_worker_that_hangs_is_given_up_and_its_step_is_named(shelf: Shelf, options: Options, folder: Path) -> None:
    """It is stopped, which is what a decoder that runs in circles looks like from outside."""
    write_sound(folder / "0.wav", a_tone(2))
    opened = open_source(str(folder), shelf, store := ContentStore(options.store), Fetcher(store))
    assert isinstance(opened, Reading)
    [found] = [entry for entry in opened.entries() if isinstance(entry, Found)]
    shelf.take(opened.source.id, [found])
    with Crew(options, stalled_s=0.2) as crew:
        crew.give(Job(shelf.item(found.id), StepName.FETCH, "now"))
        while not (workers := workers_of_this_test()):
            pass
        workers[0].suspend()
        ended: list[tuple[Job, Done | Failed]] = []
        while not ended:
            ended = list(crew.finished(0.1))
        assert isinstance(ended[0][1], Failed)
        assert (ended[0][1].code, ended[0][1].retryable) == ("step_stalled", True)
        assert crew.has_room
        assert not crew.at


def test_a_disk_without_room_costs_what_does_not_fit_and_is_made_good_by_the_next_import(
    shelf: Shelf, options: Options, folder: Path, tmp_path: Path
) -> None:
    """A limit on the size of files fails a write as a full disk does, halfway."""
    write_sound(folder / "small.wav", a_tone(1), tags=NOT_TRANSCRIBED)
    write_sound(folder / "large.wav", a_tone(60), tags=NOT_TRANSCRIBED)
    script = tmp_path / "importing.py"
    script.write_text("import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, 1_200_000))\n" + IMPORT)
    subprocess.run([sys.executable, script, tmp_path, folder], env=os.environ | {"PYTHONPATH": "."}, check=True)
    held = by_title(shelf)
    assert held["small"].visible
    assert held["large"].steps[StepName.FETCH].code == "content_not_written"
    assert not held["large"].files
    assert not list((options.store / "incoming").iterdir())
    assert failures(import_source(str(folder), shelf, options)) == {}
    assert by_title(shelf)["large"].visible


IMPORT = """
import sys
from pathlib import Path
from assistant.storage.store import Store
from skills.media.importing import Options, import_source
from skills.media.shelf import Shelf
if __name__ == "__main__":
    root = Path(sys.argv[1])
    store = Store(f"sqlite:///{root / 'sori.db'}")
    import_source(sys.argv[2], Shelf(store.engine), Options(store=root / "media", workers=2))
"""


def test_an_import_killed_at_any_point_is_finished_by_the_next_without_doubles(
    shelf: Shelf, options: Options, folder: Path, tmp_path: Path
) -> None:
    for number in range(4):
        write_sound(folder / f"{number}.wav", a_tone(2 + number / 2), tags=NOT_TRANSCRIBED)
    script = tmp_path / "importing.py"
    script.write_text(IMPORT)
    for records in (1, 9):
        revision = shelf.revision()
        process = subprocess.Popen([sys.executable, script, tmp_path, folder], env=os.environ | {"PYTHONPATH": "."})
        deadline = time.monotonic() + 120
        while process.poll() is None and shelf.revision() < revision + records:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    import_source(str(folder), shelf, options)
    held = list(shelf.held())
    assert len({one.found.id for one in held}) == len(held) == 4
    assert all(one.visible and not any(step.code for step in one.steps.values()) for one in held)
    store = ContentStore(options.store)
    for one in held:
        for file in one.files.values():
            assert store.find(file.sha256).size == file.size
