"""What the service serves besides turns: pages, sound, health, metrics, its own description."""

from __future__ import annotations

import socket

import httpx
import pytest
from openapi_spec_validator import validate
from prometheus_client.parser import text_string_to_metric_families

from tests.service.running import Running
from tests.service.speech import QUESTION

TURNS = "/api/v1/turns"


@pytest.fixture
def recording(http: httpx.Client) -> str:
    """The path of the sound that the question's answer plays."""
    reply = http.post(TURNS, json={"text": QUESTION}).json()["reply"]
    return str(reply["directives"][0]["url"])


def test_the_pages_are_there(http: httpx.Client) -> None:
    for path in ("/", "/docs"):
        page = http.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "Sori" in page.text
    assert "/api/v1/turns" in http.get("/docs").text


def test_everything_a_page_names_is_there(http: httpx.Client) -> None:
    """No page links to a style, script or picture that is not served, or to another host."""
    for path in ("/", "/docs", "/nowhere"):
        page = http.get(path, headers={"accept": "text/html"}).text
        named = {part.split('"')[0] for mark in ('src="', 'href="') for part in page.split(mark)[1:]}
        assert named
        for name in named - {"#text-input"}:
            assert name.startswith(("/", "#")), name
            assert http.get(name.partition("#")[0] or path).status_code == 200, name


def test_static_files_come_with_their_type_and_only_when_changed(http: httpx.Client) -> None:
    script = http.get("/static/speaker/main.js")
    assert script.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    again = http.get("/static/speaker/main.js", headers={"if-modified-since": script.headers["last-modified"]})
    assert again.status_code == 304


def test_the_description_is_valid_and_names_every_route(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    validate(document)
    for path in ("/api/v1/turns", "/api/v1/voice", "/health", "/metrics"):
        assert path in document["paths"]


def test_health_names_every_part(http: httpx.Client) -> None:
    response = http.get("/health")
    assert response.status_code == 200
    health = response.json()
    assert health["status"] == "ok"
    assert health["parts"].keys() >= {"dialogue", "storage", "recogniser", "catalogue"}


def test_a_turn_is_counted_and_timed_by_stage(service: Running, http: httpx.Client) -> None:
    def turns() -> float:
        return service.metric("sori_turns_total", channel="http", failure="")

    before = turns()
    http.post(TURNS, json={"text": QUESTION})
    assert turns() == before + 1
    families = {family.name: family for family in text_string_to_metric_families(http.get("/metrics").text)}
    stages = {sample.labels["stage"] for sample in families["sori_stage_seconds"].samples}
    assert {"understanding", "dialogue", "action", "search", "memory"} <= stages
    assert {"sori_turn_seconds", "sori_listeners", "sori_dialogue_restarts"} <= families.keys()


@pytest.mark.parametrize("path", ["/", "/docs", "/health", "/openapi.json", "/static/favicon.svg", "/nowhere", TURNS])
def test_every_answer_carries_the_security_headers(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "microphone=(self)" in headers["permissions-policy"]


class TestRecordings:
    def test_whole(self, http: httpx.Client, recording: str) -> None:
        whole = http.get(recording)
        assert whole.status_code == 200
        assert whole.headers["accept-ranges"] == "bytes"
        assert int(whole.headers["content-length"]) == len(whole.content) > 10_000

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [
            ("bytes=0-99", 0, 99),
            ("bytes=1000-1999", 1000, 1999),
            ("bytes=1000-6999", 1000, 6999),
            ("bytes=500-", 500, None),
            ("bytes=-300", -300, None),
        ],
    )
    def test_a_range_is_exactly_that(
        self, http: httpx.Client, recording: str, asked: str, first: int, last: int | None
    ) -> None:
        whole = http.get(recording).content
        part = http.get(recording, headers={"range": asked})
        first, last = first % len(whole), len(whole) - 1 if last is None else last
        assert part.status_code == 206
        assert part.content == whole[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
        assert int(part.headers["content-length"]) == len(part.content)
        assert part.headers["content-type"] == "video/webm"

    def test_the_last_byte_may_lie_beyond_the_end(self, http: httpx.Client, recording: str) -> None:
        """Browsers ask for more than there is; they get what there is."""
        whole = http.get(recording).content
        for asked, first in ((f"bytes=100-{len(whole) + 1000}", 100), (f"bytes=-{len(whole) + 1000}", 0)):
            part = http.get(recording, headers={"range": asked})
            assert (part.status_code, part.content) == (206, whole[first:])
            assert part.headers["content-range"] == f"bytes {first}-{len(whole) - 1}/{len(whole)}"

    @pytest.mark.parametrize("asked", ["bytes=5-2", "pages=1-2", "bytes=a-b", "bytes=-", "bytes", "bytes=0-1,5-6"])
    def test_a_range_that_makes_no_sense_is_ignored(self, http: httpx.Client, recording: str, asked: str) -> None:
        response = http.get(recording, headers={"range": asked})
        assert (response.status_code, response.content) == (200, http.get(recording).content)

    @pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=999999999-9999999999", "bytes=-0"])
    def test_a_range_of_nothing_is_refused(self, http: httpx.Client, recording: str, asked: str) -> None:
        response = http.get(recording, headers={"range": asked})
        assert (response.status_code, response.json()["error"]["code"]) == (416, "range_invalid")

    @pytest.mark.parametrize(
        "path",
        [
            "/media/recordings/nothing.mp3",
            "/media/recordings/talk-falling-into-a-black-hole.mp3",
            "/media/recordings/talk-falling-into-a-black-hole.000000000000.mp3",
            "/media/recordings/",
            "/media/recordings/../../secret.key",
            "/media/recordings/..%2f..%2fsecret.key",
            "/media/recordings/%2e%2e/%2e%2e/secret.key",
            "/media/recordings/talk-falling-into-a-black-hole.%2f..%2f..%2fsecret.key",
            "/media/recordings/%00",
            "/media/covers/nothing.svg",
            "/media/covers/..%2f..%2fsecret.key.svg",
            "/static/../pages.py",
            "/static/..%2fpages.py",
            "/static/%2e%2e/pages.py",
            "/static/speaker",
            "/static/",
            "/internal/rasa/actions",
        ],
    )
    def test_what_is_not_offered_is_not_found(self, service: Running, path: str) -> None:
        """Sent as it stands: a client library would resolve the dots first."""
        status, body = get_raw(service, path)
        assert status in (400, 403, 404, 405), body
        assert "error" in body


def test_an_error_is_json_for_programs_and_a_page_for_people(http: httpx.Client) -> None:
    as_json = http.get("/nowhere")
    assert (as_json.status_code, as_json.json()["error"]["code"]) == (404, "not_found")
    page = http.get("/nowhere", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1" in page.text


def test_another_method_is_refused(http: httpx.Client) -> None:
    response = http.get(TURNS)
    assert (response.status_code, response.json()["error"]["code"]) == (405, "method_not_allowed")


def test_rasas_own_endpoints_look_like_nothing_without_the_token(http: httpx.Client) -> None:
    for path in ("/internal/rasa/actions", "/internal/rasa/responses"):
        response = http.post(path, json={"response": "utter_help"}, params={"token": "guess"})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def get_raw(service: Running, path: str) -> tuple[int, str]:
    host, _, port = service.url.removeprefix("http://").rstrip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]
