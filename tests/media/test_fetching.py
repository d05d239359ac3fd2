"""Whatever a stranger's address leads to, a fetch ends in time, stays on the open internet and stores whole files."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media.content import ContentStore
from skills.media.errors import ContentError, FetchError
from skills.media.fetching import Fetched, Fetcher, Limits, NotModified, Purpose, Validators
from skills.media.fetching.addresses import is_public, public_addresses
from skills.media.fetching.purposes import Family, family
from tests.media.servers import Handler, Request, Server, serving

HERE = (ip_network("127.0.0.1/32"),)
SONG = b"ID3\x04" + bytes(range(256)) * 1_000
FEED = b"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>"
PATIENT = {purpose: Limits(300_000, total_s=60.0) for purpose in Purpose}
HURRIED = {purpose: Limits(300_000, total_s=0.8, idle_s=0.4) for purpose in Purpose}
BOMB = gzip.compress(FEED + b" " * 5_000_000)


Start = Callable[[Handler], tuple[Server, Fetcher]]


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "media")


def stored_files(store: ContentStore) -> list[Path]:
    return [path for path in store.incoming.parent.rglob("*") if path.is_file() and path.parent != store.incoming]


def fetched(answer: Fetched | NotModified) -> Fetched:
    assert isinstance(answer, Fetched)
    return answer


@pytest.fixture
def fetch_from(store: ContentStore) -> Iterator[Start]:
    with contextlib.ExitStack() as stack:

        def start(handler: Handler) -> tuple[Server, Fetcher]:
            return stack.enter_context(serving(handler)), Fetcher(store, HERE, PATIENT)

        yield start


def refused(fetcher: Fetcher, url: str, purpose: Purpose = Purpose.RECORDING) -> FetchError:
    with pytest.raises(FetchError) as error:
        fetcher.fetch(url, purpose)
    return error.value


def test_a_recording_is_stored_under_its_hash_and_progress_is_told(fetch_from: Start, store: ContentStore) -> None:
    server, fetcher = fetch_from(lambda request: request.respond(SONG, Content_Type="audio/mpeg", ETag='"1"'))
    told: list[tuple[int, int | None]] = []
    answer = fetched(fetcher.fetch(f"{server.url}/a b.mp3?x=ü".replace(" ", "%20"), Purpose.RECORDING,
                                   on_bytes=lambda done, of: told.append((done, of))))  # fmt: skip
    assert answer.stored.path.read_bytes() == SONG
    assert answer.stored.sha256 == hashlib.sha256(SONG).hexdigest() == answer.stored.path.name
    assert (answer.claimed_type, answer.validators, answer.moved_to) == ("audio/mpeg", Validators('"1"'), "")
    assert told[-1] == (len(SONG), len(SONG))
    assert list(store.incoming.iterdir()) == []
    assert server.requests[0].path == "/a%20b.mp3?x=%C3%BC"
    assert "cookie" not in server.requests[0].headers


def test_what_has_not_changed_is_not_fetched_again(fetch_from: Start) -> None:
    def handler(request: Request) -> None:
        if request.headers.get("if-none-match") == '"1"':
            return request.respond(status="304 Not Modified")
        return request.respond(FEED, ETag='"1"', Last_Modified="Mon, 02 Mar 2026 06:00:00 GMT")

    server, fetcher = fetch_from(handler)
    first = fetched(fetcher.fetch(server.url, Purpose.FEED))
    assert fetcher.fetch(server.url, Purpose.FEED, known=first.validators) == NotModified()
    assert server.requests[1].headers["if-modified-since"] == "Mon, 02 Mar 2026 06:00:00 GMT"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "10.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_nobody_is_led_into_the_private_network(fetch_from: Start, store: ContentStore, address: str) -> None:
    server, _ = fetch_from(lambda request: request.respond(SONG))
    error = refused(Fetcher(store), f"http://{address}:{server.url.rpartition(':')[2]}/")
    assert (error.code, error.retryable, server.requests) == ("fetch_address", False, [])
    assert stored_files(store) == []


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://2130706434/"])
def test_a_redirect_to_a_private_address_is_not_followed(fetch_from: Start, target: str) -> None:
    server, fetcher = fetch_from(lambda request: request.respond(status="302 Found", Location=target))
    assert refused(fetcher, server.url).code == "fetch_address"
    assert len(server.requests) == 1


def test_a_redirect_to_another_kind_of_address_is_not_followed(fetch_from: Start) -> None:
    server, fetcher = fetch_from(lambda request: request.respond(status="302 Found", Location="file:///etc/passwd"))
    assert refused(fetcher, server.url).code == "fetch_invalid"


def test_a_permanent_move_is_told_and_redirects_end(fetch_from: Start) -> None:
    def handler(request: Request) -> None:
        step = int(request.path.strip("/"))
        if step == 0:
            return request.respond(SONG)
        return request.respond(status="301 Moved Permanently", Location=f"/{step - 1}")

    server, fetcher = fetch_from(handler)
    answer = fetched(fetcher.fetch(f"{server.url}/5", Purpose.RECORDING))
    assert (answer.url, answer.moved_to) == (f"{server.url}/0", f"{server.url}/0")
    assert refused(fetcher, f"{server.url}/6").code == "fetch_redirects"


def test_a_name_is_resolved_once_and_that_address_is_used(
    fetch_from: Start, store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of names that answers with a public address first and a private one then gets nowhere."""
    server, fetcher = fetch_from(lambda request: request.respond(SONG))
    port = int(server.url.rpartition(":")[2])
    answers = ["127.0.0.1", "10.0.0.1"]
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def rebinding(host: str, *rest: object, **named: object) -> object:
        if host != "rebinding.example":
            return resolve(host, *rest, **named)  # type: ignore[arg-type]
        asked.append(host)
        return resolve(answers[len(asked) - 1], port, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert fetched(fetcher.fetch(f"http://rebinding.example:{port}/", Purpose.RECORDING)).stored.size == len(SONG)
    assert (asked, server.requests[0].headers["host"]) == (["rebinding.example"], f"rebinding.example:{port}")
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_rest, **_named: resolve("127.0.0.1", 1) + resolve("10.0.0.1", 1)
    )
    assert refused(fetcher, f"http://rebinding.example:{port}/").code == "fetch_address"


