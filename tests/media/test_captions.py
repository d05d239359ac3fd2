"""Whatever form captions come in, a listener gets each word once, in order, from the right mouth at the right time."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skills.media.captions import Captions, Segment, Transcript, Word, read_captions, write_srt, write_vtt
from skills.media.captions.cue import MAX_CUES
from skills.media.captions.reading import MAX_BYTES, Format
from skills.media.captions.repairs import MAX_NOTES
from skills.media.captions.srt import speaker_prefix
from skills.media.captions.transcript import clean, share_out
from skills.media.errors import CaptionError

VTT = """\ufeffWEBVTT - made by hand\r
Language: en-GB\r
\r
STYLE\r
::cue { color: lime }\r
\r
NOTE\r
00:01.000 --> 00:02.000 is only a note\r
\r
first\r
00:01.000 --> 00:04.500 align:start position:0%\r
<v.loud Ann Lee>Storms &amp; <i>light</i>ning,\r
they said.</v>\r
\r
01:00:05.000 --> 01:00:06.000\r
<v Bob>If a < b</v> <v Ann Lee>Right.\r
"""


def spoken(captions: Captions) -> list[tuple[int, int, str, str]]:
    return [(one.start_ms, one.end_ms, one.speaker, one.text) for one in captions.transcript.segments]


def codes(captions: Captions) -> list[tuple[str, str]]:
    return [(repair.where, repair.code) for repair in captions.repairs]


def read(text: str, **options: object) -> Captions:
    return read_captions(text.encode(), **options)  # type: ignore[arg-type]


def test_webvtt_gives_speakers_and_plain_text_and_its_settings_styles_and_notes_are_passed_over() -> None:
    captions = read(VTT, duration_ms=7_200_000)
    assert spoken(captions) == [
        (1_000, 4_500, "Ann Lee", "Storms & lightning, they said."),
        (3_605_000, 3_605_571, "Bob", "If a < b"),
        (3_605_571, 3_606_000, "Ann Lee", "Right."),
    ]
    assert (captions.format, captions.transcript.language, captions.repairs) == (Format.VTT, "en-GB", ())


def test_timestamps_in_a_cue_are_the_times_of_its_words() -> None:
    captions = read("WEBVTT\n\n00:10.000 --> 00:12.000\nso<00:10.500><c> many</c><00:11.000><c> wo</c>rds here\n")
    assert captions.transcript.segments[0].words == (
        Word("so", 10_000, 10_500),
        Word("many", 10_500, 11_000),
        Word("words", 11_000, 11_555),
        Word("here", 11_555, 12_000),
    )


def test_srt_is_read_with_wrong_numbers_dots_missing_blank_lines_and_speakers() -> None:
    captions = read(
        "7\n0:00:01,0 --> 00:00:02.500\n<font color=red>Ann: Hi</font>\n{\\an8}there.\n\n\n"
        "00:00:03,000 --> 00:00:04,000 X1:0\n- Speaker 2: 42\n"
        "3\n00:00:05,000 --> 00:00:06,000\nthe time: noon\n"
    )
    assert spoken(captions) == [
        (1_000, 2_500, "Ann", "Hi there."),
        (3_000, 4_000, "Speaker 2", "42"),
        (5_000, 6_000, "", "the time: noon"),
    ]
    assert codes(captions) == [("line 2", "number_wrong")]


@pytest.mark.parametrize("start", ["startTime", "start"])
def test_json_transcripts_of_podcasting_2_and_of_whisper_are_read(start: str) -> None:
    end, body = {"startTime": ("endTime", "body"), "start": ("end", "text")}[start]
    rows = [{start: 0.5, end: 1.25, body: " Welcome back.\n", "speaker": "Ann"}, {start: "2", body: "Thank you."}]
    captions = read(json.dumps({"version": "1.0.0", "language": "en", "segments": rows}))
    assert spoken(captions) == [(500, 1_250, "Ann", "Welcome back."), (2_000, 2_800, "", "Thank you.")]
    assert captions.transcript.language == "en"


def test_json_with_a_segment_for_each_word_becomes_sentences_that_know_their_words_times() -> None:
    said = ["One", "two", "three.", "Four", "five", "six?", "Seven"]
    rows = [{"startTime": n, "endTime": n + 0.9, "body": word, "speaker": "Ann"} for n, word in enumerate(said)]
    captions = read(json.dumps({"segments": rows}))
    assert [one.text for one in captions.transcript.segments] == ["One two three.", "Four five six?", "Seven"]
    assert captions.transcript.segments[1].words[1] == Word("five", 4_000, 5_000)


def test_html_transcripts_have_their_speakers_and_times() -> None:
    html = (
        "<!-- by <p>hand</p> --><style>p {}</style><cite><b>Kevin</b>:</cite>\n<time>0:00</time>\n<p>We have "
        "an <i>up</i>date&nbsp;planned.</p>\n<time>0:30</time><p>It is about tags.</p>"
        "<cite>Alban:</cite><p>Let us see.</p>"
    )
    captions = read(html, claimed="text/html; charset=utf-8", duration_ms=40_000)
    assert spoken(captions) == [
        (0, 30_000, "Kevin", "We have an update planned."),
        (30_000, 36_071, "Kevin", "It is about tags."),
        (36_071, 40_000, "Alban", "Let us see."),
    ]
    assert not captions.transcript.estimated


def test_plain_text_without_times_is_spread_over_the_recording_and_says_that_it_is() -> None:
    captions = read("Ann Lee: Good morning. It rains.\n\nBob: So it does.\n", duration_ms=10_000)
    assert spoken(captions) == [
        (0, 3_939, "Ann Lee", "Good morning."),
        (3_939, 6_666, "Ann Lee", "It rains."),
        (6_666, 10_000, "Bob", "So it does."),
    ]
    assert captions.transcript.estimated
    unknown = read("Ann Lee: Good morning. It rains.")
    assert spoken(unknown)[0] == (0, 866, "Ann Lee", "Good morning.")


def test_plain_text_may_name_times() -> None:
    captions = read("Ann Lee (0:05):\nGood morning.\n[00:00:07] Bob: Indeed.\n\n1:00 - Good night.", duration_ms=62_000)
    assert spoken(captions) == [
        (5_000, 7_000, "Ann Lee", "Good morning."),
        (7_000, 60_000, "Bob", "Indeed."),
        (60_000, 62_000, "Bob", "Good night."),
    ]
    assert not captions.transcript.estimated


def test_what_a_viewer_would_cope_with_is_put_right_and_noted() -> None:
    captions = read(
        "WEBVTT\n\n00:05.000 --> 00:09.000\nsecond\n\n00:01.000 --> 00:06.000\nfirst\n\n"
        "00:07.000 --> 00:07.000\nno time\n\n00:08.000 --> 00:08.500\n \n\n"
        "00:09.000 --> 00:20.000\nlast\n\n00:05.000 --> 00:09.000\nsecond\n\n"
        "00:30.000 --> 00:31.000\nafter the end\n\nwhat is this\n\n00:99.000 --> 00:99.000\nno such time\n",
        duration_ms=10_000,
    )
    assert spoken(captions) == [(1_000, 5_000, "", "first"), (5_000, 9_000, "", "second"), (9_000, 10_000, "", "last")]
    assert sorted(code for _, code in codes(captions)) == [
        "empty", "no_length", "not_a_cue", "out_of_order", "out_of_order", "overlap", "past_end", "past_end",
        "time_invalid", "twice",
    ]  # fmt: skip
    assert ("line 6", "out_of_order") in codes(captions)


def test_captions_that_roll_up_give_every_word_once() -> None:
    lines = ["so here we are", "on the hill again", "and the wind rises", "no really it does"]
    cues, now = [], 0
    for before, line in zip(["", *lines], lines, strict=False):
        words = line.split()
        timed = words[0] + "".join(f"<00:00:{now + n:02}.500><c> {word}</c>" for n, word in enumerate(words[1:]))
        cues += [f"00:00:{now:02}.000 --> 00:00:{now + 4:02}.000\n{before}\n{timed}" if before else
                 f"00:00:{now:02}.000 --> 00:00:{now + 4:02}.000\n{timed}",
                 f"00:00:{now + 4:02}.000 --> 00:00:{now + 4:02}.010\n{line}\n "]  # fmt: skip
        now += 4
    captions = read("WEBVTT\n\n" + "\n\n".join(cues))
    assert [one.text for one in captions.transcript.segments] == lines
    assert captions.transcript.segments[1].words[1].start_ms == 4_500


def test_captions_that_grow_word_by_word_give_every_word_once() -> None:
    words = ["never", "gonna", "give", "you", "up", "never"]
    cues = [f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{' '.join(words[: n + 1])}\n" for n in range(len(words))]
    assert [one.text for one in read("\n".join(cues)).transcript.segments] == words


def test_a_refrain_is_kept() -> None:
    lines = ["la la la", "la la la", "and then", "we sing", "la la la", "once more"]
    cues = [f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{line}\n" for n, line in enumerate(lines, start=1)]
    assert [one.text for one in read("\n".join(cues)).transcript.segments] == lines


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "captions_empty"),
        (b"WEBVTT\n\nNOTE nothing else\n", "captions_empty"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nbackwards\n", "captions_empty"),
        (b'{"segments": 5}', "captions_invalid"),
        (b'{"segments": [', "captions_invalid"),
        (b'[{"a":' * 100_000, "captions_invalid"),
        (b'{"segments": [{"startTime": ' + b"9" * 5_000 + b"}]}", "captions_invalid"),
        (b'{"segments": [{"startTime": NaN, "body": "x"}, {"startTime": 1e999, "body": "x"}, 7]}', "captions_empty"),
        (b"ID3\x04\x00\x00\x00", "captions_not_text"),
        (b" " * (MAX_BYTES + 1), "captions_too_large"),
        (b"00:01.000 --> 00:02.000\n" * (MAX_CUES + 1), "captions_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_at_all_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(CaptionError) as refused:
        read_captions(content)
    assert refused.value.code == code


def test_a_language_cannot_carry_anything_else() -> None:
    rows = {
        "language": "en\n\n00:00.000 --> 00:09.000\nspam",
        "segments": [{"startTime": 0, "endTime": 1, "body": "hi"}],
    }
    captions = read(json.dumps(rows), language="en_GB")
    assert captions.transcript.language == "en-GB"
    with pytest.raises(ValueError, match="language"):
        Transcript((), "en\n\nspam")


@pytest.mark.parametrize(
    ("content", "said", "repairs"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\n검은 구멍\n".encode("utf-16"), "검은 구멍", []),
        ("1\n00:00:01,000 --> 00:00:02,000\nCafé\u2019s\n".encode("cp1252"), "Café\u2019s", [("line 3", "encoding")]),
        ("\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nCafé".encode(), "Café", []),
    ],
)  # fmt: skip
def test_encodings_are_told_by_their_mark_and_else_by_trying(
    content: bytes, said: str, repairs: list[tuple[str, str]]
) -> None:
    captions = read_captions(content)
    assert (captions.transcript.segments[0].text, codes(captions)) == (said, repairs)


def test_a_hostile_file_fills_no_memory_with_notes() -> None:
    captions = read("WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n\n" + "x\n\n" * 50_000)
    assert (len(captions.repairs), captions.repairs_total) == (MAX_NOTES, 50_000)


@pytest.mark.parametrize("piece", ["<", "<a", "<!--", "<v ", "{\\", "&", "<p>", "00:01", "a: ", "[", "-->"])
def test_no_piece_repeated_takes_more_than_time_in_proportion(piece: str) -> None:
    """Each of these took minutes with a pattern that goes back; the test's own time limit is the measure."""
    text = piece * (400_000 // len(piece))
    for claimed in ("text/html", "text/plain"):
        read_captions(f"words {text}".encode(), claimed=claimed)
    read_captions(f"WEBVTT\n\n00:01.000 --> 00:02.000\nwords {text}".encode())
    read_captions(f"00:01,000 --> 00:02,000\nwords {text}".encode())


texts = st.text(max_size=40).map(clean).filter(bool) | st.sampled_from(
    [
        "<b>",
        "a <i b",
        "--> x",
        "&amp;lt;",
        "{\\an8}",
        "00:00:01,000 --> 00:00:02,000",
        "NOTE x",
        "7",
        "&#123;",
        "WEBVTT",
    ]
)


@st.composite
def transcripts(draw: st.DrawFn, speakers: st.SearchStrategy[str]) -> Transcript:
    lengths = draw(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=8))
    now, segments = 0, []
    for pause, length in lengths:
        segments.append(Segment(now + pause, now + pause + length, draw(speakers), draw(texts)))
        now += pause + length
    return Transcript(tuple(segments), draw(st.sampled_from(["", "en", "ko", "zh-Hant-TW"])))


