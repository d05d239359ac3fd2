"""Turns over HTTP: what a program sends, what it gets, and what it is told when it sent something wrong."""

from __future__ import annotations

import base64
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import psutil
import pytest

from tests.service.running import Running
from tests.service.speech import (
    FOUND,
    QUESTION,
    RATE,
    encoded,
    full_scale,
    in_a_room,
    loudness,
    noise,
    samples,
    say,
    wav,
)

TURNS = "/api/v1/turns"
HOUR_S = 3600


def ask(http: httpx.Client, text: str, **fields: Any) -> dict[str, Any]:
    response = http.post(TURNS, json={"text": text, **fields})
    assert response.status_code == 200, response.text
    turn: dict[str, Any] = response.json()
    return turn


def hear(http: httpx.Client, recording: bytes, kind: str = "audio/wav", **query: str) -> httpx.Response:
    return http.post(TURNS, content=recording, params=query, headers={"content-type": kind})


def refused(response: httpx.Response, status: int, code: str) -> str:
    """Check the one form of all errors; returns the message."""
    assert (response.status_code, list(response.json())) == (status, ["error"]), response.text
    error = response.json()["error"]
    assert error["code"] == code
    return str(error["message"])


class TestWritten:
    def test_finds_and_plays(self, http: httpx.Client) -> None:
        """What is said, shown and played is the same item, and every answer can be continued."""
        turn = ask(http, QUESTION)
        reply = turn["reply"]
        card, directive = reply["cards"][0], reply["directives"][0]
        assert card["title"] == directive["title"] == FOUND
        assert directive["type"] == "play"
        assert card["item"] == directive["item"]
        assert FOUND in reply["speech"]
        assert FOUND in reply["text"]
        assert reply["dialog_request_id"] == turn["dialog_request_id"]
        assert turn["conversation"]
        assert turn["failure"] is None
        assert max(turn["trace"]["stages_ms"].values()) <= turn["trace"]["total_ms"]
        assert http.get(directive["url"]).headers["content-type"] == "video/webm"

    def test_the_second_one(self, http: httpx.Client) -> None:
        first = ask(http, QUESTION)
        second = ask(http, "the second one", conversation=first["conversation"])
        assert second["reply"]["directives"][0]["item"] == first["reply"]["cards"][1]["item"]
        assert second["conversation"] == first["conversation"]

    def test_another_conversation_knows_nothing_of_it(self, http: httpx.Client) -> None:
        ask(http, QUESTION)
        assert not ask(http, "the second one")["reply"]["directives"]

    def test_a_changed_or_foreign_token_is_refused(self, http: httpx.Client) -> None:
        token = ask(http, "help")["conversation"]
        at = len(token) - 9  # the last character's lowest bits say nothing in Base64
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for wrong in (changed, "0" * 32, "someone-elses.token", "\N{SNOWMAN}"):
            refused(http.post(TURNS, json={"text": "next", "conversation": wrong}), 403, "conversation_invalid")

    def test_conversations_at_once_do_not_mix(self, http: httpx.Client) -> None:
        """Twenty people ask for different things at the same time; "the second one" is each one's own."""
        topics = ("black holes", "sourdough", "tides", "bees")

        def converse(number: int) -> tuple[str, str, str]:
            first = ask(http, f"find me something about {topics[number % len(topics)]}")
            second = ask(http, "the second one", conversation=first["conversation"])
            shown, chosen = first["reply"]["cards"][1], second["reply"]["directives"][0]
            return second["conversation"], shown["item"], chosen["item"]

        with ThreadPoolExecutor(20) as people:
            outcomes = list(people.map(converse, range(20)))
        assert len({conversation for conversation, _, _ in outcomes}) == 20
        assert all(shown == chosen for _, shown, chosen in outcomes)
        assert len({shown for _, shown, _ in outcomes}) == len(topics)

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({}, "text"),
            ({"text": ""}, "text"),
            ({"text": "x" * 1001}, "text"),
            ({"text": 7}, "text"),
            ({"text": "help", "txet": "help"}, "txet"),
            ({"text": "help", "language": "klingon"}, "language"),
            ({"text": "help", "channel": "pigeon"}, "channel"),
            ({"text": "publish my changes", "channel": "console"}, "channel"),
            ({"text": "help", "player": {"volume": 101}}, "player.volume"),
            ({"text": "help", "page_item": "../etc/passwd"}, "page_item"),
            ({"text": "help", "conversation": "x" * 201}, "conversation"),
        ],
    )
    def test_a_wrong_field_is_named(self, http: httpx.Client, fields: dict[str, Any], named: str) -> None:
        assert refused(http.post(TURNS, json=fields), 422, "request_invalid").startswith(f"{named}: ")

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"help"', b"\xff\xfe", b"[" * 100_000])
    def test_what_is_no_json_object_is_refused(self, http: httpx.Client, body: bytes) -> None:
        response = http.post(TURNS, content=body, headers={"content-type": "application/json"})
        assert refused(response, 422, "request_invalid")

    @pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "audio", "nonsense"])
    def test_another_content_type_is_refused(self, http: httpx.Client, kind: str) -> None:
        refused(http.post(TURNS, content=b"text=help", headers={"content-type": kind}), 415, "media_type")

    @pytest.mark.parametrize("text", ["   ", "\x00", "\N{SNOWMAN}" * 900, "'; drop table turn;", "{{7*7}}", "/restart"])
    def test_odd_text_gets_an_honest_answer(self, http: httpx.Client, text: str) -> None:
        reply = ask(http, text)["reply"]
        assert reply["speech"]
        assert not reply["directives"]