@given(st.ip_addresses())
def test_every_address_that_stands_for_a_private_one_is_private(address: object) -> None:
    inside = ip_address("10.0.0.0") + int(address) % 2**24  # type: ignore[call-overload]
    for text in (f"::ffff:{inside}", f"64:ff9b::{inside}", f"2002:{int(inside) >> 16:x}:{int(inside) & 0xFFFF:x}::1"):
        assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("64:ff9b::8.8.8.8", True), ("100.64.0.1", False),
     ("224.0.0.1", False), ("255.255.255.255", False), ("192.168.1.1", False), ("fe80::1", False),
     ("fc00::1", False), ("ff02::1", False), ("::", False), ("240.0.0.1", False), ("2001:db8::1", False),
     ("fec0::1", False)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def test_an_unknown_host_and_a_slow_resolver_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_rest: object, **_named: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError) as missing:
        public_addresses("nowhere.example", 80, (), 1.0)
    assert (missing.value.code, missing.value.retryable) == ("fetch_failed", True)
    held = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_rest, **_named: held.wait(30) and [])
    with pytest.raises(FetchError) as slow:
        public_addresses("slow.example", 80, (), 0.05)
    held.set()
    assert slow.value.code == "fetch_timeout"


def drip(request: Request) -> None:
    request.send(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\nID3")
    while not request.stop.wait(0.05):
        request.send(b"x")


def drip_headers(request: Request) -> None:
    request.send(b"HTTP/1.1 200 OK\r\nX: ")
    while not request.stop.wait(0.05):
        request.send(b"x")


def silent(request: Request) -> None:
    request.stop.wait()


def endless(request: Request) -> None:
    request.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    request.send(b"4\r\nID3\x04\r\n")
    while not request.stop.is_set():
        request.send(b"2710\r\n" + b"x" * 10_000 + b"\r\n")


def bomb(request: Request) -> None:
    request.respond(BOMB, Content_Encoding="gzip")


def respond(*rest: bytes, **named: str) -> Handler:
    return lambda request: request.respond(*rest, **named)


@pytest.mark.parametrize(
    ("handler", "purpose", "code", "retryable"),
    [
        (drip, Purpose.RECORDING, "fetch_timeout", True),
        (drip_headers, Purpose.RECORDING, "fetch_timeout", True),
        (silent, Purpose.RECORDING, "fetch_timeout", True),
        (endless, Purpose.RECORDING, "fetch_too_large", False),
        (bomb, Purpose.FEED, "fetch_too_large", False),
        (respond(SONG, Content_Length="99999999"), Purpose.RECORDING, "fetch_too_large", False),
        (respond(SONG, Content_Length=str(len(SONG) + 1)), Purpose.RECORDING, "fetch_cut", True),
        (respond(SONG, Content_Encoding="gzip"), Purpose.RECORDING, "fetch_invalid", False),
        (respond(gzip.compress(FEED)[:-9], Content_Encoding="gzip"), Purpose.FEED, "fetch_cut", True),
        (respond(FEED, Content_Encoding="br"), Purpose.FEED, "fetch_invalid", False),
        (respond(b"<html>Please log in", Content_Type="audio/mpeg"), Purpose.RECORDING, "fetch_type", False),
        (respond(b"<!-- x -->\n<!DOCTYPE html><html>", Content_Type="text/xml"), Purpose.FEED, "fetch_type", False),
        (respond(b"MZ\x90\x00", Content_Type="image/png"), Purpose.IMAGE, "fetch_type", False),
        (respond(b""), Purpose.RECORDING, "fetch_type", False),
        (respond(status="404 Not Found"), Purpose.RECORDING, "fetch_missing", False),
        (respond(status="403 Forbidden"), Purpose.RECORDING, "fetch_refused", False),
        (respond(status="503 Busy"), Purpose.RECORDING, "fetch_failed", True),
        (respond(status="204 No Content"), Purpose.RECORDING, "fetch_refused", False),
        (lambda request: request.send(b"SSH-2.0-x\r\n"), Purpose.RECORDING, "fetch_cut", True),
        (lambda request: None, Purpose.RECORDING, "fetch_cut", True),
    ],
    ids=range(20),
)
def test_a_server_that_misbehaves_is_left_in_time_by_name(
    fetch_from: Start, store: ContentStore, handler: Handler, purpose: Purpose, code: str, retryable: bool
) -> None:
    server, fetcher = fetch_from(handler)
    if code == "fetch_timeout":
        fetcher = Fetcher(store, HERE, HURRIED)
    error = refused(fetcher, server.url, purpose)
    assert (error.code, error.retryable) == (code, retryable)
    assert stored_files(store) == []
    if not retryable:
        assert list(store.incoming.iterdir()) == []


def ranged(content: bytes, cut_after: int, etag: str = '"1"') -> Handler:
    """Serves ranges, and breaks the connection after so many bytes."""

    def handler(request: Request) -> None:
        begin = int(request.headers.get("range", "bytes=0-")[6:-1])
        is_rest = "range" in request.headers and request.headers.get("if-range") == etag
        begin = begin if is_rest else 0
        status = "206 Partial Content" if is_rest else "200 OK"
        where = f"Content-Range: bytes {begin}-{len(content) - 1}/{len(content)}\r\n" if is_rest else ""
        head = f"HTTP/1.1 {status}\r\nETag: {etag}\r\n{where}Content-Length: {len(content) - begin}\r\n\r\n"
        request.send(head.encode() + content[begin : begin + cut_after])

    return handler


def test_a_download_that_breaks_off_goes_on_where_it_was(fetch_from: Start) -> None:
    server, fetcher = fetch_from(ranged(SONG, cut_after=70_000))
    assert fetched(fetcher.fetch(server.url, Purpose.RECORDING)).stored.path.read_bytes() == SONG
    assert [one.headers.get("range") for one in server.requests] == [None] + [
        f"bytes={70_000 * n}-" for n in range(1, 4)
    ]


def test_a_download_that_was_killed_goes_on_where_it_was(fetch_from: Start, store: ContentStore) -> None:
    def stalling(request: Request) -> None:
        request.send(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(SONG) + SONG[:50_000])
        request.stop.wait()

    server, fetcher = fetch_from(lambda request: handlers[0](request))
    handlers: list[Handler] = [stalling]
    program = (
        "import sys; from pathlib import Path; from ipaddress import ip_network\n"
        "from skills.media.content import ContentStore; from skills.media.fetching import *\n"
        "fetcher = Fetcher(ContentStore(Path(sys.argv[1])), (ip_network('127.0.0.1/32'),))\n"
        "fetcher.fetch(sys.argv[2], Purpose.RECORDING, on_bytes=lambda done, of: print(done, flush=True))\n"
    )
    arguments = [sys.executable, "-c", program, str(store.incoming.parent), server.url]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}) as child:
        assert child.stdout
        for line in child.stdout:
            if int(line) == 50_000:
                break
        assert refused(fetcher, server.url).code == "fetch_busy"
        child.kill()
    assert stored_files(store) == []
    handlers[0] = ranged(SONG, cut_after=len(SONG))
    answer = fetched(fetcher.fetch(server.url, Purpose.RECORDING))
    assert answer.stored.path.read_bytes() == SONG
    assert server.requests[-1].headers["range"] == "bytes=50000-"
    assert list(store.incoming.iterdir()) == []


