"""A feed is taken as podcast apps take it: what is there is found, what is wrong is named, the rest goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.media.errors import FeedError
from skills.media.feeds import (
    Chapter,
    Enclosure,
    Episode,
    Feed,
    Live,
    Person,
    Problem,
    Soundbite,
    TranscriptLink,
    feed_key,
    open_feed,
    read_chapters,
)
from skills.media.feeds import elements as limits
from skills.media.feeds.values import duration, moment

URL = "https://example.org/show/feed.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
)
FULL = (
    HEAD
    + """
<channel>
 <title>Weather &amp; Words</title><itunes:author>Ann Lee</itunes:author><language>en-us</language>
 <description><![CDATA[<p>About&nbsp;<b>storms</b>.</p><script>alert(1)</script><p>And calm.</p>]]></description>
 <itunes:image href="https://example.org/cover.jpg"/><link>https://example.org/show</link>
 <itunes:category text="Science"><itunes:category text="Earth Sciences"/></itunes:category>
 <podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid><podcast:locked>yes</podcast:locked>
 <podcast:person role="Host" href="https://example.org/ann">Ann Lee</podcast:person>
 <podcast:liveItem status="live" start="2026-03-01T20:00:00+01:00" end="2026-03-01T21:00:00+01:00">
  <title>Live tonight</title><guid>live-1</guid><enclosure url="https://example.org/live.mp3"/>
 </podcast:liveItem>
 <item>
  <title>Lightning</title><guid isPermaLink="false">ep-1</guid>
  <pubDate>Mon, 02 Mar 2026 06:00:00 -0500</pubDate><itunes:duration>1:02:03</itunes:duration>
  <description>Caf&eacute; talk &lt;p&gt;on bolts&lt;/p&gt;</description>
  <enclosure url="audio/ep 1.mp3?ticket=7" type="audio/mpeg" length="12345"/>
  <podcast:alternateEnclosure type="video/mp4" length="99"><podcast:source uri="https://v.example.org/1.mp4"/></podcast:alternateEnclosure>
  <podcast:season name="Storms">2</podcast:season><itunes:season>9</itunes:season><podcast:episode>7</podcast:episode>
  <itunes:episodeType>bonus</itunes:episodeType><itunes:explicit>false</itunes:explicit>
  <podcast:transcript url="https://example.org/1.vtt" type="text/vtt" language="en"/>
  <podcast:transcript url="javascript:alert(1)" type="text/html"/>
  <podcast:chapters url="/1.json" type="application/json+chapters"/>
  <podcast:soundbite startTime="73.5" duration="60">Why it forks</podcast:soundbite>
  <podcast:person role="guest" img="https://example.org/bob.jpg">Bob Ray</podcast:person>
  <itunes:keywords>storms, sky,storms</itunes:keywords>
 </item>