@given(transcripts(texts | st.just("")))
def test_webvtt_reads_back_as_it_was(transcript: Transcript) -> None:
    captions = read_captions(write_vtt(transcript).encode())
    assert (captions.transcript, captions.repairs) == (transcript, ())


@given(transcripts(st.sampled_from(["", "Ann Lee", "Speaker 2", "김철수"])))
def test_srt_reads_back_as_it_was(transcript: Transcript) -> None:
    assume(not any(speaker_prefix(one.text) for one in transcript.segments if not one.speaker))
    captions = read_captions(write_srt(transcript).encode(), language=transcript.language)
    assert (captions.transcript, captions.repairs) == (transcript, ())


lines = st.sampled_from(
    ["WEBVTT", "", "1", "NOTE", "00:01.000 --> 00:02.000", "00:00:01,500 --> 00:00:09,000", "99:99 --> 1:1", "<v A>b",
     "<time>0:10</time>", "<p>hi", "<cite>A", "Ann: hello", "[0:05]", "Bob (0:07):", "a<00:01.500>b c"]
) | st.text(max_size=20)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(lines, max_size=25).map("\n".join).map(lambda text: text.encode("utf-8", "replace"))
    | st.binary(max_size=60),
    st.sampled_from(["text/html", "text/plain", "x.vtt", ""]),
    st.none() | st.integers(1, 10_000),
)
def test_anything_is_a_sound_transcript_or_refused(content: bytes, claimed: str, duration_ms: int | None) -> None:
    try:
        captions = read_captions(content, claimed=claimed, duration_ms=duration_ms)
    except CaptionError:
        return
    assert captions.transcript.segments  # the type itself sees to order, text and overlaps
    assert duration_ms is None or captions.transcript.segments[-1].end_ms <= duration_ms


@given(st.integers(0, 1000), st.integers(0, 1000), st.lists(st.integers(1, 50), min_size=1, max_size=9))
def test_a_shared_time_span_is_used_up_without_a_gap(start: int, length: int, weights: list[int]) -> None:
    parts = share_out(start, start + length, weights)
    assert [parts[0][0], *(end for _, end in parts)] == [*(begin for begin, _ in parts), start + length]