@pytest.mark.parametrize(
    "changed",
    [
        ranged(b"ID3\x05" + SONG[::-1], 10**9, etag='"2"'),
        lambda request: request.respond(status="416 Range Not Satisfiable"),
        lambda request: request.respond(SONG, status="206 Partial Content", Content_Range="bytes 7-9/10", ETag='"1"'),
        lambda request: request.respond(SONG, status="206 Partial Content"),
    ],
    ids=["another file", "no such range", "another range", "no range"],
)
def test_the_rest_of_another_file_is_never_joined_on(fetch_from: Start, changed: Handler) -> None:
    whole = b"ID3\x04" + SONG[::-1]
    rests: list[Request] = []

    def handler(request: Request) -> None:
        if len(server.requests) == 1:
            ranged(SONG, 70_000)(request)
        elif "range" in request.headers:
            rests.append(request)
            changed(request)
        else:
            request.respond(whole)

    server, fetcher = fetch_from(handler)
    content = fetched(fetcher.fetch(server.url, Purpose.RECORDING)).stored.path.read_bytes()
    assert len(rests) == 1
    assert content in (whole, b"ID3\x05" + SONG[::-1])


def test_what_is_packed_is_unpacked(fetch_from: Start) -> None:
    server, fetcher = fetch_from(respond(gzip.compress(FEED), Content_Encoding="gzip", ETag='"1"'))
    answer = fetched(fetcher.fetch(server.url, Purpose.FEED))
    assert (answer.stored.path.read_bytes(), answer.validators) == (FEED, Validators('"1"'))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://x/",
        "http://",
        "http://a b/",
        "http://[::1",
        "http://x:99999/",
        "//x",
        "http://\u2603.\u200b/",
        "http://x/" + "y" * 3_000,
    ],
)
def test_what_is_no_address_is_refused(store: ContentStore, url: str) -> None:
    assert refused(Fetcher(store), url).code == "fetch_invalid"