</channel></rss>"""
)


def feed(folder: Path, content: str | bytes, url: str = URL) -> Feed:
    path = folder / "feed.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_feed(path, feed_key(url), url)


def items(*bodies: str, url: str = "") -> str:
    return (
        HEAD + "<channel><title>Show</title>" + "".join(f"<item>{body}</item>" for body in bodies) + "</channel></rss>"
    )


def episodes(found: Feed) -> list[Episode]:
    return [one for one in found.episodes() if isinstance(one, Episode)]


def problems(found: Feed) -> list[tuple[str, str, bool]]:
    return [(one.where, one.code, one.fatal) for one in found.episodes() if isinstance(one, Problem)]


def sound(name: str) -> str:
    return f'<enclosure url="https://example.org/{name}.mp3" type="audio/mpeg"/>'


def test_everything_that_a_podcasting_2_feed_says_is_found(tmp_path: Path) -> None:
    found = feed(tmp_path, FULL)
    channel = found.channel
    assert (channel.title, channel.creator, channel.language) == ("Weather & Words", "Ann Lee", "en-us")
    assert channel.description == "About storms.\nAnd calm."
    assert (channel.link, channel.image_url) == ("https://example.org/show", "https://example.org/cover.jpg")
    assert channel.categories == ("Science", "Earth Sciences")
    assert (channel.guid, channel.locked) == ("917393e3-1b1e-5cef-ace4-edaa54e1f810", True)
    assert channel.people == (Person("Ann Lee", "host", "https://example.org/ann"),)
    assert found.items == 2
    live, one = episodes(found)
    assert live.live == Live("live", datetime(2026, 3, 1, 19, tzinfo=UTC), datetime(2026, 3, 1, 20, tzinfo=UTC))
    assert one == Episode(
        id=one.id,
        where="item 2, line 13",
        title="Lightning",
        guid="ep-1",
        enclosure=Enclosure("https://example.org/show/audio/ep%201.mp3?ticket=7", "audio/mpeg", 12_345),
        alternatives=(Enclosure("https://v.example.org/1.mp4", "video/mp4", 99),),
        description="Café talk\non bolts",
        published=datetime(2026, 3, 2, 11, tzinfo=UTC),
        duration_s=3_723,
        season=2,
        number=7,
        kind="bonus",
        tags=("storms", "sky"),
        people=(Person("Bob Ray", "guest", "", "https://example.org/bob.jpg"),),
        transcripts=(TranscriptLink("https://example.org/1.vtt", "text/vtt", "en"),),
        chapters_url="https://example.org/1.json",
        soundbites=(Soundbite(73_500, 60_000, "Why it forks"),),
    )
    assert problems(found) == []


def test_atom_is_read_too(tmp_path: Path) -> None:
    found = feed(
        tmp_path,
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Show</title><subtitle>On bees</subtitle>'
        "<author><name>Ann</name></author><link href='https://example.org/'/><entry><id>urn:1</id><title>Hives</title>"
        "<link rel='enclosure' href='https://example.org/1.mp3' type='audio/mpeg' length='5'/><author><name>Bob</name>"
        "</author><published>2026-03-02T10:00:00Z</published><content type='xhtml'><div xmlns='http://www.w3.org/1999/"
        "xhtml'><p>All about</p> <p>hives</p></div></content></entry></feed>",
    )
    assert (found.channel.title, found.channel.description, found.channel.creator) == ("Show", "On bees", "Ann")
    assert (found.channel.link, found.channel.language) == ("https://example.org/", "en")
    (one,) = episodes(found)
    assert (one.title, one.creator, one.description) == ("Hives", "Bob", "All about hives")
    assert one.published == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_an_episode_keeps_its_id_when_new_ones_come_and_addresses_change_their_tickets(tmp_path: Path) -> None:
    old = [f"<guid>{n}</guid>{sound(str(n))}" for n in range(3)] + [sound("nameless?ticket=1")]
    before = [one.id for one in episodes(feed(tmp_path, items(*old)))]
    newer = [f"<guid>new</guid>{sound('new')}", *old[:3], sound("nameless?ticket=2")]
    after = [one.id for one in episodes(feed(tmp_path, items(*newer), url="http://example.org/show/feed.xml/"))]
    assert after[1:] == before
    assert len(set(after)) == 5
    assert [one.id for one in episodes(feed(tmp_path, items(*old), url="https://evil.example/feed.xml"))] != before


def test_a_guid_that_several_episodes_bear_does_not_make_them_one(tmp_path: Path) -> None:
    bodies = [f"<title>{n}</title><guid>same</guid>{sound(str(n))}" for n in range(3)]
    found = feed(tmp_path, items(*bodies, bodies[0]))
    before = [one.id for one in episodes(found)]
    assert [one.title for one in episodes(found)] == ["0", "1", "2"]
    assert len(set(before)) == 3
    assert [code for _, code, _ in problems(found)] == ["guid_repeated"] * 3 + ["item_repeated"]
    newer = feed(tmp_path, items(f"<title>3</title><guid>same</guid>{sound('3')}", *bodies))
    assert [one.id for one in episodes(newer)][1:] == before


def test_what_is_wrong_with_an_item_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = feed(
        tmp_path,
        items(
            "<title>no file</title><guid>a</guid>",
            '<title>bad file</title><guid>b</guid><enclosure url="file:///etc/passwd"/>',
            f"<guid>c</guid>{sound('stormy')}<pubDate>yesterday</pubDate><itunes:duration>long</itunes:duration>",
            sound("d"),
            f"<title>huge</title>{sound('e')}<description>{'x' * (limits.MAX_ITEM + 1)}</description>",
            f"<title>fine</title><guid>f</guid>{sound('f')}",
        ),
    )
    assert [one.title for one in episodes(found)] == ["stormy.mp3", "d.mp3", "fine"]
    assert [(where.partition(",")[0], code, fatal) for where, code, fatal in problems(found)] == [
        ("item 1", "enclosure_missing", True),
        ("item 2", "enclosure_invalid", True),
        ("item 3", "title_missing", False),
        ("item 3", "date_invalid", False),
        ("item 3", "duration_invalid", False),
        ("item 4", "guid_missing", False),
        ("item 4", "title_missing", False),
        ("item 5", "item_too_large", True),
    ]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "feed_entities"),
        (OUTSIDE, "feed_entities"),
        ('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://10.0.0.1/x">%a;]><rss/>', "feed_entities"),
        ("", "feed_broken"),
        ("not XML", "feed_broken"),
        (FULL[:-30], "feed_broken"),
        ("<rss><channel><title>&nosuch;</title></channel></rss>", "feed_broken"),
        ("<html><body>Not found</body></html>", "feed_unknown"),
        ("<rss>" + "<a>" * 100, "feed_too_deep"),
        ("<rss><channel><a b='" + "x" * 3_000_000, "feed_broken"),
        ("<rss><!--" + "x" * 3_000_000, "feed_broken"),
    ],
    ids=range(11),
)
def test_a_feed_that_cannot_be_read_or_attacks_is_refused_by_name(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(FeedError) as refused:
        feed(tmp_path, content)
    assert refused.value.code == code


def test_a_feed_that_is_larger_than_any_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 10_000)
    with pytest.raises(FeedError) as refused:
        feed(tmp_path, items(*[sound(str(n)) for n in range(200)]))
    assert refused.value.code == "feed_too_large"
    with pytest.raises(FeedError) as missing:
        open_feed(tmp_path / "none.xml", feed_key(URL))
    assert missing.value.code == "feed_unreadable"


@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp949", "euc-kr"), ("utf-8", "idna")]
)
def test_a_feed_may_be_in_any_usual_encoding_and_hold_what_xml_forbids(
    tmp_path: Path, encoding: str, declared: str
) -> None:
    xml = f'<?xml version="1.0" encoding="{declared}"?><rss><channel><title>날씨\x0b 이야기</title></channel></rss>'
    assert feed(tmp_path, xml.encode(encoding)).channel.title == "날씨 이야기"


@pytest.mark.parametrize(
    "text",
    ["Mon, 02 Mar 2026 11:00:00 GMT", "Mon, 2 March 2026 06:00:00 EST", "02 Mar 2026 11:00:00",
     "2026-03-02T12:00+01:00", "2026-03-02 11:00:00", "Mon, 02 Mar 26 11:00 +0000"],
)  # fmt: skip
def test_dates_are_understood_in_many_shapes(text: str) -> None:
    assert moment(text) == datetime(2026, 3, 2, 11, tzinfo=UTC)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_durations_are_understood_in_many_shapes(hours: int, minutes: int, seconds: int) -> None:
    whole = 3600 * hours + 60 * minutes + seconds
    for text in (
        f"{whole}", f"{whole}.25", f"{hours}:{minutes:02}:{seconds:02}", f"{60 * hours + minutes}:{seconds:02}",
        f"PT{hours}H{minutes}M{seconds}S",
    ):  # fmt: skip
        assert duration(text) == whole


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_too_odd_for_a_date_or_a_duration(text: str) -> None:
    assert moment(text) is None or moment(text).tzinfo is UTC  # type: ignore[union-attr]
    assert duration(text) is None or duration(text) >= 0  # type: ignore[operator]


pieces = st.sampled_from(
    ["<item>", "</item>", "<rss>", "</rss>", "<channel>", "</channel>", "<title>a</title>", "<guid>", "</guid>",
     "&nbsp;", "&lt;", "<![CDATA[<p>]]>", sound("a"), "<podcast:liveItem>", "<!-- x -->", "<?x y?>",
     "<enclosure url=''/>"]
) | st.text(max_size=5)  # fmt: skip


@settings(deadline=None)
@given(
    content=st.lists(pieces, max_size=20).map(
        lambda all_of_it: HEAD + "<channel>" + "".join(all_of_it) + "</channel></rss>"
    )
)
def test_any_mixture_is_a_feed_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    try:
        found = feed(tmp_path_factory.mktemp("feed"), content.encode("utf-8", "replace"))
    except FeedError:
        return
    assert len(list(found.episodes())) >= 0


COUNTING = """
import re, sys
from pathlib import Path
from skills.media.feeds import Episode, feed_key, open_feed
found = open_feed(Path(sys.argv[1]), feed_key("https://example.org/feed"))
read = sum(isinstance(one, Episode) for one in found.episodes())
peak_kb = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
print(found.items, read, peak_kb)
"""


def test_ten_thousand_episodes_are_read_in_less_memory_than_the_feed_takes(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    text = "word " * 1_000
    with path.open("w") as file:
        file.write(HEAD + "<channel><title>Long</title>")
        for number in range(10_000):
            body = f"<title>Episode {number}</title><guid>{number}</guid>{sound(str(number))}"
            file.write(f"<item>{body}<description>{text}</description></item>")
        file.write("</channel></rss>")
    done = subprocess.run([sys.executable, "-c", COUNTING, str(path)], check=True, capture_output=True, text=True)
    items_there, read, peak_kb = map(int, done.stdout.split())
    assert (items_there, read) == (10_000, 10_000)
    assert 1024 * peak_kb < path.stat().st_size  # of which Python itself takes some 20 MB


def test_chapters_are_sorted_one_for_each_start_and_bad_ones_are_named() -> None:
    rows = [
        {"startTime": 60, "title": "Second", "endTime": 50, "img": "/2.jpg"},
        {"startTime": 0, "title": "<b>First</b>", "endTime": 59.5, "url": "javascript:x"},
        {"startTime": 60, "title": "Again"},
        {"startTime": "soon"},
        {"startTime": 10**400},
        {"startTime": 90, "toc": False},
        7,
    ]
    chapters, wrong = read_chapters(json.dumps({"version": "1.2.0", "chapters": rows}).encode(), URL)
    assert chapters == [
        Chapter(0, "First", 59_500),
        Chapter(60_000, "Second", None, "https://example.org/2.jpg"),
        Chapter(90_000, "", listed=False),
    ]
    assert [(one.where, one.code) for one in wrong] == [(f"chapter {n}", "chapter_invalid") for n in (4, 5, 7)]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"chapters": 5}', b"\xff", b"[" * 100_000])
def test_what_are_no_chapters_is_refused(content: bytes) -> None:
    with pytest.raises(FeedError) as refused:
        read_chapters(content)
    assert refused.value.code == "chapters_invalid"