class TestSpoken:
    @pytest.mark.parametrize(
        ("container", "codec", "rate", "kind"),
        [
            ("wav", "pcm_s16le", 44_100, "audio/wav"),
            ("wav", "pcm_u8", 8_000, "audio/x-wav"),
            ("mp3", "libmp3lame", 44_100, "audio/mpeg"),
            ("webm", "libopus", 48_000, "video/webm;codecs=opus"),
            ("mp4", "aac", 48_000, "application/octet-stream"),
        ],
    )
    def test_any_usual_format_is_heard(
        self, http: httpx.Client, container: str, codec: str, rate: int, kind: str
    ) -> None:
        spoken = full_scale(in_a_room(say(), before=0.4, after=0.4, rate=rate))
        recording = encoded(spoken, container, codec, rate)
        turn = hear(http, recording, kind).json()
        assert turn["transcript"] == QUESTION
        assert turn["alternatives"][0] == {"text": QUESTION, "confidence": turn["alternatives"][0]["confidence"]}
        assert turn["reply"]["cards"][0]["title"] == FOUND
        assert {"decoding", "recognition"} <= turn["trace"]["stages_ms"].keys()

    def test_the_answer_is_spoken_on_demand(self, http: httpx.Client) -> None:
        turn = hear(http, say(), speech="true").json()
        spoken = samples(base64.b64decode(turn["audio"]))
        assert loudness(spoken) > 300
        words = len(turn["reply"]["speech"].split())
        assert 0.15 * words < len(spoken) / RATE < 0.8 * words

    def test_a_spoken_turn_continues_a_conversation(self, http: httpx.Client) -> None:
        first = ask(http, QUESTION)
        second = hear(http, say("the second one"), conversation=first["conversation"]).json()
        assert second["reply"]["directives"][0]["item"] == first["reply"]["cards"][1]["item"]

    @pytest.mark.parametrize("seconds", [0.1, 5])
    def test_silence_is_answered_and_forgotten(self, http: httpx.Client, seconds: float) -> None:
        """Nothing was said: the answer says so, nothing is done and nothing is kept."""
        conversation = ask(http, QUESTION)["conversation"]
        turn = hear(http, wav(noise(seconds)), conversation=conversation)
        assert turn.status_code == 200
        assert turn.json()["transcript"] == ""
        assert turn.json()["outcome"] == "no_input"
        assert turn.json()["reply"]["speech"]
        assert not turn.json()["reply"]["directives"]
        # "the second one" still means the turn before the silence
        assert ask(http, "the second one", conversation=conversation)["reply"]["directives"]

    def test_why_it_was_taken_so_is_reported(self, http: httpx.Client) -> None:
        """Every reading that could have won, with what spoke for it; a written turn has no choice to report."""
        turn = hear(http, say()).json()
        choice = turn["choice"]
        best = choice["readings"][0]
        assert (turn["outcome"], choice["decision"], best["text"]) == ("answered", "accept", turn["transcript"])
        assert best["understanding"]["intent"] == turn["understanding"]["intent"] == "find_media"
        assert 0 < best["acoustic"] <= 1
        assert 0 < best["fit"] <= 1
        assert abs(sum(one["probability"] for one in choice["readings"]) + choice["none"] - 1) < 0.01
        assert ask(http, QUESTION)["choice"] is None

    def test_a_recording_that_breaks_off_is_heard_as_far_as_it_goes(self, http: httpx.Client) -> None:
        whole = encoded(in_a_room(say(), before=0.3, after=0.5), "mp3", "libmp3lame", RATE)
        turn = hear(http, whole[: len(whole) * 2 // 3], "audio/mpeg").json()
        assert turn["transcript"].startswith("find me")

    @pytest.mark.parametrize(
        ("recording", "code"),
        [
            (b"", "audio_empty"),
            (b"RIFF", "audio_unreadable"),
            (say()[:44], "audio_truncated"),
            (b"Dear sir or madam, " * 1000, "audio_unreadable"),
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 5000, "audio_unreadable"),
            (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "audio_unreadable"),
            (np.random.default_rng(1).bytes(200_000), "audio_unreadable"),
        ],
        ids=["empty", "head of a head", "head only", "text", "picture", "playlist", "noise"],
    )
    def test_what_is_no_recording_is_refused(self, http: httpx.Client, recording: bytes, code: str) -> None:
        for kind in ("audio/wav", "application/octet-stream"):
            assert refused(hear(http, recording, kind), 422, code)

    @pytest.mark.parametrize("container", ["wav", "mp3", "adts"])
    def test_an_hour_is_refused_at_once(self, service: Running, http: httpx.Client, container: str) -> None:
        """Before it is decoded, and without its hour of samples ever being in memory."""
        recording = an_hour(container)
        process = psutil.Process(service.process.pid)
        before, started = process.memory_info().rss, time.monotonic()
        message = refused(hear(http, recording), 422, "audio_too_long")
        assert time.monotonic() - started < 3
        assert process.memory_info().rss - before < 200e6
        assert "60 seconds" in message

    def test_a_query_that_makes_no_sense_is_named(self, http: httpx.Client) -> None:
        for query in ({"speech": "perhaps"}, {"volume": "11"}, {"text": "help"}):
            assert refused(hear(http, say(), **query), 422, "request_invalid").startswith(next(iter(query)))

    def test_a_body_over_the_limit_is_refused_before_it_is_sent(self, service: Running) -> None:
        host, _, port = service.url.removeprefix("http://").rstrip("/").partition(":")
        head = f"POST {TURNS} HTTP/1.1\r\nHost: {host}\r\nContent-Type: audio/wav\r\nContent-Length: 60000000\r\n\r\n"
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(head.encode() + b"RIFF" * 1000)
            answer = connection.recv(64_000).decode()
        assert answer.startswith("HTTP/1.1 413 ")
        assert '"too_large"' in answer


def an_hour(container: str) -> bytes:
    """An hour of sound in less than 50 MB, made by repeating a second of it."""
    if container == "wav":
        head = encoded(np.zeros(800, np.int16), "wav", "pcm_u8", 8_000)
        data = head.index(b"data")
        size = HOUR_S * 8_000
        return head[: data + 4] + size.to_bytes(4, "little") + b"\x80" * size
    tone = (8_000 * np.sin(np.arange(RATE) * 2 * np.pi * 440 / RATE)).astype(np.int16)
    return encoded(tone, container, {"mp3": "libmp3lame", "adts": "aac"}[container], RATE) * HOUR_S