def test_the_password_in_an_address_is_shown_to_its_own_host_only(fetch_from: Start) -> None:
    other, _ = fetch_from(respond(SONG))
    server, fetcher = fetch_from(lambda request: request.respond(status="302 Found", Location=f"{other.url}/x"))
    fetcher.fetch(server.url.replace("://", "://ann:s%40cret@"), Purpose.RECORDING)
    assert server.requests[0].headers["authorization"] == "Basic YW5uOnNAY3JldA=="
    assert "authorization" not in other.requests[0].headers
    gone, fetcher = fetch_from(respond(status="404 Not Found"))
    assert "s%40cret" not in str(refused(fetcher, gone.url.replace("://", "://ann:s%40cret@")))


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path, fetch_from: Start) -> None:
    program = (
        "import json, resource, sys; from pathlib import Path; from ipaddress import ip_network\n"
        "from skills.media.content import ContentStore; from skills.media.errors import ContentError\n"
        "from skills.media.fetching import *\n"
        "store = ContentStore(Path(sys.argv[1]))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n    Fetcher(store, (ip_network('127.0.0.1/32'),)).fetch(sys.argv[2], Purpose.RECORDING)\n"
        "except ContentError as error:\n    print(json.dumps([error.code, len(list(store.incoming.iterdir()))]))\n"
    )
    server, _ = fetch_from(respond(SONG, ETag='"1"'))
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "full"), server.url], check=True, text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": "."})  # fmt: skip
    assert json.loads(done.stdout) == ["content_not_written", 0]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xff\xfb\x90\x00", Family.RECORDING), (b"\x00\x00\x00\x20ftypisom", Family.RECORDING),
        (b"OggS\x00", Family.RECORDING), (b"RIFF\x00\x00\x00\x00WAVE", Family.RECORDING),
        (b"RIFF\x00\x00\x00\x00WEBP", Family.IMAGE), (b"\x89PNG\r\n\x1a\n", Family.IMAGE),
        (b"\xef\xbb\xbf \n<rss>", Family.XML), ("\ufeff<rss>".encode("utf-16-le"), Family.XML),
        (b"WEBVTT\n", Family.TEXT), (b'{"a"', Family.JSON), (b"<cite>Ann", Family.PAGE),
        (b"\x7fELF\x00", Family.UNKNOWN),
    ],
)  # fmt: skip
def test_types_are_told_by_content(head: bytes, found: Family) -> None:
    assert family(head) is found


@given(st.binary(max_size=300))
def test_every_content_has_a_family(head: bytes) -> None:
    assert family(head) in Family


def test_the_same_content_is_stored_once_and_names_lead_nowhere_else(store: ContentStore) -> None:
    first, second = store.put(SONG), store.put(SONG)
    assert first == second == store.find(first.sha256)
    assert stored_files(store) == [first.path]
    store.remove(first.sha256)
    with pytest.raises(ContentError) as missing:
        store.find(first.sha256)
    assert missing.value.code == "content_missing"
    for name in ("../../etc/passwd", first.sha256.upper(), "", first.sha256 + "\n"):
        with pytest.raises(ContentError) as invalid:
            store.find(name)
        assert invalid.value.code == "content_invalid"


def test_what_never_came_is_forgotten_after_a_while(fetch_from: Start, store: ContentStore) -> None:
    server, fetcher = fetch_from(lambda request: request.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nID3"))
    assert refused(fetcher, server.url).code == "fetch_cut"
    kept = list(store.incoming.iterdir())
    assert kept
    store.tidy(before=1_000.0)
    assert list(store.incoming.iterdir()) == kept
    for path in kept:
        os.utime(path, (999.0, 999.0))
    store.tidy(before=1_000.0)
    assert list(store.incoming.iterdir()) == []
